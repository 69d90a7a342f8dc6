"""Chapter 07: weights over an estimate of their largest singular value."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import batch_norm as kernels

__all__ = ["SPECTRAL_NORM"]


def draw_spectral_norm(rng):
    yield (
        "a diagonal matrix, and one round",
        {
            "W": np.array([[4.0, 0.0], [0.0, 3.0]]),
            "n_iter": 1,
            "u": np.array([0.6, 0.8]),
        },
    )
    kinds = {
        "three rows, two columns, two rounds": ((3, 2), 2),
        "more columns than rows, one round": ((3, 5), 1),
        "three rounds from a long u": ((4, 6), 3),
        "a small matrix of weights, two rounds": ((6, 4), 2),
    }
    for label, (shape, n_iter) in kinds.items():
        W = signed(rng, shape) * (0.1 if "small" in label else 1.0)
        u = signed(rng, shape[:1]) * (7.0 if "long" in label else 1.0)
        yield label, {"W": np.round(W, 3), "n_iter": n_iter, "u": np.round(u, 2)}


def sigma_as_a_length(W, n_iter, u):
    for _ in range(n_iter):
        v = u @ W
        v = v / np.sqrt(np.sum(v**2))
        u = W @ v
        sigma = np.sqrt(np.sum(u**2))
        u = u / sigma
    return W / sigma, u


def normalised_at_the_end(W, n_iter, u):
    u = u / np.linalg.norm(u)
    for _ in range(n_iter):
        v = W.T @ u
        u = W @ v
    v, u = v / np.linalg.norm(v), u / np.linalg.norm(u)
    return W / np.einsum("i,ij,j", u, W, v), u


SPECTRAL_NORM = Exercise(
    name="spectral_norm",
    points=2,
    bonus=True,
    reference=kernels.spectral_norm,
    returns=("W", "u"),
    order=("u", "W"),
    draw=draw_spectral_norm,
    tolerance=Tolerance(
        rtol=1e-9, floor=1e-10, reason="three rounds of two products, each rounded"
    ),
    equivalents=(sigma_as_a_length, normalised_at_the_end),
    misconceptions=mistakes(__name__, kernels.spectral_norm),
    hints=(
        "Multiply a vector by `W.T` and by `W` again and again: which direction wins?",
        (
            "`u` has as many entries as `W` has rows. Which product makes a `v` of "
            "it, and which one brings it back?"
        ),
        (
            "`n_iter` times: `v = W.T @ u`, `v = v / np.linalg.norm(v)`, `u = W @ "
            "v`, `u = u / np.linalg.norm(u)`. Then `sigma = u @ W @ v`; `return W / "
            "sigma, u`."
        ),
    ),
    read="section 8, equation (7.10)",
    lines=6,
    level=2,
    harmless={
        "moved: u = W @ v": "`u` is divided by its length in any case",
        "return (W / (u @ W @ v), u) -> return (W / (v @ (u @ W)), u)": (
            "the same number, as v times (u times W)"
        ),
        "u = u / np.linalg.norm(u) -> u[...] = u / np.linalg.norm(u)": (
            "this `u` is a new array already"
        ),
        "v = v / np.linalg.norm(v) -> v[...] = v / np.linalg.norm(v)": (
            "this `v` is a new array already"
        ),
    },
)
