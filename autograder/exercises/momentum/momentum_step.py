"""Chapter 03: one step of gradient descent with heavy-ball momentum."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import momentum as kernels

__all__ = ["MOMENTUM_STEP"]


def draw_momentum_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "velocity": np.array([0.5, -1.0]),
            "grad": np.array([2.0, 4.0]),
            "lr": 0.1,
            "beta": 0.5,
        },
    )
    lr, beta = between(rng, 0.05, 0.3), between(rng, 0.7, 0.9)

    def run():
        theta, velocity = signed(rng, (3,)), np.zeros(3)
        for step in ("first step of a run, from rest", "second step", "third step"):
            grad = signed(rng, (3,))
            arguments = {"theta": theta, "velocity": velocity, "grad": grad}
            yield step, {**arguments, "lr": lr, "beta": beta}
            theta, velocity = kernels.momentum_step(**arguments, lr=lr, beta=beta)

    yield from one_step_each(run)
    yield (
        "a matrix of parameters, and a gradient that is zero in one place",
        {
            "theta": signed(rng, (2, 3)),
            "velocity": signed(rng, (2, 3)),
            "grad": signed(rng, (2, 3)) * np.array([[1, 0, 1], [1, 1, 1]]),
            "lr": between(rng, 0.3, 0.6),
            "beta": between(rng, 0.2, 0.4),
        },
    )
    yield (
        "three axes and a learning rate above 1",
        {
            "theta": signed(rng, (4, 1, 2)),
            "velocity": signed(rng, (4, 1, 2)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
            "beta": between(rng, 0.5, 0.65),
        },
    )


def velocity_kept_as_its_negative(theta, velocity, grad, lr, beta):
    downhill = beta * -velocity + lr * grad
    return theta - downhill, -downhill


def momentum_written_as_one_sum(theta, velocity, grad, lr, beta):
    new_theta = theta - lr * grad + beta * velocity
    return new_theta, beta * velocity - lr * grad


def momentum_on_copies(theta, velocity, grad, lr, beta):
    velocity = velocity.copy()
    velocity *= beta
    velocity -= lr * grad
    return np.add(theta, velocity), velocity


MOMENTUM_STEP = Exercise(
    name="momentum_step",
    points=2,
    reference=kernels.momentum_step,
    returns=("theta", "velocity"),
    order=("velocity", "theta"),
    draw=draw_momentum_step,
    equivalents=(
        velocity_kept_as_its_negative,
        momentum_written_as_one_sum,
        momentum_on_copies,
    ),
    misconceptions=mistakes(__name__, kernels.momentum_step),
    hints=(
        (
            "A ball that rolls keeps some of its speed. Which of the arguments is "
            "the speed it has, and which one says how much of it is kept?"
        ),
        (
            "Two lines are enough: first the new velocity, then the new place. What "
            "pushes the ball, in which direction, and how hard?"
        ),
        (
            "`velocity = beta * velocity - lr * grad`, then `return theta + "
            "velocity, velocity`. Make new arrays; change no argument."
        ),
    ),
    read="section 2, equation (3.1)",
    lines=2,
    level=1,
)
