"""Chapter 01: kind of a critical point, as far as its Hessian tells."""

from __future__ import annotations

import numpy as np

from autograder.exercises.critical_points.hessians import singular, with_eigenvalues
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import critical_points as kernels

__all__ = ["CLASSIFY_CRITICAL_POINT"]


def _with_misleading_diagonal(rng):
    """Two negative eigenvalues of four, with determinant and diagonal positive."""
    while True:
        low = np.round(rng.uniform(0.5, 1.0, size=2), 2)
        H = with_eigenvalues(rng, np.array([-low[0], -low[1], 6.0, 8.0]))
        if np.diag(H).min() > 0.2:
            return H


def draw_classify_critical_point(rng):
    a, b, c = (between(rng, 0.6, 2.5, 2) for _ in range(3))
    yield (
        "the network of two weights, at the origin",
        {"H": np.array([[0.0, -2.0], [-2.0, 0.0]])},
    )
    yield (
        "everything curves upwards",
        {"H": with_eigenvalues(rng, np.array([a, 3.0 + b, 6.0 + c]))},
    )
    yield (
        "everything curves downwards, in two directions",
        {"H": with_eigenvalues(rng, np.array([-a, -3.0 - b]))},
    )
    yield (
        "four directions; determinant and diagonal are positive",
        {"H": _with_misleading_diagonal(rng)},
    )
    yield "two ways up and one flat direction", {"H": singular(rng, (1, 1))}
    yield "two ways down and one flat direction", {"H": singular(rng, (-1, -1))}
    yield (
        "one way up, one way down and one flat direction",
        {"H": singular(rng, (1, -1))},
    )
    yield "the monkey saddle", {"H": np.zeros((2, 2))}
    yield (
        "a tolerance coarser than the smallest eigenvalue",
        {"H": with_eigenvalues(rng, np.array([0.15, a, 3.0 + b, 6.0])), "tol": 0.3},
    )
    yield (
        "an eigenvalue a little below zero, within the default tolerance",
        {"H": np.diag([a, -between(rng, 0.2, 0.8) * 1e-8, 3.0 + b])},
    )
    yield (
        "an eigenvalue a little above zero, beyond the default tolerance",
        {"H": np.diag([a, 3.0 + b, 1.5e-8])},
    )
    yield (
        "an eigenvalue of exactly `-tol` among ways up",
        {"H": np.diag([3.0, -0.5, 1.0 + a]), "tol": 0.5},
    )
    yield (
        "an eigenvalue of exactly `tol` with a way down",
        {"H": np.diag([-1.0 - a, 0.5]), "tol": 0.5},
    )
    yield (
        "everything curves downwards, in three directions",
        {"H": with_eigenvalues(rng, np.array([-b, -3.0 - a, -6.0 - c]))},
    )
    yield "a single parameter", {"H": np.array([[-c]])}


def kind_by_extremes(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    low, high = eigenvalues.min(), eigenvalues.max()
    if low < -tol and high > tol:
        return "saddle"
    if low > tol:
        return "local minimum"
    if high < -tol:
        return "local maximum"
    return "degenerate"


def kind_by_counting(H, tol=1e-8):
    eigenvalues = np.linalg.eigh(H)[0]
    n_up, n_down = (eigenvalues > tol).sum(), (eigenvalues < -tol).sum()
    if n_up == len(H):
        return "local minimum"
    if n_down == len(H):
        return "local maximum"
    return "saddle" if n_up and n_down else "degenerate"


def kind_by_general_eigenvalues(H, tol=1e-8):
    eigenvalues = np.linalg.eig(H)[0].real
    if all(eigenvalues > tol):
        return "local minimum"
    if all(eigenvalues < -tol):
        return "local maximum"
    if any(eigenvalues > tol) and any(eigenvalues < -tol):
        return "saddle"
    return "degenerate"


def kind_by_determinant(H, tol=1e-8):
    det = np.linalg.det(H)
    if abs(det) <= tol:
        return "degenerate"
    if det < 0:
        return "saddle"
    return "local minimum" if H[0, 0] > 0 else "local maximum"


CLASSIFY_CRITICAL_POINT = Exercise(
    name="classify_critical_point",
    points=2,
    reference=kernels.classify_critical_point,
    returns=("kind",),
    draw=draw_classify_critical_point,
    equivalents=(kind_by_extremes, kind_by_counting, kind_by_general_eigenvalues),
    misconceptions=mistakes(__name__, kernels.classify_critical_point),
    hints=(
        (
            "Which numbers tell how a symmetric matrix bends in every direction, and "
            "what would both signs among them mean?"
        ),
        (
            "Ask in this order: is there one above `tol` and one below `-tol`? Is "
            "there one in between? What is left has one sign only."
        ),
        (
            "`eigenvalues = np.linalg.eigvalsh(H)`; `np.any(eigenvalues > tol) and "
            'np.any(eigenvalues < -tol)` makes a `"saddle"`, '
            '`np.any(np.abs(eigenvalues) <= tol)` is `"degenerate"`, then `"local '
            'minimum"` if all are positive, else `"local maximum"`.'
        ),
    ),
    read="section 4, equation (1.5)",
    lines=8,
    level=2,
    harmless={
        "moved: down = np.any(eigenvalues < -tol)": (
            "the two lines do not depend on each other"
        ),
    },
)
