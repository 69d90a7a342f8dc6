"""Chapter 02: the simple noise scale: the batch size at which noise equals signal."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_size.data import draw_gradient_noise
from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import batch_size as kernels

__all__ = ["NOISE_SCALE"]


def draw_noise_scale(rng):
    yield from draw_gradient_noise(rng)
    yield (
        "a mean gradient that is small compared with the noise",
        {
            "per_example_grads": np.round(
                signed(rng, (3,), 0.2, 0.3)
                + np.array([[2.0], [-2.0], [1.5], [-1.5], [1.0], [-1.0]])
                * signed(rng, (6, 3), 0.8, 1.2),
                2,
            )
        },
    )


def scale_from_covariance(per_example_grads):
    cov = np.atleast_2d(np.cov(per_example_grads.T))
    return np.trace(cov) / np.linalg.norm(per_example_grads.mean(axis=0)) ** 2


def scale_by_sums(per_example_grads):
    n = len(per_example_grads)
    mean = per_example_grads.sum(axis=0) / n
    off = per_example_grads - mean
    return np.sum(off**2) / (n - 1) / np.sum(mean**2)


NOISE_SCALE = Exercise(
    name="noise_scale",
    points=1,
    bonus=True,
    reference=kernels.noise_scale,
    returns=("batch_size",),
    draw=draw_noise_scale,
    tolerance=Tolerance(
        rtol=1e-8,
        reason=(
            "the mean gradient may be ten times smaller than the gradients it is the "
            "mean of, which costs two digits in its square"
        ),
    ),
    equivalents=(scale_from_covariance, scale_by_sums),
    misconceptions=mistakes(__name__, kernels.noise_scale),
    hints=(
        "Which of your functions gives the noise? What is the signal?",
        (
            "At the noise scale the variance of a batch's mean, `trace / B`, is the "
            "squared length of the mean gradient. Solve that for `B`."
        ),
        (
            "`G = per_example_grads.mean(axis=0)`, then `return "
            "gradient_noise(per_example_grads) / (G @ G)`."
        ),
    ),
    read="section 6, equation (2.8)",
    lines=2,
    level=2,
)
