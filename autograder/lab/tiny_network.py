"""Networks so small that their whole Hessian can be computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.lab import datasets
from autograder.lab.scoring import losses_and_slopes

__all__ = ["TinyNetwork", "find_critical_point", "four_digits", "ten_digits"]


@dataclass(frozen=True)
class TinyNetwork:
    """Dense, tanh, dense, softmax; all parameters in one vector `theta` (d,).

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of int, shape (n_samples,)
        The right class of each example.
    n_classes : int
        Classes are 0, 1, … n_classes - 1.
    n_hidden : int
        Number of tanh units.
    weight_decay : float
        Adds half of it times ``theta @ theta`` to the loss.
    """

    X: np.ndarray
    labels: np.ndarray
    n_classes: int
    n_hidden: int
    weight_decay: float = 0.0

    @property
    def size(self) -> int:
        """Number of parameters, d."""
        n_features, n_classes = self.X.shape[1], self.n_classes
        return (n_features + 1) * self.n_hidden + (self.n_hidden + 1) * n_classes

    def loss(self, theta) -> float:
        """Mean cross-entropy over the examples, plus the decay."""
        return float(self._loss_and_gradient(theta)[0])

    def gradient(self, theta):
        """Gradient of the loss, of the shape of `theta`: (d,) or a stack (..., d)."""
        return self._loss_and_gradient(theta)[1]

    def hessian(self, theta, h=1e-4, chunk=64):
        """Hessian of the loss at `theta`, (d, d).

        Central differences of the exact gradient, many rows at once: far
        cheaper than second differences of the loss, and more exact.
        """
        steps = h * np.eye(self.size)
        rows = [
            self.gradient(theta + steps[i : i + chunk])
            - self.gradient(theta - steps[i : i + chunk])
            for i in range(0, self.size, chunk)
        ]
        hessian = np.concatenate(rows) / (2 * h)
        return (hessian + hessian.T) / 2

    def _parts(self, theta):
        n_features, n_classes = self.X.shape[1], self.n_classes
        sizes = [n_features * self.n_hidden, self.n_hidden, self.n_hidden * n_classes]
        W1, b1, W2, b2 = np.split(theta, np.cumsum(sizes), axis=-1)
        stack = theta.shape[:-1]
        W1 = W1.reshape(*stack, n_features, self.n_hidden)
        W2 = W2.reshape(*stack, self.n_hidden, n_classes)
        return W1, b1[..., None, :], W2, b2[..., None, :]

    def _loss_and_gradient(self, theta):
        W1, b1, W2, b2 = self._parts(theta)
        hidden = np.tanh(self.X @ W1 + b1)
        losses, out = losses_and_slopes(hidden @ W2 + b2, self.labels)
        loss = losses.mean(axis=-1) + self.weight_decay / 2 * np.sum(theta**2, axis=-1)
        out /= len(self.X)
        back = (out @ np.swapaxes(W2, -1, -2)) * (1 - hidden**2)
        parts = (
            np.swapaxes(self.X, -1, -2) @ back,
            back.sum(axis=-2),
            np.swapaxes(hidden, -1, -2) @ out,
            out.sum(axis=-2),
        )
        flat = [part.reshape(*theta.shape[:-1], -1) for part in parts]
        return loss, np.concatenate(flat, axis=-1) + self.weight_decay * theta


def four_digits() -> TinyNetwork:
    """28 parameters for the digits 0 to 3, after Dauphin et al. (2014), figure 1.

    25 images of each digit; their three principal components, scaled to
    variance 1, are the features.  The weight decay of 0.001 gives the flat
    directions of softmax a curvature, so that critical points are isolated.
    """
    data = datasets.digits()
    chosen = np.concatenate([np.flatnonzero(data.labels == k)[:25] for k in range(4)])
    X = data.X[chosen] - data.X[chosen].mean(axis=0)
    _, _, components = np.linalg.svd(X, full_matrices=False)
    X = X @ components[:3].T
    return TinyNetwork(
        X / X.std(axis=0), data.labels[chosen], 4, n_hidden=3, weight_decay=1e-3
    )


def ten_digits() -> TinyNetwork:
    """145 parameters for all ten digits: 300 images, shrunk to 4 x 4 pixels."""
    data = datasets.digits()
    X = data.X[:300].reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16)
    return TinyNetwork(X - X.mean(axis=0), data.labels[:300], 10, n_hidden=5)


def find_critical_point(network: TinyNetwork, theta, n_steps: int = 30):
    """A point near `theta` where the gradient is zero, or None if none is found.

    Minimises the squared length of the gradient by Newton steps of
    Levenberg-Marquardt form, so that it is drawn to saddles, maxima and minima
    alike.  Found means a gradient shorter than 1e-8.
    """
    gradient, damping = network.gradient(theta), 0.1
    for _ in range(n_steps):
        hessian = network.hessian(theta)
        for _ in range(12):
            square = hessian @ hessian + damping * np.eye(network.size)
            step = np.linalg.solve(square, hessian @ gradient)
            new = network.gradient(theta - step)
            if new @ new < gradient @ gradient:
                break
            damping *= 4
        else:
            break
        theta, gradient, damping = theta - step, new, max(damping / 10, 1e-14)
        if gradient @ gradient < 1e-20:
            break
    return theta if gradient @ gradient < 1e-16 else None
