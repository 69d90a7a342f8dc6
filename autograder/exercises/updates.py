"""Runs of an optimiser over a dict of arrays, as data for its driver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.calling.inputs import Driven, Function
from autograder.exercises.drawing import signed
from autograder.exercises.spec import Draw

__all__ = ["ONE_ZERO", "draw_updates", "falling_lr", "updates"]

ONE_ZERO = "it makes a single zero, which works for arrays of any shape"
"""Why `zeros_like` of something else than the gradient is a right form too."""

Settings = dict[str, Any]


def updates(
    rng: np.random.Generator,
    shapes: dict[str, tuple[int, ...]],
    n: int,
    late: str = "",
    small: str = "",
    size: float = 1.0,
) -> Driven:
    """A run of `n` updates of arrays with these shapes.

    The array `late` is first seen in the third update; the gradients of the
    array `small` are a hundredth of the others', and zero in its first entry;
    all are multiplied by `size`.
    """
    params = {key: signed(rng, shape) for key, shape in shapes.items()}
    grads = []
    for number in range(n):
        keys = [key for key in shapes if key != late or number >= 2]
        of_each = {key: signed(rng, shapes[key]) for key in keys}
        if small:
            of_each[small] = of_each[small] / 100
            of_each[small].flat[0] = 0.0
        of_each = {key: size * grad for key, grad in of_each.items()}
        grads.append(of_each)
    return Driven("updates", {"params": params, "grads": grads})


def falling_lr(lr: float, n_updates: int) -> Function:
    """A learning rate that falls with t, to be asked for once an update."""
    parameters = {"lr": lr, "rate": 0.25}
    return Function("harmonic_schedule", parameters, calls=n_updates)


def draw_updates(
    rng: np.random.Generator, first: Settings, short: Settings, full: Settings
) -> Iterator[Draw]:
    """Cases for an optimiser, with three settings: by hand, some, and all given."""
    by_hand = {
        "params": {"w": np.array([1.0, -2.0])},
        "grads": [{"w": np.array([2.0, 4.0])}, {"w": np.array([1.0, -3.0])}],
    }
    yield "one array, two updates", {**first, "run": Driven("updates", by_hand)}
    shapes = {"W": (2, 3), "b": (3,)}
    yield "two arrays", {**short, "run": updates(rng, shapes, 3)}
    shapes = {"w": (2,), "b": (2,)}
    run = updates(rng, shapes, 4, small="b")
    yield "two arrays of one shape, one with small gradients", {**full, "run": run}
    shapes = {"W": (4, 1, 2), "late": (3,), "b": (2,)}
    run = updates(rng, shapes, 4, late="late")
    label = "three arrays, one of them first seen in the third update"
    yield label, {**full, "run": run}
