"""Gradient of the squared error of the softmax, with respect to the logits."""

from __future__ import annotations

import numpy as np

from autograder.exercises.classification.labels import (
    draw_logits_and_labels,
    logits_and_labels,
)
from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import classification as kernels

__all__ = ["SQUARED_ERROR_GRAD"]


def draw_squared_error_grad(rng):
    for label, arguments in draw_logits_and_labels(rng):
        if "large" not in label and "wrong by far" not in label:
            yield label, arguments
    yield "four examples, seven classes", logits_and_labels(rng, 4, 7)
    yield (
        "logits of 1000, one class next to it",
        {
            "z": np.array([[1000.0, 999.0, 3.0], [-1000.0, -998.5, -999.0]])
            + signed(rng, (2, 3)),
            "labels": np.array([1, 2]),
        },
    )


def squared_by_jacobians(z, labels):
    rows = []
    for row, label in zip(z, labels, strict=False):
        p = np.exp(row - row.max())
        p /= p.sum()
        y = np.zeros(len(row))
        y[label] = 1
        rows.append((np.diag(p) - np.outer(p, p)) @ (2 * (p - y)))
    return np.array(rows) / len(z)


def squared_by_einsum(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(z.shape[1])[labels]) / len(labels)
    return p * e - p * np.einsum("ij,ij->i", p, e)[:, None]


SQUARED_ERROR_GRAD = Exercise(
    name="squared_error_grad",
    points=2,
    bonus=True,
    reference=kernels.squared_error_grad,
    returns=("dz",),
    draw=draw_squared_error_grad,
    equivalents=(
        squared_by_jacobians,
        squared_by_einsum,
    ),
    misconceptions=mistakes(__name__, kernels.squared_error_grad),
    hints=(
        (
            "The chain has two links: from the loss to the probabilities, and from "
            "them to the logits. What is each?"
        ),
        (
            "The Jacobian of softmax is `np.diag(p) - np.outer(p, p)`. Multiply `2 * "
            "(p - y)` by it, row by row, without building the matrix."
        ),
        (
            "With `e = p - y`: `return 2 * p * (e - (e * p).sum(axis=1, "
            "keepdims=True)) / len(labels)`."
        ),
    ),
    read="section 5, equation (8.5)",
    lines=3,
    level=3,
    harmless={
        "centred = error - (error * p).sum(axis=1, keepdims=True) -> centred = error -"
        " (error * p).sum(axis=-1, keepdims=True)": (
            "the logits have two axes, so axis 1 is the last one"
        ),
        "error = p - one_hot(labels, z.shape[1]) -> error = p - one_hot(labels, "
        "p.shape[1])": ("softmax keeps the shape"),
        "error = p - one_hot(labels, z.shape[1]) -> error = p - one_hot(labels, "
        "z.shape[-1])": ("the logits have two axes, so axis 1 is the last one"),
        "return 2 * p * centred / len(labels) -> "
        "return 2 * p * centred / len(centred)": (
            "one example is one row, so these are the same number"
        ),
        "return 2 * p * centred / len(labels) -> return 2 * p * centred / len(error)": (
            "one example is one row, so these are the same number"
        ),
        "return 2 * p * centred / len(labels) -> return 2 * p * centred / len(p)": (
            "one example is one row, so these are the same number"
        ),
        "return 2 * p * centred / len(labels) -> return 2 * p * centred / len(z)": (
            "one example is one row, so these are the same number"
        ),
    },
)
