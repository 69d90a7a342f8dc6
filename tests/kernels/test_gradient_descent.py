"""Chapter 00's kernels against closed forms and slow loops."""

import numpy as np
import pytest

from autograder.kernels.gradient_descent import (
    gd_step,
    gradient_descent,
    jensen_gap,
    largest_stable_lr,
    violates_convexity,
)


def random_hessian(rng, d):
    basis, _ = np.linalg.qr(rng.standard_normal((d, d)))
    return basis * rng.uniform(0.5, 5.0, size=d) @ basis.T


def test_step_goes_down_to_first_order():
    """For a small learning rate the loss falls by lr times the squared gradient."""
    rng = np.random.default_rng(0)
    H, theta = random_hessian(rng, 4), rng.standard_normal(4)

    def loss(x):
        return x @ H @ x / 2

    grad, lr = H @ theta, 1e-6

    fallen = loss(theta) - loss(gd_step(theta, grad, lr))

    assert fallen == pytest.approx(lr * grad @ grad, rel=1e-4)


def test_path_on_a_bowl_is_a_geometric_sequence():
    """x**2 with lr = 0.2 contracts by 0.6; x1**2 + 2 x2**2 with 0.4 by 0.2 and -0.6."""
    one = gradient_descent(lambda x: 2 * x, np.array(5.0), 0.2, 9)
    two = gradient_descent(lambda x: [2, 4] * x, np.array([-5.0, -2.0]), 0.4, 9)
    powers = np.arange(10)

    assert one == pytest.approx(5.0 * 0.6**powers)
    assert two[:, 0] == pytest.approx(-5.0 * 0.2**powers)
    assert two[:, 1] == pytest.approx(-2.0 * (-0.6) ** powers)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (4, 1, 2)])
def test_path_has_the_start_and_one_row_a_step(shape):
    """Whatever the shape of theta, the number of the step is the first axis."""
    start = np.full(shape, 2.0)

    path = gradient_descent(lambda x: x, start, 0.5, 3)

    assert path.shape == (4, *shape)
    assert np.array_equal(path[0], start)
    assert path[-1] == pytest.approx(start / 8)


def test_path_owns_its_rows():
    """Changing the path changes neither the start nor another row."""
    start = np.ones(2)
    path = gradient_descent(lambda x: x, start, 0.5, 2)

    path[0] = 7.0

    assert np.array_equal(start, [1.0, 1.0])
    assert np.array_equal(path[1], [0.5, 0.5])


@pytest.mark.parametrize("seed", range(5))
def test_limit_is_where_descent_turns_from_converging_to_diverging(seed):
    """Just under it the error dies out, just over it it grows."""
    rng = np.random.default_rng(seed)
    H, start = random_hessian(rng, 5), rng.standard_normal(5)
    limit = largest_stable_lr(H)

    under = gradient_descent(lambda x: H @ x, start, 0.98 * limit, 1500)[-1]
    over = gradient_descent(lambda x: H @ x, start, 1.02 * limit, 1500)[-1]

    assert np.linalg.norm(under) < 1e-6 < 1e6 < np.linalg.norm(over)


@pytest.mark.parametrize("H", [-np.eye(3), np.zeros((2, 2))])
def test_no_limit_without_a_positive_eigenvalue(H):
    """Then no learning rate converges."""
    with pytest.raises(ValueError, match="not positive"):
        largest_stable_lr(H)


@pytest.mark.parametrize("seed", range(5))
def test_convex_functions_do_not_violate(seed):
    """Bowls, maxima of lines, norms, log-sum-exp, and straight lines themselves."""
    rng = np.random.default_rng(seed)
    H, lines = random_hessian(rng, 3), rng.standard_normal((4, 3))
    a, b = rng.standard_normal((2, 3)) * 3
    convex = (
        lambda x: x @ H @ x,
        lambda x: np.max(lines @ x),
        np.linalg.norm,
        lambda x: np.log(np.sum(np.exp(lines @ x))),
        lambda x: lines[0] @ x + 1,
    )

    assert not any(violates_convexity(f, a, b) for f in convex)


def test_concave_and_wavy_functions_do():
    """A hill, a saddle along its downward direction, a sine."""
    a, b = np.array([1.0, 2.0]), np.array([-1.0, -3.0])

    assert violates_convexity(lambda x: -x @ x, a, b)
    assert violates_convexity(lambda x: x[0] ** 2 - x[1] ** 2, a, b)
    assert violates_convexity(lambda x: np.sin(x[0]) + x[1], a, b)


def test_false_proves_nothing():
    """A saddle looks convex along its upward direction."""
    up = np.array([2.0, 0.5])

    assert not violates_convexity(lambda x: x[0] ** 2 - x[1] ** 2, up, -up)


@pytest.mark.parametrize("seed", range(5))
def test_jensens_gap_is_a_variance_and_a_chord(seed):
    """Of the square a weighted variance; of two points a height above f."""
    rng = np.random.default_rng(seed)
    points, weights = rng.standard_normal((7, 3)), rng.dirichlet(np.ones(7))
    mean = weights @ points
    variance = weights @ np.sum((points - mean) ** 2, axis=1)

    assert abs(jensen_gap(lambda x: x @ x, points, weights) - variance) < 1e-12
    a, b = points[:2]
    chord = 0.3 * np.sin(a[0]) + 0.7 * np.sin(b[0])
    below = chord - np.sin(0.3 * a[0] + 0.7 * b[0])
    pair = jensen_gap(lambda x: np.sin(x[0]), points[:2], np.array([0.3, 0.7]))
    assert abs(pair - below) < 1e-12


@pytest.mark.parametrize("seed", range(5))
def test_the_gap_of_a_convex_function_is_not_negative(seed):
    """Norms, maxima of lines, log-sum-exp; of a line it is 0."""
    rng = np.random.default_rng(seed)
    lines, points = rng.standard_normal((4, 3)), rng.standard_normal((6, 3))
    weights = rng.dirichlet(np.ones(6))
    for f in (
        np.linalg.norm,
        lambda x: np.max(lines @ x),
        lambda x: np.log(np.sum(np.exp(lines @ x))),
    ):
        assert jensen_gap(f, points, weights) >= -1e-12
    assert abs(jensen_gap(lambda x: lines[0] @ x + 1, points, weights)) < 1e-12


@pytest.mark.parametrize("weights", [[0.5, 0.4], [1.5, -0.5]])
def test_weights_that_make_no_mean_have_no_gap(weights):
    with pytest.raises(ValueError, match="sum"):
        jensen_gap(np.linalg.norm, np.eye(2), np.array(weights))
