"""Chapter 04: decide how to come to rest under noise, with a budget."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import how_far_down, of_the_way_down
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as adaptive
from autograder.kernels import decided as kernels

__all__ = ["COME_TO_REST"]

BUDGET = 150


def draw_come_to_rest(rng):
    exponents = np.concatenate([[1.0, 0.5, 0.0, -0.5], -np.linspace(4, 7, 12)])
    for label in ("sixteen parameters, of which four are steep", "sixteen others"):
        way = rng.choice([-1.0, 1.0], 16) * rng.permutation(np.linspace(5, 40, 16))
        # From a start at 0 the way that was gone would pass for the place.
        theta0 = np.round(signed(rng, (16,), 5.0, 9.0), 2)
        parameters = {
            "curvature": rng.permutation(10.0**exponents),
            "center": np.round(theta0 + way, 2),
            "noise": 3.0,
            "seed": int(rng.integers(1_000_000)),
        }
        grad_fn = Function(
            "noisy_bowl_gradient", parameters, shape=(16,), at_most=BUDGET
        )
        yield label, {"grad_fn": grad_fn, "theta0": theta0, "n_steps": BUDGET}


def the_bottom(arguments):
    return {"bottom": arguments["grad_fn"].parameters["center"]}


def plain(grad_fn, theta0, n_steps):
    theta = theta0
    for _ in range(n_steps):
        theta = theta - 0.05 * grad_fn(theta)
    return theta


def by_rmsprop(grad_fn, theta0, n_steps):
    theta, s = theta0, np.zeros_like(theta0)
    for t in range(n_steps):
        lr = adaptive.cosine_decay(1.0, t, n_steps)
        theta, s = adaptive.rmsprop_step(theta, s, grad_fn(theta), lr, eps=1e-12)
    return theta


def by_signs(grad_fn, theta0, n_steps):
    theta = theta0.copy()
    for t in range(n_steps):
        theta -= 1.2 * (1 - t / n_steps) * np.sign(grad_fn(theta))
    return theta


COME_TO_REST = Exercise(
    name="come_to_rest",
    points=3,
    reference=kernels.come_to_rest,
    returns=("theta",),
    draw=draw_come_to_rest,
    fixed=the_bottom,
    observe=how_far_down,
    measure=of_the_way_down,
    bands=((0.75, 1 / 3), (0.94, 2 / 3), (0.97, 1.0)),
    equivalents=(by_rmsprop, by_signs),
    misconceptions=mistakes(__name__, plain),
    stand_in=plain,
    hints=(
        (
            "Print two gradients at the start. How different are the entries in size, "
            "and how different is each from itself?"
        ),
        (
            "Which methods of this chapter make steps that do not depend on a "
            "gradient's size? How far do 150 of them go together, at a given rate?"
        ),
        (
            "AdaGrad with `lr=8.0` or RMSProp with `lr=1.0` get there, and then are "
            "shaken by the noise. Which schedule lets their steps end?"
        ),
    ),
    read="section 9, on deciding",
    lines=8,
    level=2,
    bonus=True,
)
