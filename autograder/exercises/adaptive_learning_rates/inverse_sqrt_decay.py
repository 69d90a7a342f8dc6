"""Chapter 04: learning rate that falls like one over the root of the step's number."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adaptive_learning_rates.schedules import some_lr
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["INVERSE_SQRT_DECAY"]


def draw_inverse_sqrt_decay(rng):
    yield "the fourth step", {"lr": 0.6, "t": 3}
    yield "the start, t = 0", {"lr": some_lr(rng), "t": 0}
    yield "an array of steps from 0", {"lr": some_lr(rng), "t": np.arange(5)}
    yield "one late step", {"lr": some_lr(rng), "t": int(rng.integers(2e6, 9e6))}
    yield (
        "steps in any order, in two axes",
        {"lr": some_lr(rng), "t": rng.permutation(60)[:6].reshape(2, 3) + 1},
    )


def root_by_power(lr, t):
    return lr * (t + 1.0) ** -0.5


def root_of_ratio(lr, t):
    return np.sqrt(lr**2 / (1 + np.asarray(t)))


def root_by_logarithm(lr, t):
    return lr * np.exp(-np.log1p(t) / 2)


INVERSE_SQRT_DECAY = Exercise(
    name="inverse_sqrt_decay",
    points=1,
    reference=kernels.inverse_sqrt_decay,
    returns=("lr_t",),
    draw=draw_inverse_sqrt_decay,
    equivalents=(root_by_power, root_of_ratio, root_by_logarithm),
    misconceptions=mistakes(__name__, kernels.inverse_sqrt_decay),
    hints=(
        (
            "Where `t` is 0 the learning rate is `lr`. What must stand under the "
            "root then?"
        ),
        (
            "After three steps, where `t` is 3, it is half of `lr`. Does your "
            "formula say so?"
        ),
        "`return lr / np.sqrt(t + 1)`.",
    ),
    read="section 7, equation (4.6)",
    lines=1,
    level=1,
    warm_up=True,
)
