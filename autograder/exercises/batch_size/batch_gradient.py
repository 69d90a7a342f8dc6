"""Chapter 02: gradient of half the mean squared error of a linear model on a batch."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_size.data import linear_data
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import batch_size as kernels

__all__ = ["BATCH_GRADIENT"]


def draw_batch_gradient(rng):
    yield (
        "three examples with two features and round numbers",
        {
            "w": np.array([1.0, -1.0]),
            "X": np.array([[1.0, 2.0], [3.0, 0.0], [-1.0, 1.0]]),
            "y": np.array([1.0, 2.0, -3.0]),
        },
    )
    for label, size, d in (
        ("more examples than features", 7, 4),
        ("fewer examples than features", 3, 5),
        ("one example", 1, 3),
        ("one feature", 6, 1),
    ):
        yield label, linear_data(rng, size, d)


def gradient_example_by_example(w, X, y):
    total = np.zeros(len(w))
    for x, target in zip(X, y, strict=True):
        total += (x @ w - target) * x
    return total / len(X)


def gradient_as_mean_of_rows(w, X, y):
    return np.mean((X @ w - y)[:, None] * X, axis=0)


def gradient_by_einsum(w, X, y):
    return np.einsum("ij,i->j", X, X.dot(w) - y) / X.shape[0]


def gradient_from_moments(w, X, y):
    return (X.T @ X / len(X)) @ w - X.T @ y / len(X)


BATCH_GRADIENT = Exercise(
    name="batch_gradient",
    points=1,
    reference=kernels.batch_gradient,
    returns=("grad",),
    draw=draw_batch_gradient,
    tolerance=Tolerance(
        floor=1e-11,
        reason=(
            "sums over up to 7 examples in any order; where errors of both signs "
            "nearly cancel, rounding is relative to the largest entry"
        ),
    ),
    equivalents=(
        gradient_example_by_example,
        gradient_as_mean_of_rows,
        gradient_by_einsum,
        gradient_from_moments,
    ),
    misconceptions=mistakes(__name__, kernels.batch_gradient),
    hints=(
        (
            "For one example the loss is `(x @ w - y)**2 / 2`. What is its "
            "derivative with respect to one weight?"
        ),
        (
            "Errors `X @ w - y`, one for each example; each is multiplied by that "
            "example's row; then the mean over examples."
        ),
        "`return X.T @ (X @ w - y) / len(y)`.",
    ),
    read="section 2, equation (2.1)",
    lines=1,
    level=1,
    harmless={
        "return X.T @ (X @ w - y) / len(y) -> return X.T @ (X @ w - y) / len(X)": (
            "as many targets as examples"
        ),
    },
)
