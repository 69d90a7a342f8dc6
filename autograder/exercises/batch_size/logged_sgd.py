"""Chapter 02: mend a training loop that reports its loss."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.batch_size.data import draw_trainings
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import mended as kernels

__all__ = ["LOGGED_SGD"]


def draw_logged_sgd(rng):
    yield (
        "three examples of one feature, a batch of two and one of one",
        {
            "w": np.array([1.0]),
            "X": np.array([[1.0], [2.0], [-1.0]]),
            "y": np.array([3.0, 1.0, 2.0]),
            "lr": 0.1,
            "batch_size": 2,
            "n_epochs": 1,
            "rng": Seed(int(rng.integers(1_000_000))),
        },
    )
    sizes = (
        ("a last batch that is short", 11, 4, 3, 3),
        ("batches that are all full", 8, 2, 4, 2),
        ("one example at a time", 5, 3, 1, 2),
        ("fewer examples than a batch", 4, 2, 6, 2),
    )
    yield from draw_trainings(rng, sizes)


def logged_by_batches(w, X, y, lr, batch_size, n_epochs, rng):
    losses, cuts = np.zeros(n_epochs), range(batch_size, len(X), batch_size)
    for epoch in range(n_epochs):
        for batch in np.split(rng.permutation(len(X)), cuts):
            inputs, targets = X[batch], y[batch]
            error = inputs @ w - targets
            losses[epoch] += 0.5 * np.mean(error**2) * batch.size / len(X)
            w = w - lr * np.mean(error[:, None] * inputs, axis=0)
    return w, losses


def logged_on_shuffled_data(w, X, y, lr, batch_size, n_epochs, rng):
    w, seen = w.copy(), []
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        inputs, targets, squares = X[order], y[order], np.empty(0)
        while len(squares) < len(X):
            A = inputs[len(squares) :][:batch_size]
            error = A @ w - targets[len(squares) :][:batch_size]
            squares = np.append(squares, error**2)
            w -= lr / len(A) * (error @ A)
        seen.append(squares.mean() / 2)
    return w, np.array(seen)


GIVEN = ("targets_stay", "divided_by_a_full_batch", "mean_of_means")
"""What is to be mended."""

LOGGED_SGD = Exercise(
    name="logged_sgd",
    points=3,
    reference=kernels.logged_sgd,
    returns=("w", "losses"),
    order=("losses", "w"),
    draw=draw_logged_sgd,
    equivalents=(logged_by_batches, logged_on_shuffled_data),
    misconceptions=mistakes(__name__, kernels.logged_sgd, GIVEN),
    broken=GIVEN,
    hints=(
        (
            "Take the first case, where only the second batch is short. Which of your "
            "numbers differ before it, and which only after it?"
        ),
        (
            "What belongs to an example apart from its inputs? And what is a batch's "
            "size, in its gradient and in the epoch's loss?"
        ),
        (
            "Targets are shuffled as inputs are: `y[order]`. A batch's mean gradient "
            "divides by `stop - start`. And a loss adds up examples, not means."
        ),
    ),
    read="section 7, on mending",
    lines=4,
    level=2,
    bonus=True,
    harmless={
        "losses.append(total / n) -> losses.append(total / stop)": (
            "the last batch ends with the last example"
        ),
        "moved: w = w - lr * inputs[start:stop].T @ error / (stop - start)": (
            "the error is known by then"
        ),
        "n, losses = (len(y), []) -> n, losses = (len(X), [])": (
            "there are as many of them"
        ),
        "stop = min(start + batch_size, n) -> stop = min(n, start + batch_size)": (
            "the smaller one, in any order"
        ),
    },
)
