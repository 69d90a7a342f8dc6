"""Chapter 08: mean cross-entropy of labels under the softmax of logits."""

from __future__ import annotations

import numpy as np

from autograder.exercises.classification.labels import draw_logits_and_labels
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import classification as kernels

__all__ = ["CROSS_ENTROPY"]


def entropy_by_logaddexp(z, labels):
    picked = np.take_along_axis(z, labels[:, None], axis=1)[:, 0]
    return np.mean(np.logaddexp.reduce(z, axis=1) - picked)


def entropy_by_one_hot(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    y = np.zeros(z.shape)
    y[np.arange(len(labels)), labels] = 1
    return -np.sum(y * log_p) / len(labels)


def entropy_by_loop(z, labels):
    total = 0.0
    for row, label in zip(z, labels, strict=False):
        top = row.max()
        total += top + np.log(np.sum(np.exp(row - top))) - row[label]
    return total / len(z)


def log_of_softmax(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


def log_of_clipped_softmax(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels] + 1e-7))


CROSS_ENTROPY = Exercise(
    name="cross_entropy",
    points=2,
    reference=kernels.cross_entropy,
    returns=("loss",),
    draw=draw_logits_and_labels,
    equivalents=(
        entropy_by_logaddexp,
        entropy_by_one_hot,
        entropy_by_loop,
    ),
    misconceptions=mistakes(__name__, kernels.cross_entropy),
    hints=(
        "Which of the probabilities of an example counts, and how?",
        (
            "The logarithm of a ratio is a difference. What is the logarithm of "
            "softmax, before you compute any softmax?"
        ),
        (
            "With `shifted = z - z.max(axis=1, keepdims=True)`: the mean of "
            "`np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), "
            "labels]`."
        ),
    ),
    read="section 4, equation (8.3)",
    lines=3,
    level=2,
    harmless={
        "log_normaliser = np.log(np.exp(shifted).sum(axis=-1)) -> log_normaliser = "
        "np.log(np.exp(shifted).sum(axis=--1))": (
            "the logits have two axes, so axis 1 is the last one"
        ),
        "log_normaliser = np.log(np.exp(shifted).sum(axis=-1)) -> log_normaliser = "
        "np.log(np.exp(shifted).sum(axis=1))": (
            "the logits have two axes, so axis 1 is the last one"
        ),
        "return float(np.mean(log_normaliser - shifted[np.arange(len(labels)), "
        "labels])) -> return float(np.mean(log_normaliser - "
        "shifted[np.arange(len(log_normaliser)), labels]))": (
            "one example is one row, so these are the same number"
        ),
        "return float(np.mean(log_normaliser - shifted[np.arange(len(labels)), "
        "labels])) -> return float(np.mean(log_normaliser - "
        "shifted[np.arange(len(shifted)), labels]))": (
            "one example is one row, so these are the same number"
        ),
        "return float(np.mean(log_normaliser - shifted[np.arange(len(labels)), "
        "labels])) -> return float(np.mean(log_normaliser - shifted[np.arange(len(z)),"
        " labels]))": ("one example is one row, so these are the same number"),
        "shifted = z - z.max(axis=-1, keepdims=True) -> shifted = z - z.max(axis=--1, "
        "keepdims=True)": ("the logits have two axes, so axis 1 is the last one"),
        "shifted = z - z.max(axis=-1, keepdims=True) -> shifted = z - z.max(axis=1, "
        "keepdims=True)": ("the logits have two axes, so axis 1 is the last one"),
    },
)
