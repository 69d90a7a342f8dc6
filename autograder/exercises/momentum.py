"""Chapter 03: momentum.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed
from autograder.exercises.spec import Chapter, Exercise, Misconception, Written
from autograder.kernels import momentum as kernels

__all__ = ["CHAPTER"]

NOT_IN_PLACE = (
    "Whoever called the function still holds the old array and finds it changed. "
    "Write `a = a + b` instead of `a += b`: it makes a new array."
)


# --- momentum_step ----------------------------------------------------------


def draw_momentum_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "velocity": np.array([0.5, -1.0]),
            "grad": np.array([2.0, 4.0]),
            "lr": 0.1,
            "beta": 0.5,
        },
    )
    lr, beta = between(rng, 0.05, 0.3), between(rng, 0.7, 0.9)
    theta, velocity = signed(rng, (3,)), np.zeros(3)
    for step in ("first step of a run, from rest", "second step", "third step"):
        grad = signed(rng, (3,))
        arguments = {"theta": theta, "velocity": velocity, "grad": grad}
        yield step, {**arguments, "lr": lr, "beta": beta}
        theta, velocity = kernels.momentum_step(**arguments, lr=lr, beta=beta)
    yield (
        "a matrix of parameters, and a gradient that is zero in one place",
        {
            "theta": signed(rng, (2, 3)),
            "velocity": signed(rng, (2, 3)),
            "grad": signed(rng, (2, 3)) * np.array([[1, 0, 1], [1, 1, 1]]),
            "lr": between(rng, 0.3, 0.6),
            "beta": between(rng, 0.2, 0.4),
        },
    )
    yield (
        "three axes and a learning rate above 1",
        {
            "theta": signed(rng, (4, 1, 2)),
            "velocity": signed(rng, (4, 1, 2)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
            "beta": between(rng, 0.5, 0.65),
        },
    )


def velocity_kept_as_its_negative(theta, velocity, grad, lr, beta):
    downhill = beta * -velocity + lr * grad
    return theta - downhill, -downhill


def momentum_written_as_one_sum(theta, velocity, grad, lr, beta):
    new_theta = theta - lr * grad + beta * velocity
    return new_theta, beta * velocity - lr * grad


def momentum_on_copies(theta, velocity, grad, lr, beta):
    velocity = velocity.copy()
    velocity *= beta
    velocity -= lr * grad
    return np.add(theta, velocity), velocity


def climbs(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad
    return theta + velocity, velocity


def velocity_sign_reversed(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad
    return theta - velocity, velocity


def moves_by_old_velocity(theta, velocity, grad, lr, beta):
    return theta + velocity, beta * velocity - lr * grad


def lr_twice(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return theta + lr * velocity, velocity


def ema_scaled(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * (1 - beta) * grad
    return theta + velocity, velocity


def lr_outside_velocity(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + grad
    return theta - lr * velocity, velocity


def no_decay(theta, velocity, grad, lr, beta):
    velocity = velocity - lr * grad
    return theta + velocity, velocity


def no_memory(theta, velocity, grad, lr, beta):
    velocity = -lr * grad
    return theta + velocity, velocity


def velocity_not_stored(theta, velocity, grad, lr, beta):
    return theta + beta * velocity - lr * grad, velocity


def beta_complement(theta, velocity, grad, lr, beta):
    velocity = (1 - beta) * velocity - lr * grad
    return theta + velocity, velocity


def beta_times_gradient(theta, velocity, grad, lr, beta):
    velocity = velocity - beta * lr * grad
    return theta + velocity, velocity


def beta_times_everything(theta, velocity, grad, lr, beta):
    velocity = beta * (velocity - lr * grad)
    return theta + velocity, velocity


def theta_decays(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return beta * theta + velocity, velocity


def nesterov_instead(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return theta + beta * velocity - lr * grad, velocity


def results_swapped(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return velocity, theta + velocity


def averaged_gradients(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + (1 - beta) * grad
    return theta - lr * velocity, velocity


def lr_outside_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - grad
    return theta + lr * velocity, velocity


def lr_outside_climbs(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + grad
    return theta + lr * velocity, velocity


def lr_twice_on_uphill_velocity(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad
    return theta - lr * velocity, velocity


def lr_forgotten(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - grad
    return theta + velocity, velocity


def lr_forgotten_climbs(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + grad
    return theta + velocity, velocity


def theta_for_velocity(theta, velocity, grad, lr, beta):
    velocity = -lr * grad
    return beta * theta + velocity, velocity


def velocity_in_place(theta, velocity, grad, lr, beta):
    velocity *= beta
    velocity -= lr * grad
    return theta + velocity, velocity


def theta_in_place(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    theta += velocity
    return theta, velocity


def both_in_place(theta, velocity, grad, lr, beta):
    velocity *= beta
    velocity -= lr * grad
    theta += velocity
    return theta, velocity


MOMENTUM_STEP = Exercise(
    name="momentum_step",
    points=2,
    reference=kernels.momentum_step,
    returns=("theta", "velocity"),
    order=("velocity", "theta"),
    draw=draw_momentum_step,
    equivalents=(
        velocity_kept_as_its_negative,
        momentum_written_as_one_sum,
        momentum_on_copies,
    ),
    misconceptions=(
        Misconception(
            "climbs",
            climbs,
            "a step uphill",
            "The gradient enters the velocity with a plus and the velocity is then "
            "added to `theta`. One of the two signs must be a minus; here it is the "
            "gradient's.",
        ),
        Misconception(
            "velocity_sign_reversed",
            velocity_sign_reversed,
            "the rival convention in which the velocity points uphill",
            "`theta` is right, but `velocity` has the opposite sign. Here the "
            "velocity is the step itself: subtract `lr * grad` from it and add it "
            "to `theta`.",
        ),
        Misconception(
            "moves_by_old_velocity",
            moves_by_old_velocity,
            "a step by the old velocity",
            "Update the velocity first, then move `theta` by the new one; otherwise "
            "every gradient acts one step late.",
        ),
        Misconception(
            "lr_twice",
            lr_twice,
            "momentum with the learning rate applied twice",
            "`lr` is already inside the velocity, so the velocity is added to "
            "`theta` as it is.",
        ),
        Misconception(
            "ema_scaled",
            ema_scaled,
            "the moving-average form",
            "The factor `1 - beta` before the gradient belongs to an average. The "
            "velocity here is a sum: the gradient enters with `lr` alone.",
        ),
        Misconception(
            "lr_outside_velocity",
            lr_outside_velocity,
            "PyTorch's convention, with the learning rate outside the velocity",
            "It gives the same path while `lr` is constant and a different one when "
            "it changes. Here `lr` multiplies the gradient inside the velocity.",
        ),
        Misconception(
            "no_decay",
            no_decay,
            "a velocity that never decays",
            "Multiply the old velocity by `beta` before the new step is added; "
            "without friction the ball never comes to rest.",
        ),
        Misconception(
            "no_memory",
            no_memory,
            "plain gradient descent",
            "The old velocity is thrown away. `beta` times it is part of the new one.",
        ),
        Misconception(
            "velocity_not_stored",
            velocity_not_stored,
            "momentum whose new velocity is not returned",
            "`theta` is right, but the velocity that comes back is the old one, so "
            "the next step starts from it. Return the updated velocity.",
        ),
        Misconception(
            "beta_complement",
            beta_complement,
            "momentum with `1 - beta` in the place of `beta`",
            "The old velocity is kept with the factor `beta`: the larger `beta`, the "
            "longer the memory.",
        ),
        Misconception(
            "beta_times_gradient",
            beta_times_gradient,
            "momentum with `beta` on the gradient",
            "`beta` weighs the old velocity, not the new gradient.",
        ),
        Misconception(
            "beta_times_everything",
            beta_times_everything,
            "momentum with `beta` around the whole sum",
            "`beta` multiplies the old velocity only. Look at your parentheses.",
        ),
        Misconception(
            "theta_decays",
            theta_decays,
            "momentum that also shrinks `theta` by `beta`",
            "The memory is in the velocity. `theta` is moved, not decayed.",
        ),
        Misconception(
            "nesterov_instead",
            nesterov_instead,
            "a Nesterov step in PyTorch's form",
            "That is a later exercise. Here `theta` moves by the new velocity and "
            "by nothing else.",
        ),
        Misconception(
            "results_swapped",
            results_swapped,
            "the two results in the wrong order",
            "Return `theta` first and `velocity` second.",
        ),
        Misconception(
            "averaged_gradients",
            averaged_gradients,
            "the moving-average form, with the learning rate outside",
            "Section 3 asks for that one. Here the velocity is a sum of steps: no "
            "factor `1 - beta`, and `lr` multiplies the gradient inside it.",
        ),
        Misconception(
            "lr_outside_step",
            lr_outside_step,
            "the rival convention, with the learning rate outside the velocity",
            "It gives the same path while `lr` is constant and a different one when "
            "it changes. Here `lr` multiplies the gradient inside the velocity.",
        ),
        Misconception(
            "lr_outside_climbs",
            lr_outside_climbs,
            "a step uphill, with the learning rate outside the velocity",
            "The gradient needs a minus, and its factor `lr` inside the velocity; "
            "then the velocity is added as it is.",
        ),
        Misconception(
            "lr_twice_on_uphill_velocity",
            lr_twice_on_uphill_velocity,
            "the learning rate applied twice, to a velocity that points uphill",
            "The velocity is the step itself: subtract `lr * grad` from it, and add "
            "it to `theta` as it is.",
        ),
        Misconception(
            "lr_forgotten",
            lr_forgotten,
            "momentum without the learning rate",
            "The gradient enters the velocity with the factor `lr`.",
        ),
        Misconception(
            "lr_forgotten_climbs",
            lr_forgotten_climbs,
            "a step uphill without the learning rate",
            "The gradient enters the velocity with a minus and the factor `lr`.",
        ),
        Misconception(
            "theta_for_velocity",
            theta_for_velocity,
            "momentum applied to `theta` instead of the velocity",
            "`beta` times the old velocity is kept; `theta` is moved, not decayed.",
        ),
        Misconception(
            "velocity_in_place",
            velocity_in_place,
            "an update of `velocity` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "theta_in_place",
            theta_in_place,
            "an update of `theta` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "both_in_place",
            both_in_place,
            "an update of `velocity` and `theta` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        (
            "A ball that rolls keeps some of its speed. Which of the arguments is "
            "the speed it has, and which one says how much of it is kept?"
        ),
        (
            "Two lines are enough: first the new velocity, then the new place. What "
            "pushes the ball, in which direction, and how hard?"
        ),
        (
            "`velocity = beta * velocity - lr * grad`, then `return theta + "
            "velocity, velocity`. Make new arrays; change no argument."
        ),
    ),
    read="section 2, equation (3.1)",
    lines=2,
    level=1,
)


# --- ema_momentum_step ------------------------------------------------------


def draw_ema_momentum_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "m": np.array([2.0, -1.0]),
            "grad": np.array([4.0, 3.0]),
            "lr": 0.1,
            "beta": 0.75,
        },
    )
    lr, beta = between(rng, 0.05, 0.3), between(rng, 0.7, 0.9)
    theta, m = signed(rng, (3,)), np.zeros(3)
    for step in ("first step of a run, from rest", "second step", "third step"):
        grad = signed(rng, (3,))
        arguments = {"theta": theta, "m": m, "grad": grad}
        yield step, {**arguments, "lr": lr, "beta": beta}
        theta, m = kernels.ema_momentum_step(**arguments, lr=lr, beta=beta)
    yield (
        "a matrix of parameters, and a gradient that is zero in one place",
        {
            "theta": signed(rng, (2, 3)),
            "m": signed(rng, (2, 3)),
            "grad": signed(rng, (2, 3)) * np.array([[1, 1, 1], [0, 1, 1]]),
            "lr": between(rng, 0.3, 0.6),
            "beta": between(rng, 0.2, 0.4),
        },
    )
    yield (
        "three axes and a learning rate above 1",
        {
            "theta": signed(rng, (4, 1, 2)),
            "m": signed(rng, (4, 1, 2)),
            "grad": signed(rng, (4, 1, 2)),
            "lr": between(rng, 1.2, 1.8),
            "beta": between(rng, 0.55, 0.65),
        },
    )


def average_moved_towards_gradient(theta, m, grad, lr, beta):
    m = m + (1 - beta) * (grad - m)
    return theta - lr * m, m


def average_by_two_steps(theta, m, grad, lr, beta):
    step = lr * (beta * m + (1 - beta) * grad)
    return theta - step, grad + beta * (m - grad)


def heavy_ball_sum(theta, m, grad, lr, beta):
    m = beta * m + grad
    return theta - lr * m, m


def weights_swapped(theta, m, grad, lr, beta):
    m = (1 - beta) * m + beta * grad
    return theta - lr * m, m


def lr_inside_and_outside(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * lr * grad
    return theta - lr * m, m


def lr_inside_average(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * lr * grad
    return theta - m, m


def moves_by_old_average(theta, m, grad, lr, beta):
    return theta - lr * m, beta * m + (1 - beta) * grad


def average_not_stored(theta, m, grad, lr, beta):
    return theta - lr * (beta * m + (1 - beta) * grad), m


def average_climbs(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * grad
    return theta + lr * m, m


def average_negated(theta, m, grad, lr, beta):
    m = beta * m - (1 - beta) * grad
    return theta + lr * m, m


def average_forgets(theta, m, grad, lr, beta):
    m = (1 - beta) * grad
    return theta - lr * m, m


def average_never_decays(theta, m, grad, lr, beta):
    m = m + (1 - beta) * grad
    return theta - lr * m, m


def plain_gradient_moves(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * grad
    return theta - lr * grad, m


def average_divided_by_complement(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * grad
    return theta - lr * m / (1 - beta), m


def first_gradient_whole(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * grad if m.any() else grad.copy()
    return theta - lr * m, m


def average_carried_corrected(theta, m, grad, lr, beta):
    m = (beta * m + (1 - beta) * grad) / (1 - beta)
    return theta - lr * m, m


def m_in_place(theta, m, grad, lr, beta):
    m *= beta
    m += (1 - beta) * grad
    return theta - lr * m, m


def theta_in_place_by_average(theta, m, grad, lr, beta):
    m = beta * m + (1 - beta) * grad
    theta -= lr * m
    return theta, m


def theta_and_m_in_place(theta, m, grad, lr, beta):
    m *= beta
    m += (1 - beta) * grad
    theta -= lr * m
    return theta, m


EMA_MOMENTUM_STEP = Exercise(
    name="ema_momentum_step",
    points=2,
    reference=kernels.ema_momentum_step,
    returns=("theta", "m"),
    order=("m", "theta"),
    draw=draw_ema_momentum_step,
    equivalents=(average_moved_towards_gradient, average_by_two_steps),
    misconceptions=(
        Misconception(
            "heavy_ball_sum",
            heavy_ball_sum,
            "the heavy-ball form, a sum instead of an average",
            "In an average the two weights add up to 1: the gradient enters with "
            "`1 - beta`.",
        ),
        Misconception(
            "weights_swapped",
            weights_swapped,
            "an average with its two weights swapped",
            "`beta` is the weight of the past, `1 - beta` that of the new gradient.",
        ),
        Misconception(
            "lr_inside_and_outside",
            lr_inside_and_outside,
            "an average with the learning rate applied twice",
            "`m` averages gradients, without `lr`. The learning rate comes in when "
            "`theta` moves.",
        ),
        Misconception(
            "lr_inside_average",
            lr_inside_average,
            "an average of steps, with the learning rate inside",
            "`theta` can come out right that way, but `m` averages gradients: "
            "`lr` multiplies it afterwards.",
        ),
        Misconception(
            "moves_by_old_average",
            moves_by_old_average,
            "a step by the old average",
            "Update `m` first, then move `theta` by the new one.",
        ),
        Misconception(
            "average_not_stored",
            average_not_stored,
            "a step whose new average is not returned",
            "`theta` is right, but the `m` that comes back is the old one. Return "
            "the updated average.",
        ),
        Misconception(
            "average_climbs",
            average_climbs,
            "a step uphill",
            "`m` is an average of gradients and points uphill; subtract `lr * m`.",
        ),
        Misconception(
            "average_negated",
            average_negated,
            "an average of negative gradients",
            "`theta` is right, but `m` has the opposite sign. Here `m` averages the "
            "gradients themselves, and the minus comes when `theta` moves.",
        ),
        Misconception(
            "average_forgets",
            average_forgets,
            "an average without its past",
            "The old `m`, times `beta`, is part of the new one.",
        ),
        Misconception(
            "average_never_decays",
            average_never_decays,
            "an average whose past does not decay",
            "Multiply the old `m` by `beta`; otherwise it grows without end.",
        ),
        Misconception(
            "plain_gradient_moves",
            plain_gradient_moves,
            "plain gradient descent beside an average that nothing uses",
            "`theta` moves by the average `m`, not by the last gradient.",
        ),
        Misconception(
            "average_divided_by_complement",
            average_divided_by_complement,
            "an average divided by `1 - beta` again",
            "The move is `lr * m`. A correction of the first steps would divide by "
            "`1 - beta**t`, and this form has none.",
        ),
        Misconception(
            "first_gradient_whole",
            first_gradient_whole,
            "PyTorch's dampening, whose first average is the whole first gradient",
            "Here the average starts at zero like any other: its first value is "
            "`(1 - beta) * grad`.",
        ),
        Misconception(
            "average_carried_corrected",
            average_carried_corrected,
            "an average divided by `1 - beta` and carried on like that",
            "The `m` that comes back is `beta * m + (1 - beta) * grad`, and nothing "
            "divides it.",
        ),
        Misconception(
            "m_in_place", m_in_place, "an update of `m` in place", NOT_IN_PLACE
        ),
        Misconception(
            "theta_in_place",
            theta_in_place_by_average,
            "an update of `theta` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "both_in_place",
            theta_and_m_in_place,
            "an update of `m` and `theta` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "An average of old and new needs two weights. What do they add up to?",
        (
            "`beta` is the weight of the past. Average the gradients first; where "
            "does the learning rate come in?"
        ),
        "`m = beta * m + (1 - beta) * grad`, then `return theta - lr * m, m`.",
    ),
    read="section 3, equation (3.2)",
    lines=2,
    level=1,
)


# --- nesterov_step ----------------------------------------------------------


def draw_nesterov_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "velocity": np.array([0.5, -1.0]),
            "grad_fn": Function(
                "quadratic_gradient",
                {"curvature": np.array([1.0, 2.0]), "center": np.zeros(2)},
                shape=(2,),
                calls=1,
            ),
            "lr": 0.1,
            "beta": 0.5,
        },
    )
    lr, beta = between(rng, 0.05, 0.2), between(rng, 0.7, 0.9)
    theta, velocity = signed(rng, (3,)), np.zeros(3)
    function = _ripples(rng, (3,))
    for step in ("first step of a run, from rest", "second step", "third step"):
        yield step, _nesterov_arguments(theta, velocity, function, lr, beta)
        gradient = _real(function)
        theta, velocity = kernels.nesterov_step(theta, velocity, gradient, lr, beta)
    for label, shape in (("a matrix of parameters", (2, 3)), ("three axes", (4, 1, 2))):
        yield (
            label,
            _nesterov_arguments(
                signed(rng, shape),
                signed(rng, shape),
                _ripples(rng, shape),
                between(rng, 0.3, 0.6),
                between(rng, 0.3, 0.45),
            ),
        )


def _nesterov_arguments(theta, velocity, function, lr, beta):
    return {
        "theta": theta,
        "velocity": velocity,
        "grad_fn": function,
        "lr": lr,
        "beta": beta,
    }


def _ripples(rng, shape):
    """A gradient that is not linear, so that every other place gives another one."""
    parameters = {
        "curvature": np.abs(signed(rng, shape)),
        "center": signed(rng, shape),
    }
    return Function("ripple_gradient", parameters, shape=shape, calls=1)


def _real(function):
    from autograder.lab.landscapes import named_functions

    return named_functions[function.name](**function.parameters)


def nesterov_by_named_point(theta, velocity, grad_fn, lr, beta):
    ahead = theta + beta * velocity
    step = -lr * grad_fn(ahead)
    return ahead + step, beta * velocity + step


def nesterov_uphill_sign(theta, velocity, grad_fn, lr, beta):
    downhill = -velocity
    downhill = beta * downhill + lr * grad_fn(theta - beta * downhill)
    return theta - downhill, -downhill


def no_look_ahead(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * grad_fn(theta)
    return theta + velocity, velocity


def looks_too_far(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * grad_fn(theta + velocity)
    return theta + velocity, velocity


def looks_back(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * grad_fn(theta - beta * velocity)
    return theta + velocity, velocity


def moves_from_ahead(theta, velocity, grad_fn, lr, beta):
    ahead = theta + beta * velocity
    velocity = beta * velocity - lr * grad_fn(ahead)
    return ahead + velocity, velocity


def nesterov_climbs(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity + lr * grad_fn(theta + beta * velocity)
    return theta + velocity, velocity


def nesterov_lr_twice(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * grad_fn(theta + beta * velocity)
    return theta + lr * velocity, velocity


def nesterov_lr_outside(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity + grad_fn(theta + beta * velocity)
    return theta - lr * velocity, velocity


def nesterov_averaged(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * (1 - beta) * grad_fn(theta + beta * velocity)
    return theta + velocity, velocity


def nesterov_old_velocity(theta, velocity, grad_fn, lr, beta):
    return theta + velocity, beta * velocity - lr * grad_fn(theta + beta * velocity)


def nesterov_not_stored(theta, velocity, grad_fn, lr, beta):
    return theta + beta * velocity - lr * grad_fn(theta + beta * velocity), velocity


def nesterov_no_decay(theta, velocity, grad_fn, lr, beta):
    velocity = velocity - lr * grad_fn(theta + beta * velocity)
    return theta + velocity, velocity


def shifted_variable(theta, velocity, grad_fn, lr, beta):
    grad = grad_fn(theta)
    velocity = beta * velocity - lr * grad
    return theta + beta * velocity - lr * grad, velocity


def pytorch_nesterov(theta, velocity, grad_fn, lr, beta):
    grad = grad_fn(theta)
    velocity = beta * velocity + grad
    return theta - lr * (grad + beta * velocity), velocity


def velocity_used_after_update(theta, velocity, grad_fn, lr, beta):
    grad = grad_fn(theta)
    velocity = beta * velocity - lr * grad
    return theta + beta * beta * velocity - (1 + beta) * lr * grad, velocity


def nesterov_velocity_in_place(theta, velocity, grad_fn, lr, beta):
    grad = grad_fn(theta + beta * velocity)
    velocity *= beta
    velocity -= lr * grad
    return theta + velocity, velocity


def nesterov_theta_in_place(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * grad_fn(theta + beta * velocity)
    theta += velocity
    return theta, velocity


def gradient_twice(theta, velocity, grad_fn, lr, beta):
    new_velocity = beta * velocity - lr * grad_fn(theta + beta * velocity)
    step = beta * velocity - lr * grad_fn(theta + beta * velocity)
    return theta + step, new_velocity


NESTEROV_STEP = Exercise(
    name="nesterov_step",
    points=2,
    reference=kernels.nesterov_step,
    returns=("theta", "velocity"),
    order=("velocity", "theta"),
    draw=draw_nesterov_step,
    equivalents=(nesterov_by_named_point, nesterov_uphill_sign),
    misconceptions=(
        Misconception(
            "no_look_ahead",
            no_look_ahead,
            "heavy ball, with the gradient taken at `theta`",
            "Nesterov takes it where the old velocity alone would carry the ball: "
            "`theta + beta * velocity`.",
        ),
        Misconception(
            "looks_too_far",
            looks_too_far,
            "a look-ahead without `beta`",
            "Friction acts before the ball moves on: look at "
            "`theta + beta * velocity`.",
        ),
        Misconception(
            "looks_back",
            looks_back,
            "a look-ahead in the wrong direction",
            "The ball is about to move by plus `beta * velocity`; look there.",
        ),
        Misconception(
            "moves_from_ahead",
            moves_from_ahead,
            "a step that starts from the look-ahead point",
            "The look-ahead is only a place to ask for the gradient. `theta` moves "
            "from where it was, by the new velocity.",
        ),
        Misconception(
            "climbs",
            nesterov_climbs,
            "a step uphill",
            "The gradient enters the velocity with a minus.",
        ),
        Misconception(
            "lr_twice",
            nesterov_lr_twice,
            "Nesterov's step with the learning rate applied twice",
            "`lr` is already inside the velocity, so the velocity is added to "
            "`theta` as it is.",
        ),
        Misconception(
            "lr_outside_velocity",
            nesterov_lr_outside,
            "a velocity with the learning rate outside",
            "Here the velocity is the step itself: subtract `lr` times the gradient "
            "from it and add it to `theta`.",
        ),
        Misconception(
            "ema_scaled",
            nesterov_averaged,
            "the moving-average form",
            "The velocity is a sum: the gradient enters with `lr` alone, without "
            "`1 - beta`.",
        ),
        Misconception(
            "moves_by_old_velocity",
            nesterov_old_velocity,
            "a step by the old velocity",
            "Update the velocity first, then move `theta` by the new one.",
        ),
        Misconception(
            "velocity_not_stored",
            nesterov_not_stored,
            "a step whose new velocity is not returned",
            "`theta` is right, but the velocity that comes back is the old one.",
        ),
        Misconception(
            "no_decay",
            nesterov_no_decay,
            "a velocity that never decays",
            "`beta` is in the look-ahead, and it also multiplies the old velocity.",
        ),
        Misconception(
            "shifted_variable",
            shifted_variable,
            "the rival form of Bengio et al., in which `theta` is the look-ahead point",
            "It follows the same path, seen at other points. Here `theta` is where "
            "the ball is, and `grad_fn` is asked at `theta + beta * velocity`.",
        ),
        Misconception(
            "pytorch_nesterov",
            pytorch_nesterov,
            "PyTorch's form, with the gradient at `theta` and `lr` outside",
            "It follows the same path, seen at other points. Here `grad_fn` is asked "
            "at `theta + beta * velocity`, and `lr` is inside the velocity.",
        ),
        Misconception(
            "velocity_used_after_update",
            velocity_used_after_update,
            "a shifted form that uses the velocity after its update",
            "A well-known book prints it so; its formula needs the velocity from "
            "before the update. Ask `grad_fn` at `theta + beta * velocity` instead.",
        ),
        Misconception(
            "velocity_in_place",
            nesterov_velocity_in_place,
            "an update of `velocity` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "theta_in_place",
            nesterov_theta_in_place,
            "an update of `theta` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "gradient_twice",
            gradient_twice,
            "the same gradient computed twice",
            "On a network that doubles the time of a step. Keep the new velocity in "
            "a variable and use it for both results.",
        ),
    ),
    hints=(
        "Before the gradient pushes it, where would the ball go on its own?",
        (
            "Ask `grad_fn` for the gradient at that place, once. The rest is as in "
            "`momentum_step`."
        ),
        (
            "`velocity = beta * velocity - lr * grad_fn(theta + beta * velocity)`, "
            "then `return theta + velocity, velocity`."
        ),
    ),
    read="section 6, equation (3.6)",
    lines=2,
    level=2,
)


# --- nesterov_difference_step -----------------------------------------------


def draw_nesterov_difference_step(rng):
    yield (
        "two parameters and round numbers",
        {
            "theta": np.array([1.0, -2.0]),
            "m": np.array([0.5, -1.0]),
            "grad": np.array([2.0, 4.0]),
            "previous_grad": np.array([3.0, 1.0]),
            "lr": 0.1,
            "beta": 0.75,
        },
    )
    lr, beta = between(rng, 0.05, 0.3), between(rng, 0.7, 0.9)
    theta, m, previous = signed(rng, (3,)), np.zeros(3), np.zeros(3)
    for step in ("first step of a run, from rest", "second step", "third step"):
        arguments = {
            "theta": theta,
            "m": m,
            "grad": signed(rng, (3,)),
            "previous_grad": previous,
        }
        yield step, {**arguments, "lr": lr, "beta": beta}
        theta, m = kernels.nesterov_difference_step(**arguments, lr=lr, beta=beta)
        previous = arguments["grad"]
    for label, shape in (("a matrix of parameters", (2, 3)), ("three axes", (4, 1, 2))):
        yield (
            label,
            {
                "theta": signed(rng, shape),
                "m": signed(rng, shape),
                "grad": signed(rng, shape),
                "previous_grad": signed(rng, shape),
                "lr": between(rng, 1.2, 1.6),
                "beta": between(rng, 0.3, 0.45),
            },
        )


def difference_collected(theta, m, grad, previous_grad, lr, beta):
    m = beta * (m + grad - previous_grad) + grad
    return theta - lr * m, m


def difference_expanded(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + (1 + beta) * grad - beta * previous_grad
    return theta - m * lr, m


def difference_reversed(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + grad + beta * (previous_grad - grad)
    return theta - lr * m, m


def difference_without_beta(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + grad + (grad - previous_grad)
    return theta - lr * m, m


def no_difference(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + grad
    return theta - lr * m, m


def difference_alone(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + beta * (grad - previous_grad)
    return theta - lr * m, m


def parenthesis_missing(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + grad + beta * grad - previous_grad
    return theta - lr * m, m


def previous_gradient_used(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + previous_grad + beta * (grad - previous_grad)
    return theta - lr * m, m


def difference_lr_inside(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + lr * (grad + beta * (grad - previous_grad))
    return theta - m, m


def difference_lr_twice(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + lr * (grad + beta * (grad - previous_grad))
    return theta - lr * m, m


def difference_averaged(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + (1 - beta) * (grad + beta * (grad - previous_grad))
    return theta - lr * m, m


def difference_climbs(theta, m, grad, previous_grad, lr, beta):
    m = beta * m + grad + beta * (grad - previous_grad)
    return theta + lr * m, m


def difference_old_m(theta, m, grad, previous_grad, lr, beta):
    return theta - lr * m, beta * m + grad + beta * (grad - previous_grad)


def difference_not_stored(theta, m, grad, previous_grad, lr, beta):
    return theta - lr * (beta * m + grad + beta * (grad - previous_grad)), m


def difference_no_decay(theta, m, grad, previous_grad, lr, beta):
    m = m + grad + beta * (grad - previous_grad)
    return theta - lr * m, m


def difference_m_in_place(theta, m, grad, previous_grad, lr, beta):
    m *= beta
    m += grad + beta * (grad - previous_grad)
    return theta - lr * m, m


NESTEROV_DIFFERENCE_STEP = Exercise(
    name="nesterov_difference_step",
    points=1,
    bonus=True,
    reference=kernels.nesterov_difference_step,
    returns=("theta", "m"),
    order=("m", "theta"),
    draw=draw_nesterov_difference_step,
    equivalents=(difference_collected, difference_expanded),
    misconceptions=(
        Misconception(
            "difference_reversed",
            difference_reversed,
            "the difference of gradients taken the wrong way round",
            "It is the new gradient minus the previous one.",
        ),
        Misconception(
            "difference_without_beta",
            difference_without_beta,
            "a difference that is not scaled by `beta`",
            "The look-ahead goes `beta` times the last step ahead, so the gradient "
            "changes by `beta` times the last difference.",
        ),
        Misconception(
            "no_difference",
            no_difference,
            "heavy ball",
            "The difference between the new gradient and the previous one is missing.",
        ),
        Misconception(
            "difference_alone",
            difference_alone,
            "a sum of differences without the gradient itself",
            "`grad` enters as it is, and `beta` times the difference is added to it.",
        ),
        Misconception(
            "parenthesis_missing",
            parenthesis_missing,
            "`beta` on the new gradient only",
            "`beta` multiplies the whole difference. Look at your parentheses.",
        ),
        Misconception(
            "previous_gradient_used",
            previous_gradient_used,
            "the previous gradient in the place of the new one",
            "The correction is added to the new gradient.",
        ),
        Misconception(
            "lr_inside",
            difference_lr_inside,
            "a sum with the learning rate inside",
            "`theta` comes out right while `lr` is constant, but in this form `m` "
            "sums gradients and `lr` multiplies it afterwards.",
        ),
        Misconception(
            "lr_twice",
            difference_lr_twice,
            "a step with the learning rate applied twice",
            "`m` sums gradients, without `lr`.",
        ),
        Misconception(
            "ema_scaled",
            difference_averaged,
            "the moving-average form",
            "`m` is a sum here: no factor `1 - beta`.",
        ),
        Misconception(
            "climbs",
            difference_climbs,
            "a step uphill",
            "`m` is a sum of gradients and points uphill; subtract `lr * m`.",
        ),
        Misconception(
            "moves_by_old_m",
            difference_old_m,
            "a step by the old `m`",
            "Update `m` first, then move `theta` by the new one.",
        ),
        Misconception(
            "m_not_stored",
            difference_not_stored,
            "a step whose new `m` is not returned",
            "`theta` is right, but the `m` that comes back is the old one.",
        ),
        Misconception(
            "no_decay",
            difference_no_decay,
            "a sum that never decays",
            "Multiply the old `m` by `beta`.",
        ),
        Misconception(
            "m_in_place",
            difference_m_in_place,
            "an update of `m` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "Which finite difference tells how the gradient changes along the path?",
        (
            "Write heavy ball first, with `lr` outside the sum. Then add `beta` "
            "times the change of the gradient."
        ),
        (
            "`m = beta * m + grad + beta * (grad - previous_grad)`, then `return "
            "theta - lr * m, m`."
        ),
    ),
    read="section 6, equation (3.7)",
    lines=2,
    level=2,
)


# --- velocity_weights -------------------------------------------------------


def draw_velocity_weights(rng):
    yield "three steps and half the memory", {"beta": 0.5, "t": 3}
    yield "a single step", {"beta": between(rng, 0.6, 0.9), "t": 1}
    yield "a few steps", {"beta": between(rng, 0.6, 0.9), "t": int(rng.integers(4, 8))}
    yield "no memory at all", {"beta": 0.0, "t": 4}
    yield (
        "many steps",
        {"beta": between(rng, 0.9, 0.99), "t": int(rng.integers(20, 40))},
    )


def weights_by_loop(beta, t):
    weights = np.empty(t)
    for k in range(1, t + 1):
        weights[k - 1] = beta ** (t - k)
    return weights


def weights_reversed_range(beta, t):
    return (float(beta) ** np.arange(t))[::-1]


def newest_first(beta, t):
    return beta ** np.arange(float(t))


def exponent_one_too_large(beta, t):
    return beta ** np.arange(t, 0, -1.0)


def averaged_weights(beta, t):
    return (1 - beta) * beta ** np.arange(t - 1, -1, -1.0)


def normalised_weights(beta, t):
    weights = beta ** np.arange(t - 1, -1, -1.0)
    return weights / weights.sum()


def linear_weights(beta, t):
    return beta * np.arange(t - 1, -1, -1.0)


def equal_weights(beta, t):
    return np.ones(t)


def one_weight_too_many(beta, t):
    return beta ** np.arange(t, -1, -1.0)


def one_weight_too_few(beta, t):
    return beta ** np.arange(t - 1, 0, -1.0)


def summed_weights(beta, t):
    return np.cumsum(beta ** np.arange(float(t)))[::-1]


VELOCITY_WEIGHTS = Exercise(
    name="velocity_weights",
    points=1,
    bonus=True,
    reference=kernels.velocity_weights,
    returns=("weights",),
    draw=draw_velocity_weights,
    equivalents=(weights_by_loop, weights_reversed_range),
    misconceptions=(
        Misconception(
            "newest_first",
            newest_first,
            "the right weights in the reverse order",
            "The oldest gradient comes first, and it has the smallest weight.",
        ),
        Misconception(
            "exponent_one_too_large",
            exponent_one_too_large,
            "weights with an exponent one too large",
            "The newest gradient has just entered and has not been multiplied by "
            "`beta` yet: its weight is 1.",
        ),
        Misconception(
            "averaged_weights",
            averaged_weights,
            "the weights of the moving-average form",
            "The velocity is a sum: no factor `1 - beta`.",
        ),
        Misconception(
            "normalised_weights",
            normalised_weights,
            "weights scaled to add up to 1",
            "The velocity is a sum, not an average. The weights add up to "
            "`(1 - beta**t) / (1 - beta)`.",
        ),
        Misconception(
            "linear_weights",
            linear_weights,
            "weights with `beta` times the number of steps",
            "Each step multiplies by `beta` again: a power, not a product.",
        ),
        Misconception(
            "equal_weights",
            equal_weights,
            "weights that do not decay",
            "Every step multiplies the older gradients by `beta`.",
        ),
        Misconception(
            "one_weight_too_many",
            one_weight_too_many,
            "one weight more than there are gradients",
            "Gradients are counted from 1 to t: there are t of them.",
        ),
        Misconception(
            "one_weight_too_few",
            one_weight_too_few,
            "weights without the newest gradient's",
            "The last exponent is 0: the newest gradient has the weight 1.",
        ),
        Misconception(
            "summed_weights",
            summed_weights,
            "running sums of the weights",
            "Each entry is the weight of one gradient.",
        ),
    ),
    hints=(
        (
            "Write out the velocity after three steps by hand. What stands before "
            "the first gradient?"
        ),
        (
            "The gradient of step `k` is multiplied by `beta` once in every step "
            "after its own."
        ),
        (
            "`beta ** (t - k)` for `k` from 1 to `t`: `return beta ** np.arange(t - "
            "1, -1, -1.0)`."
        ),
    ),
    read="section 4, equation (3.3)",
    lines=1,
    level=1,
)


# --- convergence_rate -------------------------------------------------------


def draw_convergence_rate(rng):
    # lr * h stays away from (1 ± sqrt(beta))**2, where the two eigenvalues meet
    # and rounding grows from 1e-16 to its root.
    yield (
        "one direction, on the way to converge",
        {"lr": 0.1, "beta": 0.4, "eigenvalues": np.array([1.0])},
    )
    beta = between(rng, 0.75, 0.9)
    yield (
        "every direction oscillates",
        {"lr": 1.0, "beta": beta, "eigenvalues": np.array([0.4, 1.1, 1.7])},
    )
    yield (
        "slowest in the flattest direction",
        {
            "lr": between(rng, 0.03, 0.05),
            "beta": between(rng, 0.1, 0.15),
            "eigenvalues": np.round(
                rng.uniform([2.0, 0.5, 5.0, 3.0], [2.5, 0.8, 6, 4]), 2
            ),
        },
    )
    yield (
        "slowest in the steepest direction",
        {
            "lr": between(rng, 0.21, 0.22),
            "beta": between(rng, 0.1, 0.15),
            "eigenvalues": np.round(rng.uniform([9.4, 3.0, 6.0], [9.6, 3.5, 7.0]), 2),
        },
    )
    yield (
        "beyond the limit, where it diverges",
        {
            "lr": between(rng, 0.55, 0.6),
            "beta": between(rng, 0.3, 0.4),
            "eigenvalues": np.round(rng.uniform([1.0, 5.5], [1.4, 6.5]), 2),
        },
    )
    yield (
        "no momentum",
        {
            "lr": between(rng, 0.15, 0.2),
            "beta": 0.0,
            "eigenvalues": np.round(rng.uniform([2.0, 1.0, 4.0], [2.5, 1.4, 4.4]), 2),
        },
    )


def rate_by_quadratic_formula(lr, beta, eigenvalues):
    half = (1 + beta - lr * np.asarray(eigenvalues)) / 2
    root = np.sqrt(half**2 - beta + 0j)
    return max(np.abs(half + root).max(), np.abs(half - root).max())


def rate_by_stacked_matrices(lr, beta, eigenvalues):
    matrices = np.zeros((len(eigenvalues), 2, 2))
    matrices[:, 0, 0] = 1 + beta - lr * eigenvalues
    matrices[:, 0, 1] = -beta
    matrices[:, 1, 0] = 1
    return np.max(np.abs(np.linalg.eigvals(matrices)))


def rate_in_velocity_coordinates(lr, beta, eigenvalues):
    rate = 0.0
    for h in eigenvalues:
        step = np.array([[1 - lr * h, beta], [-lr * h, beta]])
        rate = max(rate, abs(np.linalg.eigvals(step)).max())
    return rate


def real_parts(lr, beta, eigenvalues):
    return max(
        np.linalg.eigvals([[1 + beta - lr * h, -beta], [1.0, 0.0]]).real.max()
        for h in eigenvalues
    )


def absolute_real_parts(lr, beta, eigenvalues):
    return max(
        np.abs(np.linalg.eigvals([[1 + beta - lr * h, -beta], [1.0, 0.0]]).real).max()
        for h in eigenvalues
    )


def largest_eigenvalue_only(lr, beta, eigenvalues):
    h = np.max(eigenvalues)
    step = [[1 + beta - lr * h, -beta], [1.0, 0.0]]
    return np.abs(np.linalg.eigvals(step)).max()


def smallest_eigenvalue_only(lr, beta, eigenvalues):
    h = np.min(eigenvalues)
    step = [[1 + beta - lr * h, -beta], [1.0, 0.0]]
    return np.abs(np.linalg.eigvals(step)).max()


def mean_of_radii(lr, beta, eigenvalues):
    return np.mean(
        [
            np.abs(np.linalg.eigvals([[1 + beta - lr * h, -beta], [1.0, 0.0]])).max()
            for h in eigenvalues
        ]
    )


def smallest_radius(lr, beta, eigenvalues):
    return min(
        np.abs(np.linalg.eigvals([[1 + beta - lr * h, -beta], [1.0, 0.0]])).max()
        for h in eigenvalues
    )


def smaller_of_each_pair(lr, beta, eigenvalues):
    return max(
        np.abs(np.linalg.eigvals([[1 + beta - lr * h, -beta], [1.0, 0.0]])).min()
        for h in eigenvalues
    )


def beta_with_plus(lr, beta, eigenvalues):
    return max(
        np.abs(np.linalg.eigvals([[1 + beta - lr * h, beta], [1.0, 0.0]])).max()
        for h in eigenvalues
    )


def beta_missing_on_diagonal(lr, beta, eigenvalues):
    return max(
        np.abs(np.linalg.eigvals([[1 - lr * h, -beta], [1.0, 0.0]])).max()
        for h in eigenvalues
    )


def plain_descent_rate(lr, beta, eigenvalues):
    return np.max(np.abs(1 - lr * np.asarray(eigenvalues)))


def always_root_of_beta(lr, beta, eigenvalues):
    return np.sqrt(beta)


def radius_squared(lr, beta, eigenvalues):
    return max(
        np.abs(np.linalg.eigvals([[1 + beta - lr * h, -beta], [1.0, 0.0]])).max() ** 2
        for h in eigenvalues
    )


def determinant_instead(lr, beta, eigenvalues):
    return max(
        abs(np.linalg.det([[1 + beta - lr * h, -beta], [1.0, 0.0]]))
        for h in eigenvalues
    )


def largest_singular_value(lr, beta, eigenvalues):
    return max(
        np.linalg.norm([[1 + beta - lr * h, -beta], [1.0, 0.0]], 2) for h in eigenvalues
    )


def rate_without_lr(lr, beta, eigenvalues):
    return max(
        np.abs(np.linalg.eigvals([[1 + beta - h, -beta], [1.0, 0.0]])).max()
        for h in eigenvalues
    )


def averaged_form_rate(lr, beta, eigenvalues):
    return max(
        np.abs(
            np.linalg.eigvals([[1 + beta - lr * (1 - beta) * h, -beta], [1.0, 0.0]])
        ).max()
        for h in eigenvalues
    )


CONVERGENCE_RATE = Exercise(
    name="convergence_rate",
    points=2,
    bonus=True,
    reference=kernels.convergence_rate,
    returns=("rate",),
    draw=draw_convergence_rate,
    equivalents=(
        rate_by_quadratic_formula,
        rate_by_stacked_matrices,
        rate_in_velocity_coordinates,
    ),
    misconceptions=(
        Misconception(
            "real_parts",
            real_parts,
            "the largest real part",
            "Complex eigenvalues turn the error as well as shrink it. What shrinks is "
            "their absolute value: `np.abs`, not `.real`.",
        ),
        Misconception(
            "absolute_real_parts",
            absolute_real_parts,
            "the absolute value of the real parts",
            "For a complex eigenvalue `np.abs` of the whole number counts; dropping "
            "the imaginary part makes the method look faster than it is.",
        ),
        Misconception(
            "largest_eigenvalue_only",
            largest_eigenvalue_only,
            "the rate in the steepest direction alone",
            "The slowest direction decides, and it can be any: take the largest rate "
            "over all eigenvalues.",
        ),
        Misconception(
            "smallest_eigenvalue_only",
            smallest_eigenvalue_only,
            "the rate in the flattest direction alone",
            "With a large learning rate the steepest direction is the slow one: take "
            "the largest rate over all eigenvalues.",
        ),
        Misconception(
            "mean_of_radii",
            mean_of_radii,
            "the mean rate over the directions",
            "After many steps only the slowest direction is left: take the largest.",
        ),
        Misconception(
            "smallest_radius",
            smallest_radius,
            "the fastest direction's rate",
            "The slowest direction decides: take the largest over the eigenvalues.",
        ),
        Misconception(
            "smaller_of_each_pair",
            smaller_of_each_pair,
            "the smaller eigenvalue of each 2×2 matrix",
            "Of the two the larger absolute value decides.",
        ),
        Misconception(
            "beta_with_plus",
            beta_with_plus,
            "an iteration matrix with plus `beta` in its corner",
            "The old error enters with minus `beta`: "
            "`[[1 + beta - lr * h, -beta], [1, 0]]`.",
        ),
        Misconception(
            "beta_missing_on_diagonal",
            beta_missing_on_diagonal,
            "an iteration matrix without `beta` on its diagonal",
            "The last step counts from the new place: the first entry is "
            "`1 + beta - lr * h`.",
        ),
        Misconception(
            "plain_descent_rate",
            plain_descent_rate,
            "plain gradient descent's rate",
            "`beta` changes it: the state is the error and the error before it, and "
            "a 2×2 matrix carries it on.",
        ),
        Misconception(
            "always_root_of_beta",
            always_root_of_beta,
            "the square root of `beta`",
            "That is the rate only while every direction oscillates. Where an "
            "eigenvalue is real the rate is larger.",
        ),
        Misconception(
            "radius_squared",
            radius_squared,
            "the square of the rate",
            "It is the factor for one step. In the oscillating region that is the "
            "root of `beta`, not `beta`.",
        ),
        Misconception(
            "determinant_instead",
            determinant_instead,
            "the determinants, which are all `beta`",
            "A determinant is the product of both eigenvalues. The larger of the two "
            "decides.",
        ),
        Misconception(
            "largest_singular_value",
            largest_singular_value,
            "the largest singular value",
            "That bounds one step. Over many steps the eigenvalues decide.",
        ),
        Misconception(
            "ema_scaled",
            averaged_form_rate,
            "the rate of the moving-average form",
            "Here it is heavy ball: `lr` is not multiplied by `1 - beta`.",
        ),
        Misconception(
            "lr_forgotten",
            rate_without_lr,
            "the rate with a learning rate of 1",
            "The eigenvalue `h` comes in as `lr * h`.",
        ),
    ),
    hints=(
        "Along one eigenvector the next error depends on two numbers. Which two?",
        (
            "Write the pair (new error, old error) as a 2×2 matrix times the pair "
            "before. How fast do powers of a matrix shrink?"
        ),
        (
            "For each eigenvalue `h`, the largest `np.abs` of `np.linalg.eigvals([[1 "
            "+ beta - lr * h, -beta], [1, 0]])`. Return the largest over all of "
            "them."
        ),
    ),
    read="section 5, equation (3.4)",
    lines=4,
    level=3,
    harmless={
        "radii = [np.abs(np.linalg.eigvals([[1 + beta - lr * h, -beta], "
        "[1.0, 0.0]])).max() for h in eigenvalues] -> "
        "radii = [np.abs(np.linalg.eigvals([[lr * h - (1 + beta), -beta], "
        "[1.0, 0.0]])).max() for h in eigenvalues]": (
            "with the opposite trace the two eigenvalues change their signs, and "
            "absolute values are taken"
        ),
    },
)


# --- optimal_momentum -------------------------------------------------------


def draw_optimal_momentum(rng):
    yield "eigenvalues 1 and 9", {"mu": 1.0, "L": 9.0}
    yield (
        "a long valley",
        {"mu": between(rng, 0.05, 0.2), "L": between(rng, 3.0, 8.0)},
    )
    yield (
        "everything steep",
        {"mu": between(rng, 20.0, 30.0), "L": between(rng, 300.0, 500.0)},
    )
    yield "a round bowl", {"mu": 4.0, "L": 4.0}
    yield (
        "almost round",
        {"mu": between(rng, 1.0, 1.2), "L": between(rng, 2.0, 2.4)},
    )


def optimal_by_roots(mu, L):
    a, b = mu**0.5, L**0.5
    return 4 / (a + b) ** 2, ((b - a) / (b + a)) ** 2


def optimal_by_inverse_condition(mu, L):
    root = np.sqrt(mu / L)
    return (2 / (np.sqrt(L) * (1 + root))) ** 2, ((1 - root) / (1 + root)) ** 2


def optimal_beta_from_lr(mu, L):
    lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2
    return lr, (1 - np.sqrt(lr * mu)) ** 2


def plain_descent_lr(mu, L):
    root = np.sqrt(L / mu)
    return 2 / (L + mu), ((root - 1) / (root + 1)) ** 2


def inverse_of_L(mu, L):
    root = np.sqrt(L / mu)
    return 1 / L, ((root - 1) / (root + 1)) ** 2


def roots_forgotten_in_beta(mu, L):
    kappa = L / mu
    return (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2, ((kappa - 1) / (kappa + 1)) ** 2


def nesterov_beta(mu, L):
    root = np.sqrt(L / mu)
    return (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2, (root - 1) / (root + 1)


def nesterov_pair(mu, L):
    root = np.sqrt(L / mu)
    return 1 / L, (root - 1) / (root + 1)


def no_momentum_pair(mu, L):
    return 2 / (L + mu), 0.0


def lr_not_squared(mu, L):
    root = np.sqrt(L / mu)
    return 2 / (np.sqrt(L) + np.sqrt(mu)), ((root - 1) / (root + 1)) ** 2


def two_not_squared(mu, L):
    root = np.sqrt(L / mu)
    return 2 / (np.sqrt(L) + np.sqrt(mu)) ** 2, ((root - 1) / (root + 1)) ** 2


def sum_not_squared(mu, L):
    root = np.sqrt(L / mu)
    return 4 / (np.sqrt(L) + np.sqrt(mu)), ((root - 1) / (root + 1)) ** 2


def root_of_sum(mu, L):
    root = np.sqrt(L / mu)
    return (2 / np.sqrt(L + mu)) ** 2, ((root - 1) / (root + 1)) ** 2


def roots_forgotten_in_lr(mu, L):
    root = np.sqrt(L / mu)
    return (2 / (L + mu)) ** 2, ((root - 1) / (root + 1)) ** 2


def fraction_upside_down(mu, L):
    root = np.sqrt(L / mu)
    return ((np.sqrt(L) + np.sqrt(mu)) / 2) ** 2, ((root - 1) / (root + 1)) ** 2


def results_in_other_order(mu, L):
    root = np.sqrt(L / mu)
    lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2
    return ((root - 1) / (root + 1)) ** 2, lr


OPTIMAL_MOMENTUM = Exercise(
    name="optimal_momentum",
    points=1,
    reference=kernels.optimal_momentum,
    returns=("lr", "beta"),
    draw=draw_optimal_momentum,
    equivalents=(optimal_by_roots, optimal_by_inverse_condition, optimal_beta_from_lr),
    misconceptions=(
        Misconception(
            "plain_descent_lr",
            plain_descent_lr,
            "the best learning rate of plain descent",
            "`2 / (L + mu)` is best without momentum. With it the ball bears a larger "
            "one: the square of `2 / (sqrt(L) + sqrt(mu))`.",
        ),
        Misconception(
            "inverse_of_L",
            inverse_of_L,
            "the learning rate `1 / L`",
            "That is safe but short. The best one is the square of "
            "`2 / (sqrt(L) + sqrt(mu))`.",
        ),
        Misconception(
            "roots_forgotten_in_beta",
            roots_forgotten_in_beta,
            "a `beta` without the roots",
            "Momentum works with the root of the condition number: that is its whole "
            "gain.",
        ),
        Misconception(
            "nesterov_beta",
            nesterov_beta,
            "a `beta` that is not squared",
            "`(sqrt(kappa) - 1) / (sqrt(kappa) + 1)` is the rate per step, and the "
            "constant momentum of Nesterov's method. Heavy ball's `beta` is its "
            "square.",
        ),
        Misconception(
            "nesterov_pair",
            nesterov_pair,
            "the usual pair of Nesterov's method",
            "Asked for is heavy ball's: a longer step, and the square of that `beta`.",
        ),
        Misconception(
            "no_momentum_pair",
            no_momentum_pair,
            "the best pair without momentum",
            "With momentum `beta` is the square of "
            "`(sqrt(kappa) - 1) / (sqrt(kappa) + 1)`, and the ball bears a larger "
            "`lr`.",
        ),
        Misconception(
            "lr_not_squared",
            lr_not_squared,
            "a learning rate that is not squared",
            "The whole fraction is squared; otherwise the units would be wrong: `lr` "
            "goes like 1 over a curvature.",
        ),
        Misconception(
            "two_not_squared",
            two_not_squared,
            "a learning rate with only the denominator squared",
            "The whole fraction is squared, the 2 as well.",
        ),
        Misconception(
            "sum_not_squared",
            sum_not_squared,
            "a learning rate with only the numerator squared",
            "The whole fraction is squared, the sum of the roots as well.",
        ),
        Misconception(
            "root_of_sum",
            root_of_sum,
            "a learning rate with the root of the sum",
            "It is the sum of the two roots, not the root of the sum.",
        ),
        Misconception(
            "roots_forgotten_in_lr",
            roots_forgotten_in_lr,
            "a learning rate without the roots",
            "The roots of `L` and `mu` are added, then the fraction is squared.",
        ),
        Misconception(
            "fraction_upside_down",
            fraction_upside_down,
            "a learning rate turned upside down",
            "The steeper the landscape, the shorter the step: the roots are in the "
            "denominator.",
        ),
        Misconception(
            "results_in_other_order",
            results_in_other_order,
            "the two results in the wrong order",
            "Return `lr` first and `beta` second.",
        ),
    ),
    hints=(
        "Which two directions limit the rate, and when are they equally fast?",
        "Both results are squares. In both, roots of `mu` and `L` occur.",
        (
            "`lr = (2 / (np.sqrt(L) + np.sqrt(mu)))**2`; with `kappa = L / mu`, "
            "`beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1))**2`."
        ),
    ),
    read="section 5, equation (3.5)",
    lines=3,
    level=1,
    harmless={
        "beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2 -> "
        "beta = ((1 - np.sqrt(kappa)) / (np.sqrt(kappa) + 1)) ** 2": (
            "the fraction is squared"
        ),
        "lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2 -> "
        "lr = (-2 / (np.sqrt(L) + np.sqrt(mu))) ** 2": "the fraction is squared",
        "kappa = L / mu -> kappa = mu / L": (
            "the fraction for 1 / kappa is that for kappa with the opposite sign, and "
            "it is squared"
        ),
        "moved: beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2": (
            "the two results do not depend on each other"
        ),
        "moved: lr = (2 / (np.sqrt(L) + np.sqrt(mu))) ** 2": (
            "the two results do not depend on each other"
        ),
    },
)


CHAPTER = Chapter(
    name="03_momentum",
    title="Momentum",
    minutes=90,
    exercises=(
        MOMENTUM_STEP,
        EMA_MOMENTUM_STEP,
        VELOCITY_WEIGHTS,
        CONVERGENCE_RATE,
        OPTIMAL_MOMENTUM,
        NESTEROV_STEP,
        NESTEROV_DIFFERENCE_STEP,
    ),
    written=(Written("momentum_why", points=2),),
)
