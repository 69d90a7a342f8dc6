"""Chapter 02: data to be drawn in batches, and gradients of examples."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.drawing import between, signed

__all__ = ["draw_gradient_noise", "draw_trainings", "linear_data", "some_grads"]


def linear_data(rng, n, d):
    return {
        "w": signed(rng, (d,)),
        "X": signed(rng, (n, d)),
        "y": signed(rng, (n,), 1.0, 4.0),
    }


def draw_trainings(rng, sizes):
    """Cases of a training loop, each a label, n, d, batch size and epochs."""
    for label, n, d, batch_size, n_epochs in sizes:
        arguments = linear_data(rng, n, d)
        arguments["lr"] = between(rng, 0.05, 0.15)
        arguments |= {"batch_size": batch_size, "n_epochs": n_epochs}
        yield label, arguments | {"rng": Seed(int(rng.integers(1_000_000)))}


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
