"""Chapter 01: second-order Taylor approximation of the loss, a step `v` away."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import critical_points as kernels

__all__ = ["QUADRATIC_MODEL"]


def draw_quadratic_model(rng):
    yield (
        "two parameters and round numbers",
        {
            "loss0": 1.0,
            "g": np.array([3.0, -1.0]),
            "H": np.array([[2.0, 1.0], [1.0, 4.0]]),
            "v": np.array([2.0, 1.0]),
        },
    )
    for label, d in (
        ("three parameters", 3),
        ("five parameters", 5),
        ("a single parameter", 1),
    ):
        yield (
            label,
            {
                "loss0": between(rng, 0.5, 3.0),
                "g": signed(rng, (d,)),
                "H": _symmetric(rng, d),
                "v": signed(rng, (d,)),
            },
        )
    yield (
        "at a critical point",
        {
            "loss0": between(rng, 0.5, 3.0),
            "g": np.zeros(4),
            "H": _symmetric(rng, 4),
            "v": signed(rng, (4,)),
        },
    )


def _symmetric(rng, d):
    """A symmetric matrix in which no entry is small."""
    H = signed(rng, (d, d))
    return np.triu(H) + np.triu(H, 1).T


def model_by_sums(loss0, g, H, v):
    return loss0 + np.sum(g * v) + 0.5 * np.sum(H * np.outer(v, v))


def model_by_einsum(loss0, g, H, v):
    return loss0 + np.einsum("i,i", v, g) + np.einsum("i,ij,j", v, H, v) / 2


def model_collected(loss0, g, H, v):
    return loss0 + np.dot(v, g + H.dot(v) / 2)


QUADRATIC_MODEL = Exercise(
    name="quadratic_model",
    points=1,
    reference=kernels.quadratic_model,
    returns=("loss",),
    draw=draw_quadratic_model,
    equivalents=(model_by_sums, model_by_einsum, model_collected),
    misconceptions=mistakes(__name__, kernels.quadratic_model),
    hints=(
        "What is the loss if `v` is zero? What does a small step along `g` add to it?",
        (
            "Three terms: a number, a product of two vectors, and half of vector "
            "times matrix times vector."
        ),
        "`return loss0 + v @ g + v @ H @ v / 2`.",
    ),
    read="section 3, equation (1.3)",
    lines=1,
    level=1,
    harmless={
        "return float(loss0 + v @ g + v @ H @ v / 2) -> "
        "return float(loss0 + g @ v + v @ H @ v / 2)": (
            "the product of two vectors does not depend on their order"
        ),
        "return float(loss0 + v @ g + v @ H @ v / 2) -> "
        "return float(loss0 + v @ g + H @ v @ v / 2)": "a Hessian is symmetric",
        "return float(loss0 + v @ g + v @ H @ v / 2) -> "
        "return float(loss0 + v @ g + v @ (v @ H) / 2)": "a Hessian is symmetric",
    },
)
