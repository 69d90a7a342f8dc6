"""Chapter 08: rows of the identity matrix, one for each label."""

from __future__ import annotations

import numpy as np

from autograder.exercises.classification.labels import some_labels
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import classification as kernels

__all__ = ["ONE_HOT"]


def draw_one_hot(rng):
    yield "three labels, four classes", {"labels": np.array([2, 0, 3]), "n_classes": 4}
    yield (
        "the last class does not occur",
        {"labels": some_labels(rng, 5, 4), "n_classes": 4},
    )
    yield (
        "one label that occurs twice, and two that do not",
        {"labels": np.array([1, 3, 1]), "n_classes": 5},
    )
    yield (
        "many labels",
        {"labels": rng.integers(0, 7, size=12), "n_classes": 7},
    )
    yield (
        "a label as large as the number of classes",
        {"labels": np.array([0, 3, 1]), "n_classes": 3},
    )
    yield (
        "a label far outside",
        {"labels": np.array([1, int(rng.integers(8, 20))]), "n_classes": 5},
    )
    yield "a negative label", {"labels": np.array([2, -1, 0]), "n_classes": 4}


def one_hot_by_filling(labels, n_classes):
    if labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError("label outside")
    rows = np.zeros((len(labels), n_classes))
    rows[np.arange(len(labels)), labels] = 1
    return rows


def one_hot_by_comparing(labels, n_classes):
    if not np.isin(labels, np.arange(n_classes)).all():
        raise ValueError("label outside")
    return (labels[:, None] == np.arange(n_classes)).astype(float)


def one_hot_of_integers(labels, n_classes):
    rows = np.zeros((len(labels), n_classes), dtype=int)
    for row, label in zip(rows, labels, strict=False):
        if not 0 <= label < n_classes:
            raise ValueError("label outside")
        row[label] = 1
    return rows


def outside_left_empty(labels, n_classes):
    return (labels[:, None] == np.arange(n_classes)).astype(float)


ONE_HOT = Exercise(
    name="one_hot",
    points=1,
    reference=kernels.one_hot,
    returns=("rows",),
    draw=draw_one_hot,
    equivalents=(
        one_hot_by_filling,
        one_hot_by_comparing,
        one_hot_of_integers,
    ),
    misconceptions=mistakes(__name__, kernels.one_hot),
    hints=(
        (
            "Where is the 1 in the row of label 2? What does row 2 of the identity "
            "matrix look like?"
        ),
        (
            "`np.eye(n_classes)` with an array of row numbers as its index takes "
            "many rows at once. What does NumPy do with row number -1?"
        ),
        (
            "Raise `ValueError` if any label is below 0 or at least `n_classes`; "
            "then `return np.eye(n_classes)[labels]`."
        ),
    ),
    read="section 2, equation (8.1)",
    lines=3,
    level=1,
    harmless={
        "if np.any((labels < 0) | (labels >= n_classes)): -> if np.any((labels >= "
        "n_classes) | (labels < 0)):": ("`or` has no order"),
    },
)
