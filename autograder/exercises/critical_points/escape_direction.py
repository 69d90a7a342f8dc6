"""Chapter 01: direction in which the loss falls off a saddle most steeply."""

from __future__ import annotations

import numpy as np

from autograder.exercises.critical_points.hessians import with_eigenvalues
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import unit_direction
from autograder.exercises.spec import Exercise
from autograder.kernels import critical_points as kernels

__all__ = ["ESCAPE_DIRECTION"]


def draw_escape_direction(rng):
    a, b, c = (between(rng, 0.6, 2.0, 2) for _ in range(3))
    yield (
        "the network of two weights, at the origin",
        {"H": np.array([[0.0, -2.0], [-2.0, 0.0]])},
    )
    yield (
        "one way down of three, not the steepest bend",
        {"H": with_eigenvalues(rng, np.array([-a, b, 4.0 + c]))},
    )
    yield (
        "two ways down of four",
        {"H": with_eigenvalues(rng, np.array([-4.0 - a, -b, 0.3, 3.0 + c]))},
    )
    yield "a minimum", {"H": with_eigenvalues(rng, np.array([a, 3.0 + b]))}
    yield (
        "a maximum in five directions",
        {"H": with_eigenvalues(rng, np.array([-9.0, -7.0, -4.0 - a, -1.0 - b, -0.4]))},
    )
    yield (
        "a slight way down among steep ways up",
        {"H": with_eigenvalues(rng, np.array([-0.25, 3.0 + a, 6.0 + b]))},
    )
    yield "a flat direction and no way down", {"H": np.diag([1.0 + a, 0.0, 3.0 + b])}
    yield (
        "a way down so slight that it is nearly flat",
        {"H": np.diag([1.0 + a, 3.0 + b, -between(rng, 2.0, 9.0) * 1e-9, 2.0 + c])},
    )


def direction_of_either_sign(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if not np.any(eigenvalues < 0):
        raise ValueError
    v = eigenvectors[:, np.argmin(eigenvalues)]
    return v if v[0] > 0 else -v


def direction_by_general_eigenvectors(H):
    eigenvalues, eigenvectors = np.linalg.eig(H)
    lowest = np.argmin(eigenvalues.real)
    if eigenvalues[lowest].real >= 0:
        raise ValueError("no way down")
    v = eigenvectors[:, lowest].real
    return v / np.linalg.norm(v)


def direction_from_minus_hessian(H):
    eigenvalues, eigenvectors = np.linalg.eigh(-H)
    if eigenvalues[-1] <= 0:
        raise ValueError("no way down")
    return eigenvectors.T[-1]


ESCAPE_DIRECTION = Exercise(
    name="escape_direction",
    points=2,
    reference=kernels.escape_direction,
    returns=("direction",),
    draw=draw_escape_direction,
    observe=unit_direction,
    equivalents=(
        direction_of_either_sign,
        direction_by_general_eigenvectors,
        direction_from_minus_hessian,
    ),
    misconceptions=mistakes(__name__, kernels.escape_direction),
    hints=(
        "Along which direction does the quadratic model fall fastest?",
        (
            "`np.linalg.eigh` returns eigenvalues from the lowest up, and "
            "eigenvectors as columns in the same order. What if the lowest is not "
            "negative?"
        ),
        (
            "`eigenvalues, eigenvectors = np.linalg.eigh(H)`; raise `ValueError` if "
            "`eigenvalues[0] >= 0`; `return eigenvectors[:, 0]`."
        ),
    ),
    read="section 5, equation (1.6)",
    lines=4,
    level=2,
)
