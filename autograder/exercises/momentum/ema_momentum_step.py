"""Chapter 03: one step along the exponential moving average of the gradients."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import momentum as kernels

__all__ = ["EMA_MOMENTUM_STEP"]


def draw_ema_momentum_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "m": np.array([2.0, -1.0]),
            "grad": np.array([4.0, 3.0]),
            "lr": 0.1,
            "beta": 0.75,
        },
    )
    lr, beta = between(rng, 0.05, 0.3), between(rng, 0.7, 0.9)

    def run():
        theta, m = signed(rng, (3,)), np.zeros(3)
        for step in ("first step of a run, from rest", "second step", "third step"):
            grad = signed(rng, (3,))
            arguments = {"theta": theta, "m": m, "grad": grad}
            yield step, {**arguments, "lr": lr, "beta": beta}
            theta, m = kernels.ema_momentum_step(**arguments, lr=lr, beta=beta)

    yield from one_step_each(run)
    yield (
        "a matrix of parameters, and a gradient that is zero in one place",
        {
            "theta": signed(rng, (2, 3)),
            "m": signed(rng, (2, 3)),
            "grad": signed(rng, (2, 3)) * np.array([[1, 1, 1], [0, 1, 1]]),
            "lr": between(rng, 0.3, 0.6),
            "beta": between(rng, 0.2, 0.4),
        },
    )
    yield (
        "three axes and a learning rate above 1",
        {
            "theta": signed(rng, (4, 1, 2)),
            "m": signed(rng, (4, 1, 2)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
            "beta": between(rng, 0.55, 0.65),
        },
    )


def average_moved_towards_gradient(theta, m, grad, lr, beta):
    m = m + (1 - beta) * (grad - m)
    return theta - lr * m, m


def average_by_two_steps(theta, m, grad, lr, beta):
    step = lr * (beta * m + (1 - beta) * grad)
    return theta - step, grad + beta * (m - grad)


EMA_MOMENTUM_STEP = Exercise(
    name="ema_momentum_step",
    points=2,
    reference=kernels.ema_momentum_step,
    returns=("theta", "m"),
    order=("m", "theta"),
    draw=draw_ema_momentum_step,
    equivalents=(average_moved_towards_gradient, average_by_two_steps),
    misconceptions=mistakes(__name__, kernels.ema_momentum_step),
    hints=(
        "An average of old and new needs two weights. What do they add up to?",
        (
            "`beta` is the weight of the past. Average the gradients first; where "
            "does the learning rate come in?"
        ),
        "`m = beta * m + (1 - beta) * grad`, then `return theta - lr * m, m`.",
    ),
    read="section 3, equation (3.2)",
    lines=2,
    level=1,
)
