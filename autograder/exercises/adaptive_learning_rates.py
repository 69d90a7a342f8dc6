"""Chapter 04: a learning rate for every parameter.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.  The chapter's other exercises are in
`root_mean_square`, `learning_rate_schedules` and `feature_scaling`.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import between, signed
from autograder.exercises.feature_scaling import CONDITION_NUMBER, STANDARDIZE
from autograder.exercises.learning_rate_schedules import (
    COSINE_DECAY,
    EXPONENTIAL_DECAY,
    INVERSE_SQRT_DECAY,
    STEP_DECAY,
    TRANSFORMER_LR,
    WARMUP,
)
from autograder.exercises.root_mean_square import (
    NOT_IN_PLACE,
    RMS_STEP,
    RMSPROP_STEP,
)
from autograder.exercises.spec import Chapter, Exercise, Misconception, Written
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["CHAPTER"]


# --- best_quadratic_step ----------------------------------------------------


def draw_best_quadratic_step(rng):
    yield (
        "a steep and a flat direction",
        {"grad": np.array([-6.0, 2.0]), "curvature": np.array([3.0, 0.5])},
    )
    yield (
        "three parameters",
        {"grad": signed(rng, (3,)), "curvature": np.abs(signed(rng, (3,)))},
    )
    yield (
        "one curvature is 0",
        {
            "grad": signed(rng, (4,)),
            "curvature": np.abs(signed(rng, (4,))) * np.array([1, 1, 0, 1]),
        },
    )
    yield (
        "a matrix of parameters, and a gradient that is zero in one place",
        {
            "grad": signed(rng, (2, 3)) * np.array([[1, 1, 0], [1, 1, 1]]),
            "curvature": np.abs(signed(rng, (2, 3), 0.05, 0.4)),
        },
    )
    yield (
        "one curvature is negative: a hill",
        {
            "grad": signed(rng, (3,)),
            "curvature": np.abs(signed(rng, (3,))) * np.array([1, -1, 1]),
        },
    )
    yield (
        "three axes and large curvatures",
        {
            "grad": signed(rng, (4, 1, 2)),
            "curvature": np.abs(signed(rng, (4, 1, 2), 10.0, 60.0)),
        },
    )
    yield (
        "every curvature is negative",
        {"grad": signed(rng, (2,)), "curvature": -np.abs(signed(rng, (2,)))},
    )


def length_by_ratio(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return np.abs(grad / curvature)


def length_by_minimum(grad, curvature):
    if curvature.min() <= 0:
        raise ValueError("no minimum")
    return np.sqrt(grad**2) * curvature**-1.0


def best_step_signed(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return grad / curvature


def best_step_downhill(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return -grad / curvature


def curvature_over_gradient(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return curvature / np.abs(grad)


def gradient_times_curvature(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return np.abs(grad) * curvature


def inverse_curvature_only(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return 1 / curvature


def gradient_size_only(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return np.abs(grad)


def root_of_curvature(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return np.abs(grad) / np.sqrt(curvature)


def half_the_length(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return np.abs(grad) / (2 * curvature)


def twice_the_length(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return 2 * np.abs(grad) / curvature


def loss_to_gain(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return grad**2 / (2 * curvature)


def steepest_for_all(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return np.abs(grad) / curvature.max()


def norm_over_curvature(grad, curvature):
    if np.any(curvature <= 0):
        raise ValueError("no minimum")
    return np.linalg.norm(grad) / curvature


def no_error(grad, curvature):
    return np.abs(grad) / curvature


def size_of_curvature(grad, curvature):
    return np.abs(grad) / np.abs(curvature)


def zero_curvature_let_through(grad, curvature):
    if np.any(curvature < 0):
        raise ValueError("no minimum")
    return np.abs(grad) / curvature


def error_only_if_all_fail(grad, curvature):
    if np.all(curvature <= 0):
        raise ValueError("no minimum")
    return np.abs(grad) / curvature


def infinite_instead_of_error(grad, curvature):
    return np.where(curvature > 0, np.abs(grad) / curvature, np.inf)


def asserts_instead(grad, curvature):
    assert np.all(curvature > 0)
    return np.abs(grad) / curvature


BEST_QUADRATIC_STEP = Exercise(
    name="best_quadratic_step",
    points=1,
    bonus=True,
    reference=kernels.best_quadratic_step,
    returns=("length",),
    draw=draw_best_quadratic_step,
    equivalents=(length_by_ratio, length_by_minimum),
    misconceptions=(
        Misconception(
            "best_step_signed",
            best_step_signed,
            "a step with the gradient's sign",
            "What is asked for is a length: take the absolute value.",
        ),
        Misconception(
            "best_step_downhill",
            best_step_downhill,
            "the step itself, with its direction",
            "What is asked for is its length, a positive number: take the absolute "
            "value of the gradient.",
        ),
        Misconception(
            "curvature_over_gradient",
            curvature_over_gradient,
            "a fraction upside down",
            "The steeper the bowl curves, the nearer is its bottom: the curvature is "
            "in the denominator.",
        ),
        Misconception(
            "gradient_times_curvature",
            gradient_times_curvature,
            "the gradient times the curvature",
            "The steeper the bowl curves, the nearer is its bottom: divide by the "
            "curvature.",
        ),
        Misconception(
            "inverse_curvature_only",
            inverse_curvature_only,
            "one over the curvature",
            "That is the best learning rate. The step is as long as that times the "
            "size of the gradient.",
        ),
        Misconception(
            "gradient_size_only",
            gradient_size_only,
            "the size of the gradient",
            "A large gradient can be near the minimum, if the curvature is large too: "
            "divide by it.",
        ),
        Misconception(
            "root_of_curvature",
            root_of_curvature,
            "a division by the root of the curvature",
            "Set the derivative of the parabola to zero: no root occurs.",
        ),
        Misconception(
            "half_the_length",
            half_the_length,
            "half the best step",
            "The curvature is the second derivative: for `a * x**2` it is `2 * a`, and "
            "the 2 is already in it.",
        ),
        Misconception(
            "twice_the_length",
            twice_the_length,
            "twice the best step",
            "That leads to the same height on the other side: it is the longest step "
            "that does not climb, not the best one.",
        ),
        Misconception(
            "loss_to_gain",
            loss_to_gain,
            "the loss above the minimum",
            "`grad**2 / (2 * curvature)` says how much lower the minimum is. How far "
            "away it is is the absolute gradient over the curvature.",
        ),
        Misconception(
            "steepest_for_all",
            steepest_for_all,
            "the largest curvature used for every parameter",
            "That is what one learning rate for all has to do. Here every parameter "
            "has its own curvature.",
        ),
        Misconception(
            "norm_over_curvature",
            norm_over_curvature,
            "the norm of the whole gradient over each curvature",
            "Every parameter has its own gradient: absolute values entry by entry.",
        ),
        Misconception(
            "no_error",
            no_error,
            "a division without a look at the curvature",
            "Where the curvature is not positive there is no minimum to go to: raise "
            "ValueError before you divide.",
        ),
        Misconception(
            "size_of_curvature",
            size_of_curvature,
            "the absolute value of the curvature",
            "On a hill no step leads to a minimum, however long: raise ValueError "
            "unless every curvature is positive.",
        ),
        Misconception(
            "zero_curvature_let_through",
            zero_curvature_let_through,
            "an error for negative curvatures only",
            "With curvature 0 the loss is a straight line and has no minimum either: "
            "raise ValueError there too.",
        ),
        Misconception(
            "error_only_if_all_fail",
            error_only_if_all_fail,
            "an error only if every curvature fails",
            "One curvature that is not positive is enough: `np.any(curvature <= 0)`.",
        ),
        Misconception(
            "infinite_instead_of_error",
            infinite_instead_of_error,
            "infinity in the place of an error",
            "Where there is no minimum the question has no answer: raise ValueError.",
        ),
        Misconception(
            "asserts_instead",
            asserts_instead,
            "an AssertionError",
            "An argument that cannot be used is a ValueError: "
            "`raise ValueError('every curvature must be positive')`.",
        ),
    ),
    hints=(
        "Draw a parabola and a point on it. How far is its lowest point?",
        (
            "The derivative of `h * (x - c)**2 / 2` is `h * (x - c)`, and that is "
            "the gradient. Which part of it is the distance?"
        ),
        (
            "If not every curvature is above 0, raise `ValueError`; then `return "
            "np.abs(grad) / curvature`."
        ),
    ),
    read="section 2, equation (4.1)",
    lines=3,
    level=1,
)


# --- adagrad_step -----------------------------------------------------------


def draw_adagrad_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "r": np.array([5.0, 9.0]),
            "grad": np.array([2.0, -4.0]),
            "lr": 0.3,
        },
    )
    lr, eps = between(rng, 0.05, 0.3), between(rng, 0.02, 0.09)
    theta, r = signed(rng, (3,)), np.zeros(3)
    for step in ("first step of a run", "second step", "third step"):
        grad = signed(rng, (3,))
        arguments = {"theta": theta, "r": r, "grad": grad}
        yield step, {**arguments, "lr": lr, "eps": eps}
        theta, r = kernels.adagrad_step(**arguments, lr=lr, eps=eps)
    yield (
        "a matrix of parameters, small gradients and a large eps",
        {
            "theta": signed(rng, (2, 3)),
            "r": np.round(rng.uniform(0.0001, 0.0006, (2, 3)), 5),
            "grad": signed(rng, (2, 3), 0.02, 0.06),
            "lr": between(rng, 0.3, 0.6),
            "eps": between(rng, 0.08, 0.12),
        },
    )
    still = np.ones((4, 1, 2))
    still[1, 0, 0] = 0
    moving = still.copy()
    moving[2, 0, 1] = 0
    yield (
        "three axes, one parameter whose gradients were all 0",
        {
            "theta": signed(rng, (4, 1, 2)),
            "r": np.abs(signed(rng, (4, 1, 2))) * still,
            "grad": signed(rng, (4, 1, 2)) * moving,
            "lr": between(rng, 1.2, 1.8),
        },
    )
    yield (
        "tiny gradients, and eps left out",
        {
            "theta": signed(rng, (5,), 0.1, 0.5),
            "r": np.zeros(5),
            "grad": 1e-9 * signed(rng, (5,), 0.5, 5.0),
            "lr": between(rng, 0.05, 0.1),
        },
    )


def adagrad_by_power(theta, r, grad, lr, eps=1e-10):
    r = r + np.square(grad)
    return theta - lr * grad * (r**0.5 + eps) ** -1, r


def adagrad_by_own_learning_rates(theta, r, grad, lr, eps=1e-10):
    total = np.add(r, grad * grad)
    own_lr = lr / (eps + np.sqrt(total))
    return theta - own_lr * grad, total


def adagrad_on_copies(theta, r, grad, lr, eps=1e-10):
    theta, r = theta.copy(), r.copy()
    r += np.abs(grad) ** 2
    theta -= lr * grad / (np.sqrt(r) + eps)
    return theta, r


def adagrad_by_hypotenuse(theta, r, grad, lr, eps=1e-10):
    root = np.hypot(np.sqrt(r), grad)
    return theta - lr * grad / (root + eps), root**2


def adagrad_climbs(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta + lr * grad / (np.sqrt(r) + eps), r


def adagrad_sums_gradients(theta, r, grad, lr, eps=1e-10):
    r = r + grad
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_sums_sizes(theta, r, grad, lr, eps=1e-10):
    r = r + np.abs(grad)
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_sums_sizes_no_root(theta, r, grad, lr, eps=1e-10):
    r = r + np.abs(grad)
    return theta - lr * grad / (r + eps), r


def adagrad_no_root(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / (r + eps), r


def adagrad_root_stored(theta, r, grad, lr, eps=1e-10):
    r = np.sqrt(r + grad**2)
    return theta - lr * grad / (r + eps), r


def adagrad_forgets(theta, r, grad, lr, eps=1e-10):
    r = grad**2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_old_r(theta, r, grad, lr, eps=1e-10):
    return theta - lr * grad / (np.sqrt(r) + eps), r + grad**2


def adagrad_not_stored(theta, r, grad, lr, eps=1e-10):
    return theta - lr * grad / (np.sqrt(r + grad**2) + eps), r


def adagrad_averages(theta, r, grad, lr, eps=1e-10):
    r = 0.9 * r + 0.1 * grad**2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_decays(theta, r, grad, lr, eps=1e-10):
    r = 0.9 * r + grad**2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_scalar_sum(theta, r, grad, lr, eps=1e-10):
    r = r + np.sum(grad**2)
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_norm_divides(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / (np.sqrt(r.sum()) + eps), r


def adagrad_squared_gradient_moves(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad**2 / (np.sqrt(r) + eps), r


def adagrad_sign_moves(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * np.sign(grad) / (np.sqrt(r) + eps), r


def adagrad_gradient_missing(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr / (np.sqrt(r) + eps), r


def adagrad_lr_missing(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - grad / (np.sqrt(r) + eps), r


def adagrad_lr_in_r(theta, r, grad, lr, eps=1e-10):
    r = r + (lr * grad) ** 2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_multiplies(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad * (np.sqrt(r) + eps), r


def adagrad_precedence(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - (lr * grad / np.sqrt(r) + eps), r


def adagrad_eps_added_to_fraction(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * (grad / np.sqrt(r) + eps), r


def adagrad_eps_added_to_rate(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - (lr / np.sqrt(r) + eps) * grad, r


def adagrad_eps_added_to_theta(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / np.sqrt(r) + eps, r


def adagrad_eps_missing(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / np.sqrt(r), r


def adagrad_eps_inside_root(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / np.sqrt(r + eps), r


def adagrad_eps_inside_and_outside(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / (np.sqrt(r + eps) + eps), r


def adagrad_root_of_eps(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / (np.sqrt(r) + np.sqrt(eps)), r


def adagrad_eps_squared_inside(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / np.sqrt(r + eps**2), r


def adagrad_eps_scaled_by_lr(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / (np.sqrt(r) + lr * eps), r


def adagrad_eps_scaled_by_root(theta, r, grad, lr, eps=1e-10):
    root = np.sqrt(r + grad**2)
    step = np.where(root > 0, lr * grad / (root * (1 + eps)), 0)
    return theta - step, r + grad**2


def adagrad_eps_as_floor(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / np.maximum(np.sqrt(r), eps), r


def adagrad_eps_in_r(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2 + eps
    return theta - lr * grad / np.sqrt(r), r


def adagrad_eps_only_for_zeros(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return theta - lr * grad / np.where(r > 0, np.sqrt(r), eps), r


def adagrad_default_eps(theta, r, grad, lr, eps=1e-8):
    r = r + grad**2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_keras_start(theta, r, grad, lr, eps=1e-10):
    start = r if np.any(r) else np.full_like(r, 0.1)
    r = start + grad**2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_swapped(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    return r, theta - lr * grad / (np.sqrt(r) + eps)


def adagrad_r_in_place(theta, r, grad, lr, eps=1e-10):
    r += grad**2
    return theta - lr * grad / (np.sqrt(r) + eps), r


def adagrad_theta_in_place(theta, r, grad, lr, eps=1e-10):
    r = r + grad**2
    theta -= lr * grad / (np.sqrt(r) + eps)
    return theta, r


def adagrad_both_in_place(theta, r, grad, lr, eps=1e-10):
    r += grad**2
    theta -= lr * grad / (np.sqrt(r) + eps)
    return theta, r


ADAGRAD_STEP = Exercise(
    name="adagrad_step",
    points=2,
    reference=kernels.adagrad_step,
    returns=("theta", "r"),
    order=("r", "theta"),
    draw=draw_adagrad_step,
    equivalents=(
        adagrad_by_power,
        adagrad_by_own_learning_rates,
        adagrad_on_copies,
        adagrad_by_hypotenuse,
    ),
    misconceptions=(
        Misconception(
            "adagrad_climbs",
            adagrad_climbs,
            "a step uphill",
            "The gradient points up. Subtract the step from `theta`.",
        ),
        Misconception(
            "adagrad_sums_gradients",
            adagrad_sums_gradients,
            "a sum of the gradients themselves",
            "Gradients of opposite sign cancel in it, and its root may not exist. Add "
            "up their squares.",
        ),
        Misconception(
            "adagrad_sums_sizes",
            adagrad_sums_sizes,
            "a sum of absolute values",
            "`r` is a sum of squares, whose root has the unit of a gradient: "
            "`grad**2`, not `abs(grad)`.",
        ),
        Misconception(
            "adagrad_sums_sizes_no_root",
            adagrad_sums_sizes_no_root,
            "a division by the sum of absolute values",
            "After n gradients of equal size that sum is n times the size, and the "
            "root of the summed squares only the root of n times it. Add up squares "
            "and take the root.",
        ),
        Misconception(
            "adagrad_no_root",
            adagrad_no_root,
            "a division by `r` itself",
            "`r` is a sum of squares. Its root has the unit of a gradient: divide by "
            "that.",
        ),
        Misconception(
            "adagrad_root_stored",
            adagrad_root_stored,
            "a sum whose root is handed on",
            "The next step adds its square to what you return as `r`. Return the sum, "
            "and take the root only for the division.",
        ),
        Misconception(
            "adagrad_forgets",
            adagrad_forgets,
            "a sum that starts afresh in each step",
            "With one gradient only, the step is `lr` whatever the gradient's size. "
            "Add the square to the `r` that comes in.",
        ),
        Misconception(
            "adagrad_old_r",
            adagrad_old_r,
            "a step that divides by the old `r`",
            "The present gradient belongs to the sum before the division: in the first "
            "step nothing else is in it.",
        ),
        Misconception(
            "adagrad_not_stored",
            adagrad_not_stored,
            "a sum that is not handed on",
            "`theta` is right, but the `r` that comes back is the old one, so the next "
            "step knows nothing of this gradient. Return the new sum.",
        ),
        Misconception(
            "adagrad_averages",
            adagrad_averages,
            "a moving average instead of a sum",
            "That is RMSProp, a later exercise. AdaGrad forgets nothing: "
            "`r + grad**2`.",
        ),
        Misconception(
            "adagrad_decays",
            adagrad_decays,
            "a sum that decays",
            "AdaGrad forgets nothing: add the new square to the whole old sum.",
        ),
        Misconception(
            "adagrad_scalar_sum",
            adagrad_scalar_sum,
            "one sum for all parameters",
            "Every parameter has a learning rate of its own, and therefore a sum of "
            "its own: no `np.sum`, add the squares entry by entry.",
        ),
        Misconception(
            "adagrad_norm_divides",
            adagrad_norm_divides,
            "a division by the norm over all parameters",
            "`r` is right, but each parameter divides by the root of its own entry of "
            "`r`, not of the total.",
        ),
        Misconception(
            "adagrad_squared_gradient_moves",
            adagrad_squared_gradient_moves,
            "a step along the squared gradient",
            "The square has lost the sign, and with it the direction. It belongs to "
            "`r`; the step has the gradient itself in it.",
        ),
        Misconception(
            "adagrad_sign_moves",
            adagrad_sign_moves,
            "a step along the sign of the gradient",
            "The size of the present gradient counts too: `grad`, not its sign.",
        ),
        Misconception(
            "adagrad_gradient_missing",
            adagrad_gradient_missing,
            "a step without the gradient",
            "`lr / (sqrt(r) + eps)` is the learning rate of each parameter. Multiply "
            "it by the gradient.",
        ),
        Misconception(
            "adagrad_lr_missing",
            adagrad_lr_missing,
            "a step without the learning rate",
            "Multiply the step by `lr`.",
        ),
        Misconception(
            "adagrad_lr_in_r",
            adagrad_lr_in_r,
            "a sum of squared steps",
            "With `lr` in `r` as well it cancels from the step. `r` adds up squares of "
            "gradients.",
        ),
        Misconception(
            "adagrad_multiplies",
            adagrad_multiplies,
            "a multiplication where a division belongs",
            "Where gradients have been large the step is to be shorter: divide.",
        ),
        Misconception(
            "adagrad_precedence",
            adagrad_precedence,
            "an `eps` outside the fraction",
            "`a / b + eps` adds `eps` to the step. Put the denominator into "
            "parentheses: `(np.sqrt(r) + eps)`.",
        ),
        Misconception(
            "adagrad_eps_added_to_fraction",
            adagrad_eps_added_to_fraction,
            "an `eps` that is added to the fraction",
            "It belongs to the denominator. Put that into parentheses: "
            "`(np.sqrt(r) + eps)`.",
        ),
        Misconception(
            "adagrad_eps_added_to_rate",
            adagrad_eps_added_to_rate,
            "an `eps` that is added to the effective learning rate",
            "`lr / a + eps` adds `eps` to the quotient. Put the denominator into "
            "parentheses: `(np.sqrt(r) + eps)`.",
        ),
        Misconception(
            "adagrad_eps_added_to_theta",
            adagrad_eps_added_to_theta,
            "an `eps` that is added to `theta`",
            "`theta - a / b + eps` moves every parameter by `eps`. Put the denominator "
            "into parentheses: `(np.sqrt(r) + eps)`.",
        ),
        Misconception(
            "adagrad_eps_missing",
            adagrad_eps_missing,
            "a step without `eps`",
            "A parameter that has seen only zeros gives 0 / 0, which is not a number. "
            "Add `eps` to the root.",
        ),
        Misconception(
            "adagrad_eps_inside_root",
            adagrad_eps_inside_root,
            "an `eps` inside the root",
            "That is another convention, in which `eps` counts as its root: 1e-10 acts "
            "as 1e-5. Here it is added after the root is taken.",
        ),
        Misconception(
            "adagrad_eps_inside_and_outside",
            adagrad_eps_inside_and_outside,
            "an `eps` both inside and outside the root",
            "Once is enough: add it after the root is taken.",
        ),
        Misconception(
            "adagrad_root_of_eps",
            adagrad_root_of_eps,
            "a root of `eps`",
            "The root is taken of `r` alone; `eps` is added as it is.",
        ),
        Misconception(
            "adagrad_eps_squared_inside",
            adagrad_eps_squared_inside,
            "a squared `eps` inside the root",
            "That has the right size but is another function. Add `eps` after the root "
            "is taken.",
        ),
        Misconception(
            "adagrad_eps_scaled_by_lr",
            adagrad_eps_scaled_by_lr,
            "an `eps` that is scaled by `lr`",
            "`lr` is in the numerator only; `eps` is added to the root as it is.",
        ),
        Misconception(
            "adagrad_eps_scaled_by_root",
            adagrad_eps_scaled_by_root,
            "an `eps` that is scaled by the root",
            "As a share of the root it cannot keep a division by zero away. Add it to "
            "the root.",
        ),
        Misconception(
            "adagrad_eps_as_floor",
            adagrad_eps_as_floor,
            "an `eps` used as a lower bound",
            "`np.maximum` leaves larger roots as they are. Here `eps` is added to "
            "every root.",
        ),
        Misconception(
            "adagrad_eps_in_r",
            adagrad_eps_in_r,
            "an `eps` that is added to `r` in every step",
            "So it piles up in the sum. `r` holds squares of gradients only; add `eps` "
            "to the root.",
        ),
        Misconception(
            "adagrad_eps_only_for_zeros",
            adagrad_eps_only_for_zeros,
            "a division that is guarded only where `r` is 0",
            "Here `eps` is added to every root, that of 0 and all others.",
        ),
        Misconception(
            "adagrad_default_eps",
            adagrad_default_eps,
            "a default `eps` of 1e-8",
            "That is RMSProp's and Adam's. Here it is 1e-10, as in PyTorch's Adagrad: "
            "leave the first line of the function as it was.",
        ),
        Misconception(
            "adagrad_keras_start",
            adagrad_keras_start,
            "Keras's convention, where `r` starts at 0.1",
            "Here it starts at 0, as in PyTorch and in the paper: add to the `r` that "
            "comes in.",
        ),
        Misconception(
            "adagrad_swapped",
            adagrad_swapped,
            "the two results in the wrong order",
            "Return `theta` first and `r` second.",
        ),
        Misconception(
            "adagrad_r_in_place",
            adagrad_r_in_place,
            "an update of `r` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "adagrad_theta_in_place",
            adagrad_theta_in_place,
            "an update of `theta` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "adagrad_both_in_place",
            adagrad_both_in_place,
            "an update of `r` and `theta` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        (
            "Which parameters should take shorter steps: those with large gradients "
            "so far, or those with small ones? What has to be remembered for that?"
        ),
        (
            "Two lines are enough: first the new sum of squares, then the step. What "
            "has the unit of a gradient, `r` or its root, and where does `eps` go?"
        ),
        (
            "`r = r + grad**2`, then `return theta - lr * grad / (np.sqrt(r) + eps), "
            "r`. Mind the parentheses, and make new arrays."
        ),
    ),
    read="section 3, equation (4.2)",
    lines=2,
    level=1,
)


CHAPTER = Chapter(
    name="04_adaptive_learning_rates",
    title="A learning rate for every parameter, and over time",
    minutes=120,
    exercises=(
        BEST_QUADRATIC_STEP,
        ADAGRAD_STEP,
        RMS_STEP,
        RMSPROP_STEP,
        STEP_DECAY,
        INVERSE_SQRT_DECAY,
        EXPONENTIAL_DECAY,
        COSINE_DECAY,
        WARMUP,
        TRANSFORMER_LR,
        STANDARDIZE,
        CONDITION_NUMBER,
    ),
    written=(Written("adaptive_learning_rates_why", points=2),),
)
