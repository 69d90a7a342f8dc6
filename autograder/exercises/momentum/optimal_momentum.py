"""Chapter 03: learning rate and momentum with the best rate on quadratics."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import momentum as kernels

__all__ = ["OPTIMAL_MOMENTUM"]


def draw_optimal_momentum(rng):
    yield "eigenvalues 1 and 9", {"mu": 1.0, "L": 9.0}
    yield (
        "a long valley",
        {"mu": between(rng, 0.05, 0.2), "L": between(rng, 3.0, 8.0)},
    )
    yield (
        "everything steep",
        {"mu": between(rng, 20.0, 30.0), "L": between(rng, 300.0, 500.0)},
    )
    yield "a round bowl", {"mu": 4.0, "L": 4.0}
    yield (
        "almost round",
        {"mu": between(rng, 1.0, 1.2), "L": between(rng, 2.0, 2.4)},
    )


def optimal_by_roots(mu, L):
    a, b = mu**0.5, L**0.5
    return 4 / (a + b) ** 2, ((b - a) / (b + a)) ** 2


def optimal_by_inverse_condition(mu, L):
    root = np.sqrt(mu / L)
    return (2 / (np.sqrt(L) * (1 + root))) ** 2, ((1 - root) / (1 + root)) ** 2


def optimal_beta_from_lr(mu, L):
    lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2
    return lr, (1 - np.sqrt(lr * mu)) ** 2


OPTIMAL_MOMENTUM = Exercise(
    name="optimal_momentum",
    points=1,
    reference=kernels.optimal_momentum,
    returns=("lr", "beta"),
    draw=draw_optimal_momentum,
    equivalents=(optimal_by_roots, optimal_by_inverse_condition, optimal_beta_from_lr),
    misconceptions=mistakes(__name__, kernels.optimal_momentum),
    hints=(
        "Which two directions limit the rate, and when are they equally fast?",
        "Both results are squares. In both, roots of `mu` and `L` occur.",
        (
            "`lr = (2 / (np.sqrt(L) + np.sqrt(mu)))**2`; with `kappa = L / mu`, "
            "`beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1))**2`."
        ),
    ),
    read="section 5, equation (3.5)",
    lines=3,
    level=1,
    harmless={
        "beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2 -> "
        "beta = ((1 - np.sqrt(kappa)) / (np.sqrt(kappa) + 1)) ** 2": (
            "the fraction is squared"
        ),
        "lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2 -> "
        "lr = (-2 / (np.sqrt(L) + np.sqrt(mu))) ** 2": "the fraction is squared",
        "kappa = L / mu -> kappa = mu / L": (
            "the fraction for 1 / kappa is that for kappa with the opposite sign, and "
            "it is squared"
        ),
        "moved: beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2": (
            "the two results do not depend on each other"
        ),
        "moved: lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2": (
            "the two results do not depend on each other"
        ),
    },
)
