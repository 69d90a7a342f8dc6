"""Chapter 01: gradient of a function by central differences."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.critical_points.rounding import error_bounds
from autograder.exercises.critical_points.surfaces import far_away, ripples
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import critical_points as kernels

__all__ = ["NUMERICAL_GRADIENT"]


def gradient_tolerance(arguments):
    """How far two right numerical gradients may lie apart.

    A central difference misses the derivative by at most h**2 / 6 * M3, where
    M3 bounds the third derivative (Taylor with remainder).  More exact forms
    (half the step, five points, the derivative itself) lie between the two, so
    that h**2 / 6 * M3 holds all of them, and not the step 2 * h, which misses
    by four times as much.  A ratio of differences multiplies the rounding error
    of `f` by the sum of its weights: 2 / (2 * h) for two points, 18 / (12 * h)
    for five: together 2.5 / h.
    """
    f, h = arguments["f"], arguments.get("h", 1e-5)
    noise, m3, _ = error_bounds(f, arguments["theta"], h)
    return Tolerance(
        rtol=1e-14,
        floor=0.0,
        atol=h**2 / 6 * m3 + 2.5 * noise / h,
        alike=2.5 * noise / h,
        reason="truncation h²/6 |f'''| and rounding ε |f| / h, of two right answers",
    )


def draw_numerical_gradient(rng):
    yield (
        "a bowl of two parameters and a large step",
        {
            "f": Function(
                "quadratic",
                {"curvature": np.array([1.0, 4.0]), "center": np.zeros(2)},
                shape=(2,),
            ),
            "theta": np.array([1.0, -2.0]),
            "h": 0.5,
        },
    )
    f, theta = ripples(rng, (3,), rates=(20.0, 40.0))
    yield "the default step, on fast ripples", {"f": f, "theta": theta}
    f, theta = ripples(rng, (2, 3), far=True)
    yield (
        "a matrix of parameters, one of them large",
        {"f": f, "theta": theta, "h": 1e-2},
    )
    f, theta = ripples(rng, (4, 1, 2))
    yield "three axes", {"f": f, "theta": theta, "h": 1e-3}
    f, theta = far_away(rng, (5,))
    yield (
        "large values of the loss, which need a large step",
        {"f": f, "theta": theta, "h": between(rng, 30.0, 50.0, digits=1)},
    )


def gradient_moving_one_entry(f, theta, h=1e-5):
    grad = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        kept = theta[index]
        theta[index] = kept + h
        above = f(theta)
        theta[index] = kept - h
        below = f(theta)
        theta[index] = kept
        grad[index] = (above - below) / (2 * h)
    return grad


def gradient_of_flat_copy(f, theta, h=1e-5):
    flat = theta.ravel()
    slopes = [
        f((flat + e).reshape(theta.shape)) - f((flat - e).reshape(theta.shape))
        for e in h * np.eye(flat.size)
    ]
    return np.reshape(slopes, theta.shape) / (2 * h)


def gradient_as_mean_of_both_sides(f, theta, h=1e-5):
    grad, here = np.empty(theta.shape), f(theta)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        forward = (f(theta + step) - here) / h
        backward = (here - f(theta - step)) / h
        grad[index] = (forward + backward) / 2
    return grad


def gradient_with_half_steps(f, theta, h=1e-5):
    grad = np.zeros_like(theta)
    for i in range(theta.size):
        above, below = theta.copy(), theta.copy()
        above.flat[i] += h / 2
        below.flat[i] -= h / 2
        grad.flat[i] = (f(above) - f(below)) / h
    return grad


def gradient_by_five_points(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        e = np.zeros(theta.shape)
        e[index] = h
        near, far = f(theta + e) - f(theta - e), f(theta + 2 * e) - f(theta - 2 * e)
        grad[index] = (8 * near - far) / (12 * h)
    return grad


NUMERICAL_GRADIENT = Exercise(
    name="numerical_gradient",
    points=2,
    reference=kernels.numerical_gradient,
    returns=("grad",),
    draw=draw_numerical_gradient,
    tolerance=gradient_tolerance,
    equivalents=(
        gradient_moving_one_entry,
        gradient_of_flat_copy,
        gradient_as_mean_of_both_sides,
        gradient_with_half_steps,
        gradient_by_five_points,
    ),
    misconceptions=mistakes(__name__, kernels.numerical_gradient),
    hints=(
        (
            "A slope is a rise over a run. Which two points lie the same distance to "
            "either side of `theta` along one of its entries?"
        ),
        (
            "Visit every entry with `for index in np.ndindex(theta.shape)`. Make a "
            "`step` of zeros with `h` in that one place."
        ),
        "`grad[index] = (f(theta + step) - f(theta - step)) / (2 * h)`.",
    ),
    read="section 2, equation (1.1)",
    lines=6,
    level=2,
    harmless={
        "def numerical_gradient(f, theta, h=1e-05): -> "
        "def numerical_gradient(f, theta, h=-1e-05):": (
            "with -h both the difference and the divisor change their signs"
        ),
        "for index in np.ndindex(theta.shape): -> "
        "for index in np.ndindex(grad.shape):": "the two shapes are the same",
        "step = np.zeros(theta.shape) -> step = np.zeros(grad.shape)": (
            "the two shapes are the same"
        ),
    },
)
