"""A linear model that reads the digits: ten scores an image, the largest one wins.

Its loss is convex and its gradient is one matrix product, so that thousands of
updates take a second.  Chapter 8 derives what this module uses.
"""

from __future__ import annotations

import numpy as np

from autograder.lab.scoring import losses, losses_and_slopes

__all__ = ["accuracy", "gradient", "loss", "per_example_gradients"]


def loss(W: np.ndarray, X: np.ndarray, labels: np.ndarray) -> float:
    """Mean cross-entropy; log(10) where all weights are zero.

    Parameters
    ----------
    W : ndarray of shape (64, 10)
        Weights: the scores of the ten digits are X @ W.
    X : ndarray of shape (n_samples, 64)
        Images.
    labels : ndarray of shape (n_samples,)
        The digit that each image shows.
    """
    return float(losses(X @ W, labels).mean())


def gradient(W: np.ndarray, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Gradient of `loss` with respect to W, of its shape."""
    return X.T @ losses_and_slopes(X @ W, labels)[1] / len(X)


def per_example_gradients(
    W: np.ndarray, X: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """The gradient of each single example, one a row: (n_samples, W.size)."""
    outer = X[:, :, None] * losses_and_slopes(X @ W, labels)[1][:, None, :]
    return outer.reshape(len(X), -1)


def accuracy(W: np.ndarray, X: np.ndarray, labels: np.ndarray) -> float:
    """Share of images whose own digit has the largest score."""
    return float(np.mean(np.argmax(X @ W, axis=1) == labels))
