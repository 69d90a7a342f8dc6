"""Chapter 03: momentum as an optimiser, over a dict of arrays."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.exercises.updates import ONE_ZERO, draw_updates
from autograder.kernels import momentum as kernels

__all__ = ["MOMENTUM"]


def draw_momentum(rng):
    yield from draw_updates(
        rng,
        {"lr": 0.1, "beta": 0.5},
        {"lr": between(rng, 0.05, 0.3)},
        {"lr": between(rng, 0.3, 0.6), "beta": between(rng, 0.6, 0.8)},
    )


class MomentumInPlace:
    def __init__(self, lr, beta=0.9):
        self.lr = lr
        self.beta = beta
        self.velocity = {}

    def update(self, params, grads):
        for key in params:
            if key not in self.velocity:
                self.velocity[key] = np.zeros_like(params[key])
            self.velocity[key] *= self.beta
            self.velocity[key] -= self.lr * grads[key]
            params[key] += self.velocity[key]


class MomentumOfSums:
    def __init__(self, lr, beta=0.9):
        self.lr, self.beta, self.sums = lr, beta, {}

    def update(self, params, grads):
        for key in grads:
            self.sums[key] = self.beta * self.sums.get(key, 0) + grads[key]
            params[key] = params[key] - self.lr * self.sums[key]


class MomentumByOldValues:
    def __init__(self, lr, beta=0.9):
        self.lr, self.beta, self.old = lr, beta, {}

    def update(self, params, grads):
        for key, theta in list(params.items()):
            back = theta - self.old.get(key, theta)
            self.old[key] = theta.copy()
            params[key] = theta + self.beta * back - self.lr * grads[key]


class MomentumFilledUp:
    def __init__(self, lr, beta=0.9):
        self.lr = lr
        self.beta = beta
        self.velocity = {}

    def update(self, params, grads):
        new = set(params) - set(self.velocity)
        if new:
            self.velocity |= {key: np.zeros(params[key].shape) for key in new}
        for key in params:
            self.velocity[key] = self.beta * self.velocity[key] - self.lr * grads[key]
        params.update({key: params[key] + self.velocity[key] for key in params})


OLD = "velocity = self.velocity.get(key, np.zeros_like(grad))"


MOMENTUM = Exercise(
    name="Momentum",
    points=3,
    reference=kernels.Momentum,
    returns=("params",),
    draw=draw_momentum,
    equivalents=(
        MomentumInPlace,
        MomentumOfSums,
        MomentumByOldValues,
        MomentumFilledUp,
    ),
    misconceptions=mistakes(__name__, kernels.Momentum),
    hints=(
        (
            "What has to be remembered from one update to the next, and for which of "
            "the arrays? Where can an object keep it?"
        ),
        (
            "`__init__` keeps `lr`, `beta` and an empty dict for the velocities. "
            "`update` goes through the keys; what is the velocity of a key that it "
            "has not seen?"
        ),
        (
            "In the loop: `velocity = self.velocity.get(key, np.zeros_like(grad))`, "
            "then one `momentum_step`, whose two results go into `params[key]` and "
            "`self.velocity[key]`."
        ),
    ),
    harmless={
        f"{OLD} -> {OLD.replace('(grad)', f'({other})')}": ONE_ZERO
        for other in ("grads", "params")
    },
    read="section 6, on optimisers",
    lines=9,
    level=2,
)
