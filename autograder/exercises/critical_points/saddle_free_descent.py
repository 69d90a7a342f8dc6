"""Chapter 01: mend a Newton's method that leaves saddles."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import mended as kernels

__all__ = ["SADDLE_FREE_DESCENT"]

DIFFERENCES = Tolerance(
    rtol=1e-6,
    floor=1e-6,
    atol=1e-8,
    reason=(
        "a difference of gradients of size 10 over 2e-5 has a rounding error of "
        "1e-10 at most, which the damping and a few steps make 100 times larger; "
        "with h = 1e-4 the matrix is not symmetric by up to 1e-9"
    ),
)


def draw_saddle_free_descent(rng):
    yield (
        "a bowl, one step",
        {
            "grad_fn": bowl(np.array([1.0, 4.0]), np.zeros(2), 5),
            "theta0": np.array([3.0, -2.0]),
            "damping": 1.0,
            "n_steps": 1,
        },
    )
    yield (
        "a saddle along the axes, two steps",
        {
            "grad_fn": bowl(np.array([2.0, -1.0, -0.25]), signed(rng, (3,)), 14),
            "theta0": signed(rng, (3,), 2.0, 3.0),
            "damping": 0.5,
            "n_steps": 2,
        },
    )
    for label, d, n_steps in (
        ("a turned surface, one step", 3, 1),
        ("a turned surface, three steps", 4, 3),
        ("another h", 2, 2),
    ):
        arguments = {
            "grad_fn": rippled(rng, d, n_steps),
            "theta0": signed(rng, (d,), 0.3, 1.0),
            "damping": between(rng, 1.0, 1.5),
            "n_steps": n_steps,
        }
        yield label, arguments | ({"h": 1e-4} if label == "another h" else {})


def bowl(curvature, center, calls):
    parameters = {"curvature": curvature, "center": center}
    return Function("quadratic_gradient", parameters, shape=center.shape, calls=calls)


def rippled(rng, d, n_steps):
    parameters = {
        "curvature": signed(rng, (d,)),
        "frequency": signed(rng, (d,), 0.5, 1.0),
        "amplitude": between(rng, 0.5, 1.0),
    }
    calls = n_steps * (2 * d + 1)
    return Function("rippled_surface_gradient", parameters, shape=(d,), calls=calls)


def along_each_direction(grad_fn, theta0, damping, n_steps, h=1e-5):
    theta, lowest = theta0.copy(), np.empty(n_steps)
    for t in range(n_steps):
        grad, steps = grad_fn(theta), h * np.eye(theta.size)
        H = [(grad_fn(theta + step) - grad_fn(theta - step)) / h / 2 for step in steps]
        H = (np.array(H) + np.transpose(H)) / 2
        eigenvalues, eigenvectors = np.linalg.eigh(H)
        lowest[t] = eigenvalues.min()
        for value, v in zip(eigenvalues, eigenvectors.T, strict=True):
            theta = theta - (v @ grad) / (abs(value) + damping) * v
    return theta, lowest


def by_a_positive_hessian(grad_fn, theta0, damping, n_steps, h=1e-5):
    theta, lowest, eye = theta0, [], np.eye(len(theta0))
    for _ in range(n_steps):
        columns = [grad_fn(theta + h * e) - grad_fn(theta - h * e) for e in eye]
        values, V = np.linalg.eigh(np.column_stack(columns) / (2 * h))
        positive = V @ np.diag(np.abs(values)) @ V.T + damping * eye
        theta = theta - np.linalg.solve(positive, grad_fn(theta))
        lowest.append(np.min(values))
    return theta, np.array(lowest)


GIVEN = ("one_h", "rows_for_columns", "damped_before_the_size")
"""What is to be mended."""

SADDLE_FREE_DESCENT = Exercise(
    name="saddle_free_descent",
    points=3,
    reference=kernels.saddle_free_descent,
    returns=("theta", "lowest"),
    order=("lowest", "theta"),
    draw=draw_saddle_free_descent,
    tolerance=DIFFERENCES,
    equivalents=(along_each_direction, by_a_positive_hessian),
    misconceptions=mistakes(__name__, kernels.saddle_free_descent, GIVEN),
    broken=GIVEN,
    hints=(
        (
            "For a bowl you know the eigenvalues. By which factor are those of the "
            "code wrong, and which line makes them?"
        ),
        (
            "On a bowl along the axes the eigenvectors are the axes. What could be "
            "wrong that shows on a turned surface alone?"
        ),
        (
            "`eigh` returns eigenvectors as columns, so the slopes along them are "
            "`vectors.T @ grad_fn(theta)`. And a curvature of -1 has the size 1, to "
            "which the damping is added."
        ),
    ),
    read="section 8, on mending",
    lines=3,
    level=3,
    bonus=True,
    harmless={
        f"def saddle_free_descent(grad_fn, theta0, damping, n_steps, h=1e-05): -> "
        f"def saddle_free_descent(grad_fn, theta0, damping, n_steps, h={h}):": why
        for h, why in (
            ("-1e-05", "with -h both the difference and the divisor change signs"),
            ("2e-05", "the errors of both are far below the tolerance"),
        )
    }
    | {
        "for step in h * np.eye(len(theta)): -> for step in h * np.eye(len(theta0)):": (
            "both have as many entries"
        ),
        "moved: lowest.append(values[0])": "the list fills up alone",
        "values, vectors = np.linalg.eigh(np.array(rows)) -> "
        "values, vectors = np.linalg.eigh(rows)": "NumPy makes an array of the list",
    },
)
