"""Chapter 06: uniform initial weights after Glorot and Bengio."""

from __future__ import annotations

import numpy as np

from autograder.exercises.initialization.weights import (
    BY_CHANCE,
    draw_xavier,
    fixed_xavier_normal,
)
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import random_weights
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["XAVIER_UNIFORM"]


def fixed_xavier_uniform(arguments):
    std = fixed_xavier_normal(arguments)["std"]
    return {"std": std, "bound": float(np.sqrt(3) * std)}


def xu_stretched(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return 2 * bound * rng.random((fan_in, fan_out)) - bound


def xu_drawn_transposed(fan_in, fan_out, rng):
    bound = np.sqrt(6) / np.sqrt(fan_in + fan_out)
    return rng.uniform(-bound, bound, (fan_out, fan_in)).T


def xu_row_by_row(fan_in, fan_out, rng):
    bound = np.sqrt(3) * np.sqrt(2 / (fan_in + fan_out))
    return np.stack([rng.uniform(-bound, bound, fan_out) for _ in range(fan_in)])


def xu_scaled_afterwards(fan_in, fan_out, rng):
    W = rng.uniform(-1, 1, size=fan_in * fan_out).reshape(fan_in, fan_out)
    return W * (6 / (fan_in + fan_out)) ** 0.5


XAVIER_UNIFORM = Exercise(
    name="xavier_uniform",
    points=2,
    reference=kernels.xavier_uniform,
    returns=("W",),
    draw=draw_xavier,
    observe=random_weights,
    fixed=fixed_xavier_uniform,
    tolerance=BY_CHANCE,
    equivalents=(
        xu_stretched,
        xu_drawn_transposed,
        xu_row_by_row,
        xu_scaled_afterwards,
    ),
    misconceptions=mistakes(__name__, kernels.xavier_uniform),
    hints=(
        (
            "What is the variance of a number that lies anywhere between `-b` and "
            "`b`, each place as likely? It is less than `b**2`."
        ),
        (
            "`b**2 / 3` should be the variance of Xavier's weights, `2 / (fan_in + "
            "fan_out)`. Which `b` follows?"
        ),
        (
            "`bound = np.sqrt(6 / (fan_in + fan_out))`, and then `return "
            "rng.uniform(-bound, bound, (fan_in, fan_out))`."
        ),
    ),
    read="section 4, equation (6.6)",
    lines=2,
    level=1,
    warm_up=True,
)
