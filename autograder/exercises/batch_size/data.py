"""Chapter 02: data to be drawn in batches, and gradients of examples."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed

__all__ = ["draw_gradient_noise", "linear_data", "some_grads"]


def linear_data(rng, n, d):
    return {
        "w": signed(rng, (d,)),
        "X": signed(rng, (n, d)),
        "y": signed(rng, (n,), 1.0, 4.0),
    }


def draw_gradient_noise(rng):
    yield (
        "three gradients of two parameters, with round numbers",
        {"per_example_grads": np.array([[1.0, 0.0], [2.0, 6.0], [6.0, 3.0]])},
    )
    for label, n, d in (
        ("more examples than parameters", 9, 4),
        ("fewer examples than parameters", 3, 6),
        ("two examples", 2, 5),
        ("one parameter", 7, 1),
    ):
        yield label, {"per_example_grads": some_grads(rng, n, d)}


def some_grads(rng, n, d):
    """Gradients whose mean is not near zero, with another spread in each column."""
    mean = signed(rng, (d,), 1.0, 3.0)
    spread = rng.uniform(0.5, 2.5, size=d)
    return np.round(mean + spread * rng.standard_normal((n, d)), 2)
