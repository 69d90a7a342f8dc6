"""Chapter 07: shift and scale `x` to mean 0 and variance 1 over some of its axes."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, batch
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["NORMALIZE"]


def draw_normalize(rng):
    yield (
        "two examples, one image of 1 by 4 each, and eps = 1",
        {
            "x": np.array([[[[-1.0, 3.0, 3.0, 3.0]]], [[[-3.0, 1.0, 5.0, 1.0]]]]),
            "axes": (2, 3),
            "eps": 1.0,
        },
    )
    kinds = {
        "over the batch and the image: batch normalisation": ((0, 2, 3), 1e-3),
        "over channels and the image: layer normalisation": ((1, 2, 3), 0.2),
        "over the image: instance normalisation": ((2, 3), 1e-2),
    }
    shapes = ((4, 3, 2, 5), (5, 2, 4, 3), (4, 3, 5, 2))
    for (label, (axes, eps)), shape in zip(kinds.items(), shapes, strict=True):
        x = batch(rng, shape, spread=0.2 if eps == 1e-2 else 1.0)
        yield label, {"x": x, "axes": axes, "eps": eps}
    yield (
        "over channels alone, and the eps that is not said",
        {"x": batch(rng, (4, 5, 2, 3), spread=0.01, center=0.01), "axes": (1,)},
    )
    yield (
        "over the batch and the height",
        {
            "x": batch(rng, (5, 2, 3, 4)),
            "axes": (0, 2),
            "eps": between(rng, 0.1, 0.5),
        },
    )


def normalize_by_squares(x, axes, eps=1e-5):
    n = np.prod([x.shape[axis] for axis in axes])
    centered = x - np.sum(x, axis=axes, keepdims=True) / n
    var = np.sum(centered**2, axis=axes, keepdims=True) / n
    return centered * (var + eps) ** -0.5


def normalize_with_axes_last(x, axes, eps=1e-5):
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(x, axes, last)
    flat = moved.reshape(*moved.shape[: x.ndim - len(axes)], -1)
    mean, var = flat.mean(axis=-1)[..., None], flat.var(axis=-1)[..., None]
    flat = (flat - mean) / np.sqrt(var + eps)
    return np.moveaxis(flat.reshape(moved.shape), last, axes)


NORMALIZE = Exercise(
    name="normalize",
    points=2,
    reference=kernels.normalize,
    returns=("out",),
    draw=draw_normalize,
    tolerance=CENTRED,
    equivalents=(normalize_by_squares, normalize_with_axes_last),
    misconceptions=mistakes(__name__, kernels.normalize),
    hints=(
        "Which axes disappear when you take the mean, and which are left?",
        (
            "A mean over some axes must still line up with `x` when it is "
            "subtracted. Which argument of NumPy's `mean` keeps the averaged axes, "
            "with length 1?"
        ),
        (
            "`mean = x.mean(axis=axes, keepdims=True)`, `var` likewise, then `return "
            "(x - mean) / np.sqrt(var + eps)`."
        ),
    ),
    read="section 6, equation (7.7)",
    lines=3,
    level=2,
    harmless={
        "moved: var = x.var(axis=axes, keepdims=True)": (
            "mean and variance do not depend on each other here"
        ),
    },
)
