"""Chapter 01: Hessian of a function by central second differences."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.critical_points.rounding import error_bounds
from autograder.exercises.critical_points.surfaces import far_away, ripples
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise, Tolerance
from autograder.kernels import critical_points as kernels

__all__ = ["NUMERICAL_HESSIAN"]


def hessian_tolerance(arguments):
    """How far two right numerical Hessians may lie apart.

    With M4 a bound on all fourth derivatives, the four-point formula misses an
    entry by at most h**2 / 3 * M4 (each of its two central differences by
    h**2 / 6 * M4), so that more exact forms lie within as much.  The formula of
    three points differs from it by h**2 / 4 times f_iiii and that of seven
    points by h**2 / 4 times f_iijj, as their Taylor series show.  So h**2 / 3 *
    M4 holds all of them, and not the step 2 * h, which misses by four times as
    much.  The weights of the values of `f` add up to 4 / (4 * h**2), 4 / h**2
    and 8 / (2 * h**2): together 5 / h**2.
    """
    f, h = arguments["f"], arguments.get("h", 1e-4)
    noise, _, m4 = error_bounds(f, arguments["theta"], h)
    return Tolerance(
        rtol=1e-14,
        floor=0.0,
        atol=h**2 / 3 * m4 + 5 * noise / h**2,
        alike=5 * noise / h**2,
        reason="truncation h²/3 |f''''| and rounding ε |f| / h², of two right answers",
    )


def draw_numerical_hessian(rng):
    yield (
        "a network of two weights and a large step",
        {
            "f": Function("two_weights", {}, shape=(2,)),
            "theta": np.array([1.0, 2.0]),
            "h": 0.5,
        },
    )
    f, theta = ripples(rng, (3,), rates=(20.0, 40.0))
    yield "the default step, on fast ripples", {"f": f, "theta": theta}
    f, theta = ripples(rng, (4,), far=True)
    yield "a coarse step, and one large entry", {"f": f, "theta": theta, "h": 1e-2}
    f, theta = ripples(rng, (2,))
    yield "a fine step", {"f": f, "theta": theta, "h": 1e-3}
    f, theta = far_away(rng, (3,))
    yield (
        "large values of the loss, which need a large step",
        {"f": f, "theta": theta, "h": between(rng, 30.0, 50.0, digits=1)},
    )


def hessian_with_three_points_on_diagonal(f, theta, h=1e-4):
    d = theta.size
    e = h * np.eye(d)
    here = f(theta)
    hessian = np.empty((d, d))
    for i in range(d):
        hessian[i, i] = (f(theta + e[i]) - 2 * here + f(theta - e[i])) / h**2
        for j in range(i):
            along = f(theta + e[i] + e[j]) + f(theta - e[i] - e[j])
            across = f(theta + e[i] - e[j]) + f(theta - e[i] + e[j])
            hessian[i, j] = hessian[j, i] = (along - across) / (4 * h**2)
    return hessian


def hessian_by_seven_points(f, theta, h=1e-4):
    d = theta.size
    e = h * np.eye(d)
    here = f(theta)
    up = np.array([f(theta + step) for step in e])
    down = np.array([f(theta - step) for step in e])
    hessian = np.diag((up - 2 * here + down) / h**2)
    for i in range(d):
        for j in range(i + 1, d):
            both = f(theta + e[i] + e[j]) + f(theta - e[i] - e[j])
            rest = up[i] + up[j] + down[i] + down[j] - 2 * here
            hessian[i, j] = hessian[j, i] = (both - rest) / (2 * h**2)
    return hessian


def hessian_as_gradient_of_gradient(f, theta, h=1e-4):
    def grad(x):
        steps = h * np.eye(x.size)
        return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in steps])

    rows = [
        (grad(theta + e) - grad(theta - e)) / (2 * h) for e in h * np.eye(len(theta))
    ]
    return (np.array(rows) + np.array(rows).T) / 2


def hessian_moving_two_entries(f, theta, h=1e-4):
    hessian = np.zeros((theta.size, theta.size))
    kept = theta.copy()
    for i in range(theta.size):
        for j in range(theta.size):
            for s in (1, -1):
                for t in (1, -1):
                    theta[i] += s * h
                    theta[j] += t * h
                    hessian[i, j] += s * t * f(theta)
                    theta[:] = kept
    return hessian / (4 * h**2)


NUMERICAL_HESSIAN = Exercise(
    name="numerical_hessian",
    points=3,
    reference=kernels.numerical_hessian,
    returns=("hessian",),
    draw=draw_numerical_hessian,
    tolerance=hessian_tolerance,
    equivalents=(
        hessian_with_three_points_on_diagonal,
        hessian_by_seven_points,
        hessian_as_gradient_of_gradient,
        hessian_moving_two_entries,
    ),
    misconceptions=mistakes(__name__, kernels.numerical_hessian),
    hints=(
        (
            "An entry of the Hessian is a slope of a slope. What is a central "
            "difference of a central difference?"
        ),
        (
            "Write the difference along entry j at `theta + a` and at `theta - a`, "
            "and subtract. Four values of `f` are left, two with plus and two with "
            "minus."
        ),
        (
            "With `a` and `b` rows of `h * np.eye(theta.size)`, an entry is "
            "`(f(theta + a + b) - f(theta + a - b) - f(theta - a + b) + f(theta - a "
            "- b)) / (4 * h**2)`."
        ),
    ),
    read="section 3, equation (1.4)",
    lines=8,
    level=3,
    harmless={
        "def numerical_hessian(f, theta, h=0.0001): -> "
        "def numerical_hessian(f, theta, h=-0.0001):": "only the square of h occurs",
        "hessian[i, j] = (along - across) / (4 * h ** 2) -> "
        "hessian[j, i] = (along - across) / (4 * h ** 2)": "a Hessian is symmetric",
        "moved: across = f(theta + a - b) + f(theta - a + b)": (
            "the two sums do not depend on each other"
        ),
        "moved: hessian = np.empty((theta.size, theta.size))": (
            "the two lines do not depend on each other"
        ),
    },
)
