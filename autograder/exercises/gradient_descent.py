"""Chapter 00: gradient descent and convexity.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed
from autograder.exercises.spec import Chapter, Exercise, Misconception, Written
from autograder.kernels import gradient_descent as kernels
from autograder.lab.landscapes import named_functions

__all__ = ["CHAPTER"]

NOT_IN_PLACE = (
    "Whoever called the function still holds the old array and finds it changed. "
    "Write `a = a - b` instead of `a -= b`: it makes a new array."
)


# --- gd_step ----------------------------------------------------------------


def draw_gd_step(rng):
    yield (
        "two parameters and round numbers",
        {"theta": np.array([1.0, -2.0]), "grad": np.array([2.0, 4.0]), "lr": 0.1},
    )
    yield (
        "four parameters",
        {
            "theta": signed(rng, (4,)),
            "grad": signed(rng, (4,)),
            "lr": between(rng, 0.05, 0.3),
        },
    )
    yield (
        "a matrix of parameters, and a gradient that is zero in one place",
        {
            "theta": signed(rng, (2, 3)),
            "grad": signed(rng, (2, 3)) * np.array([[1, 0, 1], [1, 1, 1]]),
            "lr": between(rng, 0.3, 0.6),
        },
    )
    yield (
        "three axes and a learning rate above 1",
        {
            "theta": signed(rng, (4, 1, 2)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
        },
    )
    yield (
        "a large gradient, and so a long step",
        {
            "theta": signed(rng, (3,)),
            "grad": signed(rng, (3,), 400.0, 900.0),
            "lr": between(rng, 0.04, 0.09),
        },
    )
    yield (
        "near a minimum, where the gradient is small",
        {
            "theta": signed(rng, (5,)),
            "grad": signed(rng, (5,)) * 1e-5,
            "lr": between(rng, 0.2, 0.4),
        },
    )


def step_added(theta, grad, lr):
    return theta + -lr * grad


def step_named_first(theta, grad, lr):
    step = np.multiply(grad, lr)
    return np.subtract(theta, step)


def step_on_a_copy(theta, grad, lr):
    theta = theta.copy()
    theta -= lr * grad
    return theta


def climbs(theta, grad, lr):
    return theta + lr * grad


def lr_forgotten(theta, grad, lr):
    return theta - grad


def step_alone(theta, grad, lr):
    return -lr * grad


def divided_by_lr(theta, grad, lr):
    return theta - grad / lr


def lr_times_everything(theta, grad, lr):
    return lr * (theta - grad)


def lr_on_theta(theta, grad, lr):
    return lr * theta - grad


def arguments_swapped(theta, grad, lr):
    return grad - lr * theta


def unit_step(theta, grad, lr):
    return theta - lr * grad / np.linalg.norm(grad)


def sign_of_gradient(theta, grad, lr):
    return theta - lr * np.sign(grad)


def one_number_for_all(theta, grad, lr):
    return theta - lr * grad.mean()


def shrunk_by_gradient(theta, grad, lr):
    return theta * (1 - lr * grad)


def difference_reversed(theta, grad, lr):
    return lr * grad - theta


def clipped_by_length(theta, grad, lr):
    return theta - lr * grad / max(1.0, np.linalg.norm(grad))


def rounded(theta, grad, lr):
    return np.round(theta - lr * grad, 6)


def theta_in_place(theta, grad, lr):
    theta -= lr * grad
    return theta


def grad_in_place(theta, grad, lr):
    grad *= lr
    return theta - grad


GD_STEP = Exercise(
    name="gd_step",
    points=1,
    reference=kernels.gd_step,
    returns=("theta",),
    draw=draw_gd_step,
    equivalents=(step_added, step_named_first, step_on_a_copy),
    misconceptions=(
        Misconception(
            "climbs",
            climbs,
            "a step uphill",
            "The gradient points to where the loss grows fastest. Subtract it.",
        ),
        Misconception(
            "lr_forgotten",
            lr_forgotten,
            "a step with the learning rate left out",
            "The gradient says how steep it is, not how far to go: "
            "multiply it by `lr`.",
        ),
        Misconception(
            "step_alone",
            step_alone,
            "the step without the place where it starts",
            "`-lr * grad` is how far to move. Add it to `theta`, and return where "
            "that leads.",
        ),
        Misconception(
            "divided_by_lr",
            divided_by_lr,
            "a step divided by the learning rate",
            "A larger `lr` makes a longer step: multiply by it.",
        ),
        Misconception(
            "lr_times_everything",
            lr_times_everything,
            "a step with `lr` around the whole difference",
            "`lr` scales the gradient only. Look at your parentheses.",
        ),
        Misconception(
            "lr_on_theta",
            lr_on_theta,
            "a step with `lr` on `theta`",
            "`lr` scales the gradient; `theta` enters as it is.",
        ),
        Misconception(
            "arguments_swapped",
            arguments_swapped,
            "a step with `theta` and `grad` exchanged",
            "Start at `theta` and move against `grad`.",
        ),
        Misconception(
            "unit_step",
            unit_step,
            "a step along the gradient made one unit long",
            "Plain gradient descent uses the gradient with its length: the step is "
            "long where it is steep and short near a minimum.",
        ),
        Misconception(
            "sign_of_gradient",
            sign_of_gradient,
            "a step by the signs of the gradient",
            "The size of each entry counts too, not only its sign.",
        ),
        Misconception(
            "one_number_for_all",
            one_number_for_all,
            "a step by the mean of the gradient",
            "Each parameter has its own entry of `grad`. Subtract the arrays entry "
            "by entry.",
        ),
        Misconception(
            "shrunk_by_gradient",
            shrunk_by_gradient,
            "a step that is multiplied by `theta`",
            "The step is `lr * grad`, wherever `theta` is.",
        ),
        Misconception(
            "difference_reversed",
            difference_reversed,
            "the difference taken the wrong way round",
            "It is `theta` minus the step, not the step minus `theta`.",
        ),
        Misconception(
            "clipped_by_length",
            clipped_by_length,
            "a step whose gradient is cut to a length of 1",
            "Plain gradient descent uses the gradient as it is: where it is steep the "
            "step is long.",
        ),
        Misconception(
            "rounded",
            rounded,
            "a step that is rounded to six decimals",
            "Near a minimum the steps get small, and rounding swallows them. Round "
            "only what you print.",
        ),
        Misconception(
            "theta_in_place",
            theta_in_place,
            "an update of `theta` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "grad_in_place",
            grad_in_place,
            "a gradient that is scaled in place",
            "Whoever called the function still holds `grad` and finds it changed. "
            "Write `lr * grad`: it makes a new array.",
        ),
    ),
    hints=(
        (
            "The gradient is an arrow that points uphill. You stand at `theta`. In "
            "which direction do you go, and what says how far?"
        ),
        "Go against the arrow, by `lr` times its length. One line is enough.",
        "`return theta - lr * grad`.",
    ),
    read="section 2, equation (0.1)",
    lines=1,
    level=1,
)


# --- gradient_descent -------------------------------------------------------


def draw_gradient_descent(rng):
    yield (
        "two steps on a bowl, with round numbers",
        {
            "grad_fn": Function(
                "quadratic_gradient",
                {"curvature": np.array([1.0, 2.0]), "center": np.zeros(2)},
                shape=(2,),
                calls=2,
            ),
            "theta0": np.array([4.0, -2.0]),
            "lr": 0.25,
            "n_steps": 2,
        },
    )
    for label, shape, n_steps in (
        ("one step", (4,), 1),
        ("several steps, and a gradient that is not linear", (3,), 5),
        ("a matrix of parameters", (2, 3), 4),
        ("three axes", (3, 1, 2), 6),
    ):
        yield (
            label,
            {
                "grad_fn": _ripples(rng, shape, n_steps),
                "theta0": signed(rng, shape),
                "lr": between(rng, 0.05, 0.2),
                "n_steps": n_steps,
            },
        )
    yield (
        "a learning rate so large that the path runs away",
        {
            "grad_fn": _bowl(np.abs(signed(rng, (2,), 2.0, 3.0)), 7),
            "theta0": signed(rng, (2,)),
            "lr": between(rng, 1.5, 1.9),
            "n_steps": 7,
        },
    )
    yield (
        "a step that lands on the minimum, and two more",
        {
            "grad_fn": _bowl(np.array([2.0, 2.0, 2.0]), 3),
            "theta0": signed(rng, (3,)),
            "lr": 0.5,
            "n_steps": 3,
        },
    )
    yield (
        "a start very near the minimum",
        {
            "grad_fn": _bowl(np.abs(signed(rng, (4,))), 3),
            "theta0": signed(rng, (4,)) * 1e-9,
            "lr": between(rng, 0.1, 0.3),
            "n_steps": 3,
        },
    )
    yield (
        "no step at all: the start alone",
        {
            "grad_fn": _ripples(rng, (3,), 0),
            "theta0": signed(rng, (3,)),
            "lr": between(rng, 0.05, 0.2),
            "n_steps": 0,
        },
    )


def _ripples(rng, shape, calls):
    """A gradient that is not linear, so that every other place gives another one."""
    parameters = {
        "curvature": np.abs(signed(rng, shape)),
        "center": signed(rng, shape),
    }
    return Function("ripple_gradient", parameters, shape=shape, calls=calls)


def _bowl(curvature, calls):
    """The gradient of a quadratic whose minimum is at zero."""
    parameters = {"curvature": curvature, "center": np.zeros(curvature.shape)}
    return Function(
        "quadratic_gradient", parameters, shape=curvature.shape, calls=calls
    )


def path_in_an_array(grad_fn, theta0, lr, n_steps):
    path = np.empty((n_steps + 1, *theta0.shape))
    path[0] = theta0
    for k in range(n_steps):
        path[k + 1] = path[k] - lr * grad_fn(path[k])
    return path


def path_of_copies(grad_fn, theta0, lr, n_steps):
    theta = theta0.copy()
    points = [theta.copy()]
    while len(points) <= n_steps:
        theta -= lr * grad_fn(theta)
        points.append(theta.copy())
    return np.stack(points)


def path_by_the_step(grad_fn, theta0, lr, n_steps):
    theta, rows = theta0, [theta0[None]]
    for _ in range(n_steps):
        theta = kernels.gd_step(theta, grad_fn(theta), lr)
        rows.append(theta[None])
    return np.concatenate(rows)


def start_missing(grad_fn, theta0, lr, n_steps):
    theta, path = theta0, []
    for _ in range(n_steps):
        theta = theta - lr * grad_fn(theta)
        path.append(theta)
    return np.array(path)


def end_missing(grad_fn, theta0, lr, n_steps):
    theta, path = theta0, []
    for _ in range(n_steps):
        path.append(theta)
        theta = theta - lr * grad_fn(theta)
    return np.array(path)


def end_alone(grad_fn, theta0, lr, n_steps):
    theta = theta0
    for _ in range(n_steps):
        theta = theta - lr * grad_fn(theta)
    return theta


def one_array_many_times(grad_fn, theta0, lr, n_steps):
    theta = theta0.copy()
    path = [theta]
    for _ in range(n_steps):
        theta -= lr * grad_fn(theta)
        path.append(theta)
    return np.array(path)


def one_step_too_many(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    while len(path) <= n_steps + 1:
        path.append(path[-1] - lr * grad_fn(path[-1]))
    return np.array(path)


def path_climbs(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        path.append(path[-1] + lr * grad_fn(path[-1]))
    return np.array(path)


def path_without_lr(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        path.append(path[-1] - grad_fn(path[-1]))
    return np.array(path)


def gradient_of_the_start(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        path.append(path[-1] - lr * grad_fn(theta0))
    return np.array(path)


def always_from_the_start(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        path.append(theta0 - lr * grad_fn(path[-1]))
    return np.array(path)


def steps_instead_of_places(grad_fn, theta0, lr, n_steps):
    theta, steps = theta0, [np.zeros_like(theta0)]
    for _ in range(n_steps):
        steps.append(-lr * grad_fn(theta))
        theta = theta + steps[-1]
    return np.array(steps)


def steps_along_last_axis(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        path.append(path[-1] - lr * grad_fn(path[-1]))
    return np.stack(path, axis=-1)


def rows_joined(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        path.append(path[-1] - lr * grad_fn(path[-1]))
    return np.concatenate(path)


def start_spoiled(grad_fn, theta0, lr, n_steps):
    path = np.empty((n_steps + 1, *theta0.shape))
    path[0] = theta0
    for k in range(n_steps):
        theta0 -= lr * grad_fn(theta0)
        path[k + 1] = theta0
    return path


def stops_where_it_is_flat(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        grad = grad_fn(path[-1])
        if np.linalg.norm(grad) < 1e-6:
            break
        path.append(path[-1] - lr * grad)
    return np.array(path)


def rests_where_it_is_flat(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        grad = grad_fn(path[-1])
        flat = np.linalg.norm(grad) < 1e-6
        path.append(path[-1] if flat else path[-1] - lr * grad)
    return np.array(path)


def gradient_clipped(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        path.append(path[-1] - lr * np.clip(grad_fn(path[-1]), -10, 10))
    return np.array(path)


def gradient_at_the_end_too(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    grad = grad_fn(theta0)
    for _ in range(n_steps):
        path.append(path[-1] - lr * grad)
        grad = grad_fn(path[-1])
    return np.array(path)


def gradient_asked_twice(grad_fn, theta0, lr, n_steps):
    path = [theta0]
    for _ in range(n_steps):
        if np.all(np.isfinite(grad_fn(path[-1]))):
            path.append(path[-1] - lr * grad_fn(path[-1]))
    return np.array(path)


GRADIENT_DESCENT = Exercise(
    name="gradient_descent",
    points=2,
    reference=kernels.gradient_descent,
    returns=("path",),
    draw=draw_gradient_descent,
    equivalents=(path_in_an_array, path_of_copies, path_by_the_step),
    misconceptions=(
        Misconception(
            "start_missing",
            start_missing,
            "a path without its start",
            "`n_steps` steps join `n_steps + 1` places. Put `theta0` in the first row.",
        ),
        Misconception(
            "end_missing",
            end_missing,
            "a path without its last place",
            "`n_steps` steps join `n_steps + 1` places. Keep the place where the "
            "last step leads, too.",
        ),
        Misconception(
            "end_alone",
            end_alone,
            "the last place alone",
            "Keep every place on the way, `theta0` first, one a row.",
        ),
        Misconception(
            "one_array_many_times",
            one_array_many_times,
            "one array that stands in the list many times",
            "`theta -= …` changes the array that is already in the list, so every "
            "row shows the last place. `theta = theta - …` makes a new one.",
        ),
        Misconception(
            "one_step_too_many",
            one_step_too_many,
            "a path with one step too many",
            "`n_steps` steps are asked for. Count the passes of your loop.",
        ),
        Misconception(
            "climbs",
            path_climbs,
            "a path uphill",
            "Subtract the gradient, as in `gd_step`.",
        ),
        Misconception(
            "lr_forgotten",
            path_without_lr,
            "a path with the learning rate left out",
            "Each step is `lr` times the gradient.",
        ),
        Misconception(
            "gradient_of_the_start",
            gradient_of_the_start,
            "a path along the gradient of the start",
            "The slope is another one at every place: ask `grad_fn` at the place "
            "where you are.",
        ),
        Misconception(
            "always_from_the_start",
            always_from_the_start,
            "steps that all set out from the start",
            "Each step sets out from the place that the one before it reached.",
        ),
        Misconception(
            "steps_instead_of_places",
            steps_instead_of_places,
            "the steps in the place of the places",
            "A row is where `theta` is, not how far it moved.",
        ),
        Misconception(
            "steps_along_last_axis",
            steps_along_last_axis,
            "a path whose steps run along the last axis",
            "The number of the step is the first axis: `path[k]` is the place after "
            "k steps. `np.array` of a list puts it there.",
        ),
        Misconception(
            "rows_joined",
            rows_joined,
            "a path whose rows are joined end to end",
            "`np.concatenate` makes one long row of them. `np.array` or `np.stack` "
            "puts them under each other.",
        ),
        Misconception(
            "stops_where_it_is_flat",
            stops_where_it_is_flat,
            "a path that ends early, where the gradient is small",
            "Exactly `n_steps` steps are asked for, so that the path has `n_steps + 1` "
            "rows whatever the landscape.",
        ),
        Misconception(
            "rests_where_it_is_flat",
            rests_where_it_is_flat,
            "a path that rests where the gradient is small",
            "A small gradient makes a small step, and that is a step as well.",
        ),
        Misconception(
            "gradient_clipped",
            gradient_clipped,
            "a path whose gradients are clipped",
            "With a learning rate that is too large the path runs away. That is for "
            "the caller to see, not for the function to hide.",
        ),
        Misconception(
            "theta0_in_place",
            start_spoiled,
            "an update of `theta0` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "gradient_at_the_end_too",
            gradient_at_the_end_too,
            "a gradient at the last place, which no step uses",
            "On a network a gradient is all the cost there is. Ask for it at the "
            "beginning of each step.",
        ),
        Misconception(
            "gradient_asked_twice",
            gradient_asked_twice,
            "the same gradient computed twice",
            "On a network that doubles the time. Keep it in a variable.",
        ),
    ),
    hints=(
        "After three steps, how many places have you been at, with the start?",
        (
            "Keep a list that begins with `theta0`. Each pass of the loop appends "
            "one new array, a `gd_step` from the last one in the list."
        ),
        (
            "`path = [theta0]`; in a loop over `range(n_steps)`, "
            "`path.append(gd_step(path[-1], grad_fn(path[-1]), lr))`; at the end "
            "`return np.array(path)`."
        ),
    ),
    read="section 4, equation (0.4)",
    lines=4,
    level=1,
)


# --- largest_stable_lr ------------------------------------------------------


def draw_largest_stable_lr(rng):
    yield (
        "two parameters, one bowl",
        {"H": np.array([[2.0, 1.0], [1.0, 2.0]])},
    )
    yield (
        "no coupling; the steepest direction is neither the first nor the last",
        {"H": np.diag(np.round(rng.uniform([2, 5, 0.4, 1], [3, 8, 0.6, 1.5]), 2))},
    )
    for label, d in (("three coupled parameters", 3), ("five coupled parameters", 5)):
        yield label, {"H": _positive_definite(rng, d)}
    yield (
        "much steeper in one direction than in the others",
        {"H": _positive_definite(rng, 4, steepest=60.0)},
    )
    yield (
        "a shallow bowl",
        {"H": np.round(_positive_definite(rng, 6) / 20, 3)},
    )
    yield (
        "almost flat in every direction",
        {"H": _positive_definite(rng, 3) * 1e-10},
    )
    yield (
        "every direction goes down: no learning rate is stable",
        {"H": -_positive_definite(rng, 3)},
    )
    yield (
        "flat in every direction: the largest eigenvalue is zero",
        {"H": np.zeros((2, 2))},
    )


def _positive_definite(rng, d, steepest=None):
    """A symmetric matrix with known-sized eigenvalues, rounded to hundredths."""
    basis, _ = np.linalg.qr(rng.standard_normal((d, d)))
    eigenvalues = rng.uniform(0.8, 6.0, size=d)
    if steepest is not None:
        eigenvalues[0] = steepest
    matrix = np.round(basis * eigenvalues @ basis.T, 2)
    return (matrix + matrix.T) / 2


def from_general_eigenvalues(H):
    largest = max(np.linalg.eigvals(H).real)
    if not largest > 0:
        raise ValueError("no positive eigenvalue")
    return 2 / largest


def from_last_of_sorted(H):
    eigenvalues = np.linalg.eigh(H)[0]
    if eigenvalues[-1] <= 0:
        raise ValueError("no positive eigenvalue")
    return 2.0 / eigenvalues[-1]


def from_spectral_norm(H):
    if np.trace(H) <= 0:
        raise ValueError("not positive definite")
    return 2 / np.linalg.norm(H, 2)


def half_of_the_limit(H):
    largest = np.linalg.eigvalsh(H).max()
    if largest <= 0:
        raise ValueError("no positive eigenvalue")
    return 1 / largest


def flattest_direction(H):
    eigenvalues = np.linalg.eigvalsh(H)
    if eigenvalues.max() <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / eigenvalues.min()


def fastest_instead_of_largest(H):
    eigenvalues = np.linalg.eigvalsh(H)
    if eigenvalues.max() <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / (eigenvalues.min() + eigenvalues.max())


def trace_for_largest(H):
    if np.linalg.eigvalsh(H).max() <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / np.trace(H)


def mean_eigenvalue(H):
    eigenvalues = np.linalg.eigvalsh(H)
    if eigenvalues.max() <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / eigenvalues.mean()


def largest_entry(H):
    if np.linalg.eigvalsh(H).max() <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / H.max()


def determinant_for_largest(H):
    if np.linalg.eigvalsh(H).max() <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / np.linalg.det(H)


def frobenius_norm(H):
    if np.linalg.eigvalsh(H).max() <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / np.linalg.norm(H)


def first_eigenvalue(H):
    eigenvalues = np.linalg.eigvals(H)
    if eigenvalues.max() <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / eigenvalues[0]


def upside_down(H):
    largest = np.linalg.eigvalsh(H).max()
    if largest <= 0:
        raise ValueError("no positive eigenvalue")
    return largest / 2


def largest_by_size(H):
    largest = np.abs(np.linalg.eigvalsh(H)).max()
    if largest <= 0:
        raise ValueError("no positive eigenvalue")
    return 2 / largest


def error_missing(H):
    return float(2 / np.linalg.eigvalsh(H).max())


def infinity_for_error(H):
    largest = np.linalg.eigvalsh(H).max()
    return 2 / largest if largest > 0 else np.inf


def small_taken_for_zero(H):
    largest = np.linalg.eigvalsh(H).max()
    if largest < 1e-8:
        raise ValueError("no positive eigenvalue")
    return 2 / largest


def zero_let_through(H):
    largest = np.linalg.eigvalsh(H).max()
    if largest < 0:
        raise ValueError("no positive eigenvalue")
    return 2 / largest


LARGEST_STABLE_LR = Exercise(
    name="largest_stable_lr",
    points=2,
    reference=kernels.largest_stable_lr,
    returns=("lr",),
    draw=draw_largest_stable_lr,
    equivalents=(from_general_eigenvalues, from_last_of_sorted, from_spectral_norm),
    misconceptions=(
        Misconception(
            "half_of_the_limit",
            half_of_the_limit,
            "`1 / (largest eigenvalue)`",
            "That is the step that lands on the minimum of the steepest direction. "
            "Twice as long a step lands as far away on the other side: there is the "
            "limit.",
        ),
        Misconception(
            "flattest_direction",
            flattest_direction,
            "the limit of the flattest direction",
            "One learning rate serves all directions, and the steepest one is the "
            "first to diverge: take the largest eigenvalue.",
        ),
        Misconception(
            "fastest_instead_of_largest",
            fastest_instead_of_largest,
            "the learning rate that converges fastest",
            "`2 / (smallest + largest eigenvalue)` is the best choice below the limit. "
            "The limit itself depends on the largest eigenvalue alone.",
        ),
        Misconception(
            "trace_for_largest",
            trace_for_largest,
            "a limit made from the trace",
            "The trace is the sum of all eigenvalues; the limit needs the largest one.",
        ),
        Misconception(
            "mean_eigenvalue",
            mean_eigenvalue,
            "a limit made from the mean eigenvalue",
            "The steepest direction sets the limit, not an average one.",
        ),
        Misconception(
            "largest_entry",
            largest_entry,
            "a limit made from the largest entry of `H`",
            "Where parameters are coupled, the steepest direction lies between the "
            "axes and is steeper than every axis. Take the largest eigenvalue.",
        ),
        Misconception(
            "determinant_for_largest",
            determinant_for_largest,
            "a limit made from the determinant",
            "The determinant is the product of all eigenvalues; the limit needs the "
            "largest one.",
        ),
        Misconception(
            "frobenius_norm",
            frobenius_norm,
            "a limit made from the Frobenius norm",
            "`np.linalg.norm(H)` is the root of the sum of squared eigenvalues. "
            "`np.linalg.norm(H, 2)` would be the largest one.",
        ),
        Misconception(
            "first_eigenvalue",
            first_eigenvalue,
            "a limit made from the first eigenvalue of an unsorted list",
            "`np.linalg.eigvals` gives them in no order. Take the largest; "
            "`np.linalg.eigvalsh` is for symmetric matrices and sorts them.",
        ),
        Misconception(
            "upside_down",
            upside_down,
            "a fraction turned upside down",
            "The steeper the landscape, the shorter the step: the eigenvalue is in "
            "the denominator.",
        ),
        Misconception(
            "largest_by_size",
            largest_by_size,
            "an eigenvalue without its sign",
            "Where every direction goes down, a long step and a short one both run "
            "away. Compare the largest eigenvalue itself with zero.",
        ),
        Misconception(
            "error_missing",
            error_missing,
            "a limit without the test of its sign",
            "If the largest eigenvalue is not positive there is no such learning "
            "rate: `raise ValueError(…)`.",
        ),
        Misconception(
            "infinity_for_error",
            infinity_for_error,
            "infinity in the place of an error",
            "Where every direction goes down, no learning rate converges, not every "
            "one. Raise ValueError.",
        ),
        Misconception(
            "small_taken_for_zero",
            small_taken_for_zero,
            "a small eigenvalue taken for zero",
            "A landscape that is almost flat bears a very long step. Compare with "
            "zero itself.",
        ),
        Misconception(
            "zero_let_through",
            zero_let_through,
            "a test that lets zero through",
            "Zero is not positive either: compare with `<=`.",
        ),
    ),
    hints=(
        (
            "In one direction with curvature `h`, by which factor does one step "
            "multiply the distance to the minimum? For which `lr` is its size below "
            "1?"
        ),
        (
            "The eigenvalues of `H` are the curvatures, and `np.linalg.eigvalsh` "
            "gives those of a symmetric matrix. Which one is the first to make "
            "trouble as `lr` grows?"
        ),
        (
            "`largest = np.linalg.eigvalsh(H).max()`; raise `ValueError` if it is "
            "not positive, else `return 2 / largest`."
        ),
    ),
    read="section 5, equation (0.6)",
    lines=4,
    level=2,
)


# --- violates_convexity -----------------------------------------------------


def draw_violates_convexity(rng):
    # Nearly half of the answers are True, so that a constant one earns nothing.
    bowl = {"curvature": np.array([1.0, 2.0]), "center": np.zeros(2)}
    ends = {"a": np.array([1.0, -2.0]), "b": np.array([-1.0, 2.0])}
    yield (
        "a bowl, at five places",
        {"f": Function("quadratic", bowl, shape=(2,)), **ends, "n": 5},
    )
    turned = bowl | {"curvature": np.array([-1.0, -2.0])}
    yield (
        "the same bowl upside down",
        {"f": Function("quadratic", turned, shape=(2,)), **ends, "n": 5},
    )
    far, near = between(rng, 1.0, 2.0, 2), between(rng, 0.1, 0.2, 2)
    yield (
        "a saddle, along a line that goes up on both sides; n is left out",
        {
            "f": _saddle(rng),
            "a": np.array([far, -near, 0.5]),
            "b": np.array([-far - 0.3, near, 0.75]),
        },
    )
    yield (
        "the same kind of saddle, along a line that goes down on both sides",
        {
            "f": _saddle(rng),
            "a": np.array([-near, far, 0.5]),
            "b": np.array([near, -far - 0.3, 0.75]),
            "n": 11,
        },
    )
    yield (
        "a straight line, which is convex; only rounding lifts it off its chord",
        _rounded_line(rng),
    )
    yield (
        "a line with a bump that is smaller than the slack for rounding",
        _along_a_line(rng, where=0.5, height=2e-13, width=0.1, n=101),
    )
    yield (
        "a bowl seen from its side",
        {
            "f": Function(
                "quadratic",
                {
                    "curvature": np.abs(signed(rng, (4,))),
                    "center": signed(rng, (4,), 3.0, 5.0),
                },
                shape=(4,),
            ),
            "a": signed(rng, (4,)),
            "b": signed(rng, (4,)),
            "n": 33,
        },
    )
    yield (
        "a slope with a small bump near one end",
        _along_a_line(rng, where=between(rng, 0.15, 0.2, 2), width=0.05, n=51),
    )
    yield (
        "a slope with a needle at one of the 101 places; n is left out",
        _along_a_line(rng, where=between(rng, 0.15, 0.2, 2), width=1e-4),
    )
    yield (
        "a narrow bump at one quarter, where one of five places is",
        _along_a_line(rng, where=0.25, width=0.004, n=5),
    )
    for label, places in (
        ("a narrow bump at a fifth, which the five places miss", (0.2, 0.4, 0.6, 0.8)),
        ("a narrow bump at a third, which the five places miss", (1 / 3, 2 / 3)),
    ):
        where = float(rng.choice(places))
        yield label, _along_a_line(rng, where=where, width=0.004, n=5)
    yield (
        "a dent, whose edges bend downwards, and which is all below the chord",
        _along_a_line(rng, where=0.5, height=-0.05, width=0.05, n=9),
    )
    yield (
        "a rippled valley, above its chord near one end and below it elsewhere",
        {
            "f": Function(
                "rippled_surface",
                {
                    "curvature": np.array([2.0, 1.0]),
                    "frequency": np.array([6.0, 0.0]),
                    "amplitude": between(rng, 0.6, 0.8, 2),
                },
                shape=(2,),
            ),
            "a": np.array([1.0, 0.5]),
            "b": np.array([-1.0, 0.5]),
            "n": 41,
        },
    )
    yield (
        "a bump that is larger than the slack",
        _along_a_line(rng, where=0.5, height=1.5e-12, width=0.1, n=101),
    )


def _saddle(rng):
    curvature = np.round(rng.uniform([1.0, -2.0, 0.1], [2.0, -1.0, 0.2]), 2)
    return Function(
        "quadratic", {"curvature": curvature, "center": np.zeros(3)}, shape=(3,)
    )


def _along_a_line(rng, where, height=0.05, width=0.1, **n):
    """A chord on which the first coordinate is alpha, over a line with a bump.

    Slopes and ends are quarters: at alphas that are eighths the line is not rounded.
    """
    slope, a, b = rng.integers(3, 8, size=(3, 2)) / 4
    f = Function(
        "line_with_bump",
        {"slope": slope, "where": where, "height": height, "width": width},
        shape=(2,),
    )
    return {"f": f, "a": np.array([1.0, a[1]]), "b": np.array([0.0, -b[1]]), **n}


def _rounded_line(rng):
    """A chord of a straight line above which rounding lifts some of 101 places."""
    while True:
        given = _along_a_line(rng, where=0.5, height=0.0)
        line = named_functions["line_with_bump"](**given["f"].parameters)
        if no_slack(line, given["a"], given["b"]):
            return given


def excess_over_chord(f, a, b, n=101):
    alphas = np.linspace(0, 1, n)
    values = np.array([f(b + alpha * (a - b)) for alpha in alphas])
    chord = f(b) + alphas * (f(a) - f(b))
    return np.max(values - chord) > 1e-12


def any_above_chord(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) + 1e-12
        for t in np.linspace(1, 0, n)
    )


def counts_the_ends(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) >= t * f(a) + (1 - t) * f(b)
        for t in np.linspace(0, 1, n)
    )


def below_the_chord(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) < t * f(a) + (1 - t) * f(b) - 1e-12
        for t in np.linspace(0, 1, n)
    )


def off_the_chord(f, a, b, n=101):
    return any(
        abs(f(t * a + (1 - t) * b) - (t * f(a) + (1 - t) * f(b))) > 1e-12
        for t in np.linspace(0, 1, n)
    )


def middle_only(f, a, b, n=101):
    return bool(f((a + b) / 2) > (f(a) + f(b)) / 2 + 1e-12)


def first_place_decides(f, a, b, n=101):
    return all(
        f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) + 1e-12
        for t in np.linspace(0, 1, n)
    )


def weights_exchanged(f, a, b, n=101):
    return any(
        f(t * b + (1 - t) * a) > t * f(a) + (1 - t) * f(b) + 1e-12
        for t in np.linspace(0, 1, n)
    )


def whether_convex(f, a, b, n=101):
    return not any(
        f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) + 1e-12
        for t in np.linspace(0, 1, n)
    )


def above_both_ends(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) > max(f(a), f(b)) + 1e-12 for t in np.linspace(0, 1, n)
    )


def one_end_left_out(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) + 1e-12
        for t in np.arange(n) / n
    )


def n_ignored(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) + 1e-12
        for t in np.linspace(0, 1, 101)
    )


def no_slack(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) for t in np.linspace(0, 1, n)
    )


def slack_too_large(f, a, b, n=101):
    return any(
        f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) + 1e-8
        for t in np.linspace(0, 1, n)
    )


def one_answer_for_each_place(f, a, b, n=101):
    return np.array(
        [
            f(t * a + (1 - t) * b) > t * f(a) + (1 - t) * f(b) + 1e-12
            for t in np.linspace(0, 1, n)
        ]
    )


VIOLATES_CONVEXITY = Exercise(
    name="violates_convexity",
    points=2,
    bonus=True,
    reference=kernels.violates_convexity,
    returns=("violated",),
    draw=draw_violates_convexity,
    equivalents=(excess_over_chord, any_above_chord),
    misconceptions=(
        Misconception(
            "counts_the_ends",
            counts_the_ends,
            "an answer that is True whatever happens on the way",
            "At the two ends the function is on its chord, always, and `>=` counts "
            "that. Only a place above the chord is a violation: `>`, with the slack "
            "of 1e-12.",
        ),
        Misconception(
            "below_the_chord",
            below_the_chord,
            "a test with the inequality turned round",
            "A convex function lies on or below its chords. A violation is a place "
            "above.",
        ),
        Misconception(
            "off_the_chord",
            off_the_chord,
            "a test whether the function is off its chord",
            "Below the chord is where a convex function belongs. Only above counts.",
        ),
        Misconception(
            "middle_only",
            middle_only,
            "a test in the middle alone",
            "A bump may stand anywhere between `a` and `b`. Try all `n` places.",
        ),
        Misconception(
            "first_place_decides",
            first_place_decides,
            "an answer that is False whatever happens on the way",
            "At alpha = 0 the function is on its chord. A `return False` inside the "
            "loop ends it there, and `all` in the place of `any` does the same.",
        ),
        Misconception(
            "weights_exchanged",
            weights_exchanged,
            "a comparison with another line than the chord",
            "`alpha` belongs to `a` on both sides and `1 - alpha` to `b`, so that the "
            "line meets the function at both ends.",
        ),
        Misconception(
            "whether_convex",
            whether_convex,
            "the opposite answer",
            "True says that the inequality is violated, False that no violation was "
            "found.",
        ),
        Misconception(
            "above_both_ends",
            above_both_ends,
            "a comparison with the higher end",
            "The chord is the straight line between the ends: "
            "`alpha * f(a) + (1 - alpha) * f(b)`.",
        ),
        Misconception(
            "one_end_left_out",
            one_end_left_out,
            "places that are 1 / n apart",
            "`n` places from 0 to 1 with both ends are 1 / (n - 1) apart: "
            "`np.linspace(0, 1, n)`.",
        ),
        Misconception(
            "n_ignored",
            n_ignored,
            "a test at 101 places whatever `n` is",
            "101 is only what `n` is when it is left out.",
        ),
        Misconception(
            "no_slack",
            no_slack,
            "a test without the slack for rounding",
            "Rounding alone lifts a straight line above its chord by 1e-16 or so. "
            "Count what is above by more than 1e-12.",
        ),
        Misconception(
            "slack_too_large",
            slack_too_large,
            "a test with a slack that is too large",
            "Here it is 1e-12. That of `np.isclose`, for one, is ten thousand times "
            "larger.",
        ),
        Misconception(
            "one_answer_for_each_place",
            one_answer_for_each_place,
            "an answer for each place",
            "One answer is asked for: whether any of them is True.",
        ),
    ),
    hints=(
        (
            "Draw a curve and a chord of it. Where is a point of the chord that is "
            "`alpha` of the way from `b` to `a`, and how high is the curve under it?"
        ),
        (
            "Go through `np.linspace(0, 1, n)`. One place above the chord settles "
            "it; that none is can be said only after the last."
        ),
        (
            "In the loop: if `f(alpha * a + (1 - alpha) * b) > alpha * f(a) + (1 - "
            "alpha) * f(b) + 1e-12`, then `return True`. After the loop, `return "
            "False`."
        ),
    ),
    read="section 6, equation (0.8)",
    lines=4,
    level=2,
    harmless={
        "for alpha in np.linspace(0, 1, n): -> for alpha in np.linspace(1, 0, n):": (
            "the same places in the other direction"
        ),
        "if f(alpha * a + (1 - alpha) * b) > chord + 1e-12: -> "
        "if f(alpha * a + (1 - alpha) * b) >= chord + 1e-12:": (
            "no value lies exactly 1e-12 above a chord"
        ),
    },
)


CHAPTER = Chapter(
    name="00_gradient_descent",
    title="Gradient descent",
    minutes=75,
    exercises=(
        GD_STEP,
        GRADIENT_DESCENT,
        LARGEST_STABLE_LR,
        VIOLATES_CONVEXITY,
    ),
    written=(Written("gradient_descent_why", points=2),),
)
