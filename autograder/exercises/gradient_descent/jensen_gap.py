"""Chapter 00: how far the mean of f lies above f of the mean."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import gradient_descent as kernels

__all__ = ["JENSEN_GAP"]

LOOK = "if weights.min() < 0 or"
SUM = "abs(weights.sum() - 1)"


def draw_jensen_gap(rng):
    bowl = {"curvature": np.array([2.0, 1.0]), "center": np.zeros(2)}
    yield (
        "two points of a bowl",
        {
            "f": Function("quadratic", bowl, shape=(2,)),
            "points": np.array([[2.0, 0.0], [-2.0, 4.0]]),
            "weights": np.array([0.75, 0.25]),
        },
    )
    hill = {
        "curvature": -np.abs(signed(rng, (3,))),
        "center": signed(rng, (3,)),
    }
    yield (
        "four points of a hill, where the gap is negative",
        {
            "f": Function("quadratic", hill, shape=(3,)),
            "points": signed(rng, (4, 3)),
            "weights": shares(rng, 4),
        },
    )
    rippled = {
        "curvature": np.array([2.0, 1.0]),
        "frequency": np.array([3.0, 0.0]),
        "amplitude": 1.5,
    }
    yield (
        "five points of a rippled valley, of which one has no weight",
        {
            "f": Function("rippled_surface", rippled, shape=(2,)),
            "points": signed(rng, (5, 2)),
            "weights": np.insert(shares(rng, 4), 2, 0.0),
        },
    )
    yield (
        "as many points as coordinates",
        {
            "f": Function("quadratic", hill, shape=(3,)),
            "points": signed(rng, (3, 3)),
            "weights": shares(rng, 3),
        },
    )
    yield (
        "six equal weights, whose sum is 1 but for rounding",
        {
            "f": Function("quadratic", hill, shape=(3,)),
            "points": signed(rng, (6, 3)),
            "weights": np.full(6, 1 / 6),
        },
    )
    yield (
        "weights with the sum 0.9",
        {
            "f": Function("quadratic", bowl, shape=(2,)),
            "points": signed(rng, (3, 2)),
            "weights": np.array([0.5, 0.25, 0.15]),
        },
    )
    yield (
        "weights with the sum 1, of which one is negative",
        {
            "f": Function("quadratic", bowl, shape=(2,)),
            "points": signed(rng, (3, 2)),
            "weights": np.array([0.75, -0.25, 0.5]),
        },
    )


def shares(rng, n):
    """`n` weights, none of them near 0 or near the others' mean."""
    weights = rng.permutation(np.arange(1, n + 1) + rng.uniform(-0.2, 0.2, n))
    return weights / weights.sum()


def gap_in_a_loop(f, points, weights):
    if any(w < 0 for w in weights) or not np.isclose(sum(weights), 1):
        raise ValueError("no mean")
    mean_value, mean = 0.0, np.zeros(points.shape[1])
    for x, w in zip(points, weights, strict=True):
        mean_value += w * f(x)
        mean += w * x
    return mean_value - f(mean)


def gap_by_average(f, points, weights):
    if not (weights >= 0).all() or abs(1 - weights.sum()) > 1e-9:
        raise ValueError("no mean")
    values = np.apply_along_axis(f, 1, points)
    mean = np.average(points, axis=0, weights=weights)
    return np.average(values, weights=weights) - f(mean)


JENSEN_GAP = Exercise(
    name="jensen_gap",
    points=2,
    reference=kernels.jensen_gap,
    returns=("gap",),
    draw=draw_jensen_gap,
    equivalents=(gap_in_a_loop, gap_by_average),
    misconceptions=mistakes(__name__, kernels.jensen_gap),
    hints=(
        "Which of the two sides of (0.9) is a mean of numbers, and which takes a "
        "mean of points first?",
        "The values of `f` are one number for each row of `points`. `weights @ values` "
        "is their weighted mean. What is `weights @ points`?",
        "Raise `ValueError` if a weight is negative or `abs(weights.sum() - 1) > "
        "1e-9`. Then `values = np.array([f(x) for x in points])`, and `return weights "
        "@ values - f(weights @ points)`.",
    ),
    read="section 6, equation (0.9)",
    lines=4,
    level=1,
    harmless={
        **dict.fromkeys(
            (
                f"{LOOK} {SUM} > 1e-09: -> {LOOK} {so}:"
                for so in (
                    "abs(1 - weights.sum()) > 1e-09",
                    f"{SUM} > 2e-09",
                    f"{SUM} >= 1e-09",
                )
            ),
            "rounding leaves 1e-16, and no weights here miss 1 by less than 0.1",
        ),
        "moved: values = np.array([f(x) for x in points])": (
            "the values are not used when the weights are refused"
        ),
        "return float(weights @ values - f(weights @ points)) -> "
        "return float(values @ weights - f(weights @ points))": (
            "a product of two vectors has no order"
        ),
        "values = np.array([f(x) for x in points]) -> "
        "values = [f(x) for x in points]": "`@` takes a list with an array",
    },
)
