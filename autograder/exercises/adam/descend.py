"""Chapter 05: decide how to descend on a task with rare features and a budget."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import how_far_down, of_the_way_down
from autograder.exercises.spec import Exercise
from autograder.kernels import adam
from autograder.kernels import decided as kernels

__all__ = ["DESCEND"]

BUDGET = 80


def draw_descend(rng):
    for label in ("sixteen features, of which most are rare", "sixteen others"):
        share = 1 / np.arange(1, 17) ** 4.0
        way = rng.choice([-1.0, 1.0], 16) * rng.uniform(2, 30, 16)
        share = rng.permutation(share / share.sum())
        # From a start at 0 the way that was gone would pass for the place.
        theta0 = np.round(signed(rng, (16,), 5.0, 9.0), 2)
        parameters = {"share": share, "center": np.round(theta0 + way, 2)}
        grad_fn = Function(
            "rare_features_gradient", parameters, shape=(16,), at_most=BUDGET
        )
        arguments = {"grad_fn": grad_fn, "theta0": theta0, "n_steps": BUDGET}
        yield label, arguments


def the_bottom(arguments):
    return {"bottom": arguments["grad_fn"].parameters["center"]}


def plain(grad_fn, theta0, n_steps):
    theta = theta0
    for _ in range(n_steps):
        theta = theta - 1.0 * grad_fn(theta)
    return theta


def by_adam(grad_fn, theta0, n_steps):
    theta, m, v = theta0, np.zeros_like(theta0), np.zeros_like(theta0)
    for t in range(1, n_steps + 1):
        grad = grad_fn(theta)
        theta, m, v = adam.adam_step(theta, m, v, t, grad, lr=1.0, eps=1e-12)
    return theta


def by_signs(grad_fn, theta0, n_steps):
    theta = theta0.copy()
    for t in range(n_steps):
        theta -= (1 + np.cos(np.pi * t / n_steps)) * np.sign(grad_fn(theta))
    return theta


DESCEND = Exercise(
    name="descend",
    points=3,
    reference=kernels.descend,
    returns=("theta",),
    draw=draw_descend,
    fixed=the_bottom,
    observe=how_far_down,
    measure=of_the_way_down,
    bands=((0.8, 1 / 3), (0.95, 2 / 3), (0.99, 1.0)),
    equivalents=(by_adam, by_signs),
    misconceptions=mistakes(__name__, plain),
    stand_in=plain,
    hints=(
        (
            "Print the gradient at the start. How different are its entries in size, "
            "and what does that say about how far each has to go?"
        ),
        (
            "Which of the course's methods makes steps whose length does not depend on "
            "the size of the gradient? How long must its steps be, for 80 of them?"
        ),
        (
            "Adam with `lr=1.0` or so. Then look at the end of the run: what would a "
            "schedule from chapter 4 do there?"
        ),
    ),
    read="section 11, on deciding",
    lines=8,
    level=2,
)
