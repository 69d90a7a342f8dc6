"""Chapter 06: standard deviation of the weights that keeps the mean square as it is."""

from __future__ import annotations

import numpy as np

from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["REQUIRED_WEIGHT_STD"]


def draw_required_weight_std(rng):
    yield "no activation", {"fan_in": 100, "activation": "linear"}
    yield "ReLU", {"fan_in": 100, "activation": "relu"}
    yield (
        "a wide layer of ReLU",
        {"fan_in": int(rng.integers(500, 900)), "activation": "relu"},
    )
    yield (
        "a narrow layer without an activation",
        {"fan_in": int(rng.integers(5, 20)), "activation": "linear"},
    )
    yield (
        "an activation without a factor, which raises ValueError",
        {"fan_in": 50, "activation": "tanh"},
    )


def rw_from_a_table(fan_in, activation):
    if activation not in ("linear", "relu"):
        raise ValueError(activation)
    return (2 if activation == "relu" else 1) ** 0.5 / fan_in**0.5


def rw_by_cases(fan_in, activation):
    match activation:
        case "linear":
            return np.sqrt(1 / fan_in)
        case "relu":
            return np.sqrt(2) * np.sqrt(1 / fan_in)
    raise ValueError(f"unknown: {activation}")


REQUIRED_WEIGHT_STD = Exercise(
    name="required_weight_std",
    points=1,
    reference=kernels.required_weight_std,
    returns=("std",),
    draw=draw_required_weight_std,
    equivalents=(rw_from_a_table, rw_by_cases),
    misconceptions=mistakes(__name__, kernels.required_weight_std),
    hints=(
        "Set equation (6.2) equal to 1. What is the variance of the weights then?",
        (
            "The factor is proportional to the variance. What is "
            "`variance_factor(fan_in, 1.0, activation)`, and what undoes it?"
        ),
        "`return 1 / np.sqrt(variance_factor(fan_in, 1.0, activation))`.",
    ),
    read="section 3, equation (6.4)",
    lines=1,
    level=1,
    warm_up=True,
    harmless={
        (
            "return float(1 / np.sqrt(variance_factor(fan_in, 1.0, activation))) "
            "-> return float(1 / np.sqrt(variance_factor(1.0, fan_in, activation)))"
        ): "the factor is a product of the two",
    },
)
