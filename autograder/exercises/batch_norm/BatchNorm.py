"""Chapter 07: batch normalisation as a layer, for training and for use."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Driven
from autograder.exercises.batch_norm.batches import CENTRED, batch, scales
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["BATCHNORM"]


def trained(x):
    return {"x": x, "training": True}


def used(x):
    return {"x": x, "training": False}


def back(dout):
    return {"dout": dout}


def run(rng, d, *inputs):
    state = {
        "gamma": scales(rng, d),
        "beta": scales(rng, d),
        "running_mean": scales(rng, d),
        "running_var": np.abs(scales(rng, d)),
    }
    return Driven("layer", {"state": state, "inputs": list(inputs)})


def draw_batchnorm(rng):
    x = np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 5.0], [2.0, 3.0]])
    by_hand = {
        "gamma": np.array([1.0, 2.0]),
        "beta": np.array([0.0, 1.0]),
        "running_mean": np.array([0.0, 1.0]),
        "running_var": np.array([1.0, 4.0]),
    }
    steps = Driven("layer", {"state": by_hand, "inputs": [trained(x)]})
    yield "one batch of four", {"n_features": 2, "run": steps}
    one, two, other = (batch(rng, (n, 3)) for n in (5, 4, 6))
    steps = run(rng, 3, trained(one), trained(two), used(other))
    yield "two batches in training, then one in use", {"n_features": 3, "run": steps}
    settings = {"momentum": between(rng, 0.3, 0.4), "eps": between(rng, 0.2, 0.4)}
    steps = run(rng, 4, trained(batch(rng, (6, 4), 0.5)), used(batch(rng, (3, 4))))
    yield "another momentum, a large eps", {"n_features": 4, **settings, "run": steps}
    steps = run(rng, 2, trained(batch(rng, (5, 2))), back(scales(rng, 5, 2)))
    yield "forwards and back", {"n_features": 2, **settings, "run": steps}
    mine, theirs = batch(rng, (4, 3)), batch(rng, (4, 3))
    steps = run(rng, 3, trained(mine), used(theirs), back(scales(rng, 4, 3)))
    yield "a batch in use before the way back", {"n_features": 3, "run": steps}


class BatchNormWrittenOut:
    def __init__(self, n_features, momentum=0.1, eps=1e-5):
        self.gamma, self.beta = np.ones(n_features), np.zeros(n_features)
        self.running_mean, self.running_var = np.zeros(n_features), np.ones(n_features)
        self.p, self.eps = momentum, eps

    def forward(self, x, training):
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            unbiased = x.var(axis=0, ddof=1)
            self.running_mean = (1 - self.p) * self.running_mean + self.p * mean
            self.running_var = (1 - self.p) * self.running_var + self.p * unbiased
        std = np.sqrt(var + self.eps)
        x_hat = (x - mean) / std
        if training:
            self.x_hat, self.std = x_hat, std
        return self.gamma * x_hat + self.beta

    def backward(self, dout):
        self.dgamma = (dout * self.x_hat).sum(axis=0)
        self.dbeta = dout.sum(axis=0)
        dx_hat = dout * self.gamma
        lean = (dx_hat * self.x_hat).mean(axis=0)
        return (dx_hat - dx_hat.mean(axis=0) - self.x_hat * lean) / self.std


class BatchNormInPlace:
    def __init__(self, n_features, momentum=0.1, eps=1e-5):
        self.momentum, self.eps, self.kept = momentum, eps, None
        self.gamma, self.running_var = np.ones((2, n_features))
        self.beta, self.running_mean = np.zeros((2, n_features))
        self.dgamma, self.dbeta = np.zeros((2, n_features))

    def forward(self, x, training):
        if training:
            self.kept = x.copy()
            n, mean, var = len(x), np.mean(x, axis=0), np.var(x, axis=0)
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var * n / (n - 1) - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (x - mean) * (var + self.eps) ** -0.5 + self.beta

    def backward(self, dout):
        centred = self.kept - np.mean(self.kept, axis=0)
        inverse = (np.var(self.kept, axis=0) + self.eps) ** -0.5
        self.dbeta[...] = np.sum(dout, axis=0)
        self.dgamma[...] = np.sum(dout * centred, axis=0) * inverse
        through = centred * inverse * self.dgamma + self.dbeta
        return self.gamma * inverse * (dout - through / len(dout))


NO_ORDER = "what is exchanged does not need each other"


BATCHNORM = Exercise(
    name="BatchNorm",
    points=4,
    reference=kernels.BatchNorm,
    returns=("state",),
    draw=draw_batchnorm,
    tolerance=CENTRED,
    equivalents=(BatchNormWrittenOut, BatchNormInPlace),
    misconceptions=mistakes(__name__, kernels.BatchNorm),
    hints=(
        (
            "Which of your functions does the work in training, which in use, and "
            "which on the way back? What do they need that the caller does not give?"
        ),
        (
            "In training, `forward` keeps `x` and updates the running averages. What "
            "must a forward pass in use leave alone?"
        ),
        (
            "Training: `self.x = x`, then `update_running`, then the first result of "
            "`batchnorm_forward`. Use: `batchnorm_inference`. Back: `dx, self.dgamma, "
            "self.dbeta = batchnorm_backward(dout, self.x, self.gamma, self.eps)`."
        ),
    ),
    read="section 8, on the layer",
    lines=20,
    level=3,
    harmless={
        "moved: self.momentum, self.eps = (momentum, eps)": NO_ORDER,
        "moved: self.running_mean, self.running_var = (np.zeros(n_features), "
        "np.ones(n_features))": NO_ORDER,
        "moved: self.running_mean, self.running_var = update_running("
        "self.running_mean, self.running_var, x, self.momentum)": NO_ORDER,
    },
)
