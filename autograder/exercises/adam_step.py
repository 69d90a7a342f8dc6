"""Chapter 05: Adam's step, with the many wrong Adams that other checks let pass.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.spec import Exercise, Misconception
from autograder.kernels import adam as kernels

__all__ = ["ADAM_STEP", "AVERAGES_APART", "NOT_IN_PLACE", "draw_steps"]

NOT_IN_PLACE = (
    "Whoever called the function still holds the old array and finds it changed. "
    "Write `a = a + b` instead of `a += b`: it makes a new array."
)

AVERAGES_APART = "what becomes of `m` and of `v` does not depend on the other"
"""Why a prover's mutant that exchanges such lines is a right form too."""


def draw_steps(rng, step, **options):
    """Cases for a step of Adam's kind; `options` are what it takes besides.

    The state of a run is carried on by the reference `step`, so that a
    mistake in one step is not hidden by the same mistake in the next.
    """
    yield (
        "first step, t = 1",
        {
            "theta": np.array([1.0, -2.0, 0.5]),
            "m": np.zeros(3),
            "v": np.zeros(3),
            "t": 1,
            "grad": np.array([0.1, -0.4, 2.0]),
            "lr": 0.1,
        },
    )
    settings = {
        "lr": between(rng, 0.05, 0.3),
        "beta1": between(rng, 0.6, 0.8),
        "beta2": between(rng, 0.75, 0.85),
        "eps": between(rng, 0.01, 0.03),
        **options,
    }
    theta, m, v = signed(rng, (2,)), np.zeros(2), np.zeros(2)
    # The second parameter's gradients are below eps, the first one's above.
    sizes = np.array([1.0, 0.02])
    for t, which in enumerate(("first", "second", "third"), start=1):
        state = {"theta": theta, "m": m, "v": v, "t": t}
        arguments = {**state, "grad": sizes * signed(rng, (2,), 0.05, 0.5), **settings}
        yield f"{which} step of a run, with a large eps", arguments
        theta, m, v = step(**arguments)
    seen, now = np.array([[1, 1, 0], [1, 1, 1]]), np.array([[1, 1, 0], [0, 1, 1]])
    yield (
        "a matrix: no gradient in one entry this time, and never in another",
        {
            "theta": signed(rng, (2, 3)),
            "m": signed(rng, (2, 3), 0.1, 1.0) * seen,
            "v": np.abs(signed(rng, (2, 3))) * seen,
            "t": 7,
            "grad": signed(rng, (2, 3)) * now,
            "lr": between(rng, 0.3, 0.6),
            "beta1": between(rng, 0.3, 0.5),
            "beta2": between(rng, 0.9, 0.95),
            "eps": 1e-3,
            **options,
        },
    )
    yield (
        "gradients near 1e-6, and every default",
        {
            "theta": signed(rng, (5,)),
            "m": 2e-7 * signed(rng, (5,)),
            "v": 2e-15 * np.abs(signed(rng, (5,))),
            "t": 3,
            "grad": 1e-6 * signed(rng, (5,)),
        },
    )
    yield (
        "three axes, late in a run",
        {
            "theta": signed(rng, (4, 1, 2)),
            "m": signed(rng, (4, 1, 2), 0.1, 1.0),
            "v": np.abs(signed(rng, (4, 1, 2))),
            "t": int(rng.integers(1500, 2500)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
            **options,
        },
    )


def draw_adam_step(rng):
    yield from draw_steps(rng, kernels.adam_step)


# --- other right forms ------------------------------------------------------


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


# --- wrong: the correction of the bias --------------------------------------


def no_bias_correction(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * m / (np.sqrt(v) + eps), m, v


def only_m_corrected(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * m / (1 - beta1**t) / (np.sqrt(v) + eps), m, v


def only_v_corrected(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * m / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def t_from_zero(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1 ** (t - 1))
    v_hat = v / (1 - beta2 ** (t - 1))
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def t_one_ahead(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1 ** (t + 1))
    v_hat = v / (1 - beta2 ** (t + 1))
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def betas_without_power(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1)
    v_hat = v / (1 - beta2)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def betas_times_t(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1 * t)
    v_hat = v / (1 - beta2 * t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def beta1_times_t(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1 * t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def complement_to_the_power(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1) ** t
    v_hat = v / (1 - beta2) ** t
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def betas_swapped(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta2 * m + (1 - beta2) * grad
    v = beta1 * v + (1 - beta1) * grad**2
    m_hat = m / (1 - beta2**t)
    v_hat = v / (1 - beta1**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def betas_swapped_in_correction(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta2**t)
    v_hat = v / (1 - beta1**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def betas_swapped_in_averages(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta2 * m + (1 - beta2) * grad
    v = beta1 * v + (1 - beta1) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def beta1_in_both_corrections(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta1**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def beta2_in_both_corrections(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta2**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def corrections_multiplied(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m * (1 - beta1**t)
    v_hat = v * (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def correction_outside_root(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    denominator = np.sqrt(v) / (1 - beta2**t) + eps
    return theta - lr * m / (1 - beta1**t) / denominator, m, v


def corrected_moments_stored(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m = m / (1 - beta1**t)
    v = v / (1 - beta2**t)
    return theta - lr * m / (np.sqrt(v) + eps), m, v


def corrected_m_stored(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m / (np.sqrt(v_hat) + eps), m, v


def corrected_v_stored(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v) + eps), m, v


def gradient_corrected(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    grad = grad / (1 - beta1**t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * m / (np.sqrt(v) + eps), m, v


# --- wrong: the averages ----------------------------------------------------


def stale_moments(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def moments_not_stored(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m_hat = (beta1 * m + (1 - beta1) * grad) / (1 - beta1**t)
    v_hat = (beta2 * v + (1 - beta2) * grad**2) / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def v_from_corrected_m(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    m_hat = m / (1 - beta1**t)
    v = beta2 * v + (1 - beta2) * m_hat**2
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def v_from_m(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * m**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def absolute_gradient_in_v(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.abs(grad)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def gradient_not_squared(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def no_decay_of_m(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def no_decay_of_v(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def sums_not_averages(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + grad
    v = beta2 * v + grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def sum_in_m(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def sum_in_v(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def weights_swapped(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = (1 - beta1) * m + beta1 * grad
    v = (1 - beta2) * v + beta2 * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def beta1_for_both(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta1 * v + (1 - beta1) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta1**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def beta2_for_both(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta2 * m + (1 - beta2) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta2**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def mean_over_entries(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.mean(grad**2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def sum_over_entries(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.sum(grad**2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def still_without_gradient(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = np.where(grad != 0, beta1 * m + (1 - beta1) * grad, m)
    v = np.where(grad != 0, beta2 * v + (1 - beta2) * grad**2, v)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = lr * m_hat / (np.sqrt(v_hat) + eps)
    return np.where(grad != 0, theta - step, theta), m, v


def adabelief_instead(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * (grad - m) ** 2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def amsgrad_instead(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = np.maximum(v, beta2 * v + (1 - beta2) * grad**2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adamax_instead(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = np.maximum(beta2 * v, np.abs(grad))
    return theta - lr * m / (1 - beta1**t) / (v + eps), m, v


# --- wrong: the denominator, and where eps sits -----------------------------


def no_root(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (v_hat + eps), m, v


def no_denominator(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * m / (1 - beta1**t), m, v


def root_over_fraction(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * np.sqrt(m_hat / (v_hat + eps)), m, v


def eps_missing(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / np.sqrt(v_hat), m, v


def eps_inside_root(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / np.sqrt(v_hat + eps), m, v


def eps_squared_inside_root(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / np.sqrt(v_hat + eps**2), m, v


def eps_before_correction(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = (v + eps) / (1 - beta2**t)
    return theta - lr * m_hat / np.sqrt(v_hat), m, v


def eps_stored_in_v(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2 + eps
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / np.sqrt(v_hat), m, v


def eps_outside_fraction(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * (m_hat / np.sqrt(v_hat) + eps), m, v


def eps_added_to_theta(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / np.sqrt(v_hat) + eps, m, v


def eps_taken_from_theta(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = lr * m_hat / np.sqrt(v_hat) + eps
    return theta - step, m, v


def eps_inside_and_outside(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat + eps) + eps), m, v


def root_of_eps(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + np.sqrt(eps)), m, v


def eps_scaled_by_lr(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + lr * eps), m, v


def eps_scaled_by_root(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) * (1 + eps)), m, v


def eps_only_for_zeros(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / np.where(v_hat > 0, np.sqrt(v_hat), eps), m, v


def eps_added_to_rate(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - (lr / np.sqrt(v_hat) + eps) * m_hat, m, v


def eps_as_lower_bound(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / np.maximum(np.sqrt(v_hat), eps), m, v


def eps_not_scaled_in_folded_form(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - lr_t * m / (np.sqrt(v) + eps), m, v


def eps_scaled_in_plain_form(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    scaled = eps * np.sqrt(1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + scaled), m, v


# --- wrong: the step --------------------------------------------------------


def climbs(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta + lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def sign_of_gradient(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * np.sign(grad), m, v


def sign_of_average(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return theta - lr * np.sign(m), m, v


def gradient_in_numerator(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_hat = v / (1 - beta2**t)
    return theta - lr * grad / (np.sqrt(v_hat) + eps), m, v


def normalised_before_averaging(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    v = beta2 * v + (1 - beta2) * grad**2
    v_hat = v / (1 - beta2**t)
    m = beta1 * m + (1 - beta1) * grad / (np.sqrt(v_hat) + eps)
    return theta - lr * m / (1 - beta1**t), m, v


def nadam_instead(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    ahead = beta1 * m_hat + (1 - beta1) * grad / (1 - beta1**t)
    return theta - lr * ahead / (np.sqrt(v_hat) + eps), m, v


def lr_inside_average(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * lr * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - m_hat / (np.sqrt(v_hat) + eps), m, v


def lr_missing(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - m_hat / (np.sqrt(v_hat) + eps), m, v


def lr_twice(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * (lr * m_hat / (np.sqrt(v_hat) + eps)), m, v


def lr_over_root_of_t(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr / np.sqrt(t) * m_hat / (np.sqrt(v_hat) + eps), m, v


def l2_penalty_added(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    grad = grad + 0.01 * theta
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def weight_decay_added(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) + 0.01 * theta
    return theta - lr * step, m, v


# --- wrong: arguments not used, other defaults ------------------------------


def betas_written_in(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = 0.9 * m + 0.1 * grad
    v = 0.999 * v + 0.001 * grad**2
    m_hat = m / (1 - 0.9**t)
    v_hat = v / (1 - 0.999**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def eps_written_in(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


def lr_written_in(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - 0.001 * m_hat / (np.sqrt(v_hat) + eps), m, v


def lr_default_of_one_hundredth(
    theta, m, v, t, grad, lr=1e-2, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def beta2_default_of_rmsprop(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.99, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def eps_default_of_keras(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-7
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# --- wrong: what comes back -------------------------------------------------


def moments_first(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return m, v, theta - lr * m_hat / (np.sqrt(v_hat) + eps)


def v_before_m(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), v, m


def theta_only(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps)


def t_returned_too(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, t + 1


def step_returned(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return -lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# --- wrong: in place --------------------------------------------------------


def m_in_place(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m *= beta1
    m += (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def v_in_place(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def moments_in_place(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def theta_in_place(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta -= lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta, m, v


def everything_in_place(
    theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta -= lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta, m, v


MISCONCEPTIONS = (
    Misconception(
        "no_bias_correction",
        no_bias_correction,
        "Adam without bias correction",
        "`m` and `v` start at zero, so after t steps they are too small by the "
        "factors `1 - beta1**t` and `1 - beta2**t`. Divide by these before the "
        "update.",
    ),
    Misconception(
        "only_m_corrected",
        only_m_corrected,
        "Adam with `m` corrected and `v` not",
        "That is worse than no correction at all: `v` is the more biased of the "
        "two. Divide `v` by `1 - beta2**t` as well.",
    ),
    Misconception(
        "only_v_corrected",
        only_v_corrected,
        "Adam with `v` corrected and `m` not",
        "`m` starts at zero too. Divide it by `1 - beta1**t`.",
    ),
    Misconception(
        "t_from_zero",
        t_from_zero,
        "Adam with the steps counted from 0",
        "The correction has the power `t - 1`, which makes the divisor of the first "
        "step zero. Here `t` is 1 in the first step already.",
    ),
    Misconception(
        "t_one_ahead",
        t_one_ahead,
        "Adam with `t` one step ahead",
        "The correction has the power `t + 1`. Whoever calls the function has "
        "counted this step already: use `t` as it is.",
    ),
    Misconception(
        "betas_without_power",
        betas_without_power,
        "a correction by `1 - beta`, without the power",
        "That is right in the first step only. The bias shrinks with every step: "
        "the power is `t`.",
    ),
    Misconception(
        "betas_times_t",
        betas_times_t,
        "a correction with `beta * t` in the place of `beta**t`",
        "After t steps zero is left with the weight beta · beta · … · beta, a power.",
    ),
    Misconception(
        "beta1_times_t",
        beta1_times_t,
        "a correction of `m` with `beta1 * t` in the place of `beta1**t`",
        "`v` is corrected rightly. In the divisor of `m` there is a power as well.",
    ),
    Misconception(
        "complement_to_the_power",
        complement_to_the_power,
        "a correction by `(1 - beta)**t`",
        "The power belongs to `beta` alone: `1 - beta**t`. Look at your parentheses.",
    ),
    Misconception(
        "betas_swapped",
        betas_swapped,
        "Adam with `beta1` and `beta2` exchanged",
        "`beta1` is for the average of the gradients, `beta2` for that of their "
        "squares.",
    ),
    Misconception(
        "betas_swapped_in_correction",
        betas_swapped_in_correction,
        "Adam with `beta1` and `beta2` exchanged in the correction",
        "Each average is corrected with its own decay: `m` with `beta1`, `v` with "
        "`beta2`.",
    ),
    Misconception(
        "betas_swapped_in_averages",
        betas_swapped_in_averages,
        "Adam with `beta1` and `beta2` exchanged in the averages",
        "The corrections are right. The average `m` decays with `beta1`, `v` with "
        "`beta2`.",
    ),
    Misconception(
        "beta1_in_both_corrections",
        beta1_in_both_corrections,
        "Adam with `beta1` in both corrections",
        "`v` decays with `beta2`, so it is divided by `1 - beta2**t`.",
    ),
    Misconception(
        "beta2_in_both_corrections",
        beta2_in_both_corrections,
        "Adam with `beta2` in both corrections",
        "`m` decays with `beta1`, so it is divided by `1 - beta1**t`.",
    ),
    Misconception(
        "corrections_multiplied",
        corrections_multiplied,
        "Adam with both averages multiplied by their corrections",
        "The averages are too small by the factors `1 - beta**t`: divide by them.",
    ),
    Misconception(
        "correction_outside_root",
        correction_outside_root,
        "Adam with the correction of `v` outside the root",
        "Dividing `v` by a number divides its root by the root of that number.",
    ),
    Misconception(
        "corrected_moments_stored",
        corrected_moments_stored,
        "Adam that hands on the corrected averages",
        "The next step would correct them once more. Return `m` and `v` as they are "
        "before the correction.",
    ),
    Misconception(
        "corrected_m_stored",
        corrected_m_stored,
        "Adam that hands on the corrected `m`",
        "The next step would correct it once more. Return `m` as it is before the "
        "correction.",
    ),
    Misconception(
        "corrected_v_stored",
        corrected_v_stored,
        "Adam that hands on the corrected `v`",
        "The next step would correct it once more. Return `v` as it is before the "
        "correction.",
    ),
    Misconception(
        "gradient_corrected",
        gradient_corrected,
        "Adam that corrects the gradient in the place of the averages",
        "The gradient has no bias. The averages have, since they began at zero: "
        "divide each by its own factor, after the update of both.",
    ),
    Misconception(
        "stale_moments",
        stale_moments,
        "a step by the averages of the step before",
        "Update `m` and `v` first, then correct and use the new ones.",
    ),
    Misconception(
        "moments_not_stored",
        moments_not_stored,
        "Adam whose new averages are not returned",
        "`theta` is right, but the `m` and `v` that come back are the old ones. The "
        "next step has to start from the new ones.",
    ),
    Misconception(
        "v_from_corrected_m",
        v_from_corrected_m,
        "Adam with the square of the corrected `m` in `v`",
        "`v` is the average of the squared gradients: square `grad`.",
    ),
    Misconception(
        "v_from_m",
        v_from_m,
        "Adam with the square of `m` in `v`",
        "`v` is the average of the squared gradients: square `grad`.",
    ),
    Misconception(
        "absolute_gradient_in_v",
        absolute_gradient_in_v,
        "Adam with `abs(grad)` in `v`",
        "`v` is the average of squares; its root is then of the gradient's size.",
    ),
    Misconception(
        "gradient_not_squared",
        gradient_not_squared,
        "Adam with `grad` in `v`, not squared",
        "Without the square `v` turns negative, and its root is not a number.",
    ),
    Misconception(
        "no_decay_of_m",
        no_decay_of_m,
        "an `m` that never decays",
        "Multiply the old `m` by `beta1` before the gradient is added.",
    ),
    Misconception(
        "no_decay_of_v",
        no_decay_of_v,
        "a `v` that never decays",
        "Multiply the old `v` by `beta2` before the square is added; otherwise it "
        "is AdaGrad's sum.",
    ),
    Misconception(
        "sums_not_averages",
        sums_not_averages,
        "Adam with sums in the place of averages",
        "The weights of an average add up to 1: the gradient enters `m` with "
        "`1 - beta1`, its square enters `v` with `1 - beta2`.",
    ),
    Misconception(
        "sum_in_m",
        sum_in_m,
        "Adam with heavy ball's sum in the place of the average `m`",
        "The gradient enters with the weight `1 - beta1`.",
    ),
    Misconception(
        "sum_in_v",
        sum_in_v,
        "Adam with a sum in the place of the average `v`",
        "The squared gradient enters with the weight `1 - beta2`.",
    ),
    Misconception(
        "weights_swapped",
        weights_swapped,
        "Adam with `beta` and `1 - beta` exchanged in both averages",
        "`beta` is the weight of the past, `1 - beta` that of the new gradient.",
    ),
    Misconception(
        "beta1_for_both",
        beta1_for_both,
        "Adam with `beta1` for both averages",
        "The average of the squares has a decay of its own, `beta2`.",
    ),
    Misconception(
        "beta2_for_both",
        beta2_for_both,
        "Adam with `beta2` for both averages",
        "The average of the gradients has a decay of its own, `beta1`.",
    ),
    Misconception(
        "mean_over_entries",
        mean_over_entries,
        "Adam with one mean square for all entries",
        "Every parameter has a scale of its own: square entry by entry, without a "
        "mean.",
    ),
    Misconception(
        "sum_over_entries",
        sum_over_entries,
        "Adam with the squared norm of the whole gradient",
        "Every parameter has a scale of its own: square entry by entry, without a sum.",
    ),
    Misconception(
        "still_without_gradient",
        still_without_gradient,
        "an Adam that rests where the gradient is zero",
        "The averages decay with every gradient, zero or not, and the parameter "
        "goes on moving by what `m` still holds.",
    ),
    Misconception(
        "adabelief_instead",
        adabelief_instead,
        "AdaBelief",
        "There the squared distance from `m` is averaged. Adam averages `grad**2`.",
    ),
    Misconception(
        "amsgrad_instead",
        amsgrad_instead,
        "Adam with a `v` that never gets smaller",
        "A maximum belongs to AMSGrad, which comes later and keeps it apart. Here "
        "`v` is the average alone.",
    ),
    Misconception(
        "adamax_instead",
        adamax_instead,
        "AdaMax",
        "There a maximum of absolute values is the scale. Adam takes the root of "
        "the average square.",
    ),
    Misconception(
        "no_root",
        no_root,
        "Adam without the root",
        "`v` is of the size of the gradient's square. Divide by its root, so that "
        "the step does not depend on the gradient's units.",
    ),
    Misconception(
        "no_denominator",
        no_denominator,
        "momentum with bias correction, and no scale",
        "Divide by the root of the corrected `v`, plus `eps`.",
    ),
    Misconception(
        "root_over_fraction",
        root_over_fraction,
        "Adam with the root over the whole fraction",
        "The root is of the corrected `v` alone. Over the whole fraction it is not "
        "a number where `m` is negative.",
    ),
    Misconception(
        "eps_missing",
        eps_missing,
        "Adam without `eps`",
        "Where a parameter never had a gradient, that is 0 divided by 0. Add `eps` "
        "to the root.",
    ),
    Misconception(
        "eps_inside_root",
        eps_inside_root,
        "Adam with `eps` inside the root",
        "Add it to the root, after the root is taken: inside, its root counts, and "
        "that is much larger.",
    ),
    Misconception(
        "eps_squared_inside_root",
        eps_squared_inside_root,
        "Adam with the square of `eps` inside the root",
        "It has the right size there, but other numbers. Add `eps` to the root.",
    ),
    Misconception(
        "eps_before_correction",
        eps_before_correction,
        "Adam with `eps` added to `v` before the correction",
        "It is divided by the correction and has its root taken. Add it to the root "
        "of the corrected `v`.",
    ),
    Misconception(
        "eps_stored_in_v",
        eps_stored_in_v,
        "Adam that keeps `eps` in `v`",
        "Then every step adds another one to the average. Add `eps` to the root in "
        "the denominator, and nowhere else.",
    ),
    Misconception(
        "eps_outside_fraction",
        eps_outside_fraction,
        "Adam with `eps` added to the fraction",
        "It belongs to the denominator: put parentheses around the root plus `eps`.",
    ),
    Misconception(
        "eps_added_to_theta",
        eps_added_to_theta,
        "Adam with `eps` added to the parameters",
        "It belongs to the denominator: put parentheses around the root plus `eps`.",
    ),
    Misconception(
        "eps_taken_from_theta",
        eps_taken_from_theta,
        "Adam with `eps` subtracted from the parameters",
        "It belongs to the denominator: put parentheses around the root plus `eps`.",
    ),
    Misconception(
        "eps_added_to_rate",
        eps_added_to_rate,
        "Adam with `eps` added to the effective learning rate",
        "It belongs to the denominator: put parentheses around the root plus `eps`.",
    ),
    Misconception(
        "eps_inside_and_outside",
        eps_inside_and_outside,
        "Adam with `eps` both inside and outside the root",
        "Once is enough: add it after the root is taken.",
    ),
    Misconception(
        "root_of_eps",
        root_of_eps,
        "Adam with a root of `eps`",
        "The root is taken of the corrected `v` alone; `eps` is added as it is.",
    ),
    Misconception(
        "eps_scaled_by_lr",
        eps_scaled_by_lr,
        "Adam with an `eps` that is scaled by `lr`",
        "`lr` is in the numerator only; `eps` is added to the root as it is.",
    ),
    Misconception(
        "eps_scaled_by_root",
        eps_scaled_by_root,
        "Adam with an `eps` that is scaled by the root",
        "As a share of the root it cannot keep a division by zero away. Add it to the "
        "root.",
    ),
    Misconception(
        "eps_only_for_zeros",
        eps_only_for_zeros,
        "Adam with a division that is guarded only where `v` is 0",
        "Here `eps` is added to every root, that of 0 and all others.",
    ),
    Misconception(
        "eps_as_lower_bound",
        eps_as_lower_bound,
        "Adam with `eps` as the denominator's lower bound",
        "That guards the division too, but gives other numbers. Add `eps` to the root.",
    ),
    Misconception(
        "eps_not_scaled_in_folded_form",
        eps_not_scaled_in_folded_form,
        "the folded form with the same `eps`",
        "With both corrections in the learning rate, `eps` stands beside the "
        "uncorrected root and weighs more. Correct `v` before its root is taken.",
    ),
    Misconception(
        "eps_scaled_in_plain_form",
        eps_scaled_in_plain_form,
        "Adam with the `eps` that is meant for the folded form",
        "The factor `sqrt(1 - beta2**t)` is for the folded form. Beside the "
        "corrected root `eps` stands as it is.",
    ),
    Misconception(
        "climbs",
        climbs,
        "a step uphill",
        "The gradient points uphill: subtract the step from `theta`.",
    ),
    Misconception(
        "sign_of_gradient",
        sign_of_gradient,
        "a step by the sign of the gradient",
        "Adam's first step is that, but from the second one the averages count.",
    ),
    Misconception(
        "sign_of_average",
        sign_of_average,
        "a step by the sign of `m`",
        "Divide the corrected `m` by the root of the corrected `v`, plus `eps`.",
    ),
    Misconception(
        "gradient_in_numerator",
        gradient_in_numerator,
        "RMSProp with bias correction, without momentum",
        "The numerator is the corrected `m`, not the gradient.",
    ),
    Misconception(
        "normalised_before_averaging",
        normalised_before_averaging,
        "momentum of gradients that are divided by their scale first",
        "Average the gradients as they are; divide when the step is made.",
    ),
    Misconception(
        "nadam_instead",
        nadam_instead,
        "Nadam, Adam with Nesterov's look ahead",
        "Here the numerator is the corrected `m` alone.",
    ),
    Misconception(
        "lr_inside_average",
        lr_inside_average,
        "Adam with the learning rate inside `m`",
        "`m` is the average of the gradients; `lr` multiplies the step at the end.",
    ),
    Misconception(
        "lr_missing",
        lr_missing,
        "Adam without the learning rate",
        "Multiply the fraction by `lr`.",
    ),
    Misconception(
        "lr_twice",
        lr_twice,
        "Adam with the learning rate applied twice",
        "Multiply the fraction by `lr` once.",
    ),
    Misconception(
        "lr_over_root_of_t",
        lr_over_root_of_t,
        "Adam with a learning rate that decays like one over the root of `t`",
        "The paper's proof has it, its algorithm has not: use `lr` as it is.",
    ),
    Misconception(
        "l2_penalty_added",
        l2_penalty_added,
        "Adam with an L2 penalty of 0.01 in the gradient",
        "Nothing here decays the parameters. Use `grad` as it is.",
    ),
    Misconception(
        "weight_decay_added",
        weight_decay_added,
        "AdamW with a decay of 0.01",
        "That comes later. Here nothing decays the parameters.",
    ),
    Misconception(
        "betas_written_in",
        betas_written_in,
        "Adam with 0.9 and 0.999 written into it",
        "These are defaults only: use the arguments `beta1` and `beta2`.",
    ),
    Misconception(
        "eps_written_in",
        eps_written_in,
        "Adam with 1e-8 written into it",
        "That is a default only: use the argument `eps`.",
    ),
    Misconception(
        "lr_written_in",
        lr_written_in,
        "Adam with the learning rate 0.001 written into it",
        "That is a default only: use the argument `lr`.",
    ),
    Misconception(
        "lr_default_of_one_hundredth",
        lr_default_of_one_hundredth,
        "Adam with 0.01 as the default of `lr`",
        "The default is 0.001. Leave the line with `def` as it was given.",
    ),
    Misconception(
        "beta2_default_of_rmsprop",
        beta2_default_of_rmsprop,
        "Adam with 0.99 as the default of `beta2`",
        "That is RMSProp's in PyTorch. Here it is 0.999; leave the line with `def` "
        "as it was given.",
    ),
    Misconception(
        "eps_default_of_keras",
        eps_default_of_keras,
        "Adam with 1e-7 as the default of `eps`",
        "That is Keras's. Here it is 1e-8; leave the line with `def` as it was given.",
    ),
    Misconception(
        "moments_first",
        moments_first,
        "the results in the order `m`, `v`, `theta`",
        "Return `theta` first, then `m`, then `v`.",
    ),
    Misconception(
        "v_before_m",
        v_before_m,
        "the results in the order `theta`, `v`, `m`",
        "Return `theta` first, then `m`, then `v`.",
    ),
    Misconception(
        "theta_only",
        theta_only,
        "returning `theta` alone",
        "The next step needs the new averages: return `theta, m, v`.",
    ),
    Misconception(
        "t_returned_too",
        t_returned_too,
        "returning `t + 1` as a fourth result",
        "Whoever calls the function counts the steps: return `theta, m, v`.",
    ),
    Misconception(
        "step_returned",
        step_returned,
        "returning the step in the place of `theta`",
        "Add it to `theta` and return the new parameters.",
    ),
    Misconception("m_in_place", m_in_place, "an update of `m` in place", NOT_IN_PLACE),
    Misconception("v_in_place", v_in_place, "an update of `v` in place", NOT_IN_PLACE),
    Misconception(
        "moments_in_place",
        moments_in_place,
        "an update of `m` and `v` in place",
        NOT_IN_PLACE,
    ),
    Misconception(
        "theta_in_place",
        theta_in_place,
        "an update of `theta` in place",
        NOT_IN_PLACE,
    ),
    Misconception(
        "everything_in_place",
        everything_in_place,
        "an update of `theta`, `m` and `v` in place",
        NOT_IN_PLACE,
    ),
)


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
    misconceptions=MISCONCEPTIONS,
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
