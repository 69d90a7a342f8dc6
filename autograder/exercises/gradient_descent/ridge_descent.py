"""Chapter 00: mend a linear regression with a price on its weights."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import mended as kernels

__all__ = ["RIDGE_DESCENT"]


def draw_ridge_descent(rng):
    yield (
        "three examples of one feature, two steps",
        {
            "X": np.array([[1.0], [2.0], [-1.0]]),
            "y": np.array([3.0, 5.0, 1.0]),
            "lr": 0.25,
            "penalty": 0.5,
            "n_steps": 2,
        },
    )
    for label, n, d, n_steps in (
        ("more examples than features", 7, 3, 4),
        ("more features than examples", 4, 6, 3),
        ("one example", 1, 2, 3),
    ):
        yield (
            label,
            {
                "X": signed(rng, (n, d)),
                "y": signed(rng, (n,), 2.0, 5.0),
                "lr": between(rng, 0.05, 0.15),
                "penalty": between(rng, 0.4, 0.9),
                "n_steps": n_steps,
            },
        )


def ridge_in_two_parts(X, y, lr, penalty, n_steps):
    offset, w, losses = 0.0, np.zeros(X.shape[1]), np.empty(n_steps)
    for t in range(n_steps):
        error = offset + X @ w - y
        losses[t] = 0.5 * np.mean(error**2) + 0.5 * penalty * (w @ w)
        slope = np.mean(error[:, None] * X, axis=0) + penalty * w
        offset, w = offset - lr * error.mean(), w - lr * slope
    return np.concatenate([[offset], w]), losses


def ridge_by_matrices(X, y, lr, penalty, n_steps):
    A = np.hstack([np.ones((len(X), 1)), X])
    price = penalty * np.eye(A.shape[1])
    price[0, 0] = 0.0
    H, b, theta = A.T @ A / len(A) + price, A.T @ y / len(A), np.zeros(A.shape[1])
    losses = []
    for _ in range(n_steps):
        losses.append(theta @ H @ theta / 2 - b @ theta + y @ y / (2 * len(y)))
        theta = theta - lr * (H @ theta - b)
    return theta, np.array(losses)


GIVEN = ("divided_by_columns", "offset_pulled", "full_price")
"""What is to be mended."""

RIDGE_DESCENT = Exercise(
    name="ridge_descent",
    points=3,
    reference=kernels.ridge_descent,
    returns=("theta", "losses"),
    order=("losses", "theta"),
    draw=draw_ridge_descent,
    equivalents=(ridge_in_two_parts, ridge_by_matrices),
    misconceptions=mistakes(__name__, kernels.ridge_descent, GIVEN),
    broken=GIVEN,
    hints=(
        (
            "What is the gradient of this loss for the offset, and what for a weight? "
            "Write both down before you read the code again."
        ),
        (
            "Set the penalty to 0, so that one mistake is alone. Of what does the "
            "gradient's size depend that it should not depend on?"
        ),
        (
            "A mean over examples divides by their number. The price has the same "
            "half as the error. And `theta[0]`, the offset, costs nothing."
        ),
    ),
    read="section 6, on mending",
    lines=3,
    level=2,
    bonus=True,
    harmless={
        f"grad = A.T @ error / len(y) -> grad = A.T @ error / len({other})": (
            "there are as many of them"
        )
        for other in ("A", "X", "error")
    }
    | {
        "A = np.column_stack([np.ones(len(X)), X]) -> "
        "A = np.column_stack([np.ones(len(y)), X])": "there are as many of them",
        "moved: grad = A.T @ error / len(y)": "neither loss nor price needs it",
        "moved: price = penalty * np.sum(theta[1:] ** 2)": "it needs no error",
        "theta = gd_step(theta, grad, lr) -> theta[...] = gd_step(theta, grad, lr)": (
            "the array is one of its own"
        ),
        "theta, losses = (np.zeros(A.shape[1]), []) -> "
        "theta, losses = (np.zeros(A.shape[-1]), [])": "the last of two axes",
    },
)
