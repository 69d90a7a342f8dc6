"""What chapter 01 draws with: surfaces, slices, tiny networks, random matrices."""

import math
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from autograder.kernels.critical_points import numerical_gradient, numerical_hessian
from autograder.lab import figures, random_matrices, slices, surfaces, tiny_network

SURFACES = {
    "saddle": surfaces.saddle,
    "monkey saddle": surfaces.monkey_saddle,
    "two weights": surfaces.two_weights,
    "bowl": surfaces.bent_bowl(1.5),
    "trough": surfaces.bent_bowl(0.0),
    "bent saddle": surfaces.bent_bowl(-1.0, turn=1.0),
}

every_surface = pytest.mark.parametrize("landscape", SURFACES.values(), ids=SURFACES)


@every_surface
def test_gradient_and_hessian_are_numerical_ones(landscape):
    for point in np.random.default_rng(0).uniform(-1, 1, (10, 2)):
        gradient = numerical_gradient(landscape.f, point)
        hessian = numerical_hessian(landscape.f, point)

        np.testing.assert_allclose(landscape.gradient(point), gradient, atol=1e-8)
        np.testing.assert_allclose(landscape.hessian(point), hessian, atol=1e-6)


@every_surface
def test_stacks_of_points_are_taken_one_by_one(landscape):
    points = np.random.default_rng(1).uniform(-1, 1, (3, 4, 2))

    for index in np.ndindex(3, 4):
        assert landscape.f(points)[index] == pytest.approx(landscape.f(points[index]))
        np.testing.assert_allclose(
            landscape.gradient(points)[index], landscape.gradient(points[index])
        )


@every_surface
def test_origin_is_a_critical_point(landscape):
    assert np.abs(landscape.gradient(np.zeros(2))).max() == 0


@every_surface
def test_optimum_is_one_where_there_is_one(landscape):
    """No point around it is lower; a saddle without a lowest point has NaN."""
    if np.isnan(landscape.optimum).any():
        far = np.array([[0.0, 90.0], [-30.0, 0.0]])
        assert landscape.f(far).min() < -1000
        return
    around = landscape.optimum + np.random.default_rng(2).normal(0, 0.1, (200, 2))

    assert np.abs(landscape.gradient(landscape.optimum)).max() < 1e-12
    assert landscape.f(around).min() >= landscape.f(landscape.optimum)


# --- slices -------------------------------------------------------------------


def test_eigen_slices_name_both_eigenvalues():
    figure = slices.eigen_slices(surfaces.two_weights, title="a title")
    named = [text.get_text() for axes in figure.axes for text in axes.texts]

    assert sorted(named) == ["λ = +2", "λ = +2", "λ = −2", "λ = −2"]
    assert figures.picture(figure).startswith(b"\x89PNG")


@pytest.mark.parametrize("second", [-1.0, 0.0, 1.5])
@pytest.mark.parametrize("direction", [0, 29, 119])
def test_turned_landscape_tells_the_curvature_of_the_cut(second, direction):
    """The words give vᵀHv and both eigenvalues, and the picture is well-formed."""
    landscape = surfaces.bent_bowl(second)
    picture = slices.turned_landscape(landscape, direction, view=30)
    angle = np.radians(direction)
    v = np.array([np.cos(angle), np.sin(angle)])
    curvature = v @ landscape.hessian(np.zeros(2)) @ v

    ElementTree.fromstring(picture.svg)
    told = re.match(rf"Curvature along {direction}°: ([^;]+);", picture.words)
    assert float(told[1].replace("−", "-")) == pytest.approx(curvature, abs=0.006)
    assert "eigenvalues +2 and " in picture.words
    colour = {-1.0: slices.DOWN, 0.0: slices.FLAT, 1.5: slices.UP}[second]
    assert f'stroke="{colour}" stroke-width="2.5"' in picture.svg


def test_turning_moves_the_surface_and_not_the_cut():
    """The right panel, the loss along the cut, does not depend on the view."""
    one, other = (
        slices.turned_landscape(surfaces.bent_bowl(-1.0), 40, view) for view in (0, 90)
    )

    assert one.words == other.words
    assert one.svg != other.svg
    assert one.svg.partition("<g ")[2] == other.svg.partition("<g ")[2]


# --- random matrices ----------------------------------------------------------


@pytest.mark.parametrize(
    ("d", "closed"),
    [
        (1, 1 / 2),
        (2, (2 - math.sqrt(2)) / 4),
        (3, (math.pi - 2 * math.sqrt(2)) / (4 * math.pi)),
    ],
)
def test_chance_of_minimum_is_the_closed_form(d, closed):
    assert random_matrices.chance_of_minimum(d) == pytest.approx(closed, rel=1e-10)


@pytest.mark.parametrize("d", [2, 3, 4])
def test_chance_of_minimum_is_what_is_counted(d):
    """Among random matrices, within five standard errors; the seed is fixed."""
    n = 40_000
    matrices = random_matrices.random_symmetric(np.random.default_rng(d), n, d)
    counted = np.mean(np.linalg.eigvalsh(matrices)[:, 0] > 0)
    exact = random_matrices.chance_of_minimum(d)

    assert abs(counted - exact) < 5 * math.sqrt(exact * (1 - exact) / n)


def test_chance_of_minimum_tends_to_the_law_of_dean_and_majumdar():
    """The fall for each unit of d squared comes down towards ln(3) / 4."""
    chances = [random_matrices.chance_of_minimum(d) for d in (1, 5, 10, 15, 20)]
    falls = -np.diff(np.log(chances)) / np.diff(np.array([1, 5, 10, 15, 20]) ** 2)

    assert np.all(np.diff(falls) < 0)
    assert math.log(3) / 4 < falls[-1] < 1.06 * math.log(3) / 4


@pytest.mark.parametrize("d", [0, 21])
def test_chance_of_minimum_refuses_what_it_cannot_compute(d):
    with pytest.raises(ValueError, match="from 1 to 20"):
        random_matrices.chance_of_minimum(d)


# --- tiny networks ------------------------------------------------------------


@pytest.fixture(scope="module")
def network():
    return tiny_network.four_digits()


def test_networks_have_the_sizes_that_the_chapter_says(network):
    assert network.size == 28
    assert tiny_network.ten_digits().size == 145
    assert network.X.shape == (100, 3)


def test_gradient_of_the_network_is_a_numerical_one(network):
    theta = np.random.default_rng(0).standard_normal(network.size)

    np.testing.assert_allclose(
        network.gradient(theta), numerical_gradient(network.loss, theta), atol=1e-9
    )
    np.testing.assert_allclose(
        network.hessian(theta), numerical_hessian(network.loss, theta), atol=1e-6
    )


def test_gradients_of_a_stack_are_those_of_its_rows(network):
    stack = np.random.default_rng(1).standard_normal((5, network.size))

    np.testing.assert_allclose(
        network.gradient(stack), [network.gradient(row) for row in stack], atol=1e-14
    )


def test_softmax_leaves_six_directions_flat():
    """A number added to all outputs changes nothing: one way for each hidden unit."""
    network = tiny_network.ten_digits()
    theta = 0.3 * np.random.default_rng(2).standard_normal(network.size)
    sizes = np.sort(np.abs(np.linalg.eigvalsh(network.hessian(theta))))

    assert sizes[5] < 1e-9 < 1e-6 < sizes[6]


def test_found_critical_points_are_critical(network):
    """Of more than one kind, and never a place where the gradient is not zero."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(12):
        start = rng.uniform(0.3, 1.5) * rng.standard_normal(network.size)
        theta = tiny_network.find_critical_point(network, start)
        if theta is not None:
            assert np.linalg.norm(network.gradient(theta)) < 1e-8
            found.append(np.sum(np.linalg.eigvalsh(network.hessian(theta)) < 0))

    assert len(set(found)) >= 2


def test_too_few_steps_find_nothing(network):
    start = np.random.default_rng(4).standard_normal(network.size)

    assert tiny_network.find_critical_point(network, start, n_steps=1) is None
