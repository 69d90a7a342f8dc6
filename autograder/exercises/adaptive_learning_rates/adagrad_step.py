"""Chapter 04: one step of AdaGrad."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["ADAGRAD_STEP"]


def draw_adagrad_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "r": np.array([5.0, 9.0]),
            "grad": np.array([2.0, -4.0]),
            "lr": 0.3,
        },
    )
    lr, eps = between(rng, 0.05, 0.3), between(rng, 0.02, 0.09)

    def run():
        theta, r = signed(rng, (3,)), np.zeros(3)
        for step in ("first step of a run", "second step", "third step"):
            grad = signed(rng, (3,))
            arguments = {"theta": theta, "r": r, "grad": grad}
            yield step, {**arguments, "lr": lr, "eps": eps}
            theta, r = kernels.adagrad_step(**arguments, lr=lr, eps=eps)

    yield from one_step_each(run)
    yield (
        "a matrix of parameters, small gradients and a large eps",
        {
            "theta": signed(rng, (2, 3)),
            "r": np.round(rng.uniform(0.0001, 0.0006, (2, 3)), 5),
            "grad": signed(rng, (2, 3), 0.02, 0.06),
            "lr": between(rng, 0.3, 0.6),
            "eps": between(rng, 0.08, 0.12),
        },
    )
    still = np.ones((4, 1, 2))
    still[1, 0, 0] = 0
    moving = still.copy()
    moving[2, 0, 1] = 0
    yield (
        "three axes, one parameter whose gradients were all 0",
        {
            "theta": signed(rng, (4, 1, 2)),
            "r": np.abs(signed(rng, (4, 1, 2))) * still,
            "grad": signed(rng, (4, 1, 2)) * moving,
            "lr": between(rng, 1.2, 1.8),
        },
    )
    yield (
        "tiny gradients, and eps left out",
        {
            "theta": signed(rng, (5,), 0.1, 0.5),
            "r": np.zeros(5),
            "grad": 1e-9 * signed(rng, (5,), 0.5, 5.0),
            "lr": between(rng, 0.05, 0.1),
        },
    )


def adagrad_by_power(theta, r, grad, lr, eps=1e-10):
    r = r + np.square(grad)
    return theta - lr * grad * (r**0.5 + eps) ** -1, r


def adagrad_by_own_learning_rates(theta, r, grad, lr, eps=1e-10):
    total = np.add(r, grad * grad)
    own_lr = lr / (eps + np.sqrt(total))
    return theta - own_lr * grad, total


def adagrad_on_copies(theta, r, grad, lr, eps=1e-10):
    theta, r = theta.copy(), r.copy()
    r += np.abs(grad) ** 2
    theta -= lr * grad / (np.sqrt(r) + eps)
    return theta, r


def adagrad_by_hypotenuse(theta, r, grad, lr, eps=1e-10):
    root = np.hypot(np.sqrt(r), grad)
    return theta - lr * grad / (root + eps), root**2


ADAGRAD_STEP = Exercise(
    name="adagrad_step",
    points=2,
    reference=kernels.adagrad_step,
    returns=("theta", "r"),
    order=("r", "theta"),
    draw=draw_adagrad_step,
    equivalents=(
        adagrad_by_power,
        adagrad_by_own_learning_rates,
        adagrad_on_copies,
        adagrad_by_hypotenuse,
    ),
    misconceptions=mistakes(__name__, kernels.adagrad_step),
    hints=(
        (
            "Which parameters should take shorter steps: those with large gradients "
            "so far, or those with small ones? What has to be remembered for that?"
        ),
        (
            "Two lines are enough: first the new sum of squares, then the step. What "
            "has the unit of a gradient, `r` or its root, and where does `eps` go?"
        ),
        (
            "`r = r + grad**2`, then `return theta - lr * grad / (np.sqrt(r) + eps), "
            "r`. Mind the parentheses, and make new arrays."
        ),
    ),
    read="section 3, equation (4.2)",
    lines=2,
    level=1,
)
