"""Chapter 02: one epoch of stochastic gradient descent on a linear model."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_size.data import linear_data
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import batch_size as kernels

__all__ = ["SGD_EPOCH"]


def draw_sgd_epoch(rng):
    yield (
        "two batches of one example each, and round numbers",
        {
            "w": np.array([1.0, -1.0]),
            "X": np.array([[1.0, 2.0], [3.0, 0.0], [-1.0, 1.0]]),
            "y": np.array([1.0, 2.0, -3.0]),
            "lr": 0.1,
            "batches": [np.array([2]), np.array([0])],
        },
    )
    for label, n, d, size in (
        ("seven examples in batches of three; the last one is short", 7, 4, 3),
        ("one example at a time", 5, 2, 1),
        ("all examples in one batch", 6, 3, 6),
        ("two features, and batches of four", 10, 2, 4),
    ):
        yield label, _epoch(rng, n, d, kernels.epoch_batches(n, size, rng))
    again = [np.array([4, 1, 0]), np.array([1, 4]), np.array([3, 3, 1, 5])]
    yield "batches that draw some examples again", _epoch(rng, 6, 5, again)


def _epoch(rng, n, d, batches):
    return {
        **linear_data(rng, n, d),
        "lr": between(rng, 0.05, 0.15),
        "batches": batches,
    }


def epoch_by_loops(w, X, y, lr, batches):
    weights = w.copy()
    for batch in batches:
        step = np.zeros_like(weights)
        for i in batch:
            step += (X[i] @ weights - y[i]) * X[i]
        weights -= lr * step / len(batch)
    return weights


def epoch_with_take(w, X, y, lr, batches):
    for batch in batches:
        inputs, targets = np.take(X, batch, axis=0), np.take(y, batch)
        w = w + lr * np.mean((targets - inputs @ w)[:, None] * inputs, axis=0)
    return w


SGD_EPOCH = Exercise(
    name="sgd_epoch",
    points=2,
    reference=kernels.sgd_epoch,
    returns=("w",),
    draw=draw_sgd_epoch,
    tolerance=Tolerance(
        floor=1e-10,
        reason=(
            "rounding of up to 5 updates, each relative to the largest entry, and "
            "carried on by the next"
        ),
    ),
    equivalents=(epoch_by_loops, epoch_with_take),
    misconceptions=mistakes(__name__, kernels.sgd_epoch),
    hints=(
        "How many times does `w` change in one epoch?",
        (
            "Loop over `batches`. Each one is an array of indices, and `X[batch]` "
            "are its rows. You have a function for its gradient already."
        ),
        (
            "Loop `for batch in batches`: `w = w - lr * batch_gradient(w, X[batch], "
            "y[batch])`; after the loop `return w`."
        ),
    ),
    read="section 2, equation (2.3)",
    lines=3,
    level=1,
)
