"""Chapter 05: A moving average that began at zero, freed of that beginning."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adam as kernels

__all__ = ["CORRECT_BIAS"]


def draw_correct_bias(rng):
    yield (
        "after one step, with beta = 0.75",
        {"moment": np.array([1.0, -0.5]), "beta": 0.75, "t": 1},
    )
    yield "t = 0", {"moment": signed(rng, (3,)), "beta": 0.5, "t": 0}
    for t, shape in ((2, (3,)), (5, (2, 3))):
        moment, beta = signed(rng, shape), between(rng, 0.55, 0.8)
        yield f"after {t} steps", {"moment": moment, "beta": beta, "t": t}
    yield (
        "Adam's second average after 40 steps",
        {"moment": signed(rng, (4, 1, 2)), "beta": 0.999, "t": 40},
    )
    yield (
        "a negative t",
        {
            "moment": signed(rng, (2,)),
            "beta": between(rng, 0.6, 0.9),
            "t": -int(rng.integers(1, 5)),
        },
    )
    yield (
        "late, when hardly any bias is left",
        {"moment": signed(rng, (5,)), "beta": 0.9, "t": int(rng.integers(30, 60))},
    )


def corrected_by_numpy(moment, beta, t):
    if not t >= 1:
        raise ValueError("steps are counted from 1")
    return np.divide(moment, 1 - np.power(float(beta), t))


def corrected_by_sum_of_weights(moment, beta, t):
    if t <= 0:
        raise ValueError(t)
    return moment / ((1 - beta) * sum(beta**k for k in range(t)))


def corrected_by_logarithm(moment, beta, t):
    import math

    if t < 1:
        raise ValueError
    return moment * (1 / -math.expm1(t * math.log(beta)))


CORRECT_BIAS = Exercise(
    name="correct_bias",
    points=1,
    reference=kernels.correct_bias,
    returns=("corrected",),
    draw=draw_correct_bias,
    equivalents=(
        corrected_by_numpy,
        corrected_by_sum_of_weights,
        corrected_by_logarithm,
    ),
    misconceptions=mistakes(__name__, kernels.correct_bias),
    hints=(
        (
            "Feed an average that starts at zero the same gradient three times. "
            "Which part of that gradient does it hold?"
        ),
        "In each step the weight of the zero at the start is multiplied by `beta`.",
        "Raise `ValueError` if `t < 1`; otherwise `return moment / (1 - beta**t)`.",
    ),
    read="section 3, equation (5.3)",
    lines=3,
    level=1,
)
