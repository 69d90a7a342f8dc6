"""Chapter 01: tolerances follow from step and scale; a direction has no sign."""

import numpy as np
import pytest

from autograder.checking.cases import draw_question
from autograder.checking.judging import verdict as judged
from autograder.exercises import chapter_of, find
from autograder.exercises import critical_points as chapter
from autograder.exercises.critical_points import newton_step as newton
from autograder.exercises.critical_points import (
    numerical_gradient as gradients,
)
from autograder.exercises.critical_points import (
    numerical_hessian as hessians,
)
from autograder.exercises.observations import unit_direction
from autograder.kernels import critical_points as kernels
from autograder.lab.landscapes import named_functions

SEEDS = range(40)


def mistake(exercise, name):
    """The wrong function of that name."""
    return {m.name: m.mutant for m in find(exercise).misconceptions}[name]


def drawn(draw):
    """Cases of many draws: label, function, arguments."""
    for seed in SEEDS:
        for label, arguments in draw(np.random.default_rng(seed)):
            f = arguments["f"]
            yield label, named_functions[f.name](**f.parameters), arguments


def exact(arguments):
    """Gradient and Hessian in closed form, the Hessian of vectors only."""
    f, theta = arguments["f"], arguments["theta"]
    given = f.parameters
    if f.name == "two_weights":
        w, v = theta
        gradient = -2 * (1 - w * v) * np.array([v, w])
        off = 4 * w * v - 2
        return gradient, np.array([[2 * v**2, off], [off, 2 * w**2]])
    if f.name == "quadratic":
        c = given["curvature"]
        return c * (theta - given["center"]), np.diag(c.ravel())
    c, w, a = given["curvature"], given["frequency"], given["amplitude"]
    phase = np.sum(w * theta)
    hessian = np.diag(c.ravel()) - a * np.sin(phase) * np.outer(w, w)
    return c * theta + a * np.cos(phase) * w, hessian


def test_gradient_tolerance_holds_the_exact_gradient():
    """The reference misses it by less than the bound that its docstring derives."""
    for label, f, arguments in drawn(gradients.draw_numerical_gradient):
        h = arguments.get("h", 1e-5)
        computed = kernels.numerical_gradient(f, arguments["theta"], h)
        error = np.abs(computed - exact(arguments)[0]).max()

        assert error <= gradients.gradient_tolerance(arguments).atol, label


def test_hessian_tolerance_holds_the_exact_hessian():
    """The reference misses it by less than the bound that its docstring derives."""
    for label, f, arguments in drawn(hessians.draw_numerical_hessian):
        h = arguments.get("h", 1e-4)
        computed = kernels.numerical_hessian(f, arguments["theta"], h)
        error = np.abs(computed - exact(arguments)[1]).max()

        assert error <= hessians.hessian_tolerance(arguments).atol, label


def test_gradient_tolerance_shuts_forward_differences_out():
    """In every case they miss by more than ten times the tolerance."""
    forward = mistake("numerical_gradient", "forward_difference")
    for label, f, arguments in drawn(gradients.draw_numerical_gradient):
        h = arguments.get("h", 1e-5)
        computed = forward(f, arguments["theta"], h)
        error = np.abs(computed - exact(arguments)[0]).max()

        assert error > 10 * gradients.gradient_tolerance(arguments).atol, label


@pytest.mark.parametrize("label", ["a coarse step", "a fine step"])
def test_hessian_tolerance_shuts_one_sided_differences_out(label):
    """Where truncation rules, they miss by more than five times the tolerance."""
    for name, f, arguments in drawn(hessians.draw_numerical_hessian):
        if name != label:
            continue
        theta, h = arguments["theta"], arguments["h"]
        for form in (
            mistake("numerical_hessian", "second_difference_forward"),
            mistake("numerical_hessian", "gradient_difference_forward"),
            mistake("numerical_hessian", "gradient_difference_forward_symmetrised"),
        ):
            error = np.abs(form(f, theta, h) - exact(arguments)[1]).max()

            assert error > 5 * hessians.hessian_tolerance(arguments).atol


def test_tolerance_grows_with_the_scale_of_the_loss():
    """A loss a thousand times larger has a thousand times the rounding error."""
    _, arguments = list(gradients.draw_numerical_gradient(np.random.default_rng(0)))[-1]
    f = arguments["f"]
    larger = dict(f.parameters, curvature=1000 * f.parameters["curvature"])
    scaled = dict(arguments, f=type(f)(f.name, larger, shape=f.shape))
    one, other = map(gradients.gradient_tolerance, (arguments, scaled))

    assert other.atol == pytest.approx(1000 * one.atol)


def test_newton_tolerance_holds_every_way_of_solving():
    """Elimination, inverse and least squares agree within the narrow bound."""
    for seed in SEEDS:
        for _, arguments in newton.draw_newton_step(np.random.default_rng(seed)):
            theta, g, H = (arguments[name] for name in ("theta", "g", "H"))
            if np.linalg.matrix_rank(H) < len(H):
                continue
            solved = theta - np.linalg.solve(H, g)
            inverted = theta - np.linalg.inv(H) @ g
            least = theta - np.linalg.lstsq(H, g, rcond=None)[0]
            allowed = newton.newton_tolerance(arguments).atol

            assert np.abs(solved - inverted).max() <= allowed
            assert np.abs(solved - least).max() <= allowed
            assert allowed < 1e-11


def test_direction_is_seen_without_its_sign():
    H = np.array([[1.0, 2.0, 0.0], [2.0, -3.0, 1.0], [0.0, 1.0, 0.5]])
    v = np.linalg.eigh(H)[1][:, 0]
    one, other = unit_direction(v, {"H": H}), unit_direction(-v, {"H": H})

    assert one["length of the direction"] == pytest.approx(1)
    assert one["curvature along the direction"] == pytest.approx(
        np.linalg.eigvalsh(H)[0]
    )
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


def test_direction_of_another_length_or_line_is_seen():
    H = np.diag([1.0, -2.0])
    e = np.array([0.0, 1.0])
    right = unit_direction(e, {"H": H})
    long = unit_direction(3 * e, {"H": H})
    turned = unit_direction(np.array([0.6, 0.8]), {"H": H})

    assert long["length of the direction"] == 3
    assert long["curvature along the direction"] == -2
    assert right["curvature along the direction"] == -2
    assert turned["curvature along the direction"] > -2


def test_a_direction_of_zeros_is_not_finite():
    """It has no line, and no warning is raised on the way."""
    seen = unit_direction(np.zeros(2), {"H": np.eye(2)})

    assert np.isnan(seen["curvature along the direction"])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_constant_answer_earns_points(seed):
    """Neither one kind of critical point nor one error is right in most cases."""
    for exercise in (
        find("classify_critical_point"),
        find("escape_direction"),
        find("newton_step"),
        find("minimum_ratio"),
    ):
        answers = []
        for _, arguments in exercise.draw(np.random.default_rng(seed)):
            try:
                answers.append(str(exercise.reference(**arguments)))
            except ValueError as error:
                answers.append(type(error).__name__)
        most = max(answers.count(answer) for answer in answers)

        assert 2 * most <= len(answers)


def wrongly_extrapolated(f, theta, h=1e-5):
    """Richardson's weights on the wrong steps: five times the error of one step."""
    near = kernels.numerical_gradient(f, theta, h)
    return (4 * kernels.numerical_gradient(f, theta, 2 * h) - near) / 3


def doubled_and_flat(f, theta, h=1e-5):
    """The step 2 h in other words: the same numbers but for rounding."""
    flat = theta.ravel()
    rows = 2 * h * np.eye(flat.size)
    ends = [
        (f((flat + e).reshape(theta.shape)), f((flat - e).reshape(theta.shape)))
        for e in rows
    ]
    return np.array([a / (4 * h) - b / (4 * h) for a, b in ends]).reshape(theta.shape)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("form", "named"),
    [(wrongly_extrapolated, ()), (doubled_and_flat, ("step_doubled",))],
)
def test_only_the_same_numbers_are_named(seed, form, named):
    """What is as wrong as a known mistake, and another one, has no name."""
    exercise = gradients.NUMERICAL_GRADIENT
    question = draw_question(exercise, chapter.CHAPTER, (seed,))
    found = judged(form, question)

    assert not found.passed
    assert found.misconceptions == named


def test_a_name_does_not_hang_on_the_order_of_adding():
    """Forgotten parentheses make large numbers of a large step, and large rounding."""

    def numerical_hessian(f, theta, h=1e-4):
        steps = h * np.eye(theta.size)
        return np.array(
            [
                [
                    (f(theta + a + b) - f(theta + a - b) - f(theta - a + b)) / 4 * h**2
                    + f(theta - a - b) / 4 * h**2
                    for b in steps
                ]
                for a in steps
            ]
        )

    exercise = find("numerical_hessian")
    for k in range(8):
        question = draw_question(exercise, chapter_of(exercise.name), (k, 1))
        assert judged(numerical_hessian, question).misconceptions == (
            "parentheses_forgotten",
        )
