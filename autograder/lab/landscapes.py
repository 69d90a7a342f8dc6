"""Loss landscapes: some by name, so that a case can hold them as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = [
    "Landscape",
    "bowl",
    "dented_bowl",
    "kinked_bowl",
    "named_function",
    "named_functions",
    "ravine",
    "valley",
]

named_functions: dict[str, Callable[..., Callable]] = {}
"""Factories by name: called with parameters, each returns a function of one array."""


def named_function(factory: Callable[..., Callable]) -> Callable[..., Callable]:
    """Register a factory under its own name."""
    named_functions[factory.__name__] = factory
    return factory


@named_function
def quadratic(curvature: np.ndarray, center: np.ndarray) -> Callable:
    """f(x) = sum of curvature * (x - center)**2 / 2, for x of any shape."""
    return lambda x: float(np.sum(curvature * (x - center) ** 2) / 2)


@named_function
def quadratic_gradient(curvature: np.ndarray, center: np.ndarray) -> Callable:
    """Gradient of `quadratic`."""
    return lambda x: curvature * (x - center)


@named_function
def ripple_gradient(curvature: np.ndarray, center: np.ndarray) -> Callable:
    """Gradient of a quadratic bowl with ripples, so that it is not linear in x."""
    return lambda x: curvature * (x - center) + np.sin(3 * x)


@dataclass(frozen=True)
class Landscape:
    """A loss to walk on, with what a picture of it needs.

    Parameters
    ----------
    f, gradient, hessian : callable
        Functions of a point.  With two parameters a point has shape (2,), and
        `f` and `gradient` also take a stack of them, (..., 2).  With one
        parameter all three act entry by entry on arrays of any shape.
    start, optimum : ndarray
        Where the course starts on it, and where its least value is.
    region : tuple of float
        What a picture shows: x_low, x_high (and y_low, y_high).
    """

    f: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray], np.ndarray]
    hessian: Callable[[np.ndarray], np.ndarray]
    start: np.ndarray
    optimum: np.ndarray
    region: tuple[float, ...]

    def __post_init__(self):
        # A step that works in place would otherwise move the map for good.
        self.start.setflags(write=False)
        self.optimum.setflags(write=False)


def valley(condition: float) -> Landscape:
    """f = x**2 / condition + y**2: steep across, flat along.

    Its Hessian has the eigenvalues 2 / condition and 2, so `condition` is the
    condition number.
    """
    curvature = np.array([2 / condition, 2.0])
    return Landscape(
        f=lambda p: np.sum(curvature * np.square(p), axis=-1) / 2,
        gradient=lambda p: curvature * p,
        hessian=lambda p: np.diag(curvature),
        start=np.array([-7.0, 2.0]),
        optimum=np.zeros(2),
        region=(-8.0, 4.0, -3.0, 3.0),
    )


ravine = valley(20.0)
"""f = x**2 / 20 + y**2 from (-7, 2): the map of chapters 03 to 05."""


def bowl(*curvatures: float) -> Landscape:
    """f = half the sum of curvature * x**2, in one parameter or two: chapter 00's map.

    The curvatures are the eigenvalues of its Hessian.
    """
    h = np.array(curvatures)
    if len(h) == 1:
        return Landscape(
            f=lambda x: h[0] * np.square(x) / 2,
            gradient=lambda x: h[0] * x,
            hessian=lambda x: h[0] * np.ones_like(x),
            start=np.array(-5.0),
            optimum=np.array(0.0),
            region=(-5.5, 5.5),
        )
    return Landscape(
        f=lambda p: np.sum(h * np.square(p), axis=-1) / 2,
        gradient=lambda p: h * p,
        hessian=lambda p: np.diag(h),
        start=np.array([-5.0, -2.0]),
        optimum=np.zeros(2),
        region=(-6.0, 3.0, -2.8, 2.8),
    )


def _dent(x):
    return 0.3 * np.exp(-(((x + 2) / 0.4) ** 2))


def _dent_slope(x):
    """The derivative of `_dent`, divided by `_dent`."""
    return -2 * (x + 2) / 0.4**2


dented_bowl = Landscape(
    f=lambda x: np.square(x) / 10 - _dent(x),
    gradient=lambda x: x / 5 - _dent_slope(x) * _dent(x),
    hessian=lambda x: 1 / 5 - (_dent_slope(x) ** 2 - 2 / 0.4**2) * _dent(x),
    start=np.array(-6.0),
    optimum=np.array(0.0),
    region=(-6.5, 4.0),
)
"""f = x**2 / 10 with a dent near x = -2 that holds a slow ball, in one parameter."""


def _kinked_f(x):
    return np.where(
        x < 1,
        12.5 * np.square(x),
        np.where(
            x < 2, np.square(x) / 2 + 24 * x - 12, 12.5 * np.square(x) - 24 * x + 36
        ),
    )


kinked_bowl = Landscape(
    f=_kinked_f,
    gradient=lambda x: np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24)),
    hessian=lambda x: np.where((x < 1) | (x >= 2), 25.0, 1.0),
    start=np.array(3.3),
    optimum=np.array(0.0),
    region=(-3.0, 4.0),
)
"""Convex in one parameter, with curvature 25, then 1 from x = 1 to 2, then 25.

Heavy ball tuned for curvatures between 1 and 25 runs in a circle on it, from
its start; Lessard, Recht and Packard (2016), section 4.6.
"""


@named_function
def line_with_bump(
    slope: np.ndarray, where: float, height: float, width: float
) -> Callable:
    """f(x) = slope @ x, and a bump of `height` where the first coordinate is `where`.

    Convex only without the bump, which is gone a few widths away.
    """
    return lambda x: float(
        slope @ x + height * np.exp(-(((x[0] - where) / width) ** 2))
    )


@named_function
def rippled_surface(
    curvature: np.ndarray, frequency: np.ndarray, amplitude: float
) -> Callable:
    """f(x) = sum of curvature * x**2 / 2, + amplitude * sin(sum of frequency * x).

    For x of any shape.  The ripple couples all entries: the Hessian is
    diag(curvature) - amplitude * sin(…) * outer(frequency, frequency).
    """
    return lambda x: float(
        np.sum(curvature * x**2) / 2 + amplitude * np.sin(np.sum(frequency * x))
    )


@named_function
def rippled_surface_gradient(
    curvature: np.ndarray, frequency: np.ndarray, amplitude: float
) -> Callable:
    """Gradient of `rippled_surface`."""
    return lambda x: (
        curvature * x + amplitude * np.cos(np.sum(frequency * x)) * frequency
    )


@named_function
def rare_features_gradient(share: np.ndarray, center: np.ndarray) -> Callable:
    """Gradient of a sum of share * log(cosh(x - center)): one entry a feature."""
    return lambda x: share * np.tanh(x - center)


@named_function
def noisy_bowl_gradient(
    curvature: np.ndarray, center: np.ndarray, noise: float, seed: int
) -> Callable:
    """Gradient of `quadratic` as if seen from nearby: another place in each call.

    The places lie around x, with a deviation of `noise` in each entry.
    """
    rng = np.random.default_rng(seed)
    return lambda x: curvature * (x - center + noise * rng.standard_normal(x.shape))


@named_function
def two_weights() -> Callable:
    """f(w) = (1 - w[0] * w[1])**2: a network of two weights with one example."""
    return lambda w: float((1 - w[0] * w[1]) ** 2)


@named_function
def harmonic_schedule(lr: float, rate: float) -> Callable:
    """A learning rate over time, lr / (1 + rate * t): for `warmup` to start."""
    return lambda t: lr / (1 + rate * t)
