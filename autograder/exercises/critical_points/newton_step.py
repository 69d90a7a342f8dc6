"""Chapter 01: one step of Newton's method."""

from __future__ import annotations

import numpy as np

from autograder.exercises.critical_points.hessians import with_eigenvalues
from autograder.exercises.critical_points.rounding import UNIT_ROUNDOFF
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import critical_points as kernels

__all__ = ["NEWTON_STEP"]


def newton_tolerance(arguments):
    """How far two right Newton steps may lie apart.

    Solving H s = g, by elimination, by the inverse or by least squares, gives
    s with a relative error of a few d * cond(H) roundings; two answers, and
    the subtraction from theta.
    """
    theta, g, H = (arguments[name] for name in ("theta", "g", "H"))
    condition = np.linalg.cond(H)
    if condition > 1e12:
        return Tolerance(reason="an error is expected, no value")
    size = np.linalg.norm(np.linalg.solve(H, g))
    spread = 8 * len(g) * condition * UNIT_ROUNDOFF * size
    return Tolerance(
        rtol=4 * UNIT_ROUNDOFF,
        floor=0.0,
        atol=float(spread + 4 * UNIT_ROUNDOFF * np.abs(theta).max()),
        reason="rounding of d × cond(H) operations when H s = g is solved",
    )


def draw_newton_step(rng):
    a, b, c = (between(rng, 0.6, 2.0, 2) for _ in range(3))
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([5.0, 2.0]),
            "g": np.array([3.0, 1.0]),
            "H": np.array([[2.0, 1.0], [1.0, 1.0]]),
        },
    )
    for label, eigenvalues in (
        ("near a minimum", [a, 2.5 + b, 6.0]),
        ("near a saddle", [-2.0 - a, -b, 0.5, 3.0 + c]),
        ("near a maximum", [-6.0, -4.5, -a, -2.5 - b, -8.0]),
    ):
        d = len(eigenvalues)
        yield (
            label,
            {
                "theta": signed(rng, (d,)),
                "g": signed(rng, (d,)),
                "H": with_eigenvalues(rng, np.array(eigenvalues)),
            },
        )
    yield (
        "a singular Hessian: numpy's own error",
        {
            "theta": signed(rng, (2,)),
            "g": np.abs(signed(rng, (2,))),  # not at right angles to (1, 2)
            "H": np.array([[1.0, 2.0], [2.0, 4.0]]),
        },
    )


def newton_by_inverse(theta, g, H):
    return theta - np.linalg.inv(H) @ g


def newton_by_column(theta, g, H):
    step = np.linalg.solve(H, -g[:, None])
    return theta + step[:, 0]


def newton_for_the_new_point(theta, g, H):
    return np.linalg.solve(H, H @ theta - g)


NEWTON_STEP = Exercise(
    name="newton_step",
    points=1,
    bonus=True,
    reference=kernels.newton_step,
    returns=("theta",),
    draw=draw_newton_step,
    tolerance=newton_tolerance,
    equivalents=(newton_by_inverse, newton_by_column, newton_for_the_new_point),
    misconceptions=mistakes(__name__, kernels.newton_step),
    hints=(
        "Where is the gradient of the quadratic model zero?",
        (
            "Set `g + H @ v` to zero: that is a system of linear equations for the "
            "step `v`. Which function of `np.linalg` solves it?"
        ),
        "`return theta - np.linalg.solve(H, g)`.",
    ),
    read="section 8, equation (1.10)",
    lines=1,
    level=1,
)
