"""Chapter 04: give every column mean 0 and standard deviation 1."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["STANDARDIZE"]


def draw_standardize(rng):
    yield (
        "one column, means and deviations in round numbers",
        {
            "X_train": np.array([[1.0], [3.0], [1.0], [3.0]]),
            "X_test": np.array([[2.0], [6.0]]),
        },
    )
    yield (
        "three columns",
        {"X_train": signed(rng, (5, 3)), "X_test": signed(rng, (4, 3))},
    )
    scales = np.array([1000.0, 0.1, 10.0, 1.0])
    shift = np.array([5000.0, 0.4, -20.0, 0.0])
    yield (
        "columns of very different scale, means far from 0, a longer test set",
        {
            "X_train": signed(rng, (6, 4)) * scales + shift,
            "X_test": signed(rng, (9, 4)) * scales + shift,
        },
    )
    yield (
        "a column with one and the same number everywhere",
        _with_constant(rng, (7, 3), (5, 3), 1, float(rng.integers(2, 9))),
    )
    yield (
        "a column of zeros",
        _with_constant(rng, (6, 2), (4, 2), 0, 0.0),
    )
    yield (
        "a test set of one row",
        {
            "X_train": signed(rng, (8, 5)) + between(rng, 1.0, 3.0),
            "X_test": signed(rng, (1, 5)),
        },
    )
    yield (
        "a column of 0.1 everywhere, whose computed deviation is not quite 0",
        _with_constant(rng, (10, 3), (5, 3), 2, 0.1),
    )
    units = np.array([1e-9, 1.0])
    yield (
        "a column in very large units",
        {
            "X_train": signed(rng, (7, 2)) * units,
            "X_test": signed(rng, (4, 2)) * units,
        },
    )


def _with_constant(rng, train, test, column, value):
    X_train, X_test = signed(rng, train), signed(rng, test)
    X_train[:, column] = X_test[:, column] = value
    return {"X_train": X_train, "X_test": X_test}


def scaled_with_one_for_zero(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[np.ptp(X_train, axis=0) == 0] = 1
    return (X_train - mean) / std, (X_test - mean) / std


def scaled_column_by_column(X_train, X_test):
    Z_train, Z_test = np.zeros_like(X_train), np.zeros_like(X_test)
    for j in range(X_train.shape[1]):
        centred = X_train[:, j] - np.mean(X_train[:, j])
        std = np.sqrt(np.mean(centred**2))
        if np.ptp(X_train[:, j]) > 0:
            Z_train[:, j] = centred / std
            Z_test[:, j] = (X_test[:, j] - np.mean(X_train[:, j])) / std
    return Z_train, Z_test


def scaled_by_nan_to_num(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std > 1e-9 * np.abs(mean), std, np.nan)
    return np.nan_to_num((X_train - mean) / std), np.nan_to_num((X_test - mean) / std)


def scaled_by_moments(X_train, X_test):
    mean = X_train.sum(axis=0) / len(X_train)
    variance = ((X_train - mean) ** 2).sum(axis=0) / len(X_train)
    weight = np.zeros_like(variance)
    varies = variance > 1e-18 * mean**2
    weight[varies] = variance[varies] ** -0.5
    return (X_train - mean) * weight, (X_test - mean) * weight


STANDARDIZE = Exercise(
    name="standardize",
    points=2,
    reference=kernels.standardize,
    returns=("Z_train", "Z_test"),
    draw=draw_standardize,
    equivalents=(
        scaled_with_one_for_zero,
        scaled_column_by_column,
        scaled_by_nan_to_num,
        scaled_by_moments,
    ),
    misconceptions=mistakes(__name__, kernels.standardize),
    hints=(
        (
            "Which numbers do you need for each column, and from which of the two "
            "tables may they come?"
        ),
        (
            "`X.mean(axis=0)` has one entry for each column. What is the standard "
            "deviation of a column that does not vary, and what happens if you "
            "divide by it?"
        ),
        (
            "`mean` and `std` of `X_train`, with `axis=0`; "
            "`std[np.ptp(X_train, axis=0) == 0] = 1`, since rounding may leave 1e-17 "
            "for 0; then `return (X_train - mean) / std, (X_test - mean) / std`."
        ),
    ),
    read="section 9, equation (4.11)",
    lines=3,
    level=2,
)
