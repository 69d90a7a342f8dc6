"""Chapter 01: critical points and the Hessian.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed
from autograder.exercises.observations import unit_direction
from autograder.exercises.spec import (
    Chapter,
    Exercise,
    Misconception,
    Tolerance,
    Written,
)
from autograder.kernels import critical_points as kernels

__all__ = ["CHAPTER"]


# --- how exact a finite difference can be -----------------------------------

UNIT_ROUNDOFF = 2.0**-53


def gradient_tolerance(arguments):
    """How far two right numerical gradients may lie apart.

    A central difference misses the derivative by at most h**2 / 6 * M3, where
    M3 bounds the third derivative (Taylor with remainder).  More exact forms
    (half the step, five points, the derivative itself) lie between the two, so
    that h**2 / 6 * M3 holds all of them, and not the step 2 * h, which misses
    by four times as much.  A difference quotient multiplies the rounding error
    of `f` by the sum of its weights: 2 / (2 * h) for two points, 18 / (12 * h)
    for five: together 2.5 / h.
    """
    f, h = arguments["f"], arguments.get("h", 1e-5)
    noise, m3, _ = _bounds(f, arguments["theta"], h)
    return Tolerance(
        rtol=1e-14,
        floor=0.0,
        atol=h**2 / 6 * m3 + 2.5 * noise / h,
        alike=2.5 * noise / h,
        reason="truncation h²/6 |f'''| and rounding ε |f| / h, of two right answers",
    )


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
    noise, _, m4 = _bounds(f, arguments["theta"], h)
    return Tolerance(
        rtol=1e-14,
        floor=0.0,
        atol=h**2 / 3 * m4 + 5 * noise / h**2,
        alike=5 * noise / h**2,
        reason="truncation h²/3 |f''''| and rounding ε |f| / h², of two right answers",
    )


def _bounds(f, theta, h):
    """Bounds near theta: on the error of a computed f, on f''' and on f''''.

    The error of a sum of n terms is at most about n roundings of the sum of
    their sizes; computing the terms adds a few, and so do points theta ± h
    that were rounded up to three times: n + 12 in all.  Derivatives are taken
    along one axis for f''', along any axes for f''''.
    """
    x = np.abs(theta) + 2 * h
    given = {name: np.abs(value) for name, value in f.parameters.items()}
    if f.name == "quadratic":
        size = np.sum(given["curvature"] * (x + given["center"]) ** 2)
        m3 = m4 = 0.0
    elif f.name == "two_weights":
        size = (1 + x[0] * x[1]) ** 2
        m3, m4 = 0.0, 4.0
    else:
        a, w = given["amplitude"], given["frequency"]
        size = np.sum(given["curvature"] * x**2) + a * (1 + np.sum(w * x))
        m3, m4 = a * np.max(w) ** 3, a * np.max(w) ** 4
    return (theta.size + 12) * UNIT_ROUNDOFF * float(size), float(m3), float(m4)


def _ripples(rng, shape, far=False, rates=(0.5, 1.0)):
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


def _far_away(rng, shape):
    """A large quadratic: its values are so large that a small step drowns."""
    parameters = {
        "curvature": signed(rng, shape, 0.5, 3.0),
        "center": signed(rng, shape, 3000.0, 9000.0),
    }
    return Function("quadratic", parameters, shape=shape), signed(rng, shape)


# --- numerical_gradient -----------------------------------------------------


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
    f, theta = _ripples(rng, (3,), rates=(20.0, 40.0))
    yield "the default step, on fast ripples", {"f": f, "theta": theta}
    f, theta = _ripples(rng, (2, 3), far=True)
    yield (
        "a matrix of parameters, one of them large",
        {"f": f, "theta": theta, "h": 1e-2},
    )
    f, theta = _ripples(rng, (4, 1, 2))
    yield "three axes", {"f": f, "theta": theta, "h": 1e-3}
    f, theta = _far_away(rng, (5,))
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


def forward_difference(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        grad[index] = (f(theta + step) - f(theta)) / h
    return grad


def backward_difference(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        grad[index] = (f(theta) - f(theta - step)) / h
    return grad


def divided_by_h(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        grad[index] = (f(theta + step) - f(theta - step)) / h
    return grad


def not_divided(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        grad[index] = f(theta + step) - f(theta - step)
    return grad


def parentheses_forgotten(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        grad[index] = (f(theta + step) - f(theta - step)) / 2 * h
    return grad


def difference_reversed(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        grad[index] = (f(theta - step) - f(theta + step)) / (2 * h)
    return grad


def all_entries_moved(f, theta, h=1e-5):
    return (f(theta + h) - f(theta - h)) / (2 * h)


def rows_moved(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for i in range(len(theta)):
        step = np.zeros(theta.shape)
        step[i] = h
        grad[i] = (f(theta + step) - f(theta - step)) / (2 * h)
    return grad


def steps_pile_up(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    step = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step[index] = h
        grad[index] = (f(theta + step) - f(theta - step)) / (2 * h)
    return grad


def gradient_flat(f, theta, h=1e-5):
    grad = np.zeros(theta.size)
    for i in range(theta.size):
        above, below = theta.copy(), theta.copy()
        above.flat[i] += h
        below.flat[i] -= h
        grad[i] = (f(above) - f(below)) / (2 * h)
    return grad


def step_fixed(f, theta, h=1e-5):
    h = 1e-5
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h
        grad[index] = (f(theta + step) - f(theta - step)) / (2 * h)
    return grad


def step_relative(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = h * abs(theta[index])
        run = 2 * step[index]
        grad[index] = (f(theta + step) - f(theta - step)) / run
    return grad


def step_doubled(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[index] = 2 * h
        grad[index] = (f(theta + step) - f(theta - step)) / (4 * h)
    return grad


def theta_left_moved(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        theta[index] += h
        above = f(theta)
        theta[index] -= 2 * h
        below = f(theta)
        grad[index] = (above - below) / (2 * h)
    return grad


def theta_moved_back_by_arithmetic(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for index in np.ndindex(theta.shape):
        theta[index] += h
        above = f(theta)
        theta[index] -= 2 * h
        below = f(theta)
        theta[index] += h
        grad[index] = (above - below) / (2 * h)
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
    misconceptions=(
        Misconception(
            "forward_difference",
            forward_difference,
            "forward differences",
            "They look to one side only and miss by `h / 2` times the curvature. "
            "Take the values at `theta + step` and `theta - step`, `2 * h` apart.",
        ),
        Misconception(
            "backward_difference",
            backward_difference,
            "backward differences",
            "They look to one side only and miss by `h / 2` times the curvature. "
            "Take the values at `theta + step` and `theta - step`, `2 * h` apart.",
        ),
        Misconception(
            "divided_by_h",
            divided_by_h,
            "differences divided by `h`",
            "The two points are `2 * h` apart, so every slope comes out twice too "
            "large.",
        ),
        Misconception(
            "not_divided",
            not_divided,
            "differences that are not divided by anything",
            "A slope is a rise over a run. The run between the two points is `2 * h`.",
        ),
        Misconception(
            "parentheses_forgotten",
            parentheses_forgotten,
            "a division by 2 and a multiplication by `h`",
            "Python reads `a / 2 * h` from left to right. Write `a / (2 * h)`.",
        ),
        Misconception(
            "difference_reversed",
            difference_reversed,
            "differences taken the wrong way round",
            "The value ahead comes first: `f(theta + step) - f(theta - step)`. The "
            "gradient points uphill.",
        ),
        Misconception(
            "all_entries_moved",
            all_entries_moved,
            "one difference with all entries moved at once",
            "That is the sum of the partial derivatives. `theta + h` moves every "
            "entry; a partial derivative moves one and keeps the rest.",
        ),
        Misconception(
            "rows_moved",
            rows_moved,
            "whole rows moved at once",
            "`step[i] = h` fills a row when `theta` has more than one axis. Visit "
            "every entry, for instance with `np.ndindex(theta.shape)`.",
        ),
        Misconception(
            "steps_pile_up",
            steps_pile_up,
            "steps that pile up",
            "The entries moved before are still moved when the next one's turn comes. "
            "Begin each difference with a new step of zeros.",
        ),
        Misconception(
            "gradient_flat",
            gradient_flat,
            "a gradient that is left flat",
            "It has one entry for each of `theta`'s, and `theta`'s shape: make it "
            "with `np.zeros(theta.shape)`.",
        ),
        Misconception(
            "step_fixed",
            step_fixed,
            "a step of 1e-5, whatever `h` is",
            "Where the loss is large, so are its rounding errors, and only a larger "
            "step rises above them: how large is for the caller to say. Use the "
            "argument `h`.",
        ),
        Misconception(
            "step_relative",
            step_relative,
            "a step that grows with each entry",
            "`h` is the step itself: how far is for the caller to say. Where an entry "
            "is large such a step is too long.",
        ),
        Misconception(
            "step_doubled",
            step_doubled,
            "a step of `2 * h` to either side",
            "Twice the step makes four times the error. The two points are `h` away "
            "from `theta`, and `2 * h` from each other.",
        ),
        Misconception(
            "theta_left_moved",
            theta_left_moved,
            "entries of `theta` that are moved and not put back",
            "Each later difference is then taken somewhere else, and the caller's "
            "array is spoiled. Keep the old value and restore it, or work on "
            "`theta + step`.",
        ),
        Misconception(
            "theta_moved_back_by_arithmetic",
            theta_moved_back_by_arithmetic,
            "a `theta` moved by `+ h`, `- 2 * h` and `+ h` again",
            "In floating point that does not end exactly where it began. Keep the "
            "old value and restore it, or work on `theta + step`.",
        ),
    ),
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


# --- numerical_hessian ------------------------------------------------------


def draw_numerical_hessian(rng):
    yield (
        "a network of two weights and a large step",
        {
            "f": Function("two_weights", {}, shape=(2,)),
            "theta": np.array([1.0, 2.0]),
            "h": 0.5,
        },
    )
    f, theta = _ripples(rng, (3,), rates=(20.0, 40.0))
    yield "the default step, on fast ripples", {"f": f, "theta": theta}
    f, theta = _ripples(rng, (4,), far=True)
    yield "a coarse step, and one large entry", {"f": f, "theta": theta, "h": 1e-2}
    f, theta = _ripples(rng, (2,))
    yield "a fine step", {"f": f, "theta": theta, "h": 1e-3}
    f, theta = _far_away(rng, (3,))
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


def second_difference_forward(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            ends = f(theta + a + b) + f(theta)
            hessian[i, j] = (ends - f(theta + a) - f(theta + b)) / h**2
    return hessian


def gradient_difference_forward(f, theta, h=1e-4):
    def grad(x):
        steps = h * np.eye(x.size)
        return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in steps])

    return np.array(
        [(grad(theta + e) - grad(theta)) / h for e in h * np.eye(theta.size)]
    )


def gradient_difference_forward_symmetrised(f, theta, h=1e-4):
    def grad(x):
        steps = h * np.eye(x.size)
        return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in steps])

    rows = [(grad(theta + e) - grad(theta)) / h for e in h * np.eye(theta.size)]
    return (np.array(rows) + np.array(rows).T) / 2


def h_not_squared(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (4 * h)
    return hessian


def four_forgotten(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / h**2
    return hessian


def divided_by_twice_h_squared(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (2 * h**2)
    return hessian


def hessian_parentheses_forgotten(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / 4 * h**2
    return hessian


def four_on_diagonal(f, theta, h=1e-4):
    d = theta.size
    e = h * np.eye(d)
    hessian = np.zeros((d, d))
    for i in range(d):
        hessian[i, i] = (f(theta + e[i]) - 2 * f(theta) + f(theta - e[i])) / (4 * h**2)
        for j in range(i):
            along = f(theta + e[i] + e[j]) + f(theta - e[i] - e[j])
            across = f(theta + e[i] - e[j]) + f(theta - e[i] + e[j])
            hessian[i, j] = hessian[j, i] = (along - across) / (4 * h**2)
    return hessian


def four_missing_off_diagonal(f, theta, h=1e-4):
    d = theta.size
    e = h * np.eye(d)
    hessian = np.zeros((d, d))
    for i in range(d):
        hessian[i, i] = (f(theta + e[i]) - 2 * f(theta) + f(theta - e[i])) / h**2
        for j in range(i):
            along = f(theta + e[i] + e[j]) + f(theta - e[i] - e[j])
            across = f(theta + e[i] - e[j]) + f(theta - e[i] + e[j])
            hessian[i, j] = hessian[j, i] = (along - across) / h**2
    return hessian


def diagonal_only(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    curvatures = [f(theta + e) - 2 * f(theta) + f(theta - e) for e in steps]
    return np.diag(curvatures) / h**2


def diagonal_as_vector(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    curvatures = [f(theta + e) - 2 * f(theta) + f(theta - e) for e in steps]
    return np.array(curvatures) / h**2


def upper_triangle_only(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in list(enumerate(steps))[i:]:
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (4 * h**2)
    return hessian


def diagonal_doubled(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in list(enumerate(steps))[i:]:
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (4 * h**2)
    return hessian + hessian.T


def gradient_outer_product(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    grad = np.array([f(theta + e) - f(theta - e) for e in steps]) / (2 * h)
    return np.outer(grad, grad)


def signs_all_but_one(f, theta, h=1e-4):
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) - f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (4 * h**2)
    return hessian


def middle_taken_once(f, theta, h=1e-4):
    d = theta.size
    e = h * np.eye(d)
    hessian = np.zeros((d, d))
    for i in range(d):
        hessian[i, i] = (f(theta + e[i]) - f(theta) + f(theta - e[i])) / h**2
        for j in range(i):
            along = f(theta + e[i] + e[j]) + f(theta - e[i] - e[j])
            across = f(theta + e[i] - e[j]) + f(theta - e[i] + e[j])
            hessian[i, j] = hessian[j, i] = (along - across) / (4 * h**2)
    return hessian


def hessian_step_fixed(f, theta, h=1e-4):
    h = 1e-4
    steps = h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (4 * h**2)
    return hessian


def hessian_step_relative(f, theta, h=1e-4):
    steps = np.diag(h * np.abs(theta))
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (4 * a[i] * b[j])
    return hessian


def hessian_step_doubled(f, theta, h=1e-4):
    steps = 2 * h * np.eye(theta.size)
    hessian = np.zeros((theta.size, theta.size))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps):
            along = f(theta + a + b) + f(theta - a - b)
            across = f(theta + a - b) + f(theta - a + b)
            hessian[i, j] = (along - across) / (16 * h**2)
    return hessian


def hessian_inner_step_fixed(f, theta, h=1e-4):
    def grad(x, h=1e-5):
        steps = h * np.eye(x.size)
        return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in steps])

    rows = [grad(theta + e) - grad(theta - e) for e in h * np.eye(theta.size)]
    return np.array(rows) / (2 * h)


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
    misconceptions=(
        Misconception(
            "second_difference_forward",
            second_difference_forward,
            "forward second differences",
            "They look to one side only and miss by `h` times a third derivative. "
            "Central ones use `theta` plus and minus each of the two steps.",
        ),
        Misconception(
            "gradient_difference_forward",
            gradient_difference_forward,
            "forward differences of the gradient",
            "They miss by `h / 2` times a third derivative, and by a different one "
            "above and below the diagonal: the result is not symmetric. Take the "
            "gradient at both `theta + step` and `theta - step`.",
        ),
        Misconception(
            "gradient_difference_forward_symmetrised",
            gradient_difference_forward_symmetrised,
            "forward differences of the gradient, made symmetric afterwards",
            "The mean with the transpose hides the error of one-sided differences and "
            "does not remove it. Take the gradient at both `theta + step` and "
            "`theta - step`.",
        ),
        Misconception(
            "h_not_squared",
            h_not_squared,
            "second differences divided by `4 * h`",
            "Each of the two differences is divided by `2 * h`, so the whole is "
            "divided by `4 * h**2`.",
        ),
        Misconception(
            "four_forgotten",
            four_forgotten,
            "four points divided by `h**2`",
            "Each of the two differences is `2 * h` wide, so the whole is divided by "
            "`4 * h**2`.",
        ),
        Misconception(
            "divided_by_twice_h_squared",
            divided_by_twice_h_squared,
            "a Hessian twice too large, as from a division by `2 * h**2`",
            "Each of the two differences is `2 * h` wide, and the square of that is "
            "`4 * h**2`. If you add the transpose, take half of the sum.",
        ),
        Misconception(
            "parentheses_forgotten",
            hessian_parentheses_forgotten,
            "a division by 4 and a multiplication by `h**2`",
            "Python reads `a / 4 * h**2` from left to right. Write `a / (4 * h**2)`.",
        ),
        Misconception(
            "four_on_diagonal",
            four_on_diagonal,
            "a diagonal divided by `4 * h**2`",
            "The second difference of three points, with `theta` itself in the "
            "middle, is divided by `h**2`. The 4 belongs to the formula of four "
            "points.",
        ),
        Misconception(
            "four_missing_off_diagonal",
            four_missing_off_diagonal,
            "a right diagonal, with the rest divided by `h**2` as well",
            "Off the diagonal each of the two differences is `2 * h` wide: divide by "
            "`4 * h**2` there.",
        ),
        Misconception(
            "diagonal_only",
            diagonal_only,
            "a Hessian without its mixed derivatives",
            "The slope along one parameter changes when another one moves. Off the "
            "diagonal two different entries are moved.",
        ),
        Misconception(
            "diagonal_as_vector",
            diagonal_as_vector,
            "the diagonal alone, as a vector",
            "There is one entry for every pair of parameters: a matrix of shape "
            "(d, d).",
        ),
        Misconception(
            "upper_triangle_only",
            upper_triangle_only,
            "an upper triangle whose mirror image is missing",
            "The Hessian is symmetric: put each entry into `[j, i]` as well.",
        ),
        Misconception(
            "diagonal_doubled",
            diagonal_doubled,
            "a triangle added to its mirror image",
            "That counts the diagonal twice. Write each entry into `[i, j]` and "
            "`[j, i]` instead.",
        ),
        Misconception(
            "gradient_outer_product",
            gradient_outer_product,
            "products of first derivatives",
            "The Hessian holds second derivatives: how the slope changes, not the "
            "slope times the slope.",
        ),
        Misconception(
            "signs_all_but_one",
            signs_all_but_one,
            "four points with one plus and three minuses",
            "Both steps up and both steps down count plus; one up and one down count "
            "minus.",
        ),
        Misconception(
            "middle_taken_once",
            middle_taken_once,
            "a diagonal in which `f(theta)` is subtracted once",
            "The second difference is `f(theta + a) - 2 * f(theta) + f(theta - a)`: "
            "the middle counts twice.",
        ),
        Misconception(
            "step_fixed",
            hessian_step_fixed,
            "a step of 1e-4, whatever `h` is",
            "Where the loss is large, so are its rounding errors, and only a larger "
            "step rises above them: how large is for the caller to say. Use the "
            "argument `h`.",
        ),
        Misconception(
            "step_relative",
            hessian_step_relative,
            "steps that grow with each entry",
            "`h` is the step itself: how far is for the caller to say. Where an entry "
            "is large such a step is too long.",
        ),
        Misconception(
            "step_doubled",
            hessian_step_doubled,
            "steps of `2 * h`",
            "Twice the step makes four times the error. Each of the four points is "
            "`h` away along either axis.",
        ),
        Misconception(
            "inner_step_fixed",
            hessian_inner_step_fixed,
            "a gradient with its own step of 1e-5 inside",
            "`h` is the step of both differences. Pass it on: "
            "`numerical_gradient(f, theta + step, h)`.",
        ),
    ),
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


# --- quadratic_model --------------------------------------------------------


def draw_quadratic_model(rng):
    yield (
        "two parameters and round numbers",
        {
            "loss0": 1.0,
            "g": np.array([3.0, -1.0]),
            "H": np.array([[2.0, 1.0], [1.0, 4.0]]),
            "v": np.array([2.0, 1.0]),
        },
    )
    for label, d in (
        ("three parameters", 3),
        ("five parameters", 5),
        ("a single parameter", 1),
    ):
        yield (
            label,
            {
                "loss0": between(rng, 0.5, 3.0),
                "g": signed(rng, (d,)),
                "H": _symmetric(rng, d),
                "v": signed(rng, (d,)),
            },
        )
    yield (
        "at a critical point",
        {
            "loss0": between(rng, 0.5, 3.0),
            "g": np.zeros(4),
            "H": _symmetric(rng, 4),
            "v": signed(rng, (4,)),
        },
    )


def _symmetric(rng, d):
    """A symmetric matrix in which no entry is small."""
    H = signed(rng, (d, d))
    return np.triu(H) + np.triu(H, 1).T


def model_by_sums(loss0, g, H, v):
    return loss0 + np.sum(g * v) + 0.5 * np.sum(H * np.outer(v, v))


def model_by_einsum(loss0, g, H, v):
    return loss0 + np.einsum("i,i", v, g) + np.einsum("i,ij,j", v, H, v) / 2


def model_collected(loss0, g, H, v):
    return loss0 + np.dot(v, g + H.dot(v) / 2)


def half_forgotten(loss0, g, H, v):
    return loss0 + v @ g + v @ H @ v


def half_of_both(loss0, g, H, v):
    return loss0 + (v @ g + v @ H @ v) / 2


def half_of_the_linear_term(loss0, g, H, v):
    return loss0 + v @ g / 2 + v @ H @ v


def loss_forgotten(loss0, g, H, v):
    return v @ g + v @ H @ v / 2


def first_order_only(loss0, g, H, v):
    return loss0 + v @ g


def downhill_sign(loss0, g, H, v):
    return loss0 - v @ g + v @ H @ v / 2


def curvature_subtracted(loss0, g, H, v):
    return loss0 + v @ g - v @ H @ v / 2


def model_of_diagonal(loss0, g, H, v):
    return loss0 + v @ g + np.diag(H) @ v**2 / 2


def entries_squared(loss0, g, H, v):
    return loss0 + v @ g + np.sum(H * v**2) / 2


def gradient_in_both_terms(loss0, g, H, v):
    return loss0 + v @ g + g @ H @ g / 2


def one_v_missing(loss0, g, H, v):
    return loss0 + v @ g + H @ v / 2


def elementwise_products(loss0, g, H, v):
    return loss0 + v * g + v * (H @ v) / 2


QUADRATIC_MODEL = Exercise(
    name="quadratic_model",
    points=1,
    reference=kernels.quadratic_model,
    returns=("loss",),
    draw=draw_quadratic_model,
    equivalents=(model_by_sums, model_by_einsum, model_collected),
    misconceptions=(
        Misconception(
            "half_forgotten",
            half_forgotten,
            "a model without the ½",
            "Along a line the curvature c bends a parabola to `c * r**2 / 2`: the "
            "second derivative of `r**2` is already 2.",
        ),
        Misconception(
            "half_of_both",
            half_of_both,
            "the ½ before both terms",
            "Only the term with the Hessian is halved. Look at your parentheses.",
        ),
        Misconception(
            "half_of_the_linear_term",
            half_of_the_linear_term,
            "the ½ before the wrong term",
            "The term with the Hessian is halved, the one with the gradient is not.",
        ),
        Misconception(
            "loss_forgotten",
            loss_forgotten,
            "the change of the loss",
            "The model gives the loss itself: add `loss0`.",
        ),
        Misconception(
            "first_order_only",
            first_order_only,
            "the first-order model",
            "Add the curvature: half of `v @ H @ v`.",
        ),
        Misconception(
            "downhill_sign",
            downhill_sign,
            "a gradient that is subtracted",
            "`v` is any step, and a step along the gradient goes up: add `v @ g`.",
        ),
        Misconception(
            "curvature_subtracted",
            curvature_subtracted,
            "a curvature that is subtracted",
            "Positive curvature bends upwards: add half of `v @ H @ v`.",
        ),
        Misconception(
            "model_of_diagonal",
            model_of_diagonal,
            "a model that uses only the diagonal of `H`",
            "The mixed derivatives count too, each with the product of its two entries "
            "of `v`.",
        ),
        Misconception(
            "entries_squared",
            entries_squared,
            "a sum of `H` times squares of `v`",
            "`H[i, j]` goes with `v[i] * v[j]`, not with `v[j]**2`: write `v @ H @ v`.",
        ),
        Misconception(
            "gradient_in_both_terms",
            gradient_in_both_terms,
            "the curvature along the gradient",
            "The step is `v`: it stands on both sides of `H`.",
        ),
        Misconception(
            "one_v_missing",
            one_v_missing,
            "a curvature term with one `v` instead of two",
            "`H @ v` is a vector, the change of the gradient. Multiply by `v` once "
            "more.",
        ),
        Misconception(
            "elementwise_products",
            elementwise_products,
            "products entry by entry that are not summed",
            "`v * g` is a vector. A loss is one number: `v @ g` multiplies and sums.",
        ),
    ),
    hints=(
        "What is the loss if `v` is zero? What does a small step along `g` add to it?",
        (
            "Three terms: a number, a product of two vectors, and half of vector "
            "times matrix times vector."
        ),
        "`return loss0 + v @ g + v @ H @ v / 2`.",
    ),
    read="section 3, equation (1.3)",
    lines=1,
    level=1,
    harmless={
        "return float(loss0 + v @ g + v @ H @ v / 2) -> "
        "return float(loss0 + g @ v + v @ H @ v / 2)": (
            "the product of two vectors does not depend on their order"
        ),
        "return float(loss0 + v @ g + v @ H @ v / 2) -> "
        "return float(loss0 + v @ g + H @ v @ v / 2)": "a Hessian is symmetric",
        "return float(loss0 + v @ g + v @ H @ v / 2) -> "
        "return float(loss0 + v @ g + v @ (v @ H) / 2)": "a Hessian is symmetric",
    },
)


# --- classify_critical_point ------------------------------------------------


def _with_eigenvalues(rng, eigenvalues):
    """A symmetric matrix of hundredths with almost these eigenvalues.

    Its eigenvectors lie along no axis and no two of their entries are equal.
    """
    wanted = np.sort(eigenvalues)
    d = len(wanted)
    while True:
        Q, _ = np.linalg.qr(rng.standard_normal((d, d)))
        H = np.round(Q @ np.diag(wanted) @ Q.T, 2)
        H = (H + H.T) / 2
        got = np.linalg.eigvalsh(H)
        if np.abs(Q).min() > 0.1 and np.abs(got - wanted).max() < 0.02:
            return H


def _with_misleading_diagonal(rng):
    """Two negative eigenvalues of four, with determinant and diagonal positive."""
    while True:
        low = np.round(rng.uniform(0.5, 1.0, size=2), 2)
        H = _with_eigenvalues(rng, np.array([-low[0], -low[1], 6.0, 8.0]))
        if np.diag(H).min() > 0.2:
            return H


def _singular(rng, signs):
    """An integer matrix of rank two with eigenvalues of these two signs and a zero."""
    while True:
        B = rng.integers(1, 4, size=(3, 2)) * rng.choice([-1, 1], size=(3, 2))
        H = (B * np.array(signs)) @ B.T * 1.0
        sizes = np.sort(np.abs(np.linalg.eigvalsh(H)))
        if sizes[1] > 0.5:
            return H


def draw_classify_critical_point(rng):
    a, b, c = (between(rng, 0.6, 2.5, 2) for _ in range(3))
    yield (
        "the network of two weights, at the origin",
        {"H": np.array([[0.0, -2.0], [-2.0, 0.0]])},
    )
    yield (
        "everything curves upwards",
        {"H": _with_eigenvalues(rng, np.array([a, 3.0 + b, 6.0 + c]))},
    )
    yield (
        "everything curves downwards, in two directions",
        {"H": _with_eigenvalues(rng, np.array([-a, -3.0 - b]))},
    )
    yield (
        "four directions; determinant and diagonal are positive",
        {"H": _with_misleading_diagonal(rng)},
    )
    yield "two ways up and one flat direction", {"H": _singular(rng, (1, 1))}
    yield "two ways down and one flat direction", {"H": _singular(rng, (-1, -1))}
    yield (
        "one way up, one way down and one flat direction",
        {"H": _singular(rng, (1, -1))},
    )
    yield "the monkey saddle", {"H": np.zeros((2, 2))}
    yield (
        "a tolerance coarser than the smallest eigenvalue",
        {"H": _with_eigenvalues(rng, np.array([0.15, a, 3.0 + b, 6.0])), "tol": 0.3},
    )
    yield (
        "an eigenvalue a little below zero, within the default tolerance",
        {"H": np.diag([a, -between(rng, 0.2, 0.8) * 1e-8, 3.0 + b])},
    )
    yield (
        "an eigenvalue a little above zero, beyond the default tolerance",
        {"H": np.diag([a, 3.0 + b, 1.5e-8])},
    )
    yield (
        "an eigenvalue of exactly `-tol` beside ways up",
        {"H": np.diag([3.0, -0.5, 1.0 + a]), "tol": 0.5},
    )
    yield (
        "an eigenvalue of exactly `tol` beside a way down",
        {"H": np.diag([-1.0 - a, 0.5]), "tol": 0.5},
    )
    yield (
        "everything curves downwards, in three directions",
        {"H": _with_eigenvalues(rng, np.array([-b, -3.0 - a, -6.0 - c]))},
    )
    yield "a single parameter", {"H": np.array([[-c]])}


def kind_by_extremes(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    low, high = eigenvalues.min(), eigenvalues.max()
    if low < -tol and high > tol:
        return "saddle"
    if low > tol:
        return "local minimum"
    if high < -tol:
        return "local maximum"
    return "degenerate"


def kind_by_counting(H, tol=1e-8):
    eigenvalues = np.linalg.eigh(H)[0]
    n_up, n_down = (eigenvalues > tol).sum(), (eigenvalues < -tol).sum()
    if n_up == len(H):
        return "local minimum"
    if n_down == len(H):
        return "local maximum"
    return "saddle" if n_up and n_down else "degenerate"


def kind_by_general_eigenvalues(H, tol=1e-8):
    eigenvalues = np.linalg.eig(H)[0].real
    if all(eigenvalues > tol):
        return "local minimum"
    if all(eigenvalues < -tol):
        return "local maximum"
    if any(eigenvalues > tol) and any(eigenvalues < -tol):
        return "saddle"
    return "degenerate"


def two_parameters_at_least(H, tol=1e-8):
    low, *_, high = np.linalg.eigvalsh(H)
    if low < -tol and high > tol:
        return "saddle"
    if low > tol:
        return "local minimum"
    return "local maximum" if high < -tol else "degenerate"


def kind_by_determinant(H, tol=1e-8):
    det = np.linalg.det(H)
    if abs(det) <= tol:
        return "degenerate"
    if det < 0:
        return "saddle"
    return "local minimum" if H[0, 0] > 0 else "local maximum"


def kind_by_trace(H, tol=1e-8):
    trace = np.trace(H)
    if abs(trace) <= tol:
        return "degenerate"
    return "local minimum" if trace > 0 else "local maximum"


def kind_by_diagonal(H, tol=1e-8):
    curvatures = np.diag(H)
    if np.any(curvatures > tol) and np.any(curvatures < -tol):
        return "saddle"
    if np.any(np.abs(curvatures) <= tol):
        return "degenerate"
    return "local minimum" if np.all(curvatures > 0) else "local maximum"


def kind_by_entries(H, tol=1e-8):
    if np.all(tol < H):
        return "local minimum"
    if np.all(-tol > H):
        return "local maximum"
    return "saddle" if np.any(tol < H) and np.any(-tol > H) else "degenerate"


def kind_by_singular_values(H, tol=1e-8):
    values = np.linalg.svd(H)[1]
    if np.any(values > tol) and np.any(values < -tol):
        return "saddle"
    if np.any(np.abs(values) <= tol):
        return "degenerate"
    return "local minimum" if np.all(values > 0) else "local maximum"


def kind_by_lowest_eigenvalue(H, tol=1e-8):
    low = np.linalg.eigvalsh(H)[0]
    if abs(low) <= tol:
        return "degenerate"
    return "local minimum" if low > 0 else "local maximum"


def zero_is_positive(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    if np.all(eigenvalues >= -tol):
        return "local minimum"
    if np.all(eigenvalues <= tol):
        return "local maximum"
    return "saddle"


def zero_decides_first(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    if np.any(np.abs(eigenvalues) <= tol):
        return "degenerate"
    if np.all(eigenvalues > 0):
        return "local minimum"
    return "local maximum" if np.all(eigenvalues < 0) else "saddle"


def zero_makes_saddle(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    if np.all(eigenvalues > tol):
        return "local minimum"
    if np.all(eigenvalues < -tol):
        return "local maximum"
    return "degenerate" if np.all(np.abs(eigenvalues) <= tol) else "saddle"


def kind_tolerance_ignored(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    if np.any(eigenvalues > 0) and np.any(eigenvalues < 0):
        return "saddle"
    if np.any(eigenvalues == 0):
        return "degenerate"
    return "local minimum" if np.all(eigenvalues > 0) else "local maximum"


def kind_tolerance_fixed(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    if np.any(eigenvalues > 1e-8) and np.any(eigenvalues < -1e-8):
        return "saddle"
    if np.any(np.abs(eigenvalues) <= 1e-8):
        return "degenerate"
    return "local minimum" if np.all(eigenvalues > 0) else "local maximum"


def kind_tolerance_strict(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    up, down = np.any(eigenvalues >= tol), np.any(eigenvalues <= -tol)
    if up and down:
        return "saddle"
    if np.any(np.abs(eigenvalues) < tol):
        return "degenerate"
    return "local minimum" if up else "local maximum"


def minimum_and_maximum_swapped(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    if np.any(eigenvalues > tol) and np.any(eigenvalues < -tol):
        return "saddle"
    if np.any(np.abs(eigenvalues) <= tol):
        return "degenerate"
    return "local maximum" if np.all(eigenvalues > 0) else "local minimum"


def names_shortened(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    if np.any(eigenvalues > tol) and np.any(eigenvalues < -tol):
        return "saddle"
    if np.any(np.abs(eigenvalues) <= tol):
        return "degenerate"
    return "minimum" if np.all(eigenvalues > 0) else "maximum"


def names_capitalised(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    if np.any(eigenvalues > tol) and np.any(eigenvalues < -tol):
        return "Saddle"
    if np.any(np.abs(eigenvalues) <= tol):
        return "Degenerate"
    return "Local minimum" if np.all(eigenvalues > 0) else "Local maximum"


CLASSIFY_CRITICAL_POINT = Exercise(
    name="classify_critical_point",
    points=2,
    reference=kernels.classify_critical_point,
    returns=("kind",),
    draw=draw_classify_critical_point,
    equivalents=(kind_by_extremes, kind_by_counting, kind_by_general_eigenvalues),
    misconceptions=(
        Misconception(
            "determinant",
            kind_by_determinant,
            "the rule with the determinant",
            "The determinant is the product of all eigenvalues: two negative ones "
            "make it positive again. Look at the eigenvalues themselves.",
        ),
        Misconception(
            "trace",
            kind_by_trace,
            "the sign of the trace",
            "The trace is the sum of the eigenvalues: one large positive one hides "
            "any number of negative ones.",
        ),
        Misconception(
            "diagonal",
            kind_by_diagonal,
            "the signs of the diagonal",
            "The diagonal tells the curvature along the axes only. Between the axes "
            "the landscape may bend the other way: ask for the eigenvalues.",
        ),
        Misconception(
            "entries",
            kind_by_entries,
            "the signs of the entries of `H`",
            "What counts is the sign of vᵀHv for every direction v, and the "
            "eigenvalues of `H` tell that, not its entries.",
        ),
        Misconception(
            "singular_values",
            kind_by_singular_values,
            "the singular values",
            "They are the sizes of the eigenvalues, without the signs that matter "
            "here. Use `np.linalg.eigvalsh`.",
        ),
        Misconception(
            "lowest_eigenvalue",
            kind_by_lowest_eigenvalue,
            "the sign of the lowest eigenvalue alone",
            "A negative lowest eigenvalue makes a maximum only if the highest is "
            "negative as well; otherwise it is a saddle.",
        ),
        Misconception(
            "zero_is_positive",
            zero_is_positive,
            "a rule that counts a zero eigenvalue as a way up, or down",
            "Along a direction of curvature zero the Hessian does not tell where the "
            "loss goes: with x³ it falls on one side, with x⁴ it rises on both.",
        ),
        Misconception(
            "zero_decides_first",
            zero_decides_first,
            "a rule that looks for zeros before it looks for both signs",
            "With a way up and a way down the point is a saddle, whatever happens "
            "along a flat direction. Test that first.",
        ),
        Misconception(
            "zero_makes_saddle",
            zero_makes_saddle,
            "a rule that calls a saddle what is neither all positive nor all negative",
            "A saddle needs a positive and a negative eigenvalue. With zeros and one "
            "sign only, the Hessian cannot tell: degenerate.",
        ),
        Misconception(
            "tolerance_ignored",
            kind_tolerance_ignored,
            "eigenvalues compared with 0 instead of `tol`",
            "A computed eigenvalue is hardly ever exactly zero. From `-tol` to `tol` "
            "it counts as zero.",
        ),
        Misconception(
            "tolerance_fixed",
            kind_tolerance_fixed,
            "a tolerance of 1e-8, whatever `tol` is",
            "Compare with the argument `tol`: a Hessian from finite differences "
            "needs a coarser one.",
        ),
        Misconception(
            "tolerance_strict",
            kind_tolerance_strict,
            "an eigenvalue of exactly `tol` that does not count as zero",
            "The interval from `-tol` to `tol` includes its ends.",
        ),
        Misconception(
            "minimum_and_maximum_swapped",
            minimum_and_maximum_swapped,
            "minimum and maximum exchanged",
            "Where everything curves upwards, the point is at the bottom.",
        ),
        Misconception(
            "two_parameters_at_least",
            two_parameters_at_least,
            "an unpacking that needs two eigenvalues or more",
            "A function of one parameter has one. `eigenvalues[0]` and "
            "`eigenvalues[-1]` are the lowest and the highest of any number.",
        ),
        Misconception(
            "names_shortened",
            names_shortened,
            'the names "minimum" and "maximum"',
            'A Hessian sees one point and its surroundings: "local minimum" and '
            '"local maximum".',
        ),
        Misconception(
            "names_capitalised",
            names_capitalised,
            "names with a capital letter",
            'The four answers are spelled in small letters: "local minimum", "local '
            'maximum", "saddle", "degenerate".',
        ),
    ),
    hints=(
        (
            "Which numbers tell how a symmetric matrix bends in every direction, and "
            "what would both signs among them mean?"
        ),
        (
            "Ask in this order: is there one above `tol` and one below `-tol`? Is "
            "there one in between? What is left has one sign only."
        ),
        (
            "`eigenvalues = np.linalg.eigvalsh(H)`; `np.any(eigenvalues > tol) and "
            'np.any(eigenvalues < -tol)` makes a `"saddle"`, '
            '`np.any(np.abs(eigenvalues) <= tol)` is `"degenerate"`, then `"local '
            'minimum"` if all are positive, else `"local maximum"`.'
        ),
    ),
    read="section 4, equation (1.5)",
    lines=8,
    level=2,
    harmless={
        "moved: down = np.any(eigenvalues < -tol)": (
            "the two lines do not depend on each other"
        ),
    },
)


# --- minimum_ratio ----------------------------------------------------------


def draw_minimum_ratio(rng):
    a, b, c = (between(rng, 0.6, 2.5, 2) for _ in range(3))
    yield (
        "the network of two weights, at the origin",
        {"H": np.array([[0.0, -2.0], [-2.0, 0.0]])},
    )
    yield (
        "two ways up of three",
        {"H": _with_eigenvalues(rng, np.array([-a, b, 3.0 + c]))},
    )
    yield (
        "one way up of five",
        {"H": _with_eigenvalues(rng, np.array([-9.0, -6.0, -3.0 - a, -b, c]))},
    )
    yield "two ways up and one flat direction", {"H": _singular(rng, (1, 1))}
    yield (
        "a minimum in four directions",
        {"H": _with_eigenvalues(rng, np.array([a, 3.0 + b, 6.0, 9.0]))},
    )
    yield "a maximum", {"H": _with_eigenvalues(rng, np.array([-a, -3.0 - b]))}
    yield (
        "a tolerance coarser than two of the eigenvalues",
        {"H": _with_eigenvalues(rng, np.array([-a, -0.15, 0.15, 3.0 + b])), "tol": 0.3},
    )
    yield (
        "an eigenvalue a little above zero, within the default tolerance",
        {"H": np.diag([a, between(rng, 0.2, 0.8) * 1e-8, -b])},
    )
    yield (
        "an eigenvalue a little above zero, beyond the default tolerance",
        {"H": np.diag([a, 1.5e-8, -b])},
    )
    yield (
        "an eigenvalue of exactly `tol`",
        {"H": np.diag([3.0, 0.5, -a, 1.0 + b, 2.0 + c]), "tol": 0.5},
    )


def ratio_by_loop(H, tol=1e-8):
    count = 0
    for eigenvalue in np.linalg.eigvalsh(H):
        if eigenvalue > tol:
            count += 1
    return count / len(H)


def ratio_by_general_eigenvalues(H, tol=1e-8):
    eigenvalues = np.real(np.linalg.eigvals(H))
    return np.count_nonzero(eigenvalues > tol) / eigenvalues.size


def ratio_by_complement(H, tol=1e-8):
    return 1 - (np.linalg.eigh(H)[0] <= tol).sum() / H.shape[0]


def zero_counted_as_positive(H, tol=1e-8):
    return np.mean(np.linalg.eigvalsh(H) >= -tol)


def negative_ratio(H, tol=1e-8):
    return np.mean(np.linalg.eigvalsh(H) < -tol)


def sizes_counted(H, tol=1e-8):
    return np.mean(np.abs(np.linalg.eigvalsh(H)) > tol)


def count_not_divided(H, tol=1e-8):
    return np.sum(np.linalg.eigvalsh(H) > tol)


def divided_by_entries(H, tol=1e-8):
    return np.sum(np.linalg.eigvalsh(H) > tol) / H.size


def zeros_left_out(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    return np.sum(eigenvalues > tol) / np.sum(np.abs(eigenvalues) > tol)


def ratio_of_sums(H, tol=1e-8):
    eigenvalues = np.linalg.eigvalsh(H)
    return np.sum(eigenvalues[eigenvalues > tol]) / np.sum(np.abs(eigenvalues))


def ratio_of_diagonal(H, tol=1e-8):
    return np.mean(np.diag(H) > tol)


def ratio_of_entries(H, tol=1e-8):
    return np.mean(tol < H)


def ratio_tolerance_ignored(H, tol=1e-8):
    return np.mean(np.linalg.eigvalsh(H) > 0)


def ratio_tolerance_fixed(H, tol=1e-8):
    return np.mean(np.linalg.eigvalsh(H) > 1e-8)


def ratio_tolerance_included(H, tol=1e-8):
    return np.mean(np.linalg.eigvalsh(H) >= tol)


def ratio_in_percent(H, tol=1e-8):
    return 100 * np.mean(np.linalg.eigvalsh(H) > tol)


MINIMUM_RATIO = Exercise(
    name="minimum_ratio",
    points=1,
    reference=kernels.minimum_ratio,
    returns=("ratio",),
    draw=draw_minimum_ratio,
    equivalents=(ratio_by_loop, ratio_by_general_eigenvalues, ratio_by_complement),
    misconceptions=(
        Misconception(
            "zero_counted_as_positive",
            zero_counted_as_positive,
            "a ratio in which zero counts as positive",
            "A flat direction is no way up: count the eigenvalues greater than `tol`.",
        ),
        Misconception(
            "negative_ratio",
            negative_ratio,
            "the part of negative eigenvalues",
            "That is the index over d, as Dauphin et al. plot it. The minimum ratio "
            "counts the positive ones.",
        ),
        Misconception(
            "sizes_counted",
            sizes_counted,
            "the part of eigenvalues that are not zero",
            "Without `abs`: a negative eigenvalue is not positive, however large.",
        ),
        Misconception(
            "count_not_divided",
            count_not_divided,
            "the number of positive eigenvalues",
            "Divide it by the number of all eigenvalues, d.",
        ),
        Misconception(
            "divided_by_entries",
            divided_by_entries,
            "a count divided by the number of entries of `H`",
            "`H.size` is d². There are d eigenvalues: `len(H)`.",
        ),
        Misconception(
            "zeros_left_out",
            zeros_left_out,
            "a ratio among the eigenvalues that are not zero",
            "Divide by the number of all eigenvalues, the zero ones included.",
        ),
        Misconception(
            "ratio_of_sums",
            ratio_of_sums,
            "a ratio of sums of eigenvalues",
            "Each eigenvalue counts once, whatever its size.",
        ),
        Misconception(
            "ratio_of_diagonal",
            ratio_of_diagonal,
            "the part of positive entries on the diagonal",
            "The diagonal tells the curvature along the axes only. Ask for the "
            "eigenvalues.",
        ),
        Misconception(
            "ratio_of_entries",
            ratio_of_entries,
            "the part of positive entries of `H`",
            "Ask for the eigenvalues of `H`, with `np.linalg.eigvalsh`.",
        ),
        Misconception(
            "tolerance_ignored",
            ratio_tolerance_ignored,
            "eigenvalues compared with 0 instead of `tol`",
            "A computed eigenvalue is hardly ever exactly zero: only what is greater "
            "than `tol` counts as positive.",
        ),
        Misconception(
            "tolerance_fixed",
            ratio_tolerance_fixed,
            "a tolerance of 1e-8, whatever `tol` is",
            "Compare with the argument `tol`.",
        ),
        Misconception(
            "tolerance_included",
            ratio_tolerance_included,
            "an eigenvalue of exactly `tol` that counts as positive",
            "Positive means greater than `tol`, as in `classify_critical_point`.",
        ),
        Misconception(
            "ratio_in_percent",
            ratio_in_percent,
            "a ratio in percent",
            "A ratio lies between 0 and 1.",
        ),
    ),
    hints=(
        "How many eigenvalues has a Hessian of d parameters, and which ones count?",
        "The mean of an array of `True` and `False` is the part that is `True`.",
        "`return np.mean(np.linalg.eigvalsh(H) > tol)`.",
    ),
    read="section 6, equation (1.8)",
    lines=1,
    level=1,
)


# --- escape_direction -------------------------------------------------------


def draw_escape_direction(rng):
    a, b, c = (between(rng, 0.6, 2.0, 2) for _ in range(3))
    yield (
        "the network of two weights, at the origin",
        {"H": np.array([[0.0, -2.0], [-2.0, 0.0]])},
    )
    yield (
        "one way down of three, not the steepest bend",
        {"H": _with_eigenvalues(rng, np.array([-a, b, 4.0 + c]))},
    )
    yield (
        "two ways down of four",
        {"H": _with_eigenvalues(rng, np.array([-4.0 - a, -b, 0.3, 3.0 + c]))},
    )
    yield "a minimum", {"H": _with_eigenvalues(rng, np.array([a, 3.0 + b]))}
    yield (
        "a maximum in five directions",
        {"H": _with_eigenvalues(rng, np.array([-9.0, -7.0, -4.0 - a, -1.0 - b, -0.4]))},
    )
    yield (
        "a slight way down beside steep ways up",
        {"H": _with_eigenvalues(rng, np.array([-0.25, 3.0 + a, 6.0 + b]))},
    )
    yield "a flat direction and no way down", {"H": np.diag([1.0 + a, 0.0, 3.0 + b])}
    yield (
        "a way down so slight that it is nearly flat",
        {"H": np.diag([1.0 + a, 3.0 + b, -between(rng, 2.0, 9.0) * 1e-9, 2.0 + c])},
    )


def direction_of_either_sign(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if not np.any(eigenvalues < 0):
        raise ValueError
    v = eigenvectors[:, np.argmin(eigenvalues)]
    return v if v[0] > 0 else -v


def direction_by_general_eigenvectors(H):
    eigenvalues, eigenvectors = np.linalg.eig(H)
    lowest = np.argmin(eigenvalues.real)
    if eigenvalues[lowest].real >= 0:
        raise ValueError("no way down")
    v = eigenvectors[:, lowest].real
    return v / np.linalg.norm(v)


def direction_from_minus_hessian(H):
    eigenvalues, eigenvectors = np.linalg.eigh(-H)
    if eigenvalues[-1] <= 0:
        raise ValueError("no way down")
    return eigenvectors.T[-1]


def row_of_eigenvectors(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no way down")
    return eigenvectors[0]


def steepest_way_up(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no way down")
    return eigenvectors[:, -1]


def smallest_size(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no way down")
    return eigenvectors[:, np.argmin(np.abs(eigenvalues))]


def largest_size(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no way down")
    return eigenvectors[:, np.argmax(np.abs(eigenvalues))]


def least_negative(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no way down")
    return eigenvectors[:, np.sum(eigenvalues < 0) - 1]


def no_error_raised(H):
    return np.linalg.eigh(H)[1][:, 0]


def error_at_every_saddle(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if np.any(eigenvalues >= 0):
        raise ValueError("no way down")
    return eigenvectors[:, 0]


def zero_taken_for_a_way_down(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] > 0:
        raise ValueError("no way down")
    return eigenvectors[:, 0]


def slight_way_down_refused(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] > -1e-8:
        raise ValueError("no way down")
    return eigenvectors[:, 0]


def zeros_instead_of_error(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    return eigenvectors[:, 0] if eigenvalues[0] < 0 else np.zeros(len(H))


def times_eigenvalue(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no way down")
    return eigenvalues[0] * eigenvectors[:, 0]


def largest_entry_one(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no way down")
    v = eigenvectors[:, 0]
    return v / np.abs(v).max()


def lowest_diagonal_entry(H):
    if np.linalg.eigvalsh(H)[0] >= 0:
        raise ValueError("no way down")
    return np.eye(len(H))[np.argmin(np.diag(H))]


def eigenvalue_returned(H):
    lowest = np.linalg.eigvalsh(H)[0]
    if lowest >= 0:
        raise ValueError("no way down")
    return lowest


def all_eigenvectors(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no way down")
    return eigenvectors


ESCAPE_DIRECTION = Exercise(
    name="escape_direction",
    points=2,
    reference=kernels.escape_direction,
    returns=("direction",),
    draw=draw_escape_direction,
    observe=unit_direction,
    equivalents=(
        direction_of_either_sign,
        direction_by_general_eigenvectors,
        direction_from_minus_hessian,
    ),
    misconceptions=(
        Misconception(
            "row_of_eigenvectors",
            row_of_eigenvectors,
            "a row of the matrix of eigenvectors",
            "`np.linalg.eigh` returns eigenvectors as columns: the first one is "
            "`eigenvectors[:, 0]`.",
        ),
        Misconception(
            "steepest_way_up",
            steepest_way_up,
            "the eigenvector of the largest eigenvalue",
            "Along it the loss rises most. The way down belongs to the most negative "
            "eigenvalue, which `np.linalg.eigh` puts first.",
        ),
        Misconception(
            "smallest_size",
            smallest_size,
            "the eigenvector of the eigenvalue nearest to zero",
            "That is the flattest direction. Take the most negative eigenvalue, "
            "without `abs`.",
        ),
        Misconception(
            "largest_size",
            largest_size,
            "the eigenvector of the eigenvalue of the largest size",
            "The steepest bend may go upwards. Take the most negative eigenvalue, "
            "without `abs`.",
        ),
        Misconception(
            "least_negative",
            least_negative,
            "the negative eigenvalue nearest to zero",
            "It leads down too, but slowly. Take the most negative one.",
        ),
        Misconception(
            "no_error_raised",
            no_error_raised,
            "an eigenvector whose eigenvalue is not negative",
            "Where no eigenvalue is negative there is no way down: raise ValueError.",
        ),
        Misconception(
            "zeros_instead_of_error",
            zeros_instead_of_error,
            "zeros in the place of an error",
            "Zeros would look like an answer. Where no eigenvalue is negative, raise "
            "ValueError.",
        ),
        Misconception(
            "error_at_every_saddle",
            error_at_every_saddle,
            "an error wherever some eigenvalue is not negative",
            "One negative eigenvalue is enough for a way down. Raise only if there "
            "is none.",
        ),
        Misconception(
            "slight_way_down_refused",
            slight_way_down_refused,
            "a tolerance within which an eigenvalue does not count as negative",
            "A way down that is nearly flat is a way down as well. Compare with zero "
            "itself.",
        ),
        Misconception(
            "zero_taken_for_a_way_down",
            zero_taken_for_a_way_down,
            "an eigenvalue of zero taken for a way down",
            "Along it the Hessian promises nothing. Raise ValueError unless an "
            "eigenvalue is below zero.",
        ),
        Misconception(
            "times_eigenvalue",
            times_eigenvalue,
            "an eigenvector multiplied by its eigenvalue",
            "A direction has length 1, as `np.linalg.eigh` returns it. How far to go "
            "is another question.",
        ),
        Misconception(
            "largest_entry_one",
            largest_entry_one,
            "an eigenvector scaled to a largest entry of 1",
            "A direction has length 1: divide by `np.linalg.norm(v)`, or leave it as "
            "`np.linalg.eigh` returns it.",
        ),
        Misconception(
            "lowest_diagonal_entry",
            lowest_diagonal_entry,
            "the axis of the lowest entry on the diagonal",
            "The steepest way down hardly ever runs along an axis. It is an "
            "eigenvector.",
        ),
        Misconception(
            "eigenvalue_returned",
            eigenvalue_returned,
            "the eigenvalue in the place of its eigenvector",
            "`np.linalg.eigh` returns two things: eigenvalues first, then "
            "eigenvectors.",
        ),
        Misconception(
            "all_eigenvectors",
            all_eigenvectors,
            "all eigenvectors at once",
            "One direction is asked for: the column of the most negative eigenvalue.",
        ),
    ),
    hints=(
        "Along which direction does the quadratic model fall fastest?",
        (
            "`np.linalg.eigh` returns eigenvalues from the lowest up, and "
            "eigenvectors as columns in the same order. What if the lowest is not "
            "negative?"
        ),
        (
            "`eigenvalues, eigenvectors = np.linalg.eigh(H)`; raise `ValueError` if "
            "`eigenvalues[0] >= 0`; `return eigenvectors[:, 0]`."
        ),
    ),
    read="section 5, equation (1.6)",
    lines=4,
    level=2,
)


# --- newton_step ------------------------------------------------------------


def newton_tolerance(arguments):
    """How far two right Newton steps may lie apart.

    Solving H s = g, by elimination, by the inverse or by least squares, gives
    s with a relative error of a few d * cond(H) roundings; two answers, and
    the subtraction from theta.
    """
    theta, g, H = (arguments[name] for name in ("theta", "g", "H"))
    condition = np.linalg.cond(H)
    if condition > 1e12:
        return Tolerance(reason="an error is expected, no value")
    size = np.linalg.norm(np.linalg.solve(H, g))
    spread = 8 * len(g) * condition * UNIT_ROUNDOFF * size
    return Tolerance(
        rtol=4 * UNIT_ROUNDOFF,
        floor=0.0,
        atol=float(spread + 4 * UNIT_ROUNDOFF * np.abs(theta).max()),
        reason="rounding of d × cond(H) operations when H s = g is solved",
    )


def draw_newton_step(rng):
    a, b, c = (between(rng, 0.6, 2.0, 2) for _ in range(3))
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([5.0, 2.0]),
            "g": np.array([3.0, 1.0]),
            "H": np.array([[2.0, 1.0], [1.0, 1.0]]),
        },
    )
    for label, eigenvalues in (
        ("near a minimum", [a, 2.5 + b, 6.0]),
        ("near a saddle", [-2.0 - a, -b, 0.5, 3.0 + c]),
        ("near a maximum", [-6.0, -4.5, -a, -2.5 - b, -8.0]),
    ):
        d = len(eigenvalues)
        yield (
            label,
            {
                "theta": signed(rng, (d,)),
                "g": signed(rng, (d,)),
                "H": _with_eigenvalues(rng, np.array(eigenvalues)),
            },
        )
    yield (
        "a singular Hessian: numpy's own error",
        {
            "theta": signed(rng, (2,)),
            "g": np.abs(signed(rng, (2,))),  # not at right angles to (1, 2)
            "H": np.array([[1.0, 2.0], [2.0, 4.0]]),
        },
    )


def newton_by_inverse(theta, g, H):
    return theta - np.linalg.inv(H) @ g


def newton_by_column(theta, g, H):
    step = np.linalg.solve(H, -g[:, None])
    return theta + step[:, 0]


def newton_for_the_new_point(theta, g, H):
    return np.linalg.solve(H, H @ theta - g)


def newton_uphill(theta, g, H):
    return theta + np.linalg.solve(H, g)


def step_without_theta(theta, g, H):
    return -np.linalg.solve(H, g)


def gradient_step(theta, g, H):
    return theta - g


def multiplied_by_hessian(theta, g, H):
    return theta - H @ g


def diagonal_divided(theta, g, H):
    return theta - g / np.diag(H)


def divided_by_matrix(theta, g, H):
    return theta - g / H


def inverse_times_entries(theta, g, H):
    return theta - np.linalg.inv(H) * g


def reciprocal_entries(theta, g, H):
    return theta - (1 / H) @ g


def absolute_eigenvalues(theta, g, H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    return theta - eigenvectors @ ((eigenvectors.T @ g) / np.abs(eigenvalues))


def solved_for_theta(theta, g, H):
    return theta - np.linalg.solve(H, theta)


def half_a_step(theta, g, H):
    return theta - np.linalg.solve(H, g) / 2


def pseudo_inverse(theta, g, H):
    return theta - np.linalg.pinv(H) @ g


def stays_when_singular(theta, g, H):
    try:
        return theta - np.linalg.solve(H, g)
    except np.linalg.LinAlgError:
        return theta.copy()


def newton_in_place(theta, g, H):
    theta -= np.linalg.solve(H, g)
    return theta


NEWTON_STEP = Exercise(
    name="newton_step",
    points=1,
    bonus=True,
    reference=kernels.newton_step,
    returns=("theta",),
    draw=draw_newton_step,
    tolerance=newton_tolerance,
    equivalents=(newton_by_inverse, newton_by_column, newton_for_the_new_point),
    misconceptions=(
        Misconception(
            "newton_uphill",
            newton_uphill,
            "a step in the opposite direction",
            "The model's critical point lies at `theta` minus the solution of H s = g.",
        ),
        Misconception(
            "step_without_theta",
            step_without_theta,
            "the step alone",
            "Return where it leads: `theta` plus the step.",
        ),
        Misconception(
            "gradient_step",
            gradient_step,
            "a plain gradient step of learning rate 1",
            "Newton's step weighs the gradient by the inverse of the Hessian: solve "
            "H s = g.",
        ),
        Misconception(
            "multiplied_by_hessian",
            multiplied_by_hessian,
            "a multiplication by the Hessian",
            "Steep directions need short steps, so the Hessian divides: solve H s = g.",
        ),
        Misconception(
            "diagonal_divided",
            diagonal_divided,
            "a division by the diagonal of the Hessian",
            "The mixed derivatives couple the parameters. Solve H s = g with the "
            "whole matrix.",
        ),
        Misconception(
            "divided_by_matrix",
            divided_by_matrix,
            "a division by `H` entry by entry",
            "NumPy's `/` divides entry by entry and makes a matrix of it. "
            "`np.linalg.solve(H, g)` is what divides by a matrix.",
        ),
        Misconception(
            "inverse_times_entries",
            inverse_times_entries,
            "an inverse multiplied entry by entry",
            "`*` multiplies entry by entry and makes a matrix of it. A matrix times a "
            "vector is written with `@`.",
        ),
        Misconception(
            "reciprocal_entries",
            reciprocal_entries,
            "a matrix of reciprocals",
            "`1 / H` inverts every entry, not the matrix. Use `np.linalg.solve(H, g)`.",
        ),
        Misconception(
            "absolute_eigenvalues",
            absolute_eigenvalues,
            "the saddle-free form, with the absolute values of the eigenvalues",
            "Dauphin et al. (2014) mend Newton's method that way. Here its plain form "
            "is asked for, with the signs.",
        ),
        Misconception(
            "solved_for_theta",
            solved_for_theta,
            "a solution of H s = theta",
            "The right side is the gradient: `np.linalg.solve(H, g)`.",
        ),
        Misconception(
            "half_a_step",
            half_a_step,
            "half of Newton's step",
            "The ½ of the model disappears when it is differentiated: the full step "
            "reaches its critical point.",
        ),
        Misconception(
            "pseudo_inverse",
            pseudo_inverse,
            "a pseudo-inverse, or least squares, which hides that `H` is singular",
            "Where `H` is singular the model has no single critical point, and "
            "`np.linalg.solve` says so. Let its LinAlgError pass.",
        ),
        Misconception(
            "stays_when_singular",
            stays_when_singular,
            "a step that silently stays where it is if `H` is singular",
            "The caller cannot tell that from arriving. Let numpy's LinAlgError pass.",
        ),
        Misconception(
            "theta_in_place",
            newton_in_place,
            "an update of `theta` in place",
            "Whoever called the function still holds the old array and finds it "
            "changed. Write `theta - step`: it makes a new array.",
        ),
    ),
    hints=(
        "Where is the gradient of the quadratic model zero?",
        (
            "Set `g + H @ v` to zero: that is a system of linear equations for the "
            "step `v`. Which function of `np.linalg` solves it?"
        ),
        "`return theta - np.linalg.solve(H, g)`.",
    ),
    read="section 8, equation (1.10)",
    lines=1,
    level=1,
)


CHAPTER = Chapter(
    name="01_critical_points",
    title="Critical points and the Hessian",
    minutes=120,
    exercises=(
        NUMERICAL_GRADIENT,
        QUADRATIC_MODEL,
        NUMERICAL_HESSIAN,
        CLASSIFY_CRITICAL_POINT,
        ESCAPE_DIRECTION,
        MINIMUM_RATIO,
        NEWTON_STEP,
    ),
    written=(Written("critical_points_why", points=2),),
)
