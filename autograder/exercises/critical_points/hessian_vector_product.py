"""Chapter 01: Hessian times a vector, without the Hessian."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.critical_points.rounding import UNIT_ROUNDOFF
from autograder.exercises.critical_points.surfaces import ripples
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import critical_points as kernels

__all__ = ["HESSIAN_VECTOR_PRODUCT"]


def product_tolerance(arguments):
    """Rounding of gradients below 100 in size, divided by h."""
    h = arguments.get("h", 1e-5)
    return Tolerance(
        atol=100 * 16 * UNIT_ROUNDOFF / h,
        reason="rounding of two gradients and of the points, over the step",
    )


def gradient_and_place(rng, shape, **options):
    surface, theta = ripples(rng, shape, **options)
    name = "rippled_surface_gradient"
    return Function(name, surface.parameters, shape=shape, calls=2), theta


def draw_hessian_vector_product(rng):
    bowl = {"curvature": np.array([1.0, 4.0]), "center": np.zeros(2)}
    yield (
        "a bowl of two parameters and a large step",
        {
            "grad_fn": Function("quadratic_gradient", bowl, shape=(2,), calls=2),
            "theta": np.array([1.0, -2.0]),
            "v": np.array([2.0, 3.0]),
            "h": 0.5,
        },
    )
    grad_fn, theta = gradient_and_place(rng, (4,), rates=(20.0, 40.0))
    arguments = {"grad_fn": grad_fn, "theta": theta, "v": signed(rng, (4,))}
    yield "the default step, on fast ripples", arguments
    for label, shape, h in (
        ("a matrix of parameters", (2, 3), 1e-3),
        ("three axes and a large step", (3, 1, 2), between(rng, 0.1, 0.3)),
    ):
        grad_fn, theta = gradient_and_place(rng, shape)
        arguments = {"grad_fn": grad_fn, "theta": theta, "v": signed(rng, shape)}
        yield label, {**arguments, "h": h}


def product_from_below(grad_fn, theta, v, h=1e-5):
    step = h * v
    difference = -grad_fn(theta - step)
    difference = difference + grad_fn(theta + step)
    return 0.5 * difference / h


def product_of_two_sides(grad_fn, theta, v, h=1e-5):
    ends = [grad_fn(theta + sign * h * v) for sign in (1, -1)]
    return np.subtract(*ends) / (h + h)


HESSIAN_VECTOR_PRODUCT = Exercise(
    name="hessian_vector_product",
    points=2,
    reference=kernels.hessian_vector_product,
    returns=("product",),
    draw=draw_hessian_vector_product,
    tolerance=product_tolerance,
    equivalents=(product_from_below, product_of_two_sides),
    misconceptions=mistakes(__name__, kernels.hessian_vector_product),
    hints=(
        (
            "The Hessian says how the gradient changes from place to place. Between "
            "which two places would you compare gradients, to hear of `v` alone?"
        ),
        (
            "Go from `theta` along `v` a little way forwards and the same way back. "
            "What is the difference of the two gradients, for a bowl?"
        ),
        "`return (grad_fn(theta + h * v) - grad_fn(theta - h * v)) / (2 * h)`.",
    ),
    read="section 8, on large networks",
    lines=2,
    level=2,
    harmless={
        "def hessian_vector_product(grad_fn, theta, v, h=1e-05): -> "
        "def hessian_vector_product(grad_fn, theta, v, h=-1e-05):": (
            "with -h both the difference and the divisor change their signs"
        ),
    },
)
