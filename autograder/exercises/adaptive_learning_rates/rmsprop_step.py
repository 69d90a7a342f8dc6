"""Chapter 04: one step of RMSProp."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["RMSPROP_STEP"]


def draw_rmsprop_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "s": np.array([2.0, 10.0]),
            "grad": np.array([4.0, -8.0]),
            "lr": 0.3,
            "rho": 0.5,
        },
    )
    lr, rho = between(rng, 0.05, 0.3), between(rng, 0.6, 0.85)
    eps = between(rng, 0.02, 0.09)

    def run():
        theta, s = signed(rng, (3,)), np.zeros(3)
        for step in ("first step of a run", "second step", "third step"):
            grad = signed(rng, (3,))
            arguments = {"theta": theta, "s": s, "grad": grad}
            yield step, {**arguments, "lr": lr, "rho": rho, "eps": eps}
            theta, s = kernels.rmsprop_step(**arguments, lr=lr, rho=rho, eps=eps)

    yield from one_step_each(run)
    yield (
        "a matrix of parameters, small gradients and a large eps",
        {
            "theta": signed(rng, (2, 3)),
            "s": np.round(rng.uniform(0.0001, 0.0006, (2, 3)), 5),
            "grad": signed(rng, (2, 3), 0.02, 0.06),
            "lr": between(rng, 0.3, 0.6),
            "rho": between(rng, 0.2, 0.4),
            "eps": between(rng, 0.08, 0.12),
        },
    )
    still = np.ones((4, 1, 2))
    still[1, 0, 0] = 0
    moving = still.copy()
    moving[2, 0, 1] = 0
    yield (
        "three axes, one parameter whose gradients were all 0, and rho left out",
        {
            "theta": signed(rng, (4, 1, 2)),
            "s": np.abs(signed(rng, (4, 1, 2))) * still,
            "grad": signed(rng, (4, 1, 2)) * moving,
            "lr": between(rng, 1.2, 1.8),
        },
    )
    yield (
        "tiny gradients, and eps left out",
        {
            "theta": signed(rng, (5,), 0.1, 0.5),
            "s": np.zeros(5),
            "grad": 1e-7 * signed(rng, (5,), 0.5, 5.0),
            "lr": between(rng, 0.05, 0.1),
            "rho": between(rng, 0.6, 0.85),
        },
    )


def rmsprop_moved_average(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = s + (1 - rho) * (grad**2 - s)
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_by_power(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = (1 - rho) * np.square(grad) + rho * s
    return theta - lr * grad * (eps + s**0.5) ** -1, s


def rmsprop_on_copies(theta, s, grad, lr, rho=0.9, eps=1e-8):
    theta, s = theta.copy(), s.copy()
    s *= rho
    s += (1 - rho) * grad * grad
    theta -= lr / (np.sqrt(s) + eps) * grad
    return theta, s


def rmsprop_by_hypotenuse(theta, s, grad, lr, rho=0.9, eps=1e-8):
    root = np.hypot(np.sqrt(rho * s), np.sqrt(1 - rho) * grad)
    return theta - lr * grad / (root + eps), root**2


RMSPROP_STEP = Exercise(
    name="rmsprop_step",
    points=2,
    reference=kernels.rmsprop_step,
    returns=("theta", "s"),
    order=("s", "theta"),
    draw=draw_rmsprop_step,
    equivalents=(
        rmsprop_moved_average,
        rmsprop_by_power,
        rmsprop_on_copies,
        rmsprop_by_hypotenuse,
    ),
    misconceptions=mistakes(__name__, kernels.rmsprop_step),
    hints=(
        "AdaGrad's sum never forgets. What does forget: a sum, or a moving average?",
        (
            "Chapter 3 averaged gradients with two weights that add up to 1. Average "
            "the squares in the same way; the step is AdaGrad's."
        ),
        (
            "`s = rho * s + (1 - rho) * grad**2`, then `return theta - lr * grad / "
            "(np.sqrt(s) + eps), s`."
        ),
    ),
    read="section 5, equation (4.4)",
    lines=2,
    level=1,
)
