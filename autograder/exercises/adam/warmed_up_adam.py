"""Chapter 05: mend an Adam with warmup and weight decay."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Function
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import mended as kernels

__all__ = ["WARMED_UP_ADAM"]


def draw_warmed_up_adam(rng):
    bowl = {"curvature": np.array([1.0, 4.0]), "center": np.zeros(2)}
    yield (
        "a bowl, two steps",
        {
            "grad_fn": Function("quadratic_gradient", bowl, shape=(2,), calls=2),
            "theta0": np.array([3.0, -2.0]),
            "lr": 0.1,
            "warmup_steps": 4,
            "n_steps": 2,
            "weight_decay": 0.1,
        },
    )
    for label, shape, size, n_steps, warmup_steps in (
        ("gradients as small as eps", (3,), 1e-8, 4, 3),
        ("a matrix, steps beyond the warmup", (2, 3), 1.0, 7, 4),
        ("three axes, and a warmup of one step", (4, 1, 2), 1.0, 4, 1),
    ):
        bowl = {
            "curvature": size * np.abs(signed(rng, shape)),
            "center": signed(rng, shape),
        }
        function = Function("ripple_gradient", bowl, shape=shape, calls=n_steps)
        if size < 1:
            function = Function("quadratic_gradient", bowl, shape=shape, calls=n_steps)
        yield (
            label,
            {
                "grad_fn": function,
                "theta0": signed(rng, shape, 2.0, 3.0),
                "lr": between(rng, 0.05, 0.2),
                "warmup_steps": warmup_steps,
                "n_steps": n_steps,
                "weight_decay": between(rng, 0.2, 0.4),
            },
        )


def warmed_up_from_zero(grad_fn, theta0, lr, warmup_steps, n_steps, weight_decay):
    theta, m, v, lengths = theta0.copy(), 0.0, 0.0, np.zeros(n_steps)
    for done in range(n_steps):
        grad, rate = grad_fn(theta), lr * min(1.0, (done + 1) / warmup_steps)
        m, v = m + 0.1 * (grad - m), v + 0.01 * (grad * grad - v)
        m_hat, v_hat = m / (1 - 0.9 ** (done + 1)), v / (1 - 0.99 ** (done + 1))
        old = theta.copy()
        theta = theta - rate * weight_decay * theta
        theta -= rate * m_hat / (v_hat**0.5 + 1e-8)
        lengths[done] = np.abs(theta - old).max()
    return theta, lengths


def warmed_up_by_lists(grad_fn, theta0, lr, warmup_steps, n_steps, weight_decay):
    path, seen = [theta0], []
    for t in range(1, n_steps + 1):
        seen.append(grad_fn(path[-1]))
        averages = []
        for decay, power in ((0.9, 1), (0.99, 2)):
            weights = decay ** np.arange(t - 1.0, -1.0, -1.0)
            total = np.tensordot(weights, np.array(seen) ** power, 1)
            averages.append(total / weights.sum())
        step = averages[0] / (np.sqrt(averages[1]) + 1e-8) + weight_decay * path[-1]
        path.append(path[-1] - lr * np.minimum(t, warmup_steps) / warmup_steps * step)
    moved = np.abs(np.diff(np.array(path), axis=0)).reshape(n_steps, -1)
    return path[-1], moved.max(axis=1)


GIVEN = ("one_decay_in_both_corrections", "warmup_from_zero", "decay_without_rate")
"""What is to be mended."""

WARMED_UP_ADAM = Exercise(
    name="warmed_up_adam",
    points=3,
    reference=kernels.warmed_up_adam,
    returns=("theta", "lengths"),
    order=("lengths", "theta"),
    draw=draw_warmed_up_adam,
    equivalents=(warmed_up_from_zero, warmed_up_by_lists),
    misconceptions=mistakes(__name__, kernels.warmed_up_adam, GIVEN),
    broken=GIVEN,
    hints=(
        (
            "How long must the first step be, if there is no weight decay and the "
            "warmup takes one step? And how long is it?"
        ),
        (
            "Three lines look right at first sight: one is right for `m` alone, one "
            "for steps counted from 0, one for a constant learning rate."
        ),
        (
            "The correction of `v` has its own decay, 0.99. The first step has the "
            "fraction `1 / warmup_steps`. The decay is multiplied by the step's rate."
        ),
    ),
    read="section 8, on mending",
    lines=3,
    level=2,
    harmless={
        "moved: v = 0.99 * v + 0.01 * grad ** 2": "the rate needs no average",
        "moved: lengths.append(np.max(np.abs(step)))": "the list fills up alone",
        "moved: rate = lr * min(1, t / warmup_steps)": "the rate needs no average",
        "rate = lr * min(1, t / warmup_steps) -> "
        "rate = lr * min(t / warmup_steps, 1)": "the smaller one, in any order",
    },
)
