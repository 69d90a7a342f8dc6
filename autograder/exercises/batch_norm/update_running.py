"""Chapter 07: moving averages of a layer's mean and variance, after one more batch."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, batch
from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["UPDATE_RUNNING"]


def draw_update_running(rng):
    yield (
        "four examples with means 4 and 1, a quarter for the new batch",
        {
            "running_mean": np.array([8.0, 5.0]),
            "running_var": np.array([1.0, 2.0]),
            "x": np.array([[1.0, -2.0], [5.0, 1.0], [5.0, 4.0], [5.0, 1.0]]),
            "momentum": 0.25,
        },
    )

    def run():
        mean, var = np.zeros(3), np.ones(3)
        momentum = between(rng, 0.2, 0.4)
        for step in ("first batch, from 0 and 1", "second batch"):
            x = batch(rng, (6, 3))
            arguments = {"running_mean": mean, "running_var": var, "x": x}
            yield step, {**arguments, "momentum": momentum}
            mean, var = kernels.update_running(**arguments, momentum=momentum)

    yield from one_step_each(run)
    yield (
        "the momentum that is not said, and fewer examples than features",
        {
            "running_mean": signed(rng, (7,)),
            "running_var": np.abs(signed(rng, (7,))),
            "x": batch(rng, (4, 7)),
        },
    )
    yield (
        "a batch of two, and a momentum above one half",
        {
            "running_mean": signed(rng, (5,)),
            "running_var": np.abs(signed(rng, (5,))),
            "x": batch(rng, (2, 5)),
            "momentum": between(rng, 0.6, 0.9),
        },
    )


def moved_towards_the_batch(running_mean, running_var, x, momentum=0.1):
    mean = running_mean + momentum * (x.mean(axis=0) - running_mean)
    var = running_var + momentum * (x.var(axis=0, ddof=1) - running_var)
    return mean, var


def corrected_by_hand(running_mean, running_var, x, momentum=0.1):
    n = len(x)
    keep = 1 - momentum
    batch_var = np.mean((x - x.mean(axis=0)) ** 2, axis=0) * n / (n - 1)
    mean = keep * running_mean + momentum / n * np.sum(x, axis=0)
    return mean, keep * running_var + momentum * batch_var


UPDATE_RUNNING = Exercise(
    name="update_running",
    points=2,
    reference=kernels.update_running,
    returns=("running_mean", "running_var"),
    draw=draw_update_running,
    tolerance=CENTRED,
    equivalents=(moved_towards_the_batch, corrected_by_hand),
    misconceptions=mistakes(__name__, kernels.update_running),
    hints=(
        (
            "With a `momentum` of 0.1, which weighs more: what you knew, or the "
            "batch that you have just seen?"
        ),
        (
            "Two averages, one line each. The batch's variance stands for that of "
            "all data: by which number does it divide?"
        ),
        (
            "`(1 - momentum) * running_mean + momentum * x.mean(axis=0)`, and the "
            "same for the variance with `x.var(axis=0, ddof=1)`."
        ),
    ),
    read="section 4, equation (7.4)",
    lines=2,
    level=1,
    harmless={
        "moved: var = (1 - momentum) * running_var + "
        "momentum * x.var(axis=0, ddof=1)": (
            "the two averages do not depend on each other"
        ),
    },
)
