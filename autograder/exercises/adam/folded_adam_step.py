"""Chapter 05: one step of Adam with both corrections folded into the learning rate."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adam.steps import AVERAGES_APART, draw_steps
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adam as kernels

__all__ = ["FOLDED_ADAM_STEP"]


def draw_folded_adam_step(rng):
    yield from draw_steps(rng, kernels.folded_adam_step)


def folded_by_corrected_rate(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    import math

    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    rate = lr / (1 - beta1**t)
    rate = rate * math.sqrt(1 - beta2**t)
    return theta - rate * (m / (np.sqrt(v) + eps)), m, v


def plain_with_grown_eps(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.square(grad)
    grown = eps / np.sqrt(1 - beta2**t)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + grown), m, v


FOLDED_ADAM_STEP = Exercise(
    name="folded_adam_step",
    points=2,
    bonus=True,
    reference=kernels.folded_adam_step,
    returns=("theta", "m", "v"),
    order=("m", "v", "theta"),
    draw=draw_folded_adam_step,
    equivalents=(folded_by_corrected_rate, plain_with_grown_eps),
    misconceptions=mistakes(__name__, kernels.folded_adam_step),
    hints=(
        "Write Adam's step without `eps`. Which factors depend on `t` alone?",
        (
            "Gather these factors into a learning rate of this step, `lr_t`. One of "
            "them stood under a root."
        ),
        (
            "`lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)`, and the step is "
            "`lr_t * m / (np.sqrt(v) + eps)` with the averages as they are."
        ),
    ),
    read="section 6, equation (5.6)",
    lines=3,
    level=2,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
        "moved: lr_t = lr * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)": (
            "the learning rate of the step depends on no average"
        ),
    },
)
