"""Chapter 07: weights whose columns have the directions of `v` and the lengths `g`."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import scales
from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["WEIGHT_NORM"]


def draw_weight_norm(rng):
    yield (
        "columns of length 5 and 13",
        {"v": np.array([[3.0, 5.0], [-4.0, 12.0]]), "g": np.array([10.0, -2.0])},
    )
    yield "three inputs, two units", {"v": signed(rng, (3, 2)), "g": scales(rng, 2)}
    yield (
        "more units than inputs, and short columns",
        {"v": np.round(0.1 * signed(rng, (2, 5)), 3), "g": scales(rng, 5)},
    )
    yield (
        "columns of very different length",
        {
            "v": signed(rng, (6, 3)) * np.array([0.01, 1.0, 100.0]),
            "g": scales(rng, 3),
        },
    )


def column_after_column(v, g):
    W = np.zeros(v.shape)
    for j in range(v.shape[1]):
        W[:, j] = g[j] / np.sqrt(v[:, j] @ v[:, j]) * v[:, j]
    return W


def weights_by_einsum(v, g):
    lengths = np.einsum("ij,ij->j", v, v) ** 0.5
    return v @ np.diag(g / lengths)


WEIGHT_NORM = Exercise(
    name="weight_norm",
    points=1,
    bonus=True,
    reference=kernels.weight_norm,
    returns=("W",),
    draw=draw_weight_norm,
    equivalents=(column_after_column, weights_by_einsum),
    misconceptions=mistakes(__name__, kernels.weight_norm),
    hints=(
        "What of a column of `v` should matter, and what should not?",
        "Divide each column by its length. Along which axis is that length summed?",
        "`return g * v / np.linalg.norm(v, axis=0)`.",
    ),
    read="section 8, equation (7.9)",
    lines=1,
    level=1,
)
