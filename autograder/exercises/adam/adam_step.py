"""Chapter 05: one step of Adam."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adam.steps import AVERAGES_APART, draw_steps
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adam as kernels

__all__ = ["ADAM_STEP"]


def draw_adam_step(rng):
    yield from draw_steps(rng, kernels.adam_step)


def averages_moved_towards_gradient(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def root_split(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    denominator = np.sqrt(v) / np.sqrt(1 - beta2**t) + eps
    return theta - lr / (1 - beta1**t) * m / denominator, m, v


def corrections_first(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    import math

    correction1 = 1.0 - math.pow(beta1, t)
    correction2 = 1.0 - math.pow(beta2, t)
    step_size = lr / correction1
    m = np.add(beta1 * m, (1 - beta1) * grad)
    v = np.add(beta2 * v, (1 - beta2) * np.square(grad))
    return theta - step_size * (m / (np.sqrt(v / correction2) + eps)), m, v


def folded_with_scaled_eps(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    root = np.sqrt(1 - beta2**t)
    return theta - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root), m, v


def powers_by_numpy(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.power(grad, 2)
    m_hat = np.divide(m, 1 - np.power(beta1, t))
    v_hat = np.divide(v, 1 - np.power(beta2, t))
    return np.subtract(theta, lr * m_hat / (v_hat**0.5 + eps)), m, v


def powers_by_logarithms(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / -np.expm1(t * np.log(beta1))
    v_hat = v / -np.expm1(t * np.log(beta2))
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def powers_by_a_loop(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    left1, left2 = 1.0, 1.0
    for _ in range(t):
        left1, left2 = left1 * beta1, left2 * beta2
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * m / (1 - left1) / (np.sqrt(v / (1 - left2)) + eps), m, v


def on_copies(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    theta, m, v = theta.copy(), m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad * grad
    theta -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta, m, v


def gradient_scaled_afterwards(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    new_m = beta1 * m + (1.0 - beta1) * grad
    new_v = beta2 * v + (1.0 - beta2) * np.abs(grad) ** 2
    rate = lr / (np.sqrt(new_v / (1.0 - beta2**t)) + eps)
    return theta - rate * new_m / (1.0 - beta1**t), new_m, new_v


def entry_by_entry(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    import math

    theta, m, v = theta.copy(), m.copy(), v.copy()
    for i in np.ndindex(theta.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * grad[i]
        v[i] = beta2 * v[i] + (1 - beta2) * grad[i] ** 2
        root = math.sqrt(v[i] / (1 - beta2**t))
        theta[i] -= lr * m[i] / (1 - beta1**t) / (root + eps)
    return theta, m, v


ADAM_STEP = Exercise(
    name="adam_step",
    points=4,
    reference=kernels.adam_step,
    returns=("theta", "m", "v"),
    order=("m", "v", "theta"),
    draw=draw_adam_step,
    equivalents=(
        averages_moved_towards_gradient,
        root_split,
        corrections_first,
        folded_with_scaled_eps,
        powers_by_numpy,
        powers_by_logarithms,
        powers_by_a_loop,
        on_copies,
        gradient_scaled_afterwards,
        entry_by_entry,
    ),
    misconceptions=mistakes(__name__, kernels.adam_step),
    hints=(
        (
            "Which of the two averages says where to go, and which one says how long "
            "a step is usual for this parameter?"
        ),
        (
            "Your two functions from above do the first half: new averages, then "
            "both freed of their bias. What is then divided by what, and where does "
            "`eps` keep the division from failing?"
        ),
        (
            "Which averages come back: the corrected ones, or those that the next "
            "step can go on with?"
        ),
        (
            "`m, v = update_moments(m, v, grad, beta1, beta2)`; `m_hat` and `v_hat` "
            "by `correct_bias`; then `return theta - lr * m_hat / (np.sqrt(v_hat) + "
            "eps), m, v`."
        ),
    ),
    read="section 4, equation (5.4)",
    lines=4,
    level=2,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
        "moved: m_hat = m / (1 - beta1 ** t)": AVERAGES_APART,
        "moved: v_hat = v / (1 - beta2 ** t)": AVERAGES_APART,
    },
)
