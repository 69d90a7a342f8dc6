"""One step of lr times the gradient over the root mean square of all gradients."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["RMS_STEP"]


def draw_rms_step(rng):
    yield (
        "round numbers, the fourth step",
        {
            "theta": np.array([1.0, -2.0]),
            "sum_sq": np.array([12.0, 27.0]),
            "t": 3,
            "grad": np.array([2.0, -3.0]),
            "lr": 0.3,
        },
    )
    lr = between(rng, 0.05, 0.3)

    def run():
        theta, sum_sq = signed(rng, (3,)), np.zeros(3)
        for t, step in enumerate(
            ("first step of a run, t = 0", "second step", "third")
        ):
            grad = signed(rng, (3,))
            arguments = {"theta": theta, "sum_sq": sum_sq, "t": t, "grad": grad}
            yield step, {**arguments, "lr": lr}
            theta, sum_sq = kernels.rms_step(**arguments, lr=lr)

    yield from one_step_each(run)
    still = np.array([[1, 1, 0], [1, 1, 1]])
    yield (
        "a matrix, one parameter whose gradients were all 0",
        {
            "theta": signed(rng, (2, 3)),
            "sum_sq": np.abs(signed(rng, (2, 3), 2.0, 9.0)) * still,
            "t": 6,
            "grad": signed(rng, (2, 3)) * still * np.array([[1, 0, 1], [1, 1, 1]]),
            "lr": between(rng, 0.3, 0.6),
        },
    )
    yield (
        "second step, one parameter whose gradients were all 0",
        {
            "theta": signed(rng, (4,)),
            "sum_sq": np.abs(signed(rng, (4,))) * np.array([1, 0, 1, 1]),
            "t": 1,
            "grad": signed(rng, (4,)) * np.array([1, 0, 1, 1]),
            "lr": between(rng, 0.3, 0.6),
        },
    )
    yield (
        "gradients near 1e-20, and some that were all 0",
        {
            "theta": signed(rng, (5,)),
            "sum_sq": 1e-40 * np.abs(signed(rng, (5,))) * np.array([1, 1, 0, 1, 0]),
            "t": 2,
            "grad": 1e-20 * signed(rng, (5,)) * np.array([1, 1, 0, 1, 0]),
            "lr": between(rng, 0.3, 0.6),
        },
    )
    yield (
        "three axes and a learning rate above 1",
        {
            "theta": signed(rng, (4, 1, 2)),
            "sum_sq": np.abs(signed(rng, (4, 1, 2), 5.0, 20.0)),
            "t": int(rng.integers(10, 20)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
        },
    )


def rms_where_gradient_is_not_zero(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    step = np.zeros_like(theta)
    moves = grad != 0
    step[moves] = grad[moves] / np.sqrt(sum_sq[moves] / (t + 1))
    return theta - lr * step, sum_sq


def rms_by_adagrad(theta, sum_sq, t, grad, lr):
    total = sum_sq + grad * grad
    share = np.divide(grad, np.sqrt(total), out=np.zeros_like(grad), where=total > 0)
    return theta - lr * np.sqrt(t + 1) * share, total


def rms_by_nan_to_num(theta, sum_sq, t, grad, lr):
    total = sum_sq + grad**2
    return theta - np.nan_to_num(lr * grad * (total / (t + 1)) ** -0.5), total


def rms_with_least_number(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    return theta - lr * grad / np.maximum(sigma, 1e-300), sum_sq


RMS_STEP = Exercise(
    name="rms_step",
    points=2,
    reference=kernels.rms_step,
    returns=("theta", "sum_sq"),
    order=("sum_sq", "theta"),
    draw=draw_rms_step,
    equivalents=(
        rms_where_gradient_is_not_zero,
        rms_by_adagrad,
        rms_by_nan_to_num,
        rms_with_least_number,
    ),
    misconceptions=mistakes(__name__, kernels.rms_step),
    hints=(
        "Root, mean, square: which of the three is done first, and which last?",
        (
            "`t` gradients came before this one. How many are in the new sum? And "
            "what is σ where every gradient was 0?"
        ),
        (
            "`sum_sq = sum_sq + grad**2` and `sigma = np.sqrt(sum_sq / (t + 1))`. "
            "Divide by `np.where(sigma > 0, sigma, 1)`: where σ is 0 the gradient is "
            "0 too. Return `theta - lr * grad` over that, and `sum_sq`."
        ),
    ),
    read="section 4, equation (4.3)",
    lines=3,
    level=2,
    harmless={
        "return (theta - lr * grad / np.where(sigma > 0, sigma, np.inf), sum_sq) -> "
        "return (theta - lr * grad / np.where(sum_sq > 0, sigma, np.inf), sum_sq)": (
            "the root of the mean is 0 exactly where the sum is"
        ),
    },
)
