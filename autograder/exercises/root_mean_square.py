"""Chapter 04: steps over the root mean square of past gradients.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.spec import Exercise, Misconception
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["NOT_IN_PLACE", "RMSPROP_STEP", "RMS_STEP"]

NOT_IN_PLACE = (
    "Whoever called the function still holds the old array and finds it changed. "
    "Write `a = a + b` instead of `a += b`: it makes a new array."
)


# --- rms_step ---------------------------------------------------------------


def draw_rms_step(rng):
    yield (
        "round numbers, the fourth step",
        {
            "theta": np.array([1.0, -2.0]),
            "sum_sq": np.array([12.0, 27.0]),
            "t": 3,
            "grad": np.array([2.0, -3.0]),
            "lr": 0.3,
        },
    )
    lr = between(rng, 0.05, 0.3)
    theta, sum_sq = signed(rng, (3,)), np.zeros(3)
    for t, step in enumerate(("first step of a run, t = 0", "second step", "third")):
        grad = signed(rng, (3,))
        arguments = {"theta": theta, "sum_sq": sum_sq, "t": t, "grad": grad}
        yield step, {**arguments, "lr": lr}
        theta, sum_sq = kernels.rms_step(**arguments, lr=lr)
    still = np.array([[1, 1, 0], [1, 1, 1]])
    yield (
        "a matrix, one parameter whose gradients were all 0",
        {
            "theta": signed(rng, (2, 3)),
            "sum_sq": np.abs(signed(rng, (2, 3), 2.0, 9.0)) * still,
            "t": 6,
            "grad": signed(rng, (2, 3)) * still * np.array([[1, 0, 1], [1, 1, 1]]),
            "lr": between(rng, 0.3, 0.6),
        },
    )
    yield (
        "second step, one parameter whose gradients were all 0",
        {
            "theta": signed(rng, (4,)),
            "sum_sq": np.abs(signed(rng, (4,))) * np.array([1, 0, 1, 1]),
            "t": 1,
            "grad": signed(rng, (4,)) * np.array([1, 0, 1, 1]),
            "lr": between(rng, 0.3, 0.6),
        },
    )
    yield (
        "gradients near 1e-20, and some that were all 0",
        {
            "theta": signed(rng, (5,)),
            "sum_sq": 1e-40 * np.abs(signed(rng, (5,))) * np.array([1, 1, 0, 1, 0]),
            "t": 2,
            "grad": 1e-20 * signed(rng, (5,)) * np.array([1, 1, 0, 1, 0]),
            "lr": between(rng, 0.3, 0.6),
        },
    )
    yield (
        "three axes and a learning rate above 1",
        {
            "theta": signed(rng, (4, 1, 2)),
            "sum_sq": np.abs(signed(rng, (4, 1, 2), 5.0, 20.0)),
            "t": int(rng.integers(10, 20)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
        },
    )


def rms_where_gradient_is_not_zero(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    step = np.zeros_like(theta)
    moves = grad != 0
    step[moves] = grad[moves] / np.sqrt(sum_sq[moves] / (t + 1))
    return theta - lr * step, sum_sq


def rms_by_adagrad(theta, sum_sq, t, grad, lr):
    total = sum_sq + grad * grad
    share = np.divide(grad, np.sqrt(total), out=np.zeros_like(grad), where=total > 0)
    return theta - lr * np.sqrt(t + 1) * share, total


def rms_by_nan_to_num(theta, sum_sq, t, grad, lr):
    total = sum_sq + grad**2
    return theta - np.nan_to_num(lr * grad * (total / (t + 1)) ** -0.5), total


def rms_with_least_number(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    return theta - lr * grad / np.maximum(sigma, 1e-300), sum_sq


def _over(numerator, denominator):
    """Their ratio, and 0 where the denominator is 0."""
    safe = np.where(denominator == 0, 1.0, denominator)
    return np.where(denominator == 0, 0.0, numerator / safe)


def rms_climbs(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta + lr * _over(grad, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_divides_by_t(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * _over(grad, np.sqrt(np.divide(sum_sq, t))), sum_sq


def rms_divides_by_t_plus_two(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * _over(grad, np.sqrt(sum_sq / (t + 2))), sum_sq


def rms_adagrad_instead(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * _over(grad, np.sqrt(sum_sq)), sum_sq


def rms_no_root(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * _over(grad, sum_sq / (t + 1)), sum_sq


def rms_count_outside_root(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * _over(grad, np.sqrt(sum_sq) / (t + 1)), sum_sq


def rms_old_sum(theta, sum_sq, t, grad, lr):
    return theta - lr * _over(grad, np.sqrt(sum_sq / (t + 1))), sum_sq + grad**2


def rms_not_stored(theta, sum_sq, t, grad, lr):
    return theta - lr * _over(grad, np.sqrt((sum_sq + grad**2) / (t + 1))), sum_sq


def rms_mean_stored(theta, sum_sq, t, grad, lr):
    mean_sq = (sum_sq + grad**2) / (t + 1)
    return theta - lr * _over(grad, np.sqrt(mean_sq)), mean_sq


def rms_sigma_stored(theta, sum_sq, t, grad, lr):
    sigma = np.sqrt((sum_sq + grad**2) / (t + 1))
    return theta - lr * _over(grad, sigma), sigma


def rms_old_mean_averaged(theta, sum_sq, t, grad, lr):
    mean_sq = (t * sum_sq + grad**2) / (t + 1)
    return theta - lr * _over(grad, np.sqrt(mean_sq)), mean_sq


def rms_forgets(theta, sum_sq, t, grad, lr):
    sum_sq = grad**2
    return theta - lr * _over(grad, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_not_a_number(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * grad / np.sqrt(sum_sq / (t + 1)), sum_sq


def rms_all_stay(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    sigma = np.sqrt(sum_sq / (t + 1))
    if np.any(sigma == 0):
        return theta.copy(), sum_sq
    return theta - lr * grad / sigma, sum_sq


def rms_eps_added(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * grad / (np.sqrt(sum_sq / (t + 1)) + 1e-8), sum_sq


def rms_eps_as_floor(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * grad / np.maximum(np.sqrt(sum_sq / (t + 1)), 1e-8), sum_sq


def rms_sums_gradients(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad
    return theta - lr * _over(grad, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_sums_gradients_behind_a_mask(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad
    sigma = np.sqrt(sum_sq / (t + 1))
    return theta - lr * grad / np.where(sigma > 0, sigma, 1.0), sum_sq


def rms_sums_sizes(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + np.abs(grad)
    return theta - lr * _over(grad, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_mean_size(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + np.abs(grad)
    return theta - lr * _over(grad, sum_sq / (t + 1)), sum_sq


def rms_scalar_sum(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + np.sum(grad**2)
    return theta - lr * _over(grad, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_one_sigma(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * grad / np.sqrt(sum_sq.sum() / (t + 1)), sum_sq


def rms_mean_over_parameters(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * grad / np.sqrt(np.mean(sum_sq)), sum_sq


def rms_squared_gradient_moves(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * _over(grad**2, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_lr_missing(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - _over(grad, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_gradient_missing(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * _over(1.0, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_multiplies(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return theta - lr * np.sqrt(sum_sq / (t + 1)) * grad, sum_sq


def rms_swapped(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    return sum_sq, theta - lr * _over(grad, np.sqrt(sum_sq / (t + 1)))


def rms_sum_in_place(theta, sum_sq, t, grad, lr):
    sum_sq += grad**2
    return theta - lr * _over(grad, np.sqrt(sum_sq / (t + 1))), sum_sq


def rms_theta_in_place(theta, sum_sq, t, grad, lr):
    sum_sq = sum_sq + grad**2
    theta -= lr * _over(grad, np.sqrt(sum_sq / (t + 1)))
    return theta, sum_sq


def rms_both_in_place(theta, sum_sq, t, grad, lr):
    sum_sq += grad**2
    theta -= lr * _over(grad, np.sqrt(sum_sq / (t + 1)))
    return theta, sum_sq


RMS_STEP = Exercise(
    name="rms_step",
    points=2,
    reference=kernels.rms_step,
    returns=("theta", "sum_sq"),
    order=("sum_sq", "theta"),
    draw=draw_rms_step,
    equivalents=(
        rms_where_gradient_is_not_zero,
        rms_by_adagrad,
        rms_by_nan_to_num,
        rms_with_least_number,
    ),
    misconceptions=(
        Misconception(
            "rms_climbs",
            rms_climbs,
            "a step uphill",
            "The gradient points up. Subtract the step from `theta`.",
        ),
        Misconception(
            "rms_divides_by_t",
            rms_divides_by_t,
            "a mean over one gradient too few",
            "The gradients 0 to `t` are `t + 1` gradients, one of them in the first "
            "step: divide by `t + 1`.",
        ),
        Misconception(
            "rms_divides_by_t_plus_two",
            rms_divides_by_t_plus_two,
            "a mean over one gradient too many",
            "The gradients 0 to `t` are `t + 1` gradients: divide by `t + 1`.",
        ),
        Misconception(
            "rms_adagrad_instead",
            rms_adagrad_instead,
            "AdaGrad",
            "The root of the sum is not the root of the mean: divide by `t + 1` inside "
            "the root. If you did, look for a second factor `1 / sqrt(t + 1)` at `lr`: "
            "the two cancel.",
        ),
        Misconception(
            "rms_no_root",
            rms_no_root,
            "a division by the mean square",
            "Its root has the unit of a gradient: divide by the root mean square.",
        ),
        Misconception(
            "rms_count_outside_root",
            rms_count_outside_root,
            "a count outside the root",
            "The mean is taken first, then its root: `np.sqrt(sum_sq / (t + 1))`.",
        ),
        Misconception(
            "rms_old_sum",
            rms_old_sum,
            "a step that divides by the old sum",
            "The present gradient belongs to the sum before the division: in the first "
            "step nothing else is in it.",
        ),
        Misconception(
            "rms_not_stored",
            rms_not_stored,
            "a sum that is not handed on",
            "`theta` is right, but the `sum_sq` that comes back is the old one, so the "
            "next step knows nothing of this gradient. Return the new sum.",
        ),
        Misconception(
            "rms_mean_stored",
            rms_mean_stored,
            "a mean handed on in the place of the sum",
            "The next step adds its square to what you return, and divides again. "
            "Return the sum; divide only for the step.",
        ),
        Misconception(
            "rms_sigma_stored",
            rms_sigma_stored,
            "the root mean square handed on in the place of the sum",
            "The next step adds its square to what you return. Return the sum; divide "
            "and take the root only for the step.",
        ),
        Misconception(
            "rms_old_mean_averaged",
            rms_old_mean_averaged,
            "a sum taken for a mean",
            "`sum_sq` is a sum already: add the new square to it, with no factor `t`.",
        ),
        Misconception(
            "rms_forgets",
            rms_forgets,
            "a sum that starts afresh in each step",
            "Add the square to the `sum_sq` that comes in.",
        ),
        Misconception(
            "rms_not_a_number",
            rms_not_a_number,
            "0 / 0 where all gradients were 0",
            "There is nothing to divide by, and no reason to move. Divide by something "
            "else than 0 there: the gradient, and so the step, is 0 anyway.",
        ),
        Misconception(
            "rms_all_stay",
            rms_all_stay,
            "a step that is left out for every parameter",
            "Only the parameter whose gradients were all 0 stays. Decide entry by "
            "entry, with `np.where` for example.",
        ),
        Misconception(
            "rms_eps_added",
            rms_eps_added,
            "an epsilon of 1e-8 in the denominator",
            "Equation (4.3) has none: a parameter with σ = 0 is left where it is, and "
            "all others divide by σ itself.",
        ),
        Misconception(
            "rms_eps_as_floor",
            rms_eps_as_floor,
            "a small number beside which a tiny σ does not count",
            "So a parameter with tiny gradients hardly moves, or not at all. Leave out "
            "σ = 0 alone, with `np.where(sigma > 0, ...)` for example.",
        ),
        Misconception(
            "rms_sums_gradients",
            rms_sums_gradients,
            "a sum of the gradients themselves",
            "Gradients of opposite sign cancel in it, and its root may not exist. Add "
            "up their squares.",
        ),
        Misconception(
            "rms_sums_gradients_behind_a_mask",
            rms_sums_gradients_behind_a_mask,
            "a sum of the gradients, with the missing roots masked",
            "Gradients of opposite sign cancel in it, and where its root does not "
            "exist your mask hides that. Add up their squares.",
        ),
        Misconception(
            "rms_sums_sizes",
            rms_sums_sizes,
            "a sum of absolute values",
            "`sum_sq` is a sum of squares: `grad**2`, not `abs(grad)`.",
        ),
        Misconception(
            "rms_mean_size",
            rms_mean_size,
            "a division by the mean absolute value",
            "σ is the root of the mean square. The two differ as soon as gradients do.",
        ),
        Misconception(
            "rms_scalar_sum",
            rms_scalar_sum,
            "one sum for all parameters",
            "Every parameter has a σ of its own: no `np.sum`, add the squares entry by "
            "entry.",
        ),
        Misconception(
            "rms_one_sigma",
            rms_one_sigma,
            "one σ for all parameters",
            "`sum_sq` is right, but each parameter divides by the root mean square of "
            "its own gradients.",
        ),
        Misconception(
            "rms_mean_over_parameters",
            rms_mean_over_parameters,
            "a mean over the parameters",
            "The mean is over time: each entry of `sum_sq` over `t + 1`, no `np.mean`.",
        ),
        Misconception(
            "rms_squared_gradient_moves",
            rms_squared_gradient_moves,
            "a step along the squared gradient",
            "The square has lost the sign, and with it the direction. It belongs to "
            "the sum; the step has the gradient itself in it.",
        ),
        Misconception(
            "rms_lr_missing",
            rms_lr_missing,
            "a step without the learning rate",
            "Multiply the step by `lr`.",
        ),
        Misconception(
            "rms_gradient_missing",
            rms_gradient_missing,
            "a step without the gradient",
            "`lr / sigma` is the learning rate of each parameter. Multiply it by the "
            "gradient.",
        ),
        Misconception(
            "rms_multiplies",
            rms_multiplies,
            "a multiplication by σ where a division belongs",
            "Where gradients have been large the step is to be shorter: divide.",
        ),
        Misconception(
            "rms_swapped",
            rms_swapped,
            "the two results in the wrong order",
            "Return `theta` first and `sum_sq` second.",
        ),
        Misconception(
            "rms_sum_in_place",
            rms_sum_in_place,
            "an update of `sum_sq` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "rms_theta_in_place",
            rms_theta_in_place,
            "an update of `theta` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "rms_both_in_place",
            rms_both_in_place,
            "an update of `sum_sq` and `theta` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "Root, mean, square: which of the three is done first, and which last?",
        (
            "`t` gradients came before this one. How many are in the new sum? And "
            "what is σ where every gradient was 0?"
        ),
        (
            "`sum_sq = sum_sq + grad**2` and `sigma = np.sqrt(sum_sq / (t + 1))`. "
            "Divide by `np.where(sigma > 0, sigma, 1)`: where σ is 0 the gradient is "
            "0 too. Return `theta - lr * grad` over that, and `sum_sq`."
        ),
    ),
    read="section 4, equation (4.3)",
    lines=3,
    level=2,
    harmless={
        "return (theta - lr * grad / np.where(sigma > 0, sigma, np.inf), sum_sq) -> "
        "return (theta - lr * grad / np.where(sum_sq > 0, sigma, np.inf), sum_sq)": (
            "the root of the mean is 0 exactly where the sum is"
        ),
    },
)


# --- rmsprop_step -----------------------------------------------------------


def draw_rmsprop_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "s": np.array([2.0, 10.0]),
            "grad": np.array([4.0, -8.0]),
            "lr": 0.3,
            "rho": 0.5,
        },
    )
    lr, rho = between(rng, 0.05, 0.3), between(rng, 0.6, 0.85)
    eps = between(rng, 0.02, 0.09)
    theta, s = signed(rng, (3,)), np.zeros(3)
    for step in ("first step of a run", "second step", "third step"):
        grad = signed(rng, (3,))
        arguments = {"theta": theta, "s": s, "grad": grad}
        yield step, {**arguments, "lr": lr, "rho": rho, "eps": eps}
        theta, s = kernels.rmsprop_step(**arguments, lr=lr, rho=rho, eps=eps)
    yield (
        "a matrix of parameters, small gradients and a large eps",
        {
            "theta": signed(rng, (2, 3)),
            "s": np.round(rng.uniform(0.0001, 0.0006, (2, 3)), 5),
            "grad": signed(rng, (2, 3), 0.02, 0.06),
            "lr": between(rng, 0.3, 0.6),
            "rho": between(rng, 0.2, 0.4),
            "eps": between(rng, 0.08, 0.12),
        },
    )
    still = np.ones((4, 1, 2))
    still[1, 0, 0] = 0
    moving = still.copy()
    moving[2, 0, 1] = 0
    yield (
        "three axes, one parameter whose gradients were all 0, and rho left out",
        {
            "theta": signed(rng, (4, 1, 2)),
            "s": np.abs(signed(rng, (4, 1, 2))) * still,
            "grad": signed(rng, (4, 1, 2)) * moving,
            "lr": between(rng, 1.2, 1.8),
        },
    )
    yield (
        "tiny gradients, and eps left out",
        {
            "theta": signed(rng, (5,), 0.1, 0.5),
            "s": np.zeros(5),
            "grad": 1e-7 * signed(rng, (5,), 0.5, 5.0),
            "lr": between(rng, 0.05, 0.1),
            "rho": between(rng, 0.6, 0.85),
        },
    )


def rmsprop_moved_average(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = s + (1 - rho) * (grad**2 - s)
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_by_power(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = (1 - rho) * np.square(grad) + rho * s
    return theta - lr * grad * (eps + s**0.5) ** -1, s


def rmsprop_on_copies(theta, s, grad, lr, rho=0.9, eps=1e-8):
    theta, s = theta.copy(), s.copy()
    s *= rho
    s += (1 - rho) * grad * grad
    theta -= lr / (np.sqrt(s) + eps) * grad
    return theta, s


def rmsprop_by_hypotenuse(theta, s, grad, lr, rho=0.9, eps=1e-8):
    root = np.hypot(np.sqrt(rho * s), np.sqrt(1 - rho) * grad)
    return theta - lr * grad / (root + eps), root**2


def rmsprop_climbs(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta + lr * grad / (np.sqrt(s) + eps), s


def rmsprop_weights_swapped(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = (1 - rho) * s + rho * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_adagrad_instead(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = s + grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_old_kept_whole(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_gradient_enters_whole(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_rho_times_everything(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * (s + (1 - rho) * grad**2)
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_rho_twice(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + rho * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_forgets(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_latest_only(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_averages_gradients(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_averages_sizes(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * np.abs(grad)
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_averages_sizes_no_root(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * np.abs(grad)
    return theta - lr * grad / (s + eps), s


def rmsprop_weight_squared(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + ((1 - rho) * grad) ** 2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_no_root(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (s + eps), s


def rmsprop_root_stored(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = np.sqrt(rho * s + (1 - rho) * grad**2)
    return theta - lr * grad / (s + eps), s


def rmsprop_old_s(theta, s, grad, lr, rho=0.9, eps=1e-8):
    return theta - lr * grad / (np.sqrt(s) + eps), rho * s + (1 - rho) * grad**2


def rmsprop_not_stored(theta, s, grad, lr, rho=0.9, eps=1e-8):
    return theta - lr * grad / (np.sqrt(rho * s + (1 - rho) * grad**2) + eps), s


def rmsprop_scalar_average(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * np.mean(grad**2)
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_scalar_sum(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * np.sum(grad**2)
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_norm_divides(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s.sum()) + eps), s


def rmsprop_squared_gradient_moves(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad**2 / (np.sqrt(s) + eps), s


def rmsprop_sign_moves(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * np.sign(grad) / (np.sqrt(s) + eps), s


def rmsprop_share_of_gradient_moves(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * (1 - rho) * grad / (np.sqrt(s) + eps), s


def rmsprop_gradient_missing(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr / (np.sqrt(s) + eps), s


def rmsprop_lr_missing(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - grad / (np.sqrt(s) + eps), s


def rmsprop_corrected(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s / (1 - rho)) + eps), s


def rmsprop_multiplies(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad * (np.sqrt(s) + eps), s


def rmsprop_precedence(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - (lr * grad / np.sqrt(s) + eps), s


def rmsprop_eps_added_to_fraction(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * (grad / np.sqrt(s) + eps), s


def rmsprop_eps_added_to_rate(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - (lr / np.sqrt(s) + eps) * grad, s


def rmsprop_eps_added_to_theta(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / np.sqrt(s) + eps, s


def rmsprop_eps_missing(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / np.sqrt(s), s


def rmsprop_eps_inside_root(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / np.sqrt(s + eps), s


def rmsprop_eps_inside_and_outside(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s + eps) + eps), s


def rmsprop_root_of_eps(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + np.sqrt(eps)), s


def rmsprop_eps_squared_inside(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / np.sqrt(s + eps**2), s


def rmsprop_eps_scaled_by_lr(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + lr * eps), s


def rmsprop_eps_scaled_by_weight(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + (1 - rho) * eps), s


def rmsprop_eps_scaled_by_root(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    root = np.sqrt(s)
    return theta - np.where(root > 0, lr * grad / (root * (1 + eps)), 0), s


def rmsprop_eps_as_floor(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / np.maximum(np.sqrt(s), eps), s


def rmsprop_eps_in_s(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2 + eps
    return theta - lr * grad / np.sqrt(s), s


def rmsprop_eps_only_for_zeros(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / np.where(s > 0, np.sqrt(s), eps), s


def rmsprop_default_rho(theta, s, grad, lr, rho=0.99, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_default_eps(theta, s, grad, lr, rho=0.9, eps=1e-10):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_default_eps_of_keras(theta, s, grad, lr, rho=0.9, eps=1e-7):
    s = rho * s + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_starts_with_gradient(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2 if np.any(s) else grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_swapped(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    return s, theta - lr * grad / (np.sqrt(s) + eps)


def rmsprop_s_in_place(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s *= rho
    s += (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(s) + eps), s


def rmsprop_theta_in_place(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s = rho * s + (1 - rho) * grad**2
    theta -= lr * grad / (np.sqrt(s) + eps)
    return theta, s


def rmsprop_both_in_place(theta, s, grad, lr, rho=0.9, eps=1e-8):
    s *= rho
    s += (1 - rho) * grad**2
    theta -= lr * grad / (np.sqrt(s) + eps)
    return theta, s


RMSPROP_STEP = Exercise(
    name="rmsprop_step",
    points=2,
    reference=kernels.rmsprop_step,
    returns=("theta", "s"),
    order=("s", "theta"),
    draw=draw_rmsprop_step,
    equivalents=(
        rmsprop_moved_average,
        rmsprop_by_power,
        rmsprop_on_copies,
        rmsprop_by_hypotenuse,
    ),
    misconceptions=(
        Misconception(
            "rmsprop_climbs",
            rmsprop_climbs,
            "a step uphill",
            "The gradient points up. Subtract the step from `theta`.",
        ),
        Misconception(
            "rmsprop_weights_swapped",
            rmsprop_weights_swapped,
            "an average with its two weights swapped",
            "`rho` is the weight of the past, `1 - rho` that of the new square.",
        ),
        Misconception(
            "rmsprop_adagrad_instead",
            rmsprop_adagrad_instead,
            "AdaGrad",
            "A sum forgets nothing and can only grow. RMSProp averages: the past with "
            "the weight `rho`, the new square with `1 - rho`.",
        ),
        Misconception(
            "rmsprop_old_kept_whole",
            rmsprop_old_kept_whole,
            "an average that never forgets",
            "Multiply the old `s` by `rho`; otherwise it can only grow, as AdaGrad's.",
        ),
        Misconception(
            "rmsprop_gradient_enters_whole",
            rmsprop_gradient_enters_whole,
            "a sum that decays, without `1 - rho`",
            "In an average the two weights add up to 1: the new square enters with "
            "`1 - rho`.",
        ),
        Misconception(
            "rmsprop_rho_times_everything",
            rmsprop_rho_times_everything,
            "a `rho` around the whole sum",
            "`rho` multiplies the old `s` only. Look at your parentheses.",
        ),
        Misconception(
            "rmsprop_rho_twice",
            rmsprop_rho_twice,
            "`rho` as the weight of both",
            "In an average the two weights add up to 1: the new square enters with "
            "`1 - rho`.",
        ),
        Misconception(
            "rmsprop_forgets",
            rmsprop_forgets,
            "an average without its past",
            "The old `s` is thrown away. `rho` times it is part of the new one.",
        ),
        Misconception(
            "rmsprop_latest_only",
            rmsprop_latest_only,
            "the latest squared gradient alone",
            "With one gradient only, the step is `lr` whatever the gradient's size. "
            "Average it with the past: `rho * s + (1 - rho) * grad**2`.",
        ),
        Misconception(
            "rmsprop_averages_gradients",
            rmsprop_averages_gradients,
            "an average of the gradients themselves",
            "Gradients of opposite sign cancel in it, and its root may not exist. "
            "Average their squares.",
        ),
        Misconception(
            "rmsprop_averages_sizes",
            rmsprop_averages_sizes,
            "an average of absolute values",
            "`s` averages squares, whose root has the unit of a gradient: `grad**2`, "
            "not `abs(grad)`.",
        ),
        Misconception(
            "rmsprop_averages_sizes_no_root",
            rmsprop_averages_sizes_no_root,
            "a division by the average absolute value",
            "Root mean square: average the squares, then take the root.",
        ),
        Misconception(
            "rmsprop_weight_squared",
            rmsprop_weight_squared,
            "a squared `1 - rho`",
            "Only the gradient is squared: `(1 - rho) * grad**2`.",
        ),
        Misconception(
            "rmsprop_no_root",
            rmsprop_no_root,
            "a division by `s` itself",
            "`s` is an average of squares. Its root has the unit of a gradient: divide "
            "by that.",
        ),
        Misconception(
            "rmsprop_root_stored",
            rmsprop_root_stored,
            "an average whose root is handed on",
            "The next step averages its square with what you return as `s`. Return "
            "the average, and take the root only for the division.",
        ),
        Misconception(
            "rmsprop_old_s",
            rmsprop_old_s,
            "a step that divides by the old `s`",
            "The present gradient belongs to the average before the division: in the "
            "first step nothing else is in it.",
        ),
        Misconception(
            "rmsprop_not_stored",
            rmsprop_not_stored,
            "an average that is not handed on",
            "`theta` is right, but the `s` that comes back is the old one, so the next "
            "step knows nothing of this gradient. Return the new average.",
        ),
        Misconception(
            "rmsprop_scalar_average",
            rmsprop_scalar_average,
            "one average for all parameters",
            "Every parameter has a learning rate of its own, and therefore an average "
            "of its own: no `np.mean`. The mean is over time.",
        ),
        Misconception(
            "rmsprop_scalar_sum",
            rmsprop_scalar_sum,
            "one sum for all parameters",
            "Every parameter has a learning rate of its own, and therefore an average "
            "of its own: no `np.sum`, square entry by entry.",
        ),
        Misconception(
            "rmsprop_norm_divides",
            rmsprop_norm_divides,
            "a division by the norm over all parameters",
            "`s` is right, but each parameter divides by the root of its own entry of "
            "`s`, not of the total.",
        ),
        Misconception(
            "rmsprop_squared_gradient_moves",
            rmsprop_squared_gradient_moves,
            "a step along the squared gradient",
            "The square has lost the sign, and with it the direction. It belongs to "
            "`s`; the step has the gradient itself in it.",
        ),
        Misconception(
            "rmsprop_sign_moves",
            rmsprop_sign_moves,
            "a step along the sign of the gradient",
            "The size of the present gradient counts too: `grad`, not its sign.",
        ),
        Misconception(
            "rmsprop_share_of_gradient_moves",
            rmsprop_share_of_gradient_moves,
            "a step along `1 - rho` times the gradient",
            "`1 - rho` is a weight in the average of squares. The step has the whole "
            "gradient in it.",
        ),
        Misconception(
            "rmsprop_gradient_missing",
            rmsprop_gradient_missing,
            "a step without the gradient",
            "`lr / (sqrt(s) + eps)` is the learning rate of each parameter. Multiply "
            "it by the gradient.",
        ),
        Misconception(
            "rmsprop_lr_missing",
            rmsprop_lr_missing,
            "a step without the learning rate",
            "Multiply the step by `lr`.",
        ),
        Misconception(
            "rmsprop_corrected",
            rmsprop_corrected,
            "an average that is divided by `1 - rho`",
            "RMSProp does not correct its average for its start at 0. That is Adam's "
            "idea, in the next chapter.",
        ),
        Misconception(
            "rmsprop_multiplies",
            rmsprop_multiplies,
            "a multiplication where a division belongs",
            "Where gradients have been large the step is to be shorter: divide.",
        ),
        Misconception(
            "rmsprop_precedence",
            rmsprop_precedence,
            "an `eps` outside the fraction",
            "`a / b + eps` adds `eps` to the step. Put the denominator into "
            "parentheses: `(np.sqrt(s) + eps)`.",
        ),
        Misconception(
            "rmsprop_eps_added_to_fraction",
            rmsprop_eps_added_to_fraction,
            "an `eps` that is added to the fraction",
            "It belongs to the denominator. Put that into parentheses: "
            "`(np.sqrt(s) + eps)`.",
        ),
        Misconception(
            "rmsprop_eps_added_to_rate",
            rmsprop_eps_added_to_rate,
            "an `eps` that is added to the effective learning rate",
            "`lr / a + eps` adds `eps` to the quotient. Put the denominator into "
            "parentheses: `(np.sqrt(s) + eps)`.",
        ),
        Misconception(
            "rmsprop_eps_added_to_theta",
            rmsprop_eps_added_to_theta,
            "an `eps` that is added to `theta`",
            "`theta - a / b + eps` moves every parameter by `eps`. Put the denominator "
            "into parentheses: `(np.sqrt(s) + eps)`.",
        ),
        Misconception(
            "rmsprop_eps_missing",
            rmsprop_eps_missing,
            "a step without `eps`",
            "A parameter that has seen only zeros gives 0 / 0, which is not a number. "
            "Add `eps` to the root.",
        ),
        Misconception(
            "rmsprop_eps_inside_root",
            rmsprop_eps_inside_root,
            "an `eps` inside the root",
            "That is another convention, in which `eps` counts as its root: 1e-8 acts "
            "as 1e-4. Here it is added after the root is taken.",
        ),
        Misconception(
            "rmsprop_eps_inside_and_outside",
            rmsprop_eps_inside_and_outside,
            "an `eps` both inside and outside the root",
            "Once is enough: add it after the root is taken.",
        ),
        Misconception(
            "rmsprop_root_of_eps",
            rmsprop_root_of_eps,
            "a root of `eps`",
            "The root is taken of `s` alone; `eps` is added as it is.",
        ),
        Misconception(
            "rmsprop_eps_squared_inside",
            rmsprop_eps_squared_inside,
            "a squared `eps` inside the root",
            "That has the right size but is another function. Add `eps` after the root "
            "is taken.",
        ),
        Misconception(
            "rmsprop_eps_scaled_by_lr",
            rmsprop_eps_scaled_by_lr,
            "an `eps` that is scaled by `lr`",
            "`lr` is in the numerator only; `eps` is added to the root as it is.",
        ),
        Misconception(
            "rmsprop_eps_scaled_by_weight",
            rmsprop_eps_scaled_by_weight,
            "an `eps` that is scaled by `1 - rho`",
            "`1 - rho` is a weight in the average. Add `eps` to the root as it is.",
        ),
        Misconception(
            "rmsprop_eps_scaled_by_root",
            rmsprop_eps_scaled_by_root,
            "an `eps` that is scaled by the root",
            "As a share of the root it cannot keep a division by zero away. Add it to "
            "the root.",
        ),
        Misconception(
            "rmsprop_eps_as_floor",
            rmsprop_eps_as_floor,
            "an `eps` used as a lower bound",
            "`np.maximum` leaves larger roots as they are. Here `eps` is added to "
            "every root.",
        ),
        Misconception(
            "rmsprop_eps_in_s",
            rmsprop_eps_in_s,
            "an `eps` that is added to `s` in every step",
            "So it piles up in the average. `s` holds squares of gradients only; add "
            "`eps` to the root.",
        ),
        Misconception(
            "rmsprop_eps_only_for_zeros",
            rmsprop_eps_only_for_zeros,
            "a division that is guarded only where `s` is 0",
            "Here `eps` is added to every root, that of 0 and all others.",
        ),
        Misconception(
            "rmsprop_default_rho",
            rmsprop_default_rho,
            "a default `rho` of 0.99",
            "That is PyTorch's. Here it is 0.9, as in Hinton's lecture: leave the "
            "first line of the function as it was.",
        ),
        Misconception(
            "rmsprop_default_eps",
            rmsprop_default_eps,
            "a default `eps` of 1e-10",
            "That is AdaGrad's. Here it is 1e-8: leave the first line of the function "
            "as it was.",
        ),
        Misconception(
            "rmsprop_default_eps_of_keras",
            rmsprop_default_eps_of_keras,
            "a default `eps` of 1e-7",
            "That is Keras's. Here it is 1e-8: leave the first line of the function as "
            "it was.",
        ),
        Misconception(
            "rmsprop_starts_with_gradient",
            rmsprop_starts_with_gradient,
            "an average that starts at the first squared gradient",
            "Here `s` starts at 0, and the first step is longer for it. Average with "
            "the `s` that comes in, whatever it is.",
        ),
        Misconception(
            "rmsprop_swapped",
            rmsprop_swapped,
            "the two results in the wrong order",
            "Return `theta` first and `s` second.",
        ),
        Misconception(
            "rmsprop_s_in_place",
            rmsprop_s_in_place,
            "an update of `s` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "rmsprop_theta_in_place",
            rmsprop_theta_in_place,
            "an update of `theta` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "rmsprop_both_in_place",
            rmsprop_both_in_place,
            "an update of `s` and `theta` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "AdaGrad's sum never forgets. What does forget: a sum, or a moving average?",
        (
            "Chapter 3 averaged gradients with two weights that add up to 1. Average "
            "the squares in the same way; the step is AdaGrad's."
        ),
        (
            "`s = rho * s + (1 - rho) * grad**2`, then `return theta - lr * grad / "
            "(np.sqrt(s) + eps), s`."
        ),
    ),
    read="section 5, equation (4.4)",
    lines=2,
    level=1,
)
