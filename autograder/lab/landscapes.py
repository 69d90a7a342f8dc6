"""Loss landscapes and their gradients, by name, so that a case can hold them as data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["named_function", "named_functions"]

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
