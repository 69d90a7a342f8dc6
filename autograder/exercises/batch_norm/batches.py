"""Chapter 07: batches to be normalised, with scales for their features."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed
from autograder.exercises.spec import Tolerance

__all__ = ["CENTRED", "batch", "scales"]

CENTRED = Tolerance(
    rtol=1e-9,
    floor=1e-10,
    reason="where two near numbers are subtracted, rounding is that of the large ones",
)


def batch(rng, shape, spread=1.0, center=1.0):
    """A batch whose features have centers and spreads of their own."""
    centers = center * signed(rng, shape[1:])
    spreads = spread * rng.uniform(0.6, 1.4, size=shape[1:])
    return np.round(centers + spreads * rng.standard_normal(shape), 4)


def scales(rng, *sizes):
    """Values of gamma and the like: both signs, none of size 1."""
    drawn = signed(rng, sizes)
    return np.where(np.abs(np.abs(drawn) - 1) < 0.05, 1.2 * drawn, drawn)
