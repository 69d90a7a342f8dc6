"""Chapter 00: one step of gradient descent."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import gradient_descent as kernels

__all__ = ["GD_STEP"]


def draw_gd_step(rng):
    yield (
        "two parameters and round numbers",
        {"theta": np.array([1.0, -2.0]), "grad": np.array([2.0, 4.0]), "lr": 0.1},
    )
    yield (
        "four parameters",
        {
            "theta": signed(rng, (4,)),
            "grad": signed(rng, (4,)),
            "lr": between(rng, 0.05, 0.3),
        },
    )
    yield (
        "a matrix of parameters, and a gradient that is zero in one place",
        {
            "theta": signed(rng, (2, 3)),
            "grad": signed(rng, (2, 3)) * np.array([[1, 0, 1], [1, 1, 1]]),
            "lr": between(rng, 0.3, 0.6),
        },
    )
    yield (
        "three axes and a learning rate above 1",
        {
            "theta": signed(rng, (4, 1, 2)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
        },
    )
    yield (
        "a large gradient, and so a long step",
        {
            "theta": signed(rng, (3,)),
            "grad": signed(rng, (3,), 400.0, 900.0),
            "lr": between(rng, 0.04, 0.09),
        },
    )
    yield (
        "near a minimum, where the gradient is small",
        {
            "theta": signed(rng, (5,)),
            "grad": signed(rng, (5,)) * 1e-5,
            "lr": between(rng, 0.2, 0.4),
        },
    )


def step_added(theta, grad, lr):
    return theta + -lr * grad


def step_named_first(theta, grad, lr):
    step = np.multiply(grad, lr)
    return np.subtract(theta, step)


def step_on_a_copy(theta, grad, lr):
    theta = theta.copy()
    theta -= lr * grad
    return theta


GD_STEP = Exercise(
    name="gd_step",
    points=1,
    reference=kernels.gd_step,
    returns=("theta",),
    draw=draw_gd_step,
    equivalents=(step_added, step_named_first, step_on_a_copy),
    misconceptions=mistakes(__name__, kernels.gd_step),
    hints=(
        (
            "The gradient is an arrow that points uphill. You stand at `theta`. In "
            "which direction do you go, and what says how far?"
        ),
        "Go against the arrow, by `lr` times its length. One line is enough.",
        "`return theta - lr * grad`.",
    ),
    read="section 2, equation (0.1)",
    lines=1,
    level=1,
)
