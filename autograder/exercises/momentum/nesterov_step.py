"""Chapter 03: one step of Nesterov's accelerated gradient, in the look-ahead form."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, one_step_each, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import momentum as kernels

__all__ = ["NESTEROV_STEP"]


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

    def run():
        theta, velocity = signed(rng, (3,)), np.zeros(3)
        function = ripples(rng, (3,))
        for step in ("first step of a run, from rest", "second step", "third step"):
            yield step, _nesterov_arguments(theta, velocity, function, lr, beta)
            gradient = _real(function)
            theta, velocity = kernels.nesterov_step(theta, velocity, gradient, lr, beta)

    yield from one_step_each(run)
    for label, shape in (("a matrix of parameters", (2, 3)), ("three axes", (4, 1, 2))):
        yield (
            label,
            _nesterov_arguments(
                signed(rng, shape),
                signed(rng, shape),
                ripples(rng, shape),
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


def ripples(rng, shape):
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


NESTEROV_STEP = Exercise(
    name="nesterov_step",
    points=2,
    reference=kernels.nesterov_step,
    returns=("theta", "velocity"),
    order=("velocity", "theta"),
    draw=draw_nesterov_step,
    equivalents=(nesterov_by_named_point, nesterov_uphill_sign),
    misconceptions=mistakes(__name__, kernels.nesterov_step),
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
