"""Many logistic regressions at once, one a seed: tables of yes and no.

A step function that works entry by entry trains all of them in one call, with
parameters of shape (n_seeds, n_columns).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Tables", "gradient", "loss", "mixed_units", "rare_columns"]


class Tables(NamedTuple):
    """Independent tables of one kind, each from weights of its own.

    Attributes
    ----------
    X, X_new : ndarray of shape (n_seeds, n_rows, n_columns)
        Rows to learn from, and rows to be judged by.
    y, y_new : ndarray of shape (n_seeds, n_rows)
        1 for yes and 0 for no.
    weights : ndarray of shape (n_seeds, n_columns)
        Which yes and no were drawn with.
    sizes : ndarray of shape (n_seeds, n_columns)
        Of each column: how often it is not 0, or the unit it is measured in.
    """

    X: np.ndarray
    y: np.ndarray
    X_new: np.ndarray
    y_new: np.ndarray
    weights: np.ndarray
    sizes: np.ndarray


def rare_columns(
    n_rows: int, n_seeds: int = 10, *, strength: float = 3.0, n_columns: int = 200
) -> Tables:
    """Columns of 0 and 1, the first in half of the rows, most in very few.

    Column k is 1 in a part 1/(2k) of the rows, at least in 3 of 1,000: as
    words are in texts.
    """
    often = np.maximum(0.5 / np.arange(1, n_columns + 1), 0.003)

    def draw(rng, n):
        weights = strength * rng.standard_normal(n_columns)
        return (rng.random((n, n_columns)) < often).astype(float), weights, often

    return _tables(draw, n_rows, n_seeds)


def mixed_units(
    n_rows: int, n_seeds: int = 10, *, decades: float = 1.0, n_columns: int = 100
) -> Tables:
    """Columns that matter alike, each in a unit of its own.

    Units lie between 10 to the power of -`decades` and of `decades`.
    """

    def draw(rng, n):
        units = 10.0 ** rng.uniform(-decades, decades, n_columns)
        weights = 0.5 * rng.standard_normal(n_columns) / units
        return units * rng.standard_normal((n, n_columns)), weights, units

    return _tables(draw, n_rows, n_seeds)


def loss(theta: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean cross-entropy of each seed, in nats: (n_seeds,).

    Parameters
    ----------
    theta : ndarray of shape (n_seeds, n_columns)
        Weights.
    X, y : ndarray
        Of shapes (n_seeds, n_rows, n_columns) and (n_seeds, n_rows).
    """
    scores = _scores(theta, X)
    return np.mean(np.logaddexp(0.0, scores) - y * scores, axis=1)


def gradient(theta: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Gradient of `loss` for each seed, of the shape of `theta`."""
    wrong = 1 / (1 + np.exp(-_scores(theta, X))) - y
    return (wrong[:, None, :] @ X)[:, 0] / X.shape[1]


def _scores(theta, X):
    return (X @ theta[..., None])[..., 0]


def _tables(draw, n_rows, n_seeds, n_new=2000):
    parts = []
    for seed in range(n_seeds):
        rng = np.random.default_rng(seed)
        X, weights, sizes = draw(rng, n_rows + n_new)
        y = rng.random(len(X)) < 1 / (1 + np.exp(-(X @ weights)))
        parts.append((X, y.astype(float), weights, sizes))
    X, y, weights, sizes = (np.array(part) for part in zip(*parts, strict=True))
    return Tables(
        X[:, :n_rows], y[:, :n_rows], X[:, n_rows:], y[:, n_rows:], weights, sizes
    )
