"""Chapter 08: probabilities from logits, along the last axis."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import classification as kernels

__all__ = ["SOFTMAX"]


def draw_softmax(rng):
    yield "three logits", {"z": np.array([0.0, 1.0, 2.0])}
    yield "a matrix, one example a row", {"z": signed(rng, (2, 4))}
    yield "three axes", {"z": signed(rng, (2, 3, 5), high=4.0)}
    large = [[1000.0, 998.5, -1000.0], [-1000, -1001, -999.5], [-1000, 1000, -1002]]
    yield "logits of 1000 and -1000", {"z": np.array(large) + signed(rng, (3, 3))}
    yield (
        "one row far above the other",
        {"z": signed(rng, (2, 5)) + np.array([[900.0], [-900.0]])},
    )
    yield "many classes", {"z": signed(rng, (4, 11), high=3.0)}


def softmax_by_log(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return np.exp(shifted - log_sum)


def softmax_by_logaddexp(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


def softmax_row_by_row(z):
    if z.ndim > 1:
        return np.stack([softmax_row_by_row(row) for row in z])
    weights = np.exp(z - max(z))
    return weights / sum(weights)


SOFTMAX = Exercise(
    name="softmax",
    points=2,
    reference=kernels.softmax,
    returns=("p",),
    draw=draw_softmax,
    equivalents=(
        softmax_by_log,
        softmax_by_logaddexp,
        softmax_row_by_row,
    ),
    misconceptions=mistakes(__name__, kernels.softmax),
    hints=(
        "What happens to the ratio if all logits of a row grow by the same number?",
        (
            "`np.exp(1000)` is infinite. Which number can you subtract from each row "
            "so that the largest exponent is 0?"
        ),
        (
            "`weights = np.exp(z - z.max(axis=-1, keepdims=True))`, then `return "
            "weights / weights.sum(axis=-1, keepdims=True)`."
        ),
    ),
    read="section 3, equation (8.2)",
    lines=2,
    level=1,
)
