"""One step of AMSGrad: Adam whose denominator never forgets its largest value."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adam.steps import AVERAGES_APART
from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adam as kernels

__all__ = ["AMSGRAD_STEP"]


def draw_amsgrad_step(rng):
    yield (
        "first step, t = 1",
        {
            "theta": np.array([1.0, -2.0, 0.5]),
            "m": np.zeros(3),
            "v": np.zeros(3),
            "v_max": np.zeros(3),
            "t": 1,
            "grad": np.array([0.1, -0.4, 2.0]),
            "lr": 0.1,
        },
    )
    settings = {
        "lr": between(rng, 0.05, 0.3),
        "beta1": between(rng, 0.6, 0.8),
        "beta2": between(rng, 0.5, 0.6),
        "eps": between(rng, 0.01, 0.03),
    }

    def run():
        theta, m, v, v_max = signed(rng, (2,)), np.zeros(2), np.zeros(2), np.zeros(2)
        # Large gradients first, so that v falls below its maximum.
        sizes = (("first", 0.5, 0.9), ("second", 0.05, 0.2), ("third", 0.1, 0.3))
        for t, (which, low, high) in enumerate(sizes, start=1):
            state = {"theta": theta, "m": m, "v": v, "v_max": v_max, "t": t}
            grad = signed(rng, (2,), low, high) * np.array([1.0, 0.02])
            arguments = {**state, "grad": grad, **settings}
            yield f"{which} step of a run, with a large eps", arguments
            theta, m, v, v_max = kernels.amsgrad_step(**arguments)

    yield from one_step_each(run)
    seen, now = np.array([[1, 1, 0], [1, 1, 1]]), np.array([[1, 1, 0], [0, 1, 1]])
    above = np.array([[1, 0, 0], [0, 1, 1]])
    v = np.abs(signed(rng, (2, 3), 0.5, 2.0)) * seen
    yield (
        "a matrix: some entries at their largest, one that never had a gradient",
        {
            "theta": signed(rng, (2, 3)),
            "m": signed(rng, (2, 3), 0.1, 1.0) * seen,
            "v": v,
            "v_max": v + above * np.abs(signed(rng, (2, 3), 1.0, 2.0)),
            "t": 7,
            "grad": signed(rng, (2, 3), 1.5, 2.0) * now,
            "lr": between(rng, 0.3, 0.6),
            "beta1": between(rng, 0.3, 0.5),
            "beta2": between(rng, 0.9, 0.95),
            "eps": 1e-3,
        },
    )
    v = 2e-15 * np.abs(signed(rng, (5,)))
    yield (
        "gradients near 1e-6, and every default",
        {
            "theta": signed(rng, (5,)),
            "m": 2e-7 * signed(rng, (5,)),
            "v": v,
            "v_max": v + 5e-15 * np.array([0, 1, 1, 0, 1]),
            "t": 3,
            "grad": 1e-6 * signed(rng, (5,)),
        },
    )
    v = np.abs(signed(rng, (4, 1, 2)))
    yield (
        "three axes, late in a run",
        {
            "theta": signed(rng, (4, 1, 2)),
            "m": signed(rng, (4, 1, 2), 0.1, 1.0),
            "v": v,
            "v_max": v + np.abs(signed(rng, (4, 1, 2))),
            "t": int(rng.integers(1500, 2500)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
        },
    )


def maximum_by_where(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_max = np.where(v > v_max, v, v_max)
    denominator = np.sqrt(v_max) / np.sqrt(1 - beta2**t) + eps
    return theta - lr / (1 - beta1**t) * m / denominator, m, v, v_max


def maximum_on_a_copy(
    theta, m, v, v_max, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    v_max = v_max.copy()
    higher = v > v_max
    v_max[higher] = v[higher]
    m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max


AMSGRAD_STEP = Exercise(
    name="amsgrad_step",
    points=2,
    bonus=True,
    reference=kernels.amsgrad_step,
    returns=("theta", "m", "v", "v_max"),
    order=("m", "v", "v_max", "theta"),
    draw=draw_amsgrad_step,
    equivalents=(maximum_by_where, maximum_on_a_copy),
    misconceptions=mistakes(__name__, kernels.amsgrad_step),
    hints=(
        "Adam's step can grow again when its `v` shrinks. What could be kept of `v`?",
        (
            "One line more than Adam: the larger of the old `v_max` and the new `v`, "
            "entry by entry. Where does it go then?"
        ),
        (
            "`v_max = np.maximum(v_max, v)` with the new `v`; then Adam's "
            "denominator, with `v_max` instead of `v`."
        ),
    ),
    read="section 8, equation (5.10)",
    lines=4,
    level=2,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
        "moved: m_hat = m / (1 - beta1 ** t)": AVERAGES_APART,
        "moved: v_hat = v_max / (1 - beta2 ** t)": AVERAGES_APART,
        "v_max = np.maximum(v_max, v) -> v_max = np.maximum(v, v_max)": (
            "the larger of two does not depend on their order"
        ),
    },
)
