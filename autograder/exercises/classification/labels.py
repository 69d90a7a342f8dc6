"""Chapter 08: labels, and logits that belong to them."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed

__all__ = ["draw_logits_and_labels", "logits_and_labels", "some_labels"]


def some_labels(rng, n, n_classes):
    """Labels of which no two neighbours are alike and the last class is missing."""
    labels = [int(rng.integers(n_classes - 1))]
    while len(labels) < n:
        step = int(rng.integers(1, n_classes - 1)) if n_classes > 2 else 0
        labels.append((labels[-1] + step) % (n_classes - 1))
    return np.array(labels)


def logits_and_labels(rng, n, n_classes, **size):
    return {
        "z": signed(rng, (n, n_classes), **size),
        "labels": some_labels(rng, n, n_classes),
    }


def draw_logits_and_labels(rng):
    yield (
        "two examples, three classes",
        {
            "z": np.array([[0.0, 1.0, 2.0], [1.0, -1.0, 0.5]]),
            "labels": np.array([2, 0]),
        },
    )
    yield "five examples, three classes", logits_and_labels(rng, 5, 3)
    yield "three examples, six classes", logits_and_labels(rng, 3, 6)
    yield "large logits", logits_and_labels(rng, 4, 5, low=3.0, high=12.0)
    yield (
        "wrong by far: logits of 1000 and -1000",
        {
            "z": np.array([[1000.0, -1000.0, 0.0], [-1000.0, -998.0, -1001.0]])
            + signed(rng, (2, 3)),
            "labels": np.array([1, 2]),
        },
    )
    yield (
        "one row far above the other",
        {
            "z": signed(rng, (2, 4)) + np.array([[800.0], [-800.0]]),
            "labels": np.array([0, 2]),
        },
    )
