"""Learning rate of the first Transformer: up in a line, down like a root."""

from __future__ import annotations

import numpy as np

from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import adaptive_learning_rates as kernels

__all__ = ["TRANSFORMER_LR"]


def draw_transformer_lr(rng):
    yield "the top, where both agree", {"t": 4, "d_model": 16, "warmup_steps": 4}
    yield (
        "the first step, t = 1",
        {"t": 1, "d_model": _width(rng), "warmup_steps": int(rng.integers(4, 9))},
    )
    yield (
        "on the way down",
        {
            "t": int(rng.integers(20, 40)),
            "d_model": _width(rng),
            "warmup_steps": int(rng.integers(4, 9)),
        },
    )
    yield (
        "an array of steps from 1",
        {"t": np.arange(1, 10), "d_model": _width(rng), "warmup_steps": 5},
    )
    yield (
        "steps in any order, in two axes",
        {
            "t": rng.permutation(25)[:6].reshape(2, 3) + 1,
            "d_model": _width(rng),
            "warmup_steps": int(rng.integers(10, 14)),
        },
    )


def _width(rng):
    return int(rng.integers(20, 90))


def transformer_by_warmup(t, d_model, warmup_steps):
    t = np.asarray(t)
    top = 1 / np.sqrt(d_model * warmup_steps)
    return top * np.where(t < warmup_steps, t / warmup_steps, np.sqrt(warmup_steps / t))


def transformer_by_roots(t, d_model, warmup_steps):
    line = t / (warmup_steps * np.sqrt(warmup_steps))
    return np.minimum(1 / np.sqrt(t), line) / np.sqrt(d_model)


def transformer_by_smaller_share(t, d_model, warmup_steps):
    rise = np.minimum(1, t / warmup_steps)
    return rise / np.sqrt(d_model * np.maximum(t, warmup_steps))


TRANSFORMER_LR = Exercise(
    name="transformer_lr",
    points=1,
    bonus=True,
    reference=kernels.transformer_lr,
    returns=("lr_t",),
    draw=draw_transformer_lr,
    equivalents=(
        transformer_by_warmup,
        transformer_by_roots,
        transformer_by_smaller_share,
    ),
    misconceptions=mistakes(__name__, kernels.transformer_lr),
    hints=(
        "Two curves, one rising and one falling. Where do they meet?",
        "Of two curves the smaller one counts. Which NumPy function takes it?",
        "`return d_model ** -0.5 * np.minimum(t ** -0.5, t * warmup_steps ** -1.5)`.",
    ),
    read="section 8, equation (4.10)",
    lines=1,
    level=1,
    warm_up=True,
    harmless={
        "return d_model ** (-0.5) * "
        "np.minimum(t ** (-0.5), t * warmup_steps ** (-1.5)) -> "
        "return d_model ** (-0.5) * "
        "np.minimum(t * warmup_steps ** (-1.5), t ** (-0.5))": (
            "the smaller of two has no order"
        ),
    },
)
