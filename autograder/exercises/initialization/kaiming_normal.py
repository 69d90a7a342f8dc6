"""Chapter 06: normal initial weights after He and others."""

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

__all__ = ["KAIMING_NORMAL"]


def kn_scaled_afterwards(fan_in, fan_out, rng, gain=2**0.5):
    return gain * rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)


def kn_root_of_variance(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(scale=np.sqrt(gain**2 / fan_in), size=(fan_in, fan_out))


def kn_drawn_transposed(fan_in, fan_out, rng, gain=2**0.5):
    return rng.normal(0.0, gain * fan_in**-0.5, (fan_out, fan_in)).T


def kn_column_by_column(fan_in, fan_out, rng, gain=2**0.5):
    std = gain / np.sqrt(fan_in)
    return np.column_stack([rng.normal(0, std, fan_in) for _ in range(fan_out)])


KAIMING_NORMAL = Exercise(
    name="kaiming_normal",
    points=2,
    reference=kernels.kaiming_normal,
    returns=("W",),
    draw=draw_kaiming,
    observe=random_weights,
    fixed=fixed_kaiming_normal,
    tolerance=BY_CHANCE,
    equivalents=(
        kn_scaled_afterwards,
        kn_root_of_variance,
        kn_drawn_transposed,
        kn_column_by_column,
    ),
    misconceptions=mistakes(__name__, kernels.kaiming_normal),
    hints=(
        (
            "Which variance of the weights keeps the mean square where no activation "
            "is? By how much must it grow when ReLU keeps only half?"
        ),
        (
            "`gain` is a factor of the standard deviation: what is to be divided by "
            "the root of `fan_in`?"
        ),
        (
            "`return rng.normal(0.0, gain / np.sqrt(fan_in), (fan_in, fan_out))`: "
            "mean, standard deviation, shape."
        ),
    ),
    read="section 5, equation (6.7)",
    lines=1,
    level=1,
)
