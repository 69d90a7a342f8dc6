"""Chapter 04: learning rate that drops at once, time after time."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adaptive_learning_rates.schedules import some_lr
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["STEP_DECAY"]


def draw_step_decay(rng):
    yield (
        "just after the second drop",
        {"lr": 0.8, "t": 7, "drop": 0.5, "every": 3},
    )
    every = int(rng.integers(4, 7))
    yield (
        "the start, t = 0",
        {"lr": some_lr(rng), "t": 0, "drop": between(rng, 0.2, 0.4), "every": every},
    )
    yield (
        "t = every, where the first drop comes",
        {
            "lr": some_lr(rng),
            "t": every,
            "drop": between(rng, 0.2, 0.4),
            "every": every,
        },
    )
    every = int(rng.integers(4, 7))
    yield (
        "the last step before the second drop",
        {
            "lr": some_lr(rng),
            "t": 2 * every - 1,
            "drop": between(rng, 0.2, 0.4),
            "every": every,
        },
    )
    every = int(rng.integers(5, 7))
    yield (
        "an array of steps from 0",
        {
            "lr": some_lr(rng),
            "t": np.arange(2 * every + 3),
            "drop": between(rng, 0.6, 0.9),
            "every": every,
        },
    )
    yield (
        "steps in any order, in two axes",
        {
            "lr": some_lr(rng),
            "t": rng.permutation(40)[:6].reshape(2, 3),
            "drop": between(rng, 0.6, 0.9),
            "every": 7,
        },
    )
    every = int(rng.integers(4, 7))
    yield (
        "long after, with some thirty drops",
        {
            "lr": some_lr(rng),
            "t": 30 * every + int(rng.integers(every)),
            "drop": between(rng, 0.2, 0.4),
            "every": every,
        },
    )


def drops_by_floor(lr, t, drop, every):
    return lr * np.power(drop, np.floor(np.divide(t, every)))


def drops_by_whole_part(lr, t, drop, every):
    t = np.asarray(t)
    return lr * drop ** ((t - t % every) / every)


def drops_by_logarithm(lr, t, drop, every):
    return np.exp(np.log(lr) + np.log(drop) * (t // every))


def drops_one_by_one(lr, t, drop, every):
    t = np.asarray(t)
    value = np.full(t.shape, float(lr))
    for k in range(1, int(t.max()) // every + 1):
        value = np.where(t >= k * every, drop * value, value)
    return value


STEP_DECAY = Exercise(
    name="step_decay",
    points=1,
    reference=kernels.step_decay,
    returns=("lr_t",),
    draw=draw_step_decay,
    equivalents=(
        drops_by_floor,
        drops_by_whole_part,
        drops_by_logarithm,
        drops_one_by_one,
    ),
    misconceptions=mistakes(__name__, kernels.step_decay),
    hints=(
        "How many drops have come by step `t`? Try 0, `every - 1` and `every` for it.",
        "Each drop multiplies by `drop`. What do `k` drops multiply by?",
        "`return lr * drop ** (t // every)`.",
    ),
    read="section 7, equation (4.5)",
    lines=1,
    level=1,
    warm_up=True,
)
