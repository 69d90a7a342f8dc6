"""Landscapes with critical points that are no minima: the maps of chapter 01."""

from __future__ import annotations

import numpy as np

from autograder.lab.landscapes import Landscape

__all__ = ["bent_bowl", "monkey_saddle", "saddle", "two_weights"]

_NOWHERE = np.full(2, np.nan)

saddle = Landscape(
    f=lambda p: p[..., 0] ** 2 - p[..., 1] ** 2,
    gradient=lambda p: np.array([2.0, -2.0]) * p,
    hessian=lambda p: np.diag([2.0, -2.0]),
    start=np.array([-1.5, 1e-2]),
    optimum=_NOWHERE,
    region=(-2.0, 2.0, -1.5, 1.5),
)
"""f = x**2 - y**2: up along x, down along y, and no lowest point."""

monkey_saddle = Landscape(
    f=lambda p: p[..., 0] ** 3 - 3 * p[..., 0] * p[..., 1] ** 2,
    gradient=lambda p: np.stack(
        [3 * p[..., 0] ** 2 - 3 * p[..., 1] ** 2, -6 * p[..., 0] * p[..., 1]], axis=-1
    ),
    hessian=lambda p: 6 * np.array([[p[0], -p[1]], [-p[1], -p[0]]]),
    start=np.array([0.5, 0.1]),
    optimum=_NOWHERE,
    region=(-1.2, 1.2, -1.0, 1.0),
)
"""f = x**3 - 3 x y**2: three ways down (two legs and a tail), Hessian 0."""

two_weights = Landscape(
    f=lambda p: (1 - p[..., 0] * p[..., 1]) ** 2,
    gradient=lambda p: -2 * (1 - p[..., :1] * p[..., 1:]) * p[..., ::-1],
    hessian=lambda p: np.array(
        [
            [2 * p[1] ** 2, 4 * p[0] * p[1] - 2],
            [4 * p[0] * p[1] - 2, 2 * p[0] ** 2],
        ]
    ),
    start=np.array([1.0, -1.0]),
    optimum=np.ones(2),
    region=(-2.0, 2.0, -2.0, 2.0),
)
"""f = (1 - w1 * w2)**2: the smallest network, y = w2 * w1 * x, with x = y = 1.

Every point with w1 * w2 = 1 is a minimum; the star stands at one of them.
"""


def bent_bowl(second: float, turn: float = 0.5) -> Landscape:
    """u**2 + second * w**2 / 2 + w**4 / 8 in axes turned by `turn` (radians).

    At the origin the Hessian has the eigenvalues 2 and `second`: a bowl where
    that is positive, a saddle where it is negative.  Where it is zero the
    Hessian cannot tell; the fourth power says that it is a minimum.
    """
    c, s = np.cos(turn), np.sin(turn)
    axes = np.array([[c, s], [-s, c]])

    def gradient(p):
        u, w = np.moveaxis(p @ axes.T, -1, 0)
        return np.stack([2 * u, second * w + w**3 / 2], axis=-1) @ axes

    def f(p):
        u, w = np.moveaxis(p @ axes.T, -1, 0)
        return u**2 + second * w**2 / 2 + w**4 / 8

    def hessian(p):
        w = (axes @ p)[1]
        return axes.T @ np.diag([2.0, second + 1.5 * w**2]) @ axes

    where = np.sqrt(max(-2 * second, 0.0))
    return Landscape(
        f=f,
        gradient=gradient,
        hessian=hessian,
        start=np.array([1.0, 1.0]),
        optimum=where * axes[1],
        region=(-2.0, 2.0, -2.0, 2.0),
    )
