"""The largest curvature of a loss, from its gradients alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["sharpness"]

STEP = 1e-4
"""How far apart the two gradients are taken, half of it to each side."""


def sharpness(
    gradient: Callable[[np.ndarray], np.ndarray],
    theta: np.ndarray,
    n_directions: int = 15,
) -> float:
    """The largest eigenvalue of the Hessian at `theta`, nearly.

    Parameters
    ----------
    gradient : callable
        Gradient of the loss at an array of the shape of `theta`.
    theta : ndarray
        Where to look.
    n_directions : int
        Each takes two gradients.

    Returns
    -------
    eigenvalue : float
        Never too large but for the differences that stand for derivatives.

    Notes
    -----
    Lanczos's method: the Hessian times a direction is the change of the
    gradient along it; each new direction is what such a product adds to the
    ones before, and the largest eigenvalue in their span is returned.
    """
    start = np.random.default_rng(0).standard_normal(theta.size)
    basis = [start / np.linalg.norm(start)]
    products: list[np.ndarray] = []
    for _ in range(min(n_directions, theta.size)):
        half = STEP / 2 * basis[-1].reshape(theta.shape)
        ahead, behind = (gradient(theta + side * half) for side in (1, -1))
        product = (ahead - behind).ravel() / STEP
        products.append(product)
        for _ in range(2):  # once more for what rounding leaves
            product = product - np.array(basis).T @ (np.array(basis) @ product)
        if np.linalg.norm(product) < 1e-9 * np.linalg.norm(products[-1]):
            break
        basis.append(product / np.linalg.norm(product))
    small = np.array(basis[: len(products)]) @ np.array(products).T
    return float(np.linalg.eigvalsh((small + small.T) / 2)[-1])
