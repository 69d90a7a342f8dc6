"""Chapter 06: normal initial weights after Glorot and Bengio."""

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

__all__ = ["XAVIER_NORMAL"]


def xn_scaled_afterwards(fan_in, fan_out, rng):
    W = rng.standard_normal((fan_in, fan_out))
    return W * (2 / (fan_in + fan_out)) ** 0.5


def xn_drawn_transposed(fan_in, fan_out, rng):
    std = np.sqrt(2 / (fan_in + fan_out))
    return rng.normal(scale=std, size=(fan_out, fan_in)).T


def xn_row_by_row(fan_in, fan_out, rng):
    std = np.sqrt(2.0) / np.sqrt(fan_in + fan_out)
    return np.array([rng.normal(0.0, std, fan_out) for _ in range(fan_in)])


def xn_mean_of_the_fans(fan_in, fan_out, rng):
    average = (fan_in + fan_out) / 2
    return rng.standard_normal(fan_in * fan_out).reshape(fan_in, fan_out) / np.sqrt(
        average
    )


def xn_by_a_child(fan_in, fan_out, rng):
    child = rng.spawn(1)[0]
    return child.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


XAVIER_NORMAL = Exercise(
    name="xavier_normal",
    points=2,
    reference=kernels.xavier_normal,
    returns=("W",),
    draw=draw_xavier,
    observe=random_weights,
    fixed=fixed_xavier_normal,
    tolerance=BY_CHANCE,
    equivalents=(
        xn_scaled_afterwards,
        xn_drawn_transposed,
        xn_row_by_row,
        xn_mean_of_the_fans,
        xn_by_a_child,
    ),
    misconceptions=mistakes(__name__, kernels.xavier_normal),
    hints=(
        (
            "On the way forward the variance should be `1 / fan_in`, on the way back "
            "`1 / fan_out`. Which single number stands between the two sizes?"
        ),
        (
            "The variance is 1 over the mean of the two sizes. Does `rng.normal` ask "
            "for a variance or for a standard deviation?"
        ),
        (
            "`return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, "
            "fan_out))`: mean, standard deviation, shape."
        ),
    ),
    read="section 4, equation (6.5)",
    lines=1,
    level=1,
)
