"""Chapter 07: mend the way back through a layer with batch normalisation and ReLU."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, batch, scales
from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import mended as kernels

__all__ = ["DENSE_NORM_BACKWARD"]


def draw_dense_norm_backward(rng):
    yield "four examples, two inputs, three units", layer(rng, 4, 2, 3)
    yield "six examples, five inputs, two units", layer(rng, 6, 5, 2)
    yield "more units than examples", layer(rng, 5, 3, 7)
    yield "a large eps", {**layer(rng, 7, 4, 3), "eps": 0.5}


def layer(rng, n, n_inputs, n_units):
    """Of each unit ReLU is open for some examples and shut for others."""
    while True:
        X, W = batch(rng, (n, n_inputs)), signed(rng, (n_inputs, n_units))
        gamma, beta = scales(rng, n_units), 0.4 * scales(rng, n_units)
        z = X @ W
        open_ = gamma * (z - z.mean(axis=0)) / z.std(axis=0) + beta
        n_open = (open_ > 0).sum(axis=0)
        others = np.any((z > 0) != (open_ > 0), axis=0)
        if n_open.min() > 0 and n_open.max() < n and others.all():
            break
    dout = signed(rng, (n, n_units))
    return {"dout": dout, "X": X, "W": W, "gamma": gamma, "beta": beta}


def back_in_stages(dout, X, W, gamma, beta, eps=1e-5):
    n, z = len(X), X @ W
    mean = z.sum(axis=0) / n
    var = ((z - mean) ** 2).sum(axis=0) / n
    inverse = (var + eps) ** -0.5
    z_hat = (z - mean) * inverse
    dy = np.where(gamma * z_hat + beta > 0, dout, 0.0)
    dz_hat = dy * gamma
    dvar = (dz_hat * (z - mean)).sum(axis=0) * -0.5 * inverse**3
    dmean = -(dz_hat * inverse).sum(axis=0)
    dz = dz_hat * inverse + dvar * 2 * (z - mean) / n + dmean / n
    return dz @ W.T, X.T @ dz, (dy * z_hat).sum(axis=0), dy.sum(axis=0)


def back_by_projection(dout, X, W, gamma, beta, eps=1e-5):
    z = X @ W
    std = np.sqrt(z.var(axis=0) + eps)
    z_hat = (z - z.mean(axis=0)) / std
    dy = dout * (gamma * z_hat > -beta)
    dgamma, dbeta = np.einsum("ij,ij->j", dy, z_hat), np.ones(len(X)) @ dy
    dz = gamma / std * (dy - (dbeta + z_hat * dgamma) / len(X))
    return np.einsum("ij,kj->ik", dz, W), np.einsum("ij,ik->jk", X, dz), dgamma, dbeta


GIVEN = ("gate_before_beta", "gamma_by_raw_values", "variance_a_constant")
"""What is to be mended."""

DENSE_NORM_BACKWARD = Exercise(
    name="dense_norm_backward",
    points=3,
    reference=kernels.dense_norm_backward,
    returns=("dX", "dW", "dgamma", "dbeta"),
    order=("dbeta", "dgamma", "dW", "dX"),
    draw=draw_dense_norm_backward,
    tolerance=CENTRED,
    equivalents=(back_in_stages, back_by_projection),
    misconceptions=mistakes(__name__, kernels.dense_norm_backward, GIVEN),
    broken=GIVEN,
    hints=(
        (
            "`dbeta` has the shortest way back of the four. If that is wrong already, "
            "which lines can it be?"
        ),
        (
            "ReLU is open where its input is above 0: what exactly goes into it? Then: "
            "what is `gamma` multiplied with on the way there?"
        ),
        (
            "The last mistake changes `dX` and `dW` alone: the deviation depends on "
            "the examples too. Compare with your `batchnorm_backward`, term by term."
        ),
    ),
    read="section 8, on mending",
    lines=3,
    level=3,
    harmless={
        f"{line} -> {line.replace(' =', '[...] =', 1)}": "the array is one of its own"
        for line in (
            "centred = centred - centred.mean(axis=0)",
            "dz = dz - z_hat * np.mean(inside * z_hat, axis=0)",
            "dz = dz / std",
        )
    }
    | {
        "dz = dz - z_hat * np.mean(inside * z_hat, axis=0) -> "
        "dz = dz - z_hat * np.mean(dz * z_hat, axis=0)": (
            "the mean of z_hat is 0, so a constant more or less does not show"
        ),
        "moved: dbeta = np.sum(slope, axis=0)": "it needs no other gradient",
        "moved: inside = slope * gamma": "dz is made of it in the next line but one",
        "slope = dout * (gamma * z_hat + beta > 0) -> "
        "slope = dout * (gamma * z_hat + beta >= 0)": "no value is exactly 0",
    },
)
