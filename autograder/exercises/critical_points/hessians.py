"""Chapter 01: hessians with eigenvalues that are known."""

from __future__ import annotations

import numpy as np

__all__ = ["singular", "with_eigenvalues"]


def with_eigenvalues(rng, eigenvalues):
    """A symmetric matrix of hundredths with almost these eigenvalues.

    Its eigenvectors lie along no axis and no two of their entries are equal.
    """
    wanted = np.sort(eigenvalues)
    d = len(wanted)
    while True:
        Q, _ = np.linalg.qr(rng.standard_normal((d, d)))
        H = np.round(Q @ np.diag(wanted) @ Q.T, 2)
        H = (H + H.T) / 2
        got = np.linalg.eigvalsh(H)
        if np.abs(Q).min() > 0.1 and np.abs(got - wanted).max() < 0.02:
            return H


def singular(rng, signs):
    """An integer matrix of rank two with eigenvalues of these two signs and a zero."""
    while True:
        B = rng.integers(1, 4, size=(3, 2)) * rng.choice([-1, 1], size=(3, 2))
        H = (B * np.array(signs)) @ B.T * 1.0
        sizes = np.sort(np.abs(np.linalg.eigvalsh(H)))
        if sizes[1] > 0.5:
            return H
