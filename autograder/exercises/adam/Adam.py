"""Chapter 05: Adam as an optimiser, over a dict of arrays."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adam.steps import AVERAGES_APART
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.exercises.updates import ONE_ZERO, draw_updates, falling_lr, updates
from autograder.kernels import adam as kernels

__all__ = ["ADAM"]


def draw_adam(rng):
    settings = {
        "lr": between(rng, 0.1, 0.3),
        "beta1": between(rng, 0.6, 0.8),
        "beta2": between(rng, 0.75, 0.85),
        "eps": between(rng, 0.02, 0.05),
    }
    yield from draw_updates(rng, {"lr": 0.1}, {}, settings)
    decay = {"weight_decay": between(rng, 0.3, 0.5)}
    run = updates(rng, {"W": (3, 2), "b": (2,)}, 3)
    yield "weights that decay", {**settings, **decay, "run": run}
    falling = {"lr": falling_lr(between(rng, 0.1, 0.4), 3)}
    run = updates(rng, {"w": (3,), "b": (3,)}, 3)
    yield "a learning rate that falls", {**settings, **falling, "run": run}


class AdamInPlace:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.lr, self.eps, self.weight_decay = lr, eps, weight_decay
        self.beta1, self.beta2 = beta1, beta2
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        self.t += 1
        for key in params:
            if key not in self.m:
                self.m[key] = np.zeros_like(params[key])
                self.v[key] = np.zeros_like(params[key])
            grad = grads[key]
            self.m[key] += (1 - self.beta1) * (grad - self.m[key])
            self.v[key] += (1 - self.beta2) * (grad**2 - self.v[key])
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            v_hat = self.v[key] / (1 - self.beta2**self.t)
            params[key] *= 1 - lr * self.weight_decay
            params[key] -= lr * m_hat / (np.sqrt(v_hat) + self.eps)


class AdamWithStates:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.rate = lr if callable(lr) else lambda t: lr
        self.settings = beta1, beta2, eps
        self.decay, self.states, self.n_updates = weight_decay, {}, 0

    def update(self, params, grads):
        lr = self.rate(self.n_updates)
        self.n_updates += 1
        for key, theta in params.items():
            theta, *state = kernels.adamw_step(
                theta,
                *self.states.get(key, (0 * theta, 0 * theta)),
                self.n_updates,
                grads[key],
                lr,
                *self.settings,
                weight_decay=self.decay,
            )
            self.states[key] = state
            params[key] = theta


class AdamByFactors:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.lr, self.beta1, self.beta2 = lr, beta1, beta2
        self.eps, self.decay = eps, weight_decay
        self.m, self.v, self.t, self.b1, self.b2 = {}, {}, -1, 1.0, 1.0

    def update(self, params, grads):
        self.t += 1
        self.b1, self.b2 = self.b1 * self.beta1, self.b2 * self.beta2
        lr = self.lr(self.t) if callable(self.lr) else self.lr
        scale = np.sqrt(1 - self.b2)
        for key, g in grads.items():
            self.m[key] = self.beta1 * self.m.get(key, 0) + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v.get(key, 0) + (1 - self.beta2) * g * g
            step = self.m[key] / (np.sqrt(self.v[key]) + self.eps * scale)
            old = params[key]
            params[key] = old - lr * (scale / (1 - self.b1) * step + self.decay * old)


NEW = " = self.{0}.get(key, np.zeros_like({1}))"


ADAM = Exercise(
    name="Adam",
    points=4,
    reference=kernels.Adam,
    returns=("params",),
    draw=draw_adam,
    equivalents=(AdamInPlace, AdamWithStates, AdamByFactors),
    misconceptions=mistakes(__name__, kernels.Adam),
    hints=(
        (
            "Which numbers does `adam_step` need that the caller of `update` does not "
            "give? Which of them belong to one array, and which to all together?"
        ),
        (
            "Before the loop: this update's learning rate, then `self.t += 1`. In the "
            "loop: the moments of a key, zeros if it is new, and one `adam_step`. And "
            "the decay: of which value, and by how much?"
        ),
        (
            "After `theta, self.m[key], self.v[key] = adam_step(…)` the decay is one "
            "line: `params[key] = theta - lr * self.weight_decay * params[key]`."
        ),
    ),
    harmless={
        f"{name}{NEW.format(name, 'grad')} -> {name}{NEW.format(name, other)}": ONE_ZERO
        for name, others in (("m", ("lr",)), ("v", ("lr", "m")))
        for other in (*others, "grads", "params")
    }
    | {
        "moved: self.weight_decay, self.m, self.v, self.t = "
        "(weight_decay, {}, {}, 0)": "the attributes do not need each other",
        f"moved: v{NEW.format('v', 'grad')}": AVERAGES_APART,
    },
    read="section 8, on optimisers",
    lines=14,
    level=3,
)
