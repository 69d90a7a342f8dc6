"""The learning rate at which gradient descent on a quadratic stops converging."""

from __future__ import annotations

import numpy as np

from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import gradient_descent as kernels

__all__ = ["LARGEST_STABLE_LR"]


def draw_largest_stable_lr(rng):
    yield (
        "two parameters, one bowl",
        {"H": np.array([[2.0, 1.0], [1.0, 2.0]])},
    )
    yield (
        "no coupling; the steepest direction is neither the first nor the last",
        {"H": np.diag(np.round(rng.uniform([2, 5, 0.4, 1], [3, 8, 0.6, 1.5]), 2))},
    )
    for label, d in (("three coupled parameters", 3), ("five coupled parameters", 5)):
        yield label, {"H": _positive_definite(rng, d)}
    yield (
        "much steeper in one direction than in the others",
        {"H": _positive_definite(rng, 4, steepest=60.0)},
    )
    yield (
        "a shallow bowl",
        {"H": np.round(_positive_definite(rng, 6) / 20, 3)},
    )
    yield (
        "almost flat in every direction",
        {"H": _positive_definite(rng, 3) * 1e-10},
    )
    yield (
        "every direction goes down: no learning rate is stable",
        {"H": -_positive_definite(rng, 3)},
    )
    yield (
        "one direction goes down, more steeply than the others go up",
        {"H": np.diag(np.round(rng.uniform([1.5, -9, 3], [2.5, -7, 4]), 2))},
    )
    yield (
        "flat in every direction: the largest eigenvalue is zero",
        {"H": np.zeros((2, 2))},
    )


def _positive_definite(rng, d, steepest=None):
    """A symmetric matrix with known-sized eigenvalues, rounded to hundredths."""
    basis, _ = np.linalg.qr(rng.standard_normal((d, d)))
    eigenvalues = rng.uniform(0.8, 6.0, size=d)
    if steepest is not None:
        eigenvalues[0] = steepest
    matrix = np.round(basis * eigenvalues @ basis.T, 2)
    return (matrix + matrix.T) / 2


def from_general_eigenvalues(H):
    largest = max(np.linalg.eigvals(H).real)
    if not largest > 0:
        raise ValueError("no positive eigenvalue")
    return 2 / largest


def from_last_of_sorted(H):
    eigenvalues = np.linalg.eigh(H)[0]
    if eigenvalues[-1] <= 0:
        raise ValueError("no positive eigenvalue")
    return 2.0 / eigenvalues[-1]


def from_spectral_norm(H):
    shift = np.linalg.norm(H)
    largest = np.linalg.norm(H + shift * np.eye(len(H)), 2) - shift
    if largest <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / largest


LARGEST_STABLE_LR = Exercise(
    name="largest_stable_lr",
    points=2,
    reference=kernels.largest_stable_lr,
    returns=("lr",),
    draw=draw_largest_stable_lr,
    equivalents=(from_general_eigenvalues, from_last_of_sorted, from_spectral_norm),
    misconceptions=mistakes(__name__, kernels.largest_stable_lr),
    hints=(
        (
            "In one direction with curvature `h`, by which factor does one step "
            "multiply the distance to the minimum? For which `lr` is its size below "
            "1?"
        ),
        (
            "The eigenvalues of `H` are the curvatures, and `np.linalg.eigvalsh` "
            "gives those of a symmetric matrix. Which one is the first to make "
            "trouble as `lr` grows?"
        ),
        (
            "`largest = np.linalg.eigvalsh(H).max()`; raise `ValueError` if it is "
            "not positive, else `return 2 / largest`."
        ),
    ),
    read="section 5, equation (0.6)",
    lines=4,
    level=2,
)
