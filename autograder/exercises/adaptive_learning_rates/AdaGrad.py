"""Chapter 04: AdaGrad as an optimiser, over a dict of arrays."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.exercises.updates import ONE_ZERO, draw_updates, falling_lr, updates
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["ADAGRAD"]


def draw_adagrad(rng):
    yield from draw_updates(
        rng,
        {"lr": 0.1, "eps": 0.01},
        {"lr": between(rng, 0.05, 0.3)},
        {"lr": between(rng, 0.3, 0.6), "eps": between(rng, 0.02, 0.05)},
    )
    tiny = updates(rng, {"w": (3,)}, 2, size=1e-9)
    yield "gradients of the size of eps", {"lr": 0.1, "run": tiny}
    shapes = {"W": (3, 2), "b": (2,)}
    falling = falling_lr(between(rng, 0.1, 0.4), 3)
    yield "a learning rate that falls", {"lr": falling, "run": updates(rng, shapes, 3)}


class AdaGradInPlace:
    def __init__(self, lr, eps=1e-10):
        self.lr, self.eps = lr, eps
        self.r, self.t = {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        for key in params:
            square = grads[key] ** 2
            if key not in self.r:
                self.r[key] = np.zeros_like(params[key])
            self.r[key] += square
            params[key] -= lr * grads[key] / (np.sqrt(self.r[key]) + self.eps)


class AdaGradOfAllGradients:
    def __init__(self, lr, eps=1e-10):
        self.lr = lr if callable(lr) else lambda t: lr
        self.eps, self.seen, self.n = eps, {}, 0

    def update(self, params, grads):
        lr = self.lr(self.n)
        for key, grad in grads.items():
            self.seen.setdefault(key, []).append(grad.copy())
            r = sum(g**2 for g in self.seen[key])
            params[key] = params[key] - lr * grad / (np.sqrt(r) + self.eps)
        self.n += 1


OLD = "r = self.r.get(key, np.zeros_like(grad))"


ADAGRAD = Exercise(
    name="AdaGrad",
    points=2,
    reference=kernels.AdaGrad,
    returns=("params",),
    draw=draw_adagrad,
    equivalents=(AdaGradInPlace, AdaGradOfAllGradients),
    misconceptions=mistakes(__name__, kernels.AdaGrad),
    hints=(
        (
            "Which of the things that `adagrad_step` takes and returns does the caller "
            "not have? Where does each array's own stay between two updates?"
        ),
        (
            "Before the loop over the keys: the learning rate of this update, which is "
            "`self.lr` or `self.lr(self.t)`, and then `self.t += 1`. In the loop: what "
            "does a key start with that has not been seen?"
        ),
        (
            "In the loop: `r = self.r.get(key, np.zeros_like(grad))`, then one "
            "`adagrad_step`, whose two results go into `params[key]` and `self.r[key]`."
        ),
    ),
    harmless={
        f"{OLD} -> {OLD.replace('(grad)', f'({other})')}": ONE_ZERO for other in ("lr",)
    }
    | {
        "moved: self.r, self.t = ({}, 0)": "the attributes do not need each other",
        "moved: self.t += 1": "it may count when the update is done",
    },
    read="section 9, on optimisers",
    lines=10,
    level=2,
)
