"""Chapter 01: how exact a number is that was computed."""

from __future__ import annotations

import numpy as np

__all__ = ["UNIT_ROUNDOFF", "error_bounds"]

UNIT_ROUNDOFF = 2.0**-53


def error_bounds(f, theta, h):
    """Bounds near theta: on the error of a computed f, on f''' and on f''''.

    The error of a sum of n terms is at most about n roundings of the sum of
    their sizes; computing the terms adds a few, and so do points theta ± h
    that were rounded up to three times: n + 12 in all.  Derivatives are taken
    along one axis for f''', along any axes for f''''.
    """
    x = np.abs(theta) + 2 * h
    given = {name: np.abs(value) for name, value in f.parameters.items()}
    if f.name == "quadratic":
        size = np.sum(given["curvature"] * (x + given["center"]) ** 2)
        m3 = m4 = 0.0
    elif f.name == "two_weights":
        size = (1 + x[0] * x[1]) ** 2
        m3, m4 = 0.0, 4.0
    else:
        a, w = given["amplitude"], given["frequency"]
        size = np.sum(given["curvature"] * x**2) + a * (1 + np.sum(w * x))
        m3, m4 = a * np.max(w) ** 3, a * np.max(w) ** 4
    return (theta.size + 12) * UNIT_ROUNDOFF * float(size), float(m3), float(m4)
