"""Number of inputs of one unit, and number of units that one input feeds."""

from __future__ import annotations

import numpy as np

from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["FANS"]


def draw_fans(rng):
    yield "a dense layer", {"shape": (3, 5)}
    few, many = int(rng.integers(2, 9)), int(rng.integers(20, 90))
    yield "a dense layer with few inputs", {"shape": (few, many)}
    yield "a convolution, 16 channels into 32", {"shape": (32, 16, 3, 5)}
    n_out, n_in = int(rng.integers(6, 12)), int(rng.integers(13, 25))
    yield "a convolution with more inputs than outputs", {"shape": (n_out, n_in, 7, 2)}
    yield "a convolution of a single pixel", {"shape": (10, 4, 1, 1)}
    yield "neither of the two, which raises ValueError", {"shape": (7, 4, 3)}


def fans_by_product(shape):
    if len(shape) not in (2, 4):
        raise ValueError(shape)
    field = int(np.prod(shape[2:]))
    a, b = shape[0] * field, shape[1] * field
    return (a, b) if len(shape) == 2 else (b, a)


def fans_by_weights_of_one_unit(shape):
    if len(shape) == 2:
        return shape[0], shape[1]
    if len(shape) != 4:
        raise ValueError("2 or 4 axes")
    n_weights = shape[0] * shape[1] * shape[2] * shape[3]
    return n_weights // shape[0], n_weights // shape[1]


FANS = Exercise(
    name="fans",
    points=2,
    reference=kernels.fans,
    returns=("fan_in", "fan_out"),
    draw=draw_fans,
    equivalents=(fans_by_product, fans_by_weights_of_one_unit),
    misconceptions=mistakes(__name__, kernels.fans),
    hints=(
        (
            "How many numbers does one unit of the layer add up? And how many units "
            "read one number of the input?"
        ),
        (
            "For a dense layer these are the two axes. For a convolution multiply "
            "the channels by something: by what, and which channels stand first?"
        ),
        (
            "If `len(shape) == 2`: `return shape[0], shape[1]`. If `len(shape) == "
            "4`, with `n_out, n_in, height, width = shape`: `return n_in * height * "
            "width, n_out * height * width`. Else raise `ValueError`."
        ),
    ),
    read="section 4, the table of fans",
    lines=7,
    level=1,
    harmless={
        (
            "moved: if len(shape) == 4:; n_out, n_in, height, width = shape; "
            "return (n_in * height * width, n_out * height * width)"
        ): "the two cases exclude each other",
    },
)
