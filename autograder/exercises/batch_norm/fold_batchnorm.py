"""One dense layer that does what dense and batch normalisation do together."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, scales
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["FOLD_BATCHNORM"]


def draw_fold_batchnorm(rng):
    yield (
        "two inputs, two units, running variances 3 and 8, eps = 1",
        {
            "W": np.array([[1.0, 2.0], [3.0, -1.0]]),
            "b": np.array([6.0, -2.0]),
            "gamma": np.array([2.0, 6.0]),
            "beta": np.array([1.0, -1.0]),
            "running_mean": np.array([4.0, 1.0]),
            "running_var": np.array([3.0, 8.0]),
            "eps": 1.0,
        },
    )
    shapes = {
        "five inputs and three units": ((5, 3), {"eps": 1e-3}),
        "small running variances, and a large eps": ((2, 4), {"eps": 1e-2}),
        "the eps that is not said": ((6, 2), {}),
        "more units than inputs, and an eps of a variance's size": (
            (3, 7),
            {"eps": between(rng, 0.1, 0.5)},
        ),
    }
    for label, (shape, eps) in shapes.items():
        d = shape[1]
        small = 0.01 if "small" in label else 1e-4 if not eps else 1.0
        yield (
            label,
            {
                "W": signed(rng, shape),
                "b": signed(rng, (d,)),
                "gamma": scales(rng, d),
                "beta": signed(rng, (d,)),
                "running_mean": signed(rng, (d,)),
                "running_var": np.round(small * rng.uniform(0.5, 2.0, d), 6),
                **eps,
            },
        )


def folded_by_a_diagonal(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    diagonal = np.diag(gamma / np.sqrt(running_var + eps))
    return W @ diagonal, beta + diagonal @ (b - running_mean)


def folded_by_trying(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    inputs = np.vstack([np.zeros(len(W)), np.eye(len(W))])
    z = inputs @ W + b
    out = gamma * (z - running_mean) / np.sqrt(running_var + eps) + beta
    return out[1:] - out[0], out[0]


FOLD_BATCHNORM = Exercise(
    name="fold_batchnorm",
    points=2,
    bonus=True,
    reference=kernels.fold_batchnorm,
    returns=("W", "b"),
    draw=draw_fold_batchnorm,
    tolerance=CENTRED,
    equivalents=(folded_by_a_diagonal, folded_by_trying),
    misconceptions=mistakes(__name__, kernels.fold_batchnorm),
    hints=(
        "Dense, then normalised: what does each of the two do to its input, in a line?",
        (
            "Put the first line into the second and sort: what multiplies `x`, and "
            "what is left without `x`?"
        ),
        (
            "`scale = gamma / np.sqrt(running_var + eps)`; `return W * scale, (b - "
            "running_mean) * scale + beta`."
        ),
    ),
    read="section 4, equation (7.6)",
    lines=2,
    level=2,
)
