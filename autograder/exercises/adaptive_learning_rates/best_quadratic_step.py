"""Length of the step that leads each parameter of a quadratic to its minimum."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["BEST_QUADRATIC_STEP"]


def draw_best_quadratic_step(rng):
    yield (
        "a steep and a flat direction",
        {"grad": np.array([-6.0, 2.0]), "curvature": np.array([3.0, 0.5])},
    )
    yield (
        "three parameters",
        {"grad": signed(rng, (3,)), "curvature": np.abs(signed(rng, (3,)))},
    )
    yield (
        "one curvature is 0",
        {
            "grad": signed(rng, (4,)),
            "curvature": np.abs(signed(rng, (4,))) * np.array([1, 1, 0, 1]),
        },
    )
    yield (
        "a matrix of parameters, and a gradient that is zero in one place",
        {
            "grad": signed(rng, (2, 3)) * np.array([[1, 1, 0], [1, 1, 1]]),
            "curvature": np.abs(signed(rng, (2, 3), 0.05, 0.4)),
        },
    )
    yield (
        "one curvature is negative: a hill",
        {
            "grad": signed(rng, (3,)),
            "curvature": np.abs(signed(rng, (3,))) * np.array([1, -1, 1]),
        },
    )
    yield (
        "three axes and large curvatures",
        {
            "grad": signed(rng, (4, 1, 2)),
            "curvature": np.abs(signed(rng, (4, 1, 2), 10.0, 60.0)),
        },
    )
    yield (
        "every curvature is negative",
        {"grad": signed(rng, (2,)), "curvature": -np.abs(signed(rng, (2,)))},
    )


def length_by_ratio(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return np.abs(grad / curvature)


def length_by_minimum(grad, curvature):
    if curvature.min() <= 0:
        raise ValueError("no minimum")
    return np.sqrt(grad**2) * curvature**-1.0


BEST_QUADRATIC_STEP = Exercise(
    name="best_quadratic_step",
    points=1,
    bonus=True,
    reference=kernels.best_quadratic_step,
    returns=("length",),
    draw=draw_best_quadratic_step,
    equivalents=(length_by_ratio, length_by_minimum),
    misconceptions=mistakes(__name__, kernels.best_quadratic_step),
    hints=(
        "Draw a parabola and a point on it. How far is its lowest point?",
        (
            "The derivative of `h * (x - c)**2 / 2` is `h * (x - c)`, and that is "
            "the gradient. Which part of it is the distance?"
        ),
        (
            "If not every curvature is above 0, raise `ValueError`; then `return "
            "np.abs(grad) / curvature`."
        ),
    ),
    read="section 2, equation (4.1)",
    lines=3,
    level=1,
)
