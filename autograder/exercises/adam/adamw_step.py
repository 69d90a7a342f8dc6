"""Chapter 05: one step of AdamW: Adam with decoupled weight decay."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adam.steps import AVERAGES_APART, draw_steps
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adam as kernels

__all__ = ["ADAMW_STEP"]


def draw_adamw_step(rng):
    yield from draw_steps(rng, kernels.adamw_step, weight_decay=between(rng, 0.05, 0.2))


def decayed_first(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    theta = theta * (1 - lr * weight_decay)
    denominator = np.sqrt(v) / np.sqrt(1 - beta2**t) + eps
    return theta - lr / (1 - beta1**t) * (m / denominator), m, v


def decay_subtracted_last(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad**2 - v)
    step = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - step - lr * weight_decay * theta, m, v


ADAMW_STEP = Exercise(
    name="adamw_step",
    points=2,
    reference=kernels.adamw_step,
    returns=("theta", "m", "v"),
    order=("m", "v", "theta"),
    draw=draw_adamw_step,
    equivalents=(decayed_first, decay_subtracted_last),
    misconceptions=mistakes(__name__, kernels.adamw_step),
    hints=(
        (
            "Two things are subtracted from `theta`. Which of them depends on the "
            "gradients, and which one on `theta` alone?"
        ),
        (
            "The second one goes neither into `m` nor into `v`, and the denominator "
            "does not touch it. Only `lr` multiplies both."
        ),
        (
            "Make Adam's step, and subtract `lr * weight_decay * theta` from its "
            "result, with the `theta` that you were given."
        ),
    ),
    read="section 7, equation (5.8)",
    lines=2,
    level=2,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
        "moved: m_hat = m / (1 - beta1 ** t)": AVERAGES_APART,
        "moved: v_hat = v / (1 - beta2 ** t)": AVERAGES_APART,
    },
)
