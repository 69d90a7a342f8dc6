"""Chapter 04: condition number of X^T X / n, the Hessian of linear regression on X."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["CONDITION_NUMBER"]


def draw_condition_number(rng):
    yield (
        "two columns that are orthogonal",
        {"X": np.array([[3.0, 0.0], [0.0, 1.0], [-3.0, 0.0], [0.0, -1.0]])},
    )
    yield "three columns", {"X": signed(rng, (7, 3))}
    yield (
        "one column is the double of another",
        {"X": singular(rng, (8, 3), _double_of_first, rounded=1)},
    )
    yield (
        "columns of different scale",
        {"X": signed(rng, (9, 4)) * np.array([1.0, 8.0, 0.5, 3.0])},
    )
    yield (
        "means far from 0",
        {"X": signed(rng, (10, 2)) + np.array([4.0, between(rng, -3.0, -2.0)])},
    )
    yield (
        "one column is the sum of two others",
        {"X": singular(rng, (9, 4), _sum_of_others, rounded=-1)},
    )
    yield "a table in very large units", {"X": 1e-14 * signed(rng, (8, 3))}
    yield "one column", {"X": signed(rng, (6, 1))}
    yield "fewer rows than columns", {"X": signed(rng, (3, 5))}


def _double_of_first(X):
    X[:, -1] = 2 * X[:, 0]
    return X


def _sum_of_others(X):
    X[:, 1] = X[:, 0] + X[:, -1]
    return X


def singular(rng, shape, tie, rounded):
    """A table with tied columns whose eigenvalue 0 is rounded to one side of 0.

    So a test for exactly 0, or for below 0, fails on some case.
    """
    tables = [tie(signed(rng, shape)) for _ in range(32)]
    for X in tables:
        if np.linalg.eigvalsh(X.T @ X / len(X))[0] * rounded > 0:
            return X
    return tables[0]


def kappa_of_eigenvalues(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    if eigenvalues[0] < 1e-14 * eigenvalues[-1]:
        return np.inf
    return eigenvalues[-1] / eigenvalues[0]


def kappa_of_eigenvalues_without_n(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    singular = np.isclose(eigenvalues.min() / eigenvalues.max(), 0, atol=1e-12)
    return float("inf") if singular else eigenvalues.max() / eigenvalues.min()


def kappa_of_singular_values(X):
    s = np.linalg.svd(X, compute_uv=False)
    if len(s) < X.shape[1] or s[-1] < 1e-10 * s[0]:
        return np.inf
    return (s[0] / s[-1]) ** 2


def kappa_by_cond_and_rank(X):
    H = X.T @ X / X.shape[0]
    full = np.linalg.matrix_rank(H) == X.shape[1]
    return np.linalg.cond(H) if full else np.inf


def kappa_by_norms(X):
    H = X.T @ X
    if np.linalg.cond(H) > 1e13:
        return np.inf
    return np.linalg.norm(H, 2) * np.linalg.norm(np.linalg.inv(H), 2)


def condition_tolerance(arguments):
    """Wider than usual: eigenvalues are rounded to 1e-16 times the largest."""
    return Tolerance(
        rtol=1e-7,
        reason="a smallest eigenvalue 1e-4 of the largest has 12 digits left, and "
        "computing X^T X first costs some of them",
    )


CONDITION_NUMBER = Exercise(
    name="condition_number",
    points=2,
    reference=kernels.condition_number,
    returns=("kappa",),
    draw=draw_condition_number,
    tolerance=condition_tolerance,
    equivalents=(
        kappa_of_eigenvalues,
        kappa_of_eigenvalues_without_n,
        kappa_of_singular_values,
        kappa_by_cond_and_rank,
        kappa_by_norms,
    ),
    misconceptions=mistakes(__name__, kernels.condition_number),
    hints=(
        "Which matrix is the Hessian of linear regression? How large is it?",
        (
            "`np.linalg.eigvalsh` gives its eigenvalues, the smallest first. What is "
            "the smallest if one column is twice another, and what does rounding "
            "make of it?"
        ),
        (
            "`eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))`. If the first is "
            "below `1e-14` times the last, `return np.inf`; otherwise return the "
            "last over the first."
        ),
    ),
    read="section 9, equation (4.12)",
    lines=4,
    level=2,
    harmless={
        "if np.linalg.matrix_rank(X) < X.shape[1]: -> "
        "if np.linalg.matrix_rank(X) < X.shape[-1]:": "a table has two axes",
    },
)
