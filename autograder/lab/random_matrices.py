"""How often a random symmetric matrix has only positive eigenvalues, exactly."""

from __future__ import annotations

import math

import numpy as np

__all__ = ["chance_of_minimum", "random_symmetric"]


def random_symmetric(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """`n` random symmetric matrices of shape (d, d): (A + A.T) / 2, A normal.

    Their distribution is the Gaussian orthogonal ensemble (GOE): no direction
    is preferred, so it is the same after any rotation.
    """
    A = rng.standard_normal((n, d, d))
    return (A + np.swapaxes(A, 1, 2)) / 2


def chance_of_minimum(d: int) -> float:
    """Probability that all `d` eigenvalues of a GOE matrix are positive.

    Closed forms are 1/2, (2 - sqrt(2)) / 4 and (pi - 2 sqrt(2)) / (4 pi) for
    d = 1, 2, 3.  For large d it falls like exp(-d**2 * ln(3) / 4).

    Raises
    ------
    ValueError
        Unless 1 <= d <= 20: beyond, rounding spoils the result.

    Notes
    -----
    The eigenvalues have the density |prod_{i<j} (x_j - x_i)| exp(-sum x**2 / 2),
    up to a constant that Mehta's integral gives.  Over x > 0 the product is a
    determinant of polynomials orthogonal there, and its integral is a Pfaffian
    of their double integrals (de Bruijn, 1955).  These are computed with
    Gauss-Legendre quadrature, to six digits.

    References
    ----------
    Dean & Majumdar (2006), "Large deviations of extreme eigenvalues of random
    matrices".
    """
    if not 1 <= d <= 20:
        raise ValueError(f"d is {d}; it must be from 1 to 20")
    values, weights, inner, log_leading = _orthogonal_on_half_line(d)
    pairs = np.einsum("jy,ky,y->jk", inner, values, weights)
    skew = pairs - pairs.T
    if d % 2:
        border = values @ weights
        skew = np.block([[skew, border[:, None]], [-border, np.zeros(1)]])
    log_pfaffian = np.linalg.slogdet(skew)[1] / 2
    log_positive = math.lgamma(d + 1) + log_pfaffian - log_leading
    log_all = d / 2 * math.log(2 * math.pi) + sum(
        math.lgamma(1 + j / 2) - math.lgamma(1.5) for j in range(1, d + 1)
    )
    return math.exp(log_positive - log_all)


def _orthogonal_on_half_line(d: int, n: int = 120):
    """Polynomials of degree 0 to d - 1, orthonormal for exp(-x**2 / 2) on x > 0.

    Returns their values at n nodes y, the nodes' weights, their integrals from
    0 to each node, and the logarithm of the product of leading coefficients.
    Three-term recurrence; its coefficients by Stieltjes' procedure.
    """
    t, u = np.polynomial.legendre.leggauss(n)
    t, u = (t + 1) / 2, u / 2
    top = math.sqrt(2 * d) + 9.0  # where the last polynomial's weight is nothing
    y, x = top * t, top * t[:, None] * t
    weights = top * u * np.exp(-(y**2) / 2)
    inner_weights = top * t[:, None] * u * np.exp(-(x**2) / 2)
    first = weights.sum() ** -0.5
    at_y, at_x = [np.full(n, first)], [np.full((n, n), first)]
    log_leading = total = math.log(first)
    before, norm = (np.zeros(n), np.zeros((n, n))), 0.0
    for _ in range(1, d):
        centre = np.sum(weights * y * at_y[-1] ** 2)
        new = (y - centre) * at_y[-1] - norm * before[0]
        new_x = (x - centre) * at_x[-1] - norm * before[1]
        before = at_y[-1], at_x[-1]
        norm = math.sqrt(np.sum(weights * new**2))
        at_y.append(new / norm)
        at_x.append(new_x / norm)
        log_leading -= math.log(norm)
        total += log_leading
    inner = np.einsum("kyx,yx->ky", np.array(at_x), inner_weights)
    return np.array(at_y), weights, inner, total
