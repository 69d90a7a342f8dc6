"""Chapter 04: learning rate that goes from lr to lr_min along half a cosine wave."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adaptive_learning_rates.schedules import some_lr
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["COSINE_DECAY"]


def draw_cosine_decay(rng):
    yield "halfway down", {"lr": 0.8, "t": 5, "total": 10, "lr_min": 0.2}
    total = int(rng.integers(8, 15))
    yield (
        "the start, t = 0",
        {"lr": some_lr(rng), "t": 0, "total": total, "lr_min": _lr_min(rng)},
    )
    yield (
        "an array of steps from 0 to the end, and lr_min left out",
        {"lr": some_lr(rng), "t": np.arange(8), "total": 7},
    )
    yield (
        "past the end",
        {
            "lr": some_lr(rng),
            "t": total + int(rng.integers(2, 5)),
            "total": total,
            "lr_min": _lr_min(rng),
        },
    )
    yield (
        "an array of steps, some past the end",
        {
            "lr": some_lr(rng),
            "t": np.arange(0, 45, 4),
            "total": int(rng.integers(17, 20)),
            "lr_min": _lr_min(rng),
        },
    )
    total = int(rng.integers(30, 40))
    yield (
        "steps in any order, in two axes",
        {
            "lr": some_lr(rng),
            "t": rng.permutation(total)[:6].reshape(2, 3) + 1,
            "total": total,
            "lr_min": _lr_min(rng),
        },
    )


def _lr_min(rng):
    return between(rng, 0.02, 0.1)


def cosine_by_where(lr, t, total, lr_min=0):
    t = np.asarray(t)
    wave = lr_min + 0.5 * (lr - lr_min) * (1 + np.cos(np.pi * t / total))
    return np.where(t < total, wave, lr_min)


def cosine_by_half_angle(lr, t, total, lr_min=0):
    angle = np.clip(np.pi * np.asarray(t) / (2 * total), 0, np.pi / 2)
    return lr_min + (lr - lr_min) * np.cos(angle) ** 2


def cosine_around_middle(lr, t, total, lr_min=0):
    part = np.minimum(np.divide(t, total), 1)
    return (lr + lr_min) / 2 + (lr - lr_min) / 2 * np.cos(np.pi * part)


def cosine_as_a_mixture(lr, t, total, lr_min=0):
    share = np.sin(np.pi * np.minimum(t, total) / (2 * total)) ** 2
    return (1 - share) * lr + share * lr_min


COSINE_DECAY = Exercise(
    name="cosine_decay",
    points=2,
    reference=kernels.cosine_decay,
    returns=("lr_t",),
    draw=draw_cosine_decay,
    equivalents=(
        cosine_by_where,
        cosine_by_half_angle,
        cosine_around_middle,
        cosine_as_a_mixture,
    ),
    misconceptions=mistakes(__name__, kernels.cosine_decay),
    hints=(
        "Which angles of the cosine give its top and its bottom? Which `t` are they?",
        (
            "`(1 + cos) / 2` goes from 1 to 0. What height does it get, and on what "
            "does it stand? And what keeps `t` from running on?"
        ),
        (
            "`part = np.minimum(t, total) / total`, then `return lr_min + (lr - "
            "lr_min) * (1 + np.cos(np.pi * part)) / 2`."
        ),
    ),
    read="section 7, equation (4.8)",
    lines=2,
    level=2,
    harmless={
        "part = np.minimum(t, total) / total -> "
        "part = np.minimum(total, t) / total": "the smaller of two has no order",
    },
)
