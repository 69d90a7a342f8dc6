"""Chapter 04: learning rate that shrinks by the same factor in every step."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adaptive_learning_rates.schedules import some_lr
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["EXPONENTIAL_DECAY"]


def draw_exponential_decay(rng):
    yield "a half-life of one step, twice", {"lr": 0.8, "t": 2, "rate": 0.6931}
    yield "the start, t = 0", {"lr": some_lr(rng), "t": 0, "rate": _rate(rng)}
    yield (
        "an array of steps from 0",
        {"lr": some_lr(rng), "t": np.arange(5), "rate": _rate(rng)},
    )
    yield (
        "one late step and a small rate",
        {
            "lr": some_lr(rng),
            "t": int(rng.integers(40, 90)),
            "rate": between(rng, 0.01, 0.03),
        },
    )
    yield (
        "long after, when next to nothing is left",
        {"lr": some_lr(rng), "t": int(rng.integers(90, 130)), "rate": _rate(rng)},
    )
    yield (
        "steps in any order, in two axes",
        {
            "lr": some_lr(rng),
            "t": rng.permutation(12)[:6].reshape(2, 3) + 1,
            "rate": _rate(rng),
        },
    )


def _rate(rng):
    return between(rng, 0.15, 0.45)


def exponential_by_factor(lr, t, rate):
    return lr * np.exp(-rate) ** t


def exponential_divides(lr, t, rate):
    return lr / np.exp(rate * t)


def exponential_of_sum(lr, t, rate):
    return np.exp(np.log(lr) - rate * t)


EXPONENTIAL_DECAY = Exercise(
    name="exponential_decay",
    points=1,
    reference=kernels.exponential_decay,
    returns=("lr_t",),
    draw=draw_exponential_decay,
    equivalents=(exponential_by_factor, exponential_divides, exponential_of_sum),
    misconceptions=mistakes(__name__, kernels.exponential_decay),
    hints=(
        (
            "Each step multiplies the learning rate by the same factor. What do `t` "
            "steps multiply it by?"
        ),
        "The factor of one step is `exp(-rate)`. What is its power for `t` steps?",
        "`return lr * np.exp(-rate * t)`.",
    ),
    read="section 7, equation (4.7)",
    lines=1,
    level=1,
    warm_up=True,
)
