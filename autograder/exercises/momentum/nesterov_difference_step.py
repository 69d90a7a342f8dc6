"""Chapter 03: one step of Nesterov's method, written with a difference of gradients."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import momentum as kernels

__all__ = ["NESTEROV_DIFFERENCE_STEP"]


def draw_nesterov_difference_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "m": np.array([0.5, -1.0]),
            "grad": np.array([2.0, 4.0]),
            "previous_grad": np.array([3.0, 1.0]),
            "lr": 0.1,
            "beta": 0.75,
        },
    )
    lr, beta = between(rng, 0.05, 0.3), between(rng, 0.7, 0.9)

    def run():
        theta, m, previous = signed(rng, (3,)), np.zeros(3), np.zeros(3)
        for step in ("first step of a run, from rest", "second step", "third step"):
            arguments = {
                "theta": theta,
                "m": m,
                "grad": signed(rng, (3,)),
                "previous_grad": previous,
            }
            yield step, {**arguments, "lr": lr, "beta": beta}
            theta, m = kernels.nesterov_difference_step(**arguments, lr=lr, beta=beta)
            previous = arguments["grad"]

    yield from one_step_each(run)
    for label, shape in (("a matrix of parameters", (2, 3)), ("three axes", (4, 1, 2))):
        yield (
            label,
            {
                "theta": signed(rng, shape),
                "m": signed(rng, shape),
                "grad": signed(rng, shape),
                "previous_grad": signed(rng, shape),
                "lr": between(rng, 1.2, 1.6),
                "beta": between(rng, 0.3, 0.45),
            },
        )


def difference_collected(theta, m, grad, previous_grad, lr, beta):
    m = beta * (m + grad - previous_grad) + grad
    return theta - lr * m, m


def difference_expanded(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + (1 + beta) * grad - beta * previous_grad
    return theta - m * lr, m


NESTEROV_DIFFERENCE_STEP = Exercise(
    name="nesterov_difference_step",
    points=1,
    bonus=True,
    reference=kernels.nesterov_difference_step,
    returns=("theta", "m"),
    order=("m", "theta"),
    draw=draw_nesterov_difference_step,
    equivalents=(difference_collected, difference_expanded),
    misconceptions=mistakes(__name__, kernels.nesterov_difference_step),
    hints=(
        "Which finite difference tells how the gradient changes along the path?",
        (
            "Write heavy ball first, with `lr` outside the sum. Then add `beta` "
            "times the change of the gradient."
        ),
        (
            "`m = beta * m + grad + beta * (grad - previous_grad)`, then `return "
            "theta - lr * m, m`."
        ),
    ),
    read="section 6, equation (3.7)",
    lines=2,
    level=2,
)
