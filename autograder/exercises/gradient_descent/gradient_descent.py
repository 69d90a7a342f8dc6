"""Chapter 00: the trajectory of gradient descent from a starting point."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import gradient_descent as kernels

__all__ = ["GRADIENT_DESCENT"]


def draw_gradient_descent(rng):
    yield (
        "two steps on a bowl, with round numbers",
        {
            "grad_fn": Function(
                "quadratic_gradient",
                {"curvature": np.array([1.0, 2.0]), "center": np.zeros(2)},
                shape=(2,),
                calls=2,
            ),
            "theta0": np.array([4.0, -2.0]),
            "lr": 0.25,
            "n_steps": 2,
        },
    )
    for label, shape, n_steps in (
        ("one step", (4,), 1),
        ("several steps, and a gradient that is not linear", (3,), 5),
        ("a matrix of parameters", (2, 3), 4),
        ("three axes", (3, 1, 2), 6),
    ):
        yield (
            label,
            {
                "grad_fn": ripples(rng, shape, n_steps),
                "theta0": signed(rng, shape),
                "lr": between(rng, 0.05, 0.2),
                "n_steps": n_steps,
            },
        )
    yield (
        "a learning rate so large that the path runs away",
        {
            "grad_fn": _bowl(np.abs(signed(rng, (2,), 2.0, 3.0)), 7),
            "theta0": signed(rng, (2,)),
            "lr": between(rng, 1.5, 1.9),
            "n_steps": 7,
        },
    )
    yield (
        "a step that lands on the minimum, and two more",
        {
            "grad_fn": _bowl(np.array([2.0, 2.0, 2.0]), 3),
            "theta0": signed(rng, (3,)),
            "lr": 0.5,
            "n_steps": 3,
        },
    )
    yield (
        "a start very near the minimum",
        {
            "grad_fn": _bowl(np.abs(signed(rng, (4,))), 3),
            "theta0": signed(rng, (4,)) * 1e-9,
            "lr": between(rng, 0.1, 0.3),
            "n_steps": 3,
        },
    )
    yield (
        "no step at all: the start alone",
        {
            "grad_fn": ripples(rng, (3,), 0),
            "theta0": signed(rng, (3,)),
            "lr": between(rng, 0.05, 0.2),
            "n_steps": 0,
        },
    )


def ripples(rng, shape, calls):
    """A gradient that is not linear, so that every other place gives another one."""
    parameters = {
        "curvature": np.abs(signed(rng, shape)),
        "center": signed(rng, shape),
    }
    return Function("ripple_gradient", parameters, shape=shape, calls=calls)


def _bowl(curvature, calls):
    """The gradient of a quadratic whose minimum is at zero."""
    parameters = {"curvature": curvature, "center": np.zeros(curvature.shape)}
    return Function(
        "quadratic_gradient", parameters, shape=curvature.shape, calls=calls
    )


def path_in_an_array(grad_fn, theta0, lr, n_steps):
    path = np.empty((n_steps + 1, *theta0.shape))
    path[0] = theta0
    for k in range(n_steps):
        path[k + 1] = path[k] - lr * grad_fn(path[k])
    return path


def path_of_copies(grad_fn, theta0, lr, n_steps):
    theta = theta0.copy()
    points = [theta.copy()]
    while len(points) <= n_steps:
        theta -= lr * grad_fn(theta)
        points.append(theta.copy())
    return np.stack(points)


def path_by_the_step(grad_fn, theta0, lr, n_steps):
    theta, rows = theta0, [theta0[None]]
    for _ in range(n_steps):
        theta = kernels.gd_step(theta, grad_fn(theta), lr)
        rows.append(theta[None])
    return np.concatenate(rows)


GRADIENT_DESCENT = Exercise(
    name="gradient_descent",
    points=2,
    reference=kernels.gradient_descent,
    returns=("path",),
    draw=draw_gradient_descent,
    equivalents=(path_in_an_array, path_of_copies, path_by_the_step),
    misconceptions=mistakes(__name__, kernels.gradient_descent),
    hints=(
        "After three steps, how many places have you been at, with the start?",
        (
            "Keep a list that begins with `theta0`. Each pass of the loop appends "
            "one new array, a `gd_step` from the last one in the list."
        ),
        (
            "`path = [theta0]`; in a loop over `range(n_steps)`, "
            "`path.append(gd_step(path[-1], grad_fn(path[-1]), lr))`; at the end "
            "`return np.array(path)`."
        ),
    ),
    read="section 4, equation (0.4)",
    lines=4,
    level=1,
)
