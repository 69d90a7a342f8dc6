"""Chapter 05: how much longer the t-th step is without bias correction than with it."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adam as kernels

__all__ = ["STARTUP_RATIO"]


def draw_startup_ratio(rng):
    yield "the first step", {"beta1": 0.5, "beta2": 0.75, "t": 1}
    yield "Adam's decays at the peak", {"beta1": 0.9, "beta2": 0.999, "t": 12}
    yield (
        "a step in between",
        {
            "beta1": between(rng, 0.8, 0.95),
            "beta2": between(rng, 0.98, 0.995),
            "t": int(rng.integers(3, 9)),
        },
    )
    yield (
        "`m` remembers longer than `v`",
        {
            "beta1": between(rng, 0.93, 0.97),
            "beta2": between(rng, 0.75, 0.85),
            "t": int(rng.integers(2, 5)),
        },
    )
    yield (
        "late",
        {"beta1": 0.9, "beta2": 0.999, "t": int(rng.integers(1000, 2000))},
    )


def ratio_by_math(beta1, beta2, t):
    import math

    return (1 - math.pow(beta1, t)) / math.sqrt(1 - math.pow(beta2, t))


def ratio_by_inverse_root(beta1, beta2, t):
    return (1 - beta1**t) * (1 - beta2**t) ** -0.5


def ratio_by_simulation(beta1, beta2, t):
    m = v = 0.0
    for _ in range(t):
        m = beta1 * m + (1 - beta1)
        v = beta2 * v + (1 - beta2)
    return m / np.sqrt(v)


STARTUP_RATIO = Exercise(
    name="startup_ratio",
    points=2,
    reference=kernels.startup_ratio,
    returns=("ratio",),
    draw=draw_startup_ratio,
    equivalents=(ratio_by_math, ratio_by_inverse_root, ratio_by_simulation),
    misconceptions=mistakes(__name__, kernels.startup_ratio),
    hints=(
        (
            "Let every gradient be 1. What are `m` and `v` after `t` steps, as "
            "equation (5.2) says, and what are they once they are corrected?"
        ),
        "A step is `m` over the root of `v`. Write it down twice and divide.",
        "`return (1 - beta1**t) / np.sqrt(1 - beta2**t)`.",
    ),
    read="section 5, equation (5.5)",
    lines=1,
    level=2,
)
