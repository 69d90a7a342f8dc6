"""Chapter 06: root mean square of the last layer's output, for an input of size 1."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["PREDICTED_SCALE"]


def draw_predicted_scale(rng):
    yield (
        "two layers that each multiply the mean square by 4",
        {"depth": 2, "fan_in": 100, "weight_var": 0.04, "activation": "linear"},
    )
    yield (
        "fifty layers of ReLU",
        {
            "depth": 50,
            "fan_in": 300,
            "weight_var": round(between(rng, 0.9, 1.1) / 300, 6),
            "activation": "relu",
        },
    )
    yield (
        "an odd depth, and growth",
        {
            "depth": int(2 * rng.integers(2, 6) + 1),
            "fan_in": int(rng.integers(50, 80)),
            "weight_var": between(rng, 0.05, 0.09),
            "activation": "relu",
        },
    )
    yield (
        "an odd depth, no activation, and shrinking",
        {
            "depth": int(2 * rng.integers(3, 8) + 1),
            "fan_in": int(rng.integers(20, 40)),
            "weight_var": between(rng, 0.01, 0.02, 4),
            "activation": "linear",
        },
    )
    yield (
        "an activation without a factor, which raises ValueError",
        {"depth": 3, "fan_in": 50, "weight_var": 0.02, "activation": "sigmoid"},
    )


def ps_root_of_the_product(depth, fan_in, weight_var, activation):
    factor = fan_in * weight_var / {"linear": 1, "relu": 2}.get(activation, np.nan)
    if np.isnan(factor):
        raise ValueError(activation)
    mean_square = 1.0
    for _ in range(depth):
        mean_square *= factor
    return np.sqrt(mean_square)


def ps_power_of_the_root(depth, fan_in, weight_var, activation):
    return np.sqrt(kernels.variance_factor(fan_in, weight_var, activation)) ** depth


PREDICTED_SCALE = Exercise(
    name="predicted_scale",
    points=1,
    reference=kernels.predicted_scale,
    returns=("scale",),
    draw=draw_predicted_scale,
    equivalents=(ps_root_of_the_product, ps_power_of_the_root),
    misconceptions=mistakes(__name__, kernels.predicted_scale),
    hints=(
        (
            "By how much has the mean square been multiplied after one layer, after "
            "two, after `depth` of them?"
        ),
        "And what does the root of a mean square do to the exponent?",
        "`return variance_factor(fan_in, weight_var, activation) ** (depth / 2)`.",
    ),
    read="section 3, equation (6.3)",
    lines=1,
    level=1,
    bonus=True,
    harmless={
        (
            "return variance_factor(fan_in, weight_var, activation) ** (depth / 2) "
            "-> return variance_factor(weight_var, fan_in, activation) ** (depth / "
            "2)"
        ): "the factor is a product of the two",
    },
)
