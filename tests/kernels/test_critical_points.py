"""Kernels of chapter 01 against closed forms and laws of linear algebra."""

import numpy as np
import pytest

from autograder.kernels import critical_points as kernels
from autograder.lab import surfaces


def symmetric(seed, d):
    A = np.random.default_rng(seed).standard_normal((d, d))
    return (A + A.T) / 2


def test_gradient_of_a_product_of_sines_is_exact_to_truncation_and_rounding():
    """Of any shape; the error is below h**2 / 6 plus rounding."""
    theta = np.random.default_rng(0).uniform(-1, 1, (2, 3))

    def f(x):
        return float(np.prod(np.sin(x)))

    exact = f(theta) * np.cos(theta) / np.sin(theta)

    for h in (1e-2, 1e-3, 1e-5):
        error = np.abs(kernels.numerical_gradient(f, theta, h) - exact).max()
        assert error <= h**2 / 6 + 1e-15 / h


def test_central_differences_are_exact_on_polynomials_of_low_degree():
    """The gradient up to degree 2, the Hessian up to degree 3, whatever the step."""
    x = np.array([0.5, -1.0, 2.0])

    def f(p):
        return float(p[0] ** 2 * p[1] - 2 * p[1] * p[2] + p[2] ** 2)

    bends = [[2 * x[1], 2 * x[0], 0.0], [2 * x[0], 0.0, -2.0], [0.0, -2.0, 2.0]]
    hessian = kernels.numerical_hessian(f, x, h=0.25)

    np.testing.assert_allclose(hessian, bends, atol=1e-13)
    assert np.array_equal(hessian, hessian.T)


def test_numerical_hessian_is_the_derivative_of_the_gradient():
    """On a landscape whose derivatives are known in closed form."""
    point = np.array([0.7, -0.4])
    hessian = kernels.numerical_hessian(surfaces.two_weights.f, point)

    np.testing.assert_allclose(hessian, surfaces.two_weights.hessian(point), atol=1e-6)


def test_nothing_is_changed_in_place():
    theta = np.array([1.0, 2.0])
    kernels.numerical_gradient(lambda x: x @ x, theta)
    kernels.numerical_hessian(lambda x: x @ x, theta)

    assert theta.tolist() == [1.0, 2.0]


def test_quadratic_model_misses_by_third_order():
    """Halving the step makes the model eight times better."""
    point, v = np.array([0.4, -0.3]), np.array([0.6, 0.8])
    here = surfaces.two_weights
    parts = here.f(point), here.gradient(point), here.hessian(point)
    errors = [
        abs(here.f(point + r * v) - kernels.quadratic_model(*parts, r * v))
        for r in (1e-2, 5e-3)
    ]

    assert errors[0] / errors[1] == pytest.approx(8, rel=0.02)


@pytest.mark.parametrize(
    ("eigenvalues", "kind"),
    [
        ([1, 2, 3], "local minimum"),
        ([-1, -2], "local maximum"),
        ([-1, 2, 3, 4], "saddle"),
        ([-1, 0, 1], "saddle"),
        ([0, 1], "degenerate"),
        ([-1, 0], "degenerate"),
        ([0, 0], "degenerate"),
        ([5], "local minimum"),
    ],
)
def test_kind_does_not_depend_on_the_axes(eigenvalues, kind):
    """A rotation changes every entry of H and not the kind of the point."""
    Q, _ = np.linalg.qr(symmetric(3, len(eigenvalues)))
    H = Q @ np.diag(np.array(eigenvalues, dtype=float)) @ Q.T

    assert kernels.classify_critical_point(H) == kind


def test_kind_follows_sylvesters_law_of_inertia():
    """S.T @ H @ S has the same signs for every regular S."""
    H, S = symmetric(1, 5), np.random.default_rng(2).standard_normal((5, 5))

    assert kernels.minimum_ratio(S.T @ H @ S) == kernels.minimum_ratio(H)
    assert kernels.classify_critical_point(S.T @ H @ S) == "saddle"


def test_minimum_ratio_and_index_are_the_whole():
    H = symmetric(4, 7)

    assert kernels.minimum_ratio(H) + kernels.minimum_ratio(-H) == pytest.approx(1)


def test_no_direction_falls_more_than_the_escape_direction():
    """It minimises the curvature over all directions of length 1."""
    H = symmetric(5, 4)
    e = kernels.escape_direction(H)
    rivals = np.random.default_rng(6).standard_normal((1000, 4))
    rivals /= np.linalg.norm(rivals, axis=1, keepdims=True)

    assert np.linalg.norm(e) == pytest.approx(1)
    assert np.einsum("ni,ij,nj->n", rivals, H, rivals).min() >= e @ H @ e


@pytest.mark.parametrize("eigenvalues", [[1.0, 2.0], [0.0, 2.0]])
def test_no_way_down_is_an_error(eigenvalues):
    with pytest.raises(ValueError, match="no way down"):
        kernels.escape_direction(np.diag(eigenvalues))


def test_one_newton_step_solves_a_quadratic_of_any_signs():
    """It reaches the critical point, be it a minimum, a maximum or a saddle."""
    H, center = symmetric(7, 6), np.arange(6.0)
    theta = np.ones(6)

    reached = kernels.newton_step(theta, H @ (theta - center), H)

    np.testing.assert_allclose(reached, center, rtol=1e-9, atol=1e-9)


def test_a_singular_hessian_raises_numpys_own_error():
    with pytest.raises(np.linalg.LinAlgError):
        kernels.newton_step(np.ones(2), np.ones(2), np.ones((2, 2)))
