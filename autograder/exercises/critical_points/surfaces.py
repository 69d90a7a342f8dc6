"""Chapter 01: losses to be differentiated, each with a place on it."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed

__all__ = ["far_away", "ripples"]


def ripples(rng, shape, far=False, rates=(0.5, 1.0)):
    """A rippled surface and a place on it where no derivative is small.

    There the ripple has both a slope and a curvature, so that one-sided
    differences of first and second order miss by far more than the tolerance.
    `far` makes one entry of theta large: a step that goes with the entries'
    sizes misses there.  With larger `rates` the ripples are faster, so that even
    a small step is seen not to be another one.
    """
    while True:
        theta, frequency = signed(rng, shape), signed(rng, shape, *rates)
        if far:
            where = rng.integers(theta.size)
            theta.flat[where] = signed(rng, (1,), 5.0, 6.0)[0]
            frequency.flat[where] = signed(rng, (1,), 0.85, 1.0)[0]
        phase = np.sum(frequency * theta)
        if abs(np.cos(phase)) > 0.5 and abs(np.sin(phase)) > 0.5:
            break
    parameters = {
        "curvature": signed(rng, shape, 0.5, 3.0),
        "frequency": frequency,
        "amplitude": between(rng, 1.2, 2.0, digits=2),
    }
    return Function("rippled_surface", parameters, shape=shape), theta


def far_away(rng, shape):
    """A large quadratic: its values are so large that a small step drowns."""
    parameters = {
        "curvature": signed(rng, shape, 0.5, 3.0),
        "center": signed(rng, shape, 3000.0, 9000.0),
    }
    return Function("quadratic", parameters, shape=shape), signed(rng, shape)
