"""Chapter 04: any schedule with a straight rise over its first steps."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["WARMUP"]


def draw_warmup(rng):
    schedule = Function("harmonic_schedule", {"lr": 0.8, "rate": 1.0})
    yield (
        "the second of four steps; the schedule is lr / (1 + rate * t)",
        {"schedule": schedule, "t": 1, "warmup_steps": 4},
    )
    steps = int(rng.integers(4, 9))
    yield (
        "the first step, t = 0",
        {"schedule": _harmonic(rng), "t": 0, "warmup_steps": steps},
    )
    yield (
        "the last step of the warmup",
        {"schedule": _harmonic(rng), "t": steps - 1, "warmup_steps": steps},
    )
    yield (
        "after the warmup",
        {
            "schedule": _harmonic(rng),
            "t": steps + int(rng.integers(3, 9)),
            "warmup_steps": steps,
        },
    )
    yield (
        "an array of steps from 0",
        {"schedule": _harmonic(rng), "t": np.arange(9), "warmup_steps": 5},
    )
    yield (
        "steps in any order, in two axes",
        {
            "schedule": _harmonic(rng),
            "t": rng.permutation(25)[:6].reshape(2, 3),
            "warmup_steps": int(rng.integers(10, 14)),
        },
    )


def _harmonic(rng):
    parameters = {"lr": between(rng, 0.5, 2.0), "rate": between(rng, 0.1, 0.3)}
    return Function("harmonic_schedule", parameters)


def warmup_by_where(schedule, t, warmup_steps):
    t = np.asarray(t)
    ramp = np.where(t < warmup_steps, (t + 1) / warmup_steps, 1.0)
    return ramp * schedule(t)


def warmup_by_clip(schedule, t, warmup_steps):
    rate = schedule(t)
    rate *= np.clip((t + 1) / warmup_steps, 0, 1)
    return rate


def warmup_step_by_step(schedule, t, warmup_steps):
    def one(step):
        return schedule(step) * min(1.0, (step + 1) / warmup_steps)

    values = [one(step) for step in np.ravel(t)]
    return np.reshape(values, np.shape(t))


def warmup_by_smaller_count(schedule, t, warmup_steps):
    return np.minimum(warmup_steps, t + 1) * schedule(t) / warmup_steps


WARMUP = Exercise(
    name="warmup",
    points=1,
    reference=kernels.warmup,
    returns=("lr_t",),
    draw=draw_warmup,
    equivalents=(
        warmup_by_where,
        warmup_by_clip,
        warmup_step_by_step,
        warmup_by_smaller_count,
    ),
    misconceptions=mistakes(__name__, kernels.warmup),
    hints=(
        (
            "Four steps of warmup: which factor has the first one, where `t` is 0, "
            "and which the last?"
        ),
        "The factor rises in a straight line and then stays. What keeps it at 1?",
        "`return schedule(t) * np.minimum(1, (t + 1) / warmup_steps)`.",
    ),
    read="section 8, equation (4.9)",
    lines=1,
    level=1,
    harmless={
        "return schedule(t) * np.minimum(1, (t + 1) / warmup_steps) -> "
        "return schedule(t) * np.minimum((t + 1) / warmup_steps, 1)": (
            "the smaller of two has no order"
        ),
    },
)
