"""Chapter 02: total variance of the gradients of single examples."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_size.data import draw_gradient_noise
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import batch_size as kernels

__all__ = ["GRADIENT_NOISE"]


def noise_from_covariance(per_example_grads):
    return np.trace(np.atleast_2d(np.cov(per_example_grads, rowvar=False)))


def noise_by_distances(per_example_grads):
    n = len(per_example_grads)
    off = per_example_grads - per_example_grads.mean(axis=0)
    return sum(row @ row for row in off) / (n - 1)


def noise_by_pairs(per_example_grads):
    g = per_example_grads
    gaps = g[:, None] - g[None]
    return np.sum(gaps**2) / (2 * len(g) * (len(g) - 1))


def noise_by_moments(per_example_grads):
    n = len(per_example_grads)
    mean = per_example_grads.mean(axis=0)
    return (np.sum(per_example_grads**2) - n * mean @ mean) / (n - 1)


GRADIENT_NOISE = Exercise(
    name="gradient_noise",
    points=2,
    reference=kernels.gradient_noise,
    returns=("trace_cov",),
    draw=draw_gradient_noise,
    tolerance=Tolerance(
        reason=(
            "rounding of sums of squares; the mean is at most a few times the spread, "
            "so that even the difference of two moments loses only a digit or two"
        )
    ),
    equivalents=(
        noise_from_covariance,
        noise_by_distances,
        noise_by_pairs,
        noise_by_moments,
    ),
    misconceptions=mistakes(__name__, kernels.gradient_noise),
    hints=(
        "Each row is one example's gradient. What are they spread around?",
        (
            "The diagonal of a covariance matrix holds the variances of the columns, "
            "and the trace is their sum. By what does an unbiased variance divide?"
        ),
        "`return per_example_grads.var(axis=0, ddof=1).sum()`.",
    ),
    read="section 3, equation (2.4)",
    lines=1,
    level=1,
)
