"""Chapter 05: the eps with which the folded form makes the plain form's t-th step."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adam as kernels

__all__ = ["FOLDED_EPSILON"]


def draw_folded_epsilon(rng):
    yield "the first step", {"eps": 0.1, "beta2": 0.75, "t": 1}
    yield "Adam's defaults, in the first step", {"eps": 1e-8, "beta2": 0.999, "t": 1}
    for which, low, high in (("early", 2, 6), ("late", 10, 20)):
        yield (
            which,
            {
                "eps": between(rng, 0.001, 0.02, digits=4),
                "beta2": between(rng, 0.8, 0.95),
                "t": int(rng.integers(low, high)),
            },
        )
    yield (
        "an eps above 1",
        {
            "eps": between(rng, 1.5, 3.0),
            "beta2": between(rng, 0.5, 0.7),
            "t": int(rng.integers(3, 6)),
        },
    )


def eps_by_math(eps, beta2, t):
    import math

    return math.sqrt(1 - math.pow(beta2, t)) * eps


def eps_by_half_power(eps, beta2, t):
    return eps * (1 - beta2**t) ** 0.5


def eps_under_one_root(eps, beta2, t):
    return np.sqrt(eps**2 * (1 - beta2**t))


FOLDED_EPSILON = Exercise(
    name="folded_epsilon",
    points=1,
    bonus=True,
    reference=kernels.folded_epsilon,
    returns=("eps_t",),
    draw=draw_folded_epsilon,
    equivalents=(eps_by_math, eps_by_half_power, eps_under_one_root),
    misconceptions=mistakes(__name__, kernels.folded_epsilon),
    hints=(
        (
            "What must the plain form's denominator be multiplied by, so that its "
            "root becomes that of the uncorrected `v`?"
        ),
        "Multiply the whole denominator by it, `eps` too.",
        "`return eps * np.sqrt(1 - beta2**t)`.",
    ),
    read="section 6, equation (5.7)",
    lines=1,
    level=1,
    warm_up=True,
)
