"""Chapter 07: batch normalisation of a layer in training."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, batch, scales
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["BATCHNORM_FORWARD"]


def draw_batchnorm_forward(rng):
    yield (
        "variances 3 and 8, with eps = 1 the roots of 4 and 9",
        {
            "x": np.array([[1.0, -3.0], [5.0, 1.0], [5.0, 5.0], [5.0, 1.0]]),
            "gamma": np.array([2.0, 3.0]),
            "beta": np.array([1.0, -1.0]),
            "eps": 1.0,
        },
    )
    yield (
        "six examples of three features",
        {
            "x": batch(rng, (6, 3)),
            "gamma": scales(rng, 3),
            "beta": signed(rng, (3,)),
            "eps": 1e-3,
        },
    )
    yield (
        "features that vary little, and a large eps",
        {
            "x": batch(rng, (5, 4), spread=0.1),
            "gamma": scales(rng, 4),
            "beta": signed(rng, (4,)),
            "eps": 1e-2,
        },
    )
    yield (
        "fewer examples than features, and the eps that is not said",
        {
            "x": batch(rng, (4, 7), spread=0.01, center=0.1),
            "gamma": scales(rng, 7),
            "beta": signed(rng, (7,)),
        },
    )
    yield (
        "features of very different size",
        {
            "x": batch(rng, (9, 2)) * np.array([1.0, 50.0]),
            "gamma": scales(rng, 2),
            "beta": signed(rng, (2,)),
            "eps": between(rng, 0.1, 0.5),
        },
    )


def forward_step_by_step(x, gamma, beta, eps=1e-5):
    n, _ = x.shape
    mu = 1.0 / n * np.sum(x, axis=0)
    centered = x - mu
    var = 1.0 / n * np.sum(centered**2, axis=0)
    inverse = 1.0 / np.sqrt(var + eps)
    x_hat = centered * inverse
    return gamma * x_hat + beta, {"x_hat": x_hat, "inverse": inverse, "mu": mu}


def forward_as_one_line_each(x, gamma, beta, eps=1e-5):
    scale = gamma / np.sqrt(x.var(axis=0) + eps)
    return x * scale + (beta - x.mean(axis=0) * scale), None


def forward_feature_by_feature(x, gamma, beta, eps=1e-5):
    out, kept = np.empty(x.shape), []
    for j in range(x.shape[1]):
        column = x[:, j]
        std = (column.var() + eps) ** 0.5
        kept.append((std, lambda j=j: j))
        out[:, j] = gamma[j] * (column - column.mean()) / std + beta[j]
    return out, kept


_KEPT = "return (gamma * x_hat + beta, (x_hat, std))"


BATCHNORM_FORWARD = Exercise(
    name="batchnorm_forward",
    points=2,
    reference=kernels.batchnorm_forward,
    returns=("out", "cache"),
    order=("out",),
    draw=draw_batchnorm_forward,
    tolerance=CENTRED,
    equivalents=(
        forward_step_by_step,
        forward_as_one_line_each,
        forward_feature_by_feature,
    ),
    misconceptions=mistakes(__name__, kernels.batchnorm_forward),
    hints=(
        (
            "What is averaged: the values of one feature in all examples, or those "
            "of one example? Along which axis of `x` is that?"
        ),
        (
            "Four quantities, each from the one before: mean, variance (it divides "
            "by `n`), `x_hat`, `out`. Where does `eps` go?"
        ),
        (
            "`x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)`; then "
            "return `gamma * x_hat + beta` and anything you like, such as `x_hat`."
        ),
    ),
    read="section 2, equation (7.1)",
    lines=3,
    level=1,
    harmless={
        f"{_KEPT} -> return (gamma * x_hat + beta, {kept})": (
            "the second part is the learner's own and is not judged"
        )
        for kept in (
            "(std, x_hat)",
            *(f"({name}, std)" for name in ("x", "gamma", "beta", "eps", "std")),
            *(f"(x_hat, {name})" for name in ("x", "gamma", "beta", "eps", "x_hat")),
        )
    },
)
