"""Chapter 03: weights of the gradients 1 to t in the velocity after t steps."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import momentum as kernels

__all__ = ["VELOCITY_WEIGHTS"]


def draw_velocity_weights(rng):
    yield "three steps and half the memory", {"beta": 0.5, "t": 3}
    yield "a single step", {"beta": between(rng, 0.6, 0.9), "t": 1}
    yield "a few steps", {"beta": between(rng, 0.6, 0.9), "t": int(rng.integers(4, 8))}
    yield "no memory at all", {"beta": 0.0, "t": 4}
    yield (
        "many steps",
        {"beta": between(rng, 0.9, 0.99), "t": int(rng.integers(20, 40))},
    )


def weights_by_loop(beta, t):
    weights = np.empty(t)
    for k in range(1, t + 1):
        weights[k - 1] = beta ** (t - k)
    return weights


def weights_reversed_range(beta, t):
    return (float(beta) ** np.arange(t))[::-1]


VELOCITY_WEIGHTS = Exercise(
    name="velocity_weights",
    points=1,
    bonus=True,
    reference=kernels.velocity_weights,
    returns=("weights",),
    draw=draw_velocity_weights,
    equivalents=(weights_by_loop, weights_reversed_range),
    misconceptions=mistakes(__name__, kernels.velocity_weights),
    hints=(
        (
            "Write out the velocity after three steps by hand. What stands before "
            "the first gradient?"
        ),
        (
            "The gradient of step `k` is multiplied by `beta` once in every step "
            "after its own."
        ),
        (
            "`beta ** (t - k)` for `k` from 1 to `t`: `return beta ** np.arange(t - "
            "1, -1, -1.0)`."
        ),
    ),
    read="section 4, equation (3.3)",
    lines=1,
    level=1,
)
