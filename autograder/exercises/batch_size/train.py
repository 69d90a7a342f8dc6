"""Chapter 02: a training loop with batches in a new order each epoch."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.batch_size.data import draw_trainings
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_size as kernels

__all__ = ["TRAIN"]


def draw_train(rng):
    yield (
        "four examples of one feature, one epoch",
        {
            "w": np.array([1.0]),
            "X": np.array([[1.0], [2.0], [-1.0], [3.0]]),
            "y": np.array([3.0, 1.0, 2.0, -2.0]),
            "lr": 0.1,
            "batch_size": 2,
            "n_epochs": 1,
            "rng": Seed(int(rng.integers(1_000_000))),
        },
    )
    sizes = (
        ("a last batch that is short", 11, 4, 3, 3),
        ("one example at a time", 6, 2, 1, 2),
        ("all examples in one batch", 7, 3, 7, 5),
        ("two batches, the second one short", 9, 5, 7, 4),
        ("no epoch at all", 5, 2, 2, 0),
    )
    yield from draw_trainings(rng, sizes)


def train_written_out(w, X, y, lr, batch_size, n_epochs, rng):
    n = len(X)
    for _ in range(n_epochs):
        order = rng.permutation(n)
        for start in range(0, n, batch_size):
            batch = order[start : start + batch_size]
            error = X[batch] @ w - y[batch]
            w = w - lr * X[batch].T @ error / len(batch)
    return w


def train_on_shuffled_data(w, X, y, lr, batch_size, n_epochs, rng):
    w, n = w.copy(), len(X)
    for _ in range(n_epochs):
        order = np.arange(n)
        rng.shuffle(order)
        inputs, targets = X[order], y[order]
        for a in range(0, n, batch_size):
            A, b = inputs[a : a + batch_size], targets[a : a + batch_size]
            w -= lr * np.mean((A @ w - b)[:, None] * A, axis=0)
    return w


OLD = "w = sgd_epoch(w, X, y, lr, epoch_batches(len(X), batch_size, rng))"


TRAIN = Exercise(
    name="train",
    points=3,
    reference=kernels.train,
    returns=("w",),
    draw=draw_train,
    equivalents=(train_written_out, train_on_shuffled_data),
    misconceptions=mistakes(__name__, kernels.train),
    hints=(
        (
            "What happens once, what once in every epoch, and what once for every "
            "batch? You have written two of these already."
        ),
        (
            "One loop over the epochs is enough: inside, `epoch_batches` gives the "
            "batches of this epoch, and `sgd_epoch` goes through them."
        ),
        (
            "In the loop: `w = sgd_epoch(w, X, y, lr, epoch_batches(len(X), "
            "batch_size, rng))`."
        ),
    ),
    read="section 7, on the training loop",
    lines=3,
    level=2,
    harmless={
        f"{OLD} -> {OLD.replace('len(X)', 'len(y)')}": "there are as many targets",
    },
)
