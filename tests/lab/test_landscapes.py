"""Landscapes: their gradients, Hessians and optima are what they say."""

import subprocess
import sys

import numpy as np
import pytest

from autograder.lab import landscapes

IN_ONE = {
    "dented bowl": landscapes.dented_bowl,
    "kinked bowl": landscapes.kinked_bowl,
}
IN_TWO = {"ravine": landscapes.ravine, "valley": landscapes.valley(150.0)}


def somewhere(landscape, n=40):
    """Random points of a landscape's region, one a row if it has two parameters."""
    low, high = np.reshape(landscape.region, (-1, 2)).T
    points = np.random.default_rng(7).uniform(low, high, (n, len(low)))
    return points if len(low) == 2 else points[:, 0]


@pytest.mark.parametrize("landscape", IN_ONE.values(), ids=IN_ONE)
def test_slopes_in_one_parameter_are_numerical_slopes(landscape):
    x, h = somewhere(landscape), 1e-5
    slope = (landscape.f(x + h) - landscape.f(x - h)) / (2 * h)
    bend = (landscape.gradient(x + h) - landscape.gradient(x - h)) / (2 * h)

    np.testing.assert_allclose(landscape.gradient(x), slope, atol=1e-7)
    np.testing.assert_allclose(landscape.hessian(x), bend, atol=1e-6)


@pytest.mark.parametrize("landscape", IN_TWO.values(), ids=IN_TWO)
def test_gradient_and_hessian_in_two_parameters_are_numerical_ones(landscape):
    h = 1e-5
    for point in somewhere(landscape):
        sides = [(point + h * e, point - h * e) for e in np.eye(2)]
        slope = [(landscape.f(a) - landscape.f(b)) / (2 * h) for a, b in sides]
        bend = [
            (landscape.gradient(a) - landscape.gradient(b)) / (2 * h) for a, b in sides
        ]

        np.testing.assert_allclose(landscape.gradient(point), slope, atol=1e-7)
        np.testing.assert_allclose(landscape.hessian(point), bend, atol=1e-7)


@pytest.mark.parametrize("landscape", IN_TWO.values(), ids=IN_TWO)
def test_a_stack_of_points_gives_a_stack_of_values(landscape):
    points = somewhere(landscape, 30).reshape(5, 6, 2)

    one_by_one = [[landscape.f(p) for p in row] for row in points]
    gradients = [[landscape.gradient(p) for p in row] for row in points]

    np.testing.assert_array_equal(landscape.f(points), one_by_one)
    np.testing.assert_array_equal(landscape.gradient(points), gradients)


@pytest.mark.parametrize(
    "landscape", [*IN_ONE.values(), *IN_TWO.values()], ids=[*IN_ONE, *IN_TWO]
)
def test_the_optimum_is_the_lowest_point_of_the_region(landscape):
    lowest = landscape.f(somewhere(landscape, 20_000)).min()

    assert np.abs(landscape.gradient(landscape.optimum)).max() < 1e-6
    assert landscape.f(landscape.optimum) <= lowest + 1e-9


@pytest.mark.parametrize(
    "landscape", [*IN_ONE.values(), *IN_TWO.values()], ids=[*IN_ONE, *IN_TWO]
)
def test_the_start_is_on_the_picture(landscape):
    low, high = np.reshape(landscape.region, (-1, 2)).T

    assert np.all((low < landscape.start) & (landscape.start < high))


def test_a_step_in_place_cannot_move_the_map():
    theta = landscapes.ravine.start

    with pytest.raises(ValueError, match="read-only"):
        theta -= 0.1

    np.testing.assert_array_equal(landscapes.ravine.start, [-7, 2])


def test_the_ravine_is_the_one_that_the_chapters_speak_of():
    point = np.array([-7.0, 2.0])

    assert landscapes.ravine.f(point) == 49 / 20 + 4
    np.testing.assert_array_equal(landscapes.ravine.start, point)
    np.testing.assert_array_equal(np.diag(landscapes.ravine.hessian(point)), [0.1, 2])


def test_the_dent_is_a_minimum_but_not_the_lowest_one():
    bowl = landscapes.dented_bowl
    x = np.linspace(-2.5, -1.4, 10_001)
    bottom = x[np.argmin(bowl.f(x))]

    assert -2.1 < bottom < -1.8
    assert abs(bowl.gradient(bottom)) < 1e-3
    assert bowl.f(bottom) > bowl.f(bowl.optimum) + 0.05


def test_all_curvatures_of_the_kinked_bowl_lie_between_1_and_25():
    bends = landscapes.kinked_bowl.hessian(np.linspace(-3, 4, 1000))

    assert set(bends) == {1.0, 25.0}


def test_the_kinked_bowl_has_no_jumps():
    for kink in (1.0, 2.0):
        for function in (landscapes.kinked_bowl.f, landscapes.kinked_bowl.gradient):
            assert abs(function(kink) - function(kink - 1e-9)) < 1e-6


def test_landscapes_and_inputs_do_without_matplotlib():
    """Checks and grading draw cases from them, and draw no pictures."""
    code = (
        "import sys, autograder, autograder.lab.landscapes, autograder.calling.inputs\n"
        "sys.exit(any(n in sys.modules for n in ('matplotlib', 'ipywidgets')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
