"""Chapter 07: gradients of the loss through batch normalisation in training."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, batch, scales
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["BATCHNORM_BACKWARD"]


def draw_batchnorm_backward(rng):
    yield (
        "variances 3 and 8, with eps = 1 the roots of 4 and 9",
        {
            "dout": np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.0], [-1.0, 4.0]]),
            "x": np.array([[1.0, -3.0], [5.0, 1.0], [5.0, 5.0], [5.0, 1.0]]),
            "gamma": np.array([2.0, 3.0]),
            "eps": 1.0,
        },
    )
    yield (
        "six examples of three features",
        {
            "dout": signed(rng, (6, 3)),
            "x": batch(rng, (6, 3)),
            "gamma": scales(rng, 3),
            "eps": 1e-3,
        },
    )
    yield (
        "features that vary little, and a large eps",
        {
            "dout": signed(rng, (5, 4)),
            "x": batch(rng, (5, 4), spread=0.1),
            "gamma": scales(rng, 4),
            "eps": 1e-2,
        },
    )
    yield (
        "fewer examples than features, and the eps that is not said",
        {
            "dout": signed(rng, (4, 7)),
            "x": batch(rng, (4, 7), spread=0.01, center=0.1),
            "gamma": scales(rng, 7),
        },
    )
    yield (
        "more examples, and an upstream gradient that leans to one side",
        {
            "dout": signed(rng, (11, 5)) + 0.7,
            "x": batch(rng, (11, 5)),
            "gamma": scales(rng, 5),
            "eps": between(rng, 0.1, 0.5),
        },
    )


def backward_staged(dout, x, gamma, eps=1e-5):
    n = x.shape[0]
    centered = x - x.mean(axis=0)
    var = np.mean(centered**2, axis=0)
    inverse = 1 / np.sqrt(var + eps)
    x_hat = centered * inverse
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)
    dx_hat = dout * gamma
    dinverse = np.sum(dx_hat * centered, axis=0)
    dcentered = dx_hat * inverse
    dvar = -0.5 * (var + eps) ** -1.5 * dinverse
    dcentered = dcentered + 2 / n * centered * dvar
    dmean = -np.sum(dcentered, axis=0)
    return dcentered + dmean / n, dgamma, dbeta


def backward_as_in_the_paper(dout, x, gamma, eps=1e-5):
    m = len(x)
    mu, var = x.mean(axis=0), x.var(axis=0)
    x_hat = (x - mu) / np.sqrt(var + eps)
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * (x - mu), axis=0) * -0.5 * (var + eps) ** -1.5
    dmu = np.sum(-dx_hat / np.sqrt(var + eps), axis=0)
    dmu = dmu + dvar * np.mean(-2 * (x - mu), axis=0)
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mu) / m + dmu / m
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def backward_in_one_line(dout, x, gamma, eps=1e-5):
    n, std = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dx_hat = dout * gamma
    dx = (n * dx_hat - dx_hat.sum(axis=0) - x_hat * (dx_hat * x_hat).sum(axis=0)) / (
        n * std
    )
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def backward_by_matrices(dout, x, gamma, eps=1e-5):
    n, d = x.shape
    dx, dgamma = np.empty((n, d)), np.empty(d)
    for j in range(d):
        std = np.sqrt(np.var(x[:, j]) + eps)
        x_hat = (x[:, j] - x[:, j].mean()) / std
        jacobian = np.eye(n) - 1 / n - np.outer(x_hat, x_hat) / n
        dx[:, j] = jacobian @ dout[:, j] * gamma[j] / std
        dgamma[j] = x_hat @ dout[:, j]
    return dx, dgamma, np.ones(n) @ dout


BATCHNORM_BACKWARD = Exercise(
    name="batchnorm_backward",
    points=4,
    reference=kernels.batchnorm_backward,
    returns=("dx", "dgamma", "dbeta"),
    order=("dbeta", "dgamma", "dx"),
    draw=draw_batchnorm_backward,
    tolerance=CENTRED,
    equivalents=(
        backward_staged,
        backward_as_in_the_paper,
        backward_in_one_line,
        backward_by_matrices,
    ),
    misconceptions=mistakes(__name__, kernels.batchnorm_backward),
    hints=(
        (
            "Take one entry of `x` and move it a little. Which three things inside "
            "the forward pass change?"
        ),
        (
            "Start at the end: what are the gradients of `beta` and `gamma`? Both "
            "occur again in `dx`, each over `n`. The factor in front of `dx` is "
            "`gamma / std`."
        ),
        (
            "`dbeta = dout.sum(axis=0)`, `dgamma = (dout * x_hat).sum(axis=0)`, `dx "
            "= gamma / std * (dout - dbeta / n - x_hat * dgamma / n)`, with `std` "
            "and `x_hat` as in the forward pass."
        ),
    ),
    read="section 3, equation (7.3)",
    lines=7,
    level=3,
    harmless={
        "n = len(x) -> n = len(dout)": "both have one row for each example",
        **{
            f"moved: {line}": "the two lines do not depend on each other"
            for line in (
                "dbeta = dout.sum(axis=0)",
                "dgamma = (dout * x_hat).sum(axis=0)",
                "std = np.sqrt(x.var(axis=0) + eps)",
            )
        },
    },
)
