"""Chapter 06: factor by which one layer multiplies the mean square of its input."""

from __future__ import annotations

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["VARIANCE_FACTOR"]


def draw_variance_factor(rng):
    yield "no activation", {"fan_in": 100, "weight_var": 0.03, "activation": "linear"}
    yield "ReLU", {"fan_in": 100, "weight_var": 0.03, "activation": "relu"}
    yield (
        "no activation, and a large variance",
        {
            "fan_in": int(rng.integers(30, 60)),
            "weight_var": between(rng, 2.0, 4.0, 2),
            "activation": "linear",
        },
    )
    yield (
        "ReLU, and a small variance",
        {
            "fan_in": int(rng.integers(300, 500)),
            "weight_var": between(rng, 0.002, 0.02),
            "activation": "relu",
        },
    )
    yield (
        "an activation without a factor, which raises ValueError",
        {"fan_in": 50, "weight_var": 0.02, "activation": "tanh"},
    )


def vf_from_a_table(fan_in, weight_var, activation):
    kept = {"linear": 1.0, "relu": 0.5}
    if activation not in kept:
        raise ValueError(activation)
    return kept[activation] * fan_in * weight_var


def vf_halved_in_place(fan_in, weight_var, activation):
    if activation not in ("linear", "relu"):
        raise ValueError("linear or relu")
    factor = fan_in * weight_var
    if activation == "relu":
        factor /= 2
    return float(factor)


VARIANCE_FACTOR = Exercise(
    name="variance_factor",
    points=2,
    reference=kernels.variance_factor,
    returns=("factor",),
    draw=draw_variance_factor,
    equivalents=(vf_from_a_table, vf_halved_in_place),
    misconceptions=mistakes(__name__, kernels.variance_factor),
    hints=(
        (
            "What is the variance of a sum of `fan_in` independent products, each of "
            "a weight and an input of mean square 1?"
        ),
        (
            "That sum is as often positive as negative. Which part of its mean "
            "square is left after ReLU?"
        ),
        (
            '`fan_in * weight_var` for `"linear"`, half of that for `"relu"`, else '
            "raise `ValueError`."
        ),
    ),
    read="section 3, equation (6.2)",
    lines=5,
    level=1,
)
