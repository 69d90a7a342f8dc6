"""Chapter 03: mend a descent along averaged, clipped gradients."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import mended as kernels

__all__ = ["CLIPPED_DESCENT"]


def draw_clipped_descent(rng):
    bowl = {"curvature": np.array([1.0, 2.0]), "center": np.zeros(2)}
    yield (
        "a bowl, two steps",
        {
            "grad_fn": Function("quadratic_gradient", bowl, shape=(2,), calls=2),
            "theta0": np.array([3.0, 2.0]),
            "lr": 0.1,
            "beta": 0.5,
            "max_norm": 2.5,
            "n_steps": 2,
        },
    )
    for label, shape, max_norm, n_steps in (
        ("a gradient that is never too long", (3,), 100.0, 4),
        ("a matrix, cut in the first steps", (2, 3), 2.0, 6),
        ("always cut", (4, 1, 2), between(rng, 0.1, 0.2), 3),
    ):
        bowl = {
            "curvature": np.abs(signed(rng, shape)),
            "center": signed(rng, shape),
        }
        function = Function("quadratic_gradient", bowl, shape=shape, calls=n_steps)
        yield (
            label,
            {
                "grad_fn": function,
                "theta0": signed(rng, shape, 2.0, 3.0),
                "lr": between(rng, 0.1, 0.2),
                "beta": between(rng, 0.6, 0.8),
                "max_norm": max_norm,
                "n_steps": n_steps,
            },
        )


def clipped_by_a_factor(grad_fn, theta0, lr, beta, max_norm, n_steps):
    path, m = [theta0], 0.0
    for t in range(n_steps):
        grad = grad_fn(path[-1])
        factor = min(1.0, max_norm / np.linalg.norm(grad))
        m = m + (1 - beta) * (factor * grad - m)
        path.append(path[-1] - lr * m / (1 - beta ** (t + 1)))
    path = np.array(path)
    return path, np.linalg.norm(np.diff(path, axis=0).reshape(n_steps, -1), axis=1)


def clipped_with_weights(grad_fn, theta0, lr, beta, max_norm, n_steps):
    path, lengths = np.empty((n_steps + 1, *theta0.shape)), np.empty(n_steps)
    path[0], seen = theta0, []
    for t in range(n_steps):
        grad = grad_fn(path[t])
        seen.append(grad / max(1.0, np.sqrt(np.vdot(grad, grad)) / max_norm))
        weights = beta ** np.arange(t, -1.0, -1.0)
        step = lr * np.tensordot(weights, np.array(seen), 1) / weights.sum()
        path[t + 1], lengths[t] = path[t] - step, np.sqrt(np.vdot(step, step))
    return path, lengths


GIVEN = ("weight_of_the_gradient", "one_array", "correction_ahead")
"""What is to be mended."""

CLIPPED_DESCENT = Exercise(
    name="clipped_descent",
    points=3,
    reference=kernels.clipped_descent,
    returns=("path", "lengths"),
    draw=draw_clipped_descent,
    equivalents=(clipped_by_a_factor, clipped_with_weights),
    misconceptions=mistakes(__name__, kernels.clipped_descent, GIVEN),
    broken=GIVEN,
    hints=(
        (
            "Run two steps by hand on the bowl of the first case, with paper. Which is "
            "the first number of the code that is not yours?"
        ),
        (
            "Look at three places: what a gradient weighs in the average, what it is "
            "divided by in the first step, and what the list of places holds."
        ),
        (
            "The weights of an average add up to 1, and `1 - beta**t` is their sum "
            "after `t` gradients. And `theta -= step` changes the array in the list."
        ),
    ),
    read="section 6, on mending",
    lines=3,
    level=2,
    harmless={
        "grad = grad * (max_norm / norm) -> grad[...] = grad * (max_norm / norm)": (
            "the gradient is an array of its own"
        ),
        "if norm > max_norm: -> if norm >= max_norm:": "the factor is 1 then",
        "moved: lengths.append(np.sqrt(np.sum(step ** 2)))": "lists fill up alone",
        "moved: path, lengths = ([theta0], [])": "neither needs the other line",
        "theta, m = (theta0.copy(), 0.0) -> theta, m = (theta0, 0.0)": (
            "no line changes it in place"
        ),
        "path, lengths = ([theta0], []) -> path, lengths = ([theta], [])": (
            "they are equal"
        ),
    },
)
