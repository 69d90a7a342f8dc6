"""Chapter 01: part of the eigenvalues of a Hessian that is positive."""

from __future__ import annotations

import numpy as np

from autograder.exercises.critical_points.hessians import singular, with_eigenvalues
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import critical_points as kernels

__all__ = ["MINIMUM_RATIO"]


def draw_minimum_ratio(rng):
    a, b, c = (between(rng, 0.6, 2.5, 2) for _ in range(3))
    yield (
        "the network of two weights, at the origin",
        {"H": np.array([[0.0, -2.0], [-2.0, 0.0]])},
    )
    yield (
        "two ways up of three",
        {"H": with_eigenvalues(rng, np.array([-a, b, 3.0 + c]))},
    )
    yield (
        "one way up of five",
        {"H": with_eigenvalues(rng, np.array([-9.0, -6.0, -3.0 - a, -b, c]))},
    )
    yield "two ways up and one flat direction", {"H": singular(rng, (1, 1))}
    yield (
        "a minimum in four directions",
        {"H": with_eigenvalues(rng, np.array([a, 3.0 + b, 6.0, 9.0]))},
    )
    yield "a maximum", {"H": with_eigenvalues(rng, np.array([-a, -3.0 - b]))}
    yield (
        "a tolerance coarser than two of the eigenvalues",
        {"H": with_eigenvalues(rng, np.array([-a, -0.15, 0.15, 3.0 + b])), "tol": 0.3},
    )
    yield (
        "an eigenvalue a little above zero, within the default tolerance",
        {"H": np.diag([a, between(rng, 0.2, 0.8) * 1e-8, -b])},
    )
    yield (
        "an eigenvalue a little above zero, beyond the default tolerance",
        {"H": np.diag([a, 1.5e-8, -b])},
    )
    yield (
        "an eigenvalue of exactly `tol`",
        {"H": np.diag([3.0, 0.5, -a, 1.0 + b, 2.0 + c]), "tol": 0.5},
    )


def ratio_by_loop(H, tol=1e-8):
    count = 0
    for eigenvalue in np.linalg.eigvalsh(H):
        if eigenvalue > tol:
            count += 1
    return count / len(H)


def ratio_by_general_eigenvalues(H, tol=1e-8):
    eigenvalues = np.real(np.linalg.eigvals(H))
    return np.count_nonzero(eigenvalues > tol) / eigenvalues.size


def ratio_by_complement(H, tol=1e-8):
    return 1 - (np.linalg.eigh(H)[0] <= tol).sum() / H.shape[0]


MINIMUM_RATIO = Exercise(
    name="minimum_ratio",
    points=1,
    reference=kernels.minimum_ratio,
    returns=("ratio",),
    draw=draw_minimum_ratio,
    equivalents=(ratio_by_loop, ratio_by_general_eigenvalues, ratio_by_complement),
    misconceptions=mistakes(__name__, kernels.minimum_ratio),
    hints=(
        "A Hessian of d parameters has d eigenvalues: which ones count?",
        "The mean of an array of `True` and `False` is the part that is `True`.",
        "`return np.mean(np.linalg.eigvalsh(H) > tol)`.",
    ),
    read="section 6, equation (1.8)",
    lines=1,
    level=1,
)
