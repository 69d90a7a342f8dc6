"""Chapter 05: moving averages of the gradients and of their squares."""

from __future__ import annotations

import numpy as np

from autograder.exercises.adam.steps import AVERAGES_APART
from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adam as kernels

__all__ = ["UPDATE_MOMENTS"]


def draw_update_moments(rng):
    yield (
        "two parameters and round numbers",
        {
            "m": np.array([2.0, -1.0]),
            "v": np.array([4.0, 2.0]),
            "grad": np.array([4.0, 3.0]),
            "beta1": 0.5,
            "beta2": 0.75,
        },
    )
    beta1, beta2 = between(rng, 0.6, 0.8), between(rng, 0.82, 0.95)

    def run():
        m, v = np.zeros(3), np.zeros(3)
        for step in ("first step of a run, from zeros", "second step", "third step"):
            arguments = {"m": m, "v": v, "grad": signed(rng, (3,))}
            yield step, {**arguments, "beta1": beta1, "beta2": beta2}
            m, v = kernels.update_moments(**arguments, beta1=beta1, beta2=beta2)

    yield from one_step_each(run)
    yield (
        "a matrix, the default decays, and a gradient that is zero in one place",
        {
            "m": signed(rng, (2, 3)),
            "v": np.abs(signed(rng, (2, 3))),
            "grad": signed(rng, (2, 3)) * np.array([[1, 1, 1], [0, 1, 1]]),
        },
    )
    yield (
        "three axes and a short memory",
        {
            "m": signed(rng, (4, 1, 2)),
            "v": np.abs(signed(rng, (4, 1, 2))),
            "grad": signed(rng, (4, 1, 2)),
            "beta1": between(rng, 0.2, 0.4),
            "beta2": between(rng, 0.55, 0.7),
        },
    )


def moved_towards(m, v, grad, beta1=0.9, beta2=0.999):
    return m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad * grad - v)


def weighted_by_numpy(m, v, grad, beta1=0.9, beta2=0.999):
    m = np.add(np.multiply(beta1, m), (1 - beta1) * grad)
    v = np.add(np.multiply(beta2, v), (1 - beta2) * np.square(grad))
    return m, v


def averaged_on_copies(m, v, grad, beta1=0.9, beta2=0.999):
    m, v = m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * np.power(grad, 2)
    return m, v


UPDATE_MOMENTS = Exercise(
    name="update_moments",
    points=1,
    reference=kernels.update_moments,
    returns=("m", "v"),
    draw=draw_update_moments,
    equivalents=(moved_towards, weighted_by_numpy, averaged_on_copies),
    misconceptions=mistakes(__name__, kernels.update_moments),
    hints=(
        "Which of the two averages keeps the gradient's sign, and which one cannot?",
        (
            "Chapter 3 had the first average already. What goes into the second one "
            "instead of `grad`, and which decay belongs to it?"
        ),
        (
            "`m = beta1 * m + (1 - beta1) * grad`, and the same for `v` with `beta2` "
            "and `grad**2`. Make new arrays; change no argument."
        ),
    ),
    read="section 2, equation (5.1)",
    lines=2,
    level=1,
    harmless={
        "moved: v = beta2 * v + (1 - beta2) * grad ** 2": AVERAGES_APART,
    },
)
