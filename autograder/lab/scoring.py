"""How wrong some scores are: the loss that all networks of this folder have.

Chapter 8 asks for this loss and its gradient.  What can be read here is no
answer to that: the classes come in one after another, each newcomer meets all
that came before it, and the two sides share by the logistic function.
"""

from __future__ import annotations

import numpy as np

__all__ = ["losses_and_slopes"]


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
    last = scores.ndim - 1
    classes = np.ascontiguousarray(scores.transpose(last, *range(last)))
    so_far = classes.copy()
    for k in range(1, len(classes)):  # faster than `accumulate` along the first axis
        np.logaddexp(so_far[k - 1], so_far[k], out=so_far[k])
    with np.errstate(all="ignore"):  # odds of 0 and of inf are right
        odds = np.exp(classes[1:] - so_far[:-1])
        stays = 1 / (1 + odds)
        shares = np.ones_like(classes)
        shares[1:] = 1 / (1 + 1 / odds)
    for k in range(len(stays) - 1, 0, -1):
        stays[k - 1] *= stays[k]
    shares[:-1] *= stays
    examples = np.arange(len(labels))
    slopes = shares.transpose(*range(1, shares.ndim), 0)
    slopes[..., examples, labels] -= 1.0
    return so_far[-1] - scores[..., examples, labels], slopes
