"""Chapter 06: uniform initial weights after He and others."""

from __future__ import annotations

import numpy as np

from autograder.exercises.initialization.weights import (
    BY_CHANCE,
    draw_kaiming,
    fixed_kaiming_normal,
)
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import random_weights
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["KAIMING_UNIFORM"]


def fixed_kaiming_uniform(arguments):
    std = fixed_kaiming_normal(arguments)["std"]
    return {"std": std, "bound": float(np.sqrt(3) * std)}


def ku_stretched(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    return (2 * rng.random((fan_in, fan_out)) - 1) * bound


def ku_from_std(fan_in, fan_out, rng, gain=2**0.5):
    std = gain / np.sqrt(fan_in)
    bound = np.sqrt(3) * std
    return rng.uniform(-bound, bound, size=(fan_in, fan_out))


def ku_drawn_transposed(fan_in, fan_out, rng, gain=2**0.5):
    bound = np.sqrt(3 * gain**2 / fan_in)
    return rng.uniform(-bound, bound, (fan_out, fan_in)).T


def ku_row_by_row(fan_in, fan_out, rng, gain=2**0.5):
    bound = gain * np.sqrt(3 / fan_in)
    W = np.empty((fan_in, fan_out))
    for row in W:
        row[:] = rng.uniform(-bound, bound, fan_out)
    return W


KAIMING_UNIFORM = Exercise(
    name="kaiming_uniform",
    points=2,
    reference=kernels.kaiming_uniform,
    returns=("W",),
    draw=draw_kaiming,
    observe=random_weights,
    fixed=fixed_kaiming_uniform,
    tolerance=BY_CHANCE,
    equivalents=(ku_stretched, ku_from_std, ku_drawn_transposed, ku_row_by_row),
    misconceptions=mistakes(__name__, kernels.kaiming_uniform),
    hints=(
        (
            "A uniform number between `-b` and `b` has the variance `b**2 / 3`. "
            "Which variance should these weights have?"
        ),
        (
            "`gain**2 / fan_in` is the variance, so `b**2` is three times that. What "
            "is `b`, with `gain` in front of the root?"
        ),
        (
            "`bound = gain * np.sqrt(3 / fan_in)`, and then `return "
            "rng.uniform(-bound, bound, (fan_in, fan_out))`."
        ),
    ),
    read="section 5, equation (6.8)",
    lines=2,
    level=1,
    warm_up=True,
)
