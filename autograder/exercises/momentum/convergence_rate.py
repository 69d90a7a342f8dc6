"""Chapter 03: factor per step by which heavy ball shrinks the error on a quadratic."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import momentum as kernels

__all__ = ["CONVERGENCE_RATE"]


def draw_convergence_rate(rng):
    # lr * h stays away from (1 ± sqrt(beta))**2, where the two eigenvalues meet
    # and rounding grows from 1e-16 to its root.
    yield (
        "one direction, on the way to converge",
        {"lr": 0.1, "beta": 0.4, "eigenvalues": np.array([1.0])},
    )
    beta = between(rng, 0.75, 0.9)
    yield (
        "every direction oscillates",
        {"lr": 1.0, "beta": beta, "eigenvalues": np.array([0.4, 1.1, 1.7])},
    )
    yield (
        "slowest in the flattest direction",
        {
            "lr": between(rng, 0.03, 0.05),
            "beta": between(rng, 0.1, 0.15),
            "eigenvalues": np.round(
                rng.uniform([2.0, 0.5, 5.0, 3.0], [2.5, 0.8, 6, 4]), 2
            ),
        },
    )
    yield (
        "slowest in the steepest direction",
        {
            "lr": between(rng, 0.21, 0.22),
            "beta": between(rng, 0.1, 0.15),
            "eigenvalues": np.round(rng.uniform([9.4, 3.0, 6.0], [9.6, 3.5, 7.0]), 2),
        },
    )
    yield (
        "beyond the limit, where it diverges",
        {
            "lr": between(rng, 0.55, 0.6),
            "beta": between(rng, 0.3, 0.4),
            "eigenvalues": np.round(rng.uniform([1.0, 5.5], [1.4, 6.5]), 2),
        },
    )
    yield (
        "no momentum",
        {
            "lr": between(rng, 0.15, 0.2),
            "beta": 0.0,
            "eigenvalues": np.round(rng.uniform([2.0, 1.0, 4.0], [2.5, 1.4, 4.4]), 2),
        },
    )


def rate_by_quadratic_formula(lr, beta, eigenvalues):
    half = (1 + beta - lr * np.asarray(eigenvalues)) / 2
    root = np.sqrt(half**2 - beta + 0j)
    return max(np.abs(half + root).max(), np.abs(half - root).max())


def rate_by_stacked_matrices(lr, beta, eigenvalues):
    matrices = np.zeros((len(eigenvalues), 2, 2))
    matrices[:, 0, 0] = 1 + beta - lr * eigenvalues
    matrices[:, 0, 1] = -beta
    matrices[:, 1, 0] = 1
    return np.max(np.abs(np.linalg.eigvals(matrices)))


def rate_in_velocity_coordinates(lr, beta, eigenvalues):
    rate = 0.0
    for h in eigenvalues:
        step = np.array([[1 - lr * h, beta], [-lr * h, beta]])
        rate = max(rate, abs(np.linalg.eigvals(step)).max())
    return rate


CONVERGENCE_RATE = Exercise(
    name="convergence_rate",
    points=2,
    bonus=True,
    reference=kernels.convergence_rate,
    returns=("rate",),
    draw=draw_convergence_rate,
    equivalents=(
        rate_by_quadratic_formula,
        rate_by_stacked_matrices,
        rate_in_velocity_coordinates,
    ),
    misconceptions=mistakes(__name__, kernels.convergence_rate),
    hints=(
        "Along one eigenvector the next error depends on two numbers. Which two?",
        (
            "Write the pair (new error, old error) as a 2×2 matrix times the pair "
            "before. How fast do powers of a matrix shrink?"
        ),
        (
            "For each eigenvalue `h`, the largest `np.abs` of `np.linalg.eigvals([[1 "
            "+ beta - lr * h, -beta], [1, 0]])`. Return the largest over all of "
            "them."
        ),
    ),
    read="section 5, equation (3.4)",
    lines=4,
    level=3,
    harmless={
        "radii = [np.abs(np.linalg.eigvals([[1 + beta - lr * h, -beta], "
        "[1.0, 0.0]])).max() for h in eigenvalues] -> "
        "radii = [np.abs(np.linalg.eigvals([[lr * h - (1 + beta), -beta], "
        "[1.0, 0.0]])).max() for h in eigenvalues]": (
            "with the opposite trace the two eigenvalues change their signs, and "
            "absolute values are taken"
        ),
    },
)
