"""How wrong some scores are: the loss that all networks of this folder have.

Chapter 8 asks for this loss and its gradient.  What can be read here is no
answer to that: the classes come in one after another, each newcomer meets all
that came before it, and the two sides share by the logistic function.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

__all__ = ["losses", "losses_and_slopes"]


def losses(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Cross-entropy of each example alone, see `losses_and_slopes`."""
    return _losses(scores, labels, _met(_by_class(scores)))


def losses_and_slopes(
    scores: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cross-entropy of each example, and how it changes with each score.

    Parameters
    ----------
    scores : ndarray of shape (..., n_samples, n_classes)
        A higher score makes a class more probable.
    labels : ndarray of int, shape (n_samples,)
        The right class of each example.

    Returns
    -------
    losses : ndarray of shape (..., n_samples)
        In nats.
    slopes : ndarray of the shape of `scores`
        Derivatives of each example's own loss.
    """
    classes = _by_class(scores)
    so_far = _met(classes)
    with np.errstate(all="ignore"):  # odds of 0 and of inf are right
        odds = np.exp(classes[1:] - so_far[:-1])
        stays = 1 / (1 + odds)
        shares = np.empty_like(classes)
        shares[0] = 1.0
        shares[1:] = 1 / (1 + 1 / odds)
    for later, here in pairwise(stays[::-1]):
        np.multiply(here, later, out=here)
    shares[:-1] *= stays
    slopes = shares.transpose(*range(1, shares.ndim), 0)
    slopes[..., np.arange(len(labels)), labels] -= 1.0
    return _losses(scores, labels, so_far), slopes


def _by_class(scores: np.ndarray) -> np.ndarray:
    last = scores.ndim - 1
    return np.ascontiguousarray(scores.transpose(last, *range(last)))


def _met(classes: np.ndarray) -> np.ndarray:
    """What each class and all before it score together."""
    so_far = classes.copy()
    for before, here in pairwise(so_far):  # faster than `accumulate` along this axis
        np.logaddexp(before, here, out=here)
    return so_far


def _losses(scores: np.ndarray, labels: np.ndarray, so_far: np.ndarray) -> np.ndarray:
    return so_far[-1] - scores[..., np.arange(len(labels)), labels]
