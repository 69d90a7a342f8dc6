"""Chapter 08: gradient of `cross_entropy` with respect to the logits."""

from __future__ import annotations

import numpy as np

from autograder.exercises.classification.labels import draw_logits_and_labels
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import classification as kernels

__all__ = ["CROSS_ENTROPY_GRAD"]


def gradient_in_two_steps(z, labels):
    p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    dz = p / len(z)
    dz[np.arange(len(z)), labels] -= 1 / len(z)
    return dz


def gradient_by_comparing(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return (p - (labels[:, None] == np.arange(z.shape[1]))) / z.shape[0]


def gradient_by_rows(z, labels):
    rows = []
    for row, label in zip(z, labels, strict=False):
        p = np.exp(row - row.max())
        p = p / p.sum()
        p[label] -= 1
        rows.append(p / len(z))
    return np.array(rows)


CROSS_ENTROPY_GRAD = Exercise(
    name="cross_entropy_grad",
    points=2,
    reference=kernels.cross_entropy_grad,
    returns=("dz",),
    draw=draw_logits_and_labels,
    equivalents=(
        gradient_in_two_steps,
        gradient_by_comparing,
        gradient_by_rows,
    ),
    misconceptions=mistakes(__name__, kernels.cross_entropy_grad),
    hints=(
        (
            "If the right class's logit grows a little, how does the loss change? "
            "And if another one grows?"
        ),
        (
            "It is the simplest thing you could hope for: what the network said "
            "minus what it should have said. What is left to divide by?"
        ),
        "`return (softmax(z) - one_hot(labels, z.shape[1])) / len(labels)`.",
    ),
    read="section 4, equation (8.4)",
    lines=1,
    level=1,
    harmless={
        "return (softmax(z) - one_hot(labels, z.shape[1])) / len(labels) -> return "
        "(softmax(z) - one_hot(labels, z.shape[-1])) / len(labels)": (
            "the logits have two axes, so axis 1 is the last one"
        ),
        "return (softmax(z) - one_hot(labels, z.shape[1])) / len(labels) -> return "
        "(softmax(z) - one_hot(labels, z.shape[1])) / len(z)": (
            "one example is one row, so these are the same number"
        ),
    },
)
