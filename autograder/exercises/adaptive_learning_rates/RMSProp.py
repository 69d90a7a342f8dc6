"""Chapter 04: RMSProp as an optimiser, over a dict of arrays."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.exercises.updates import ONE_ZERO, draw_updates, falling_lr, updates
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["RMSPROP"]


def draw_rmsprop(rng):
    settings = {
        "lr": between(rng, 0.3, 0.6),
        "rho": between(rng, 0.6, 0.8),
        "eps": between(rng, 0.02, 0.05),
    }
    by_hand = {"lr": 0.1, "rho": 0.75, "eps": 0.01}
    yield from draw_updates(rng, by_hand, {"lr": between(rng, 0.05, 0.3)}, settings)
    shapes = {"W": (3, 2), "b": (2,)}
    falling = falling_lr(between(rng, 0.1, 0.4), 3)
    yield "a learning rate that falls", {"lr": falling, "run": updates(rng, shapes, 3)}


class RMSPropInPlace:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s, self.t = {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        for key in params:
            square = grads[key] ** 2
            if key not in self.s:
                self.s[key] = np.zeros_like(params[key])
            self.s[key] *= self.rho
            self.s[key] += (1 - self.rho) * square
            params[key] -= lr * grads[key] / (np.sqrt(self.s[key]) + self.eps)


class RMSPropOfAllGradients:
    def __init__(self, lr, rho=0.9, eps=1e-8):
        self.lr = lr if callable(lr) else lambda t: lr
        self.eps, self.seen, self.n = eps, {}, 0
        self.rho = rho

    def update(self, params, grads):
        lr = self.lr(self.n)
        for key, grad in grads.items():
            self.seen.setdefault(key, []).append(grad.copy())
            ages = enumerate(reversed(self.seen[key]))
            s = (1 - self.rho) * sum(self.rho**age * g**2 for age, g in ages)
            params[key] = params[key] - lr * grad / (np.sqrt(s) + self.eps)
        self.n += 1


OLD = "s = self.s.get(key, np.zeros_like(grad))"


RMSPROP = Exercise(
    name="RMSProp",
    points=2,
    reference=kernels.RMSProp,
    returns=("params",),
    draw=draw_rmsprop,
    equivalents=(RMSPropInPlace, RMSPropOfAllGradients),
    misconceptions=mistakes(__name__, kernels.RMSProp),
    hints=(
        (
            "What changes from `AdaGrad` to `RMSProp`, and what stays? Only one line "
            "of the loop is another."
        ),
        (
            "Before the loop over the keys: the learning rate of this update, which is "
            "`self.lr` or `self.lr(self.t)`, and then `self.t += 1`. In the loop: what "
            "does a key start with that has not been seen?"
        ),
        (
            "In the loop: `s = self.s.get(key, np.zeros_like(grad))`, then one "
            "`rmsprop_step`, whose two results go into `params[key]` and `self.s[key]`."
        ),
    ),
    harmless={
        f"{OLD} -> {OLD.replace('(grad)', f'({other})')}": ONE_ZERO
        for other in ("grads", "params", "lr")
    }
    | {
        "moved: self.s, self.t = ({}, 0)": "the attributes do not need each other",
        "moved: self.t += 1": "it may count when the update is done",
    },
    read="section 9, on optimisers",
    lines=10,
    level=2,
)
