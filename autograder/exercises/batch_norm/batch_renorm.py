"""Batch renormalisation: a training pass that is close to the one in use."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, batch, scales
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["BATCH_RENORM"]


def draw_batch_renorm(rng):
    yield (
        "deviations 2 and 3; both bounds of r are met, d is within its own",
        {
            "x": np.array([[1.0, -3.0], [5.0, 1.0], [5.0, 5.0], [5.0, 1.0]]),
            "gamma": np.array([2.0, 3.0]),
            "beta": np.array([1.0, -1.0]),
            "running_mean": np.array([3.5, 2.0]),
            "running_std": np.array([0.5, 10.0]),
            "r_max": 2.0,
            "d_max": 1.5,
            "eps": 1.0,
        },
    )
    kinds = {
        "six examples of five features": ((6, 5), 1.0, {"eps": 1e-3}),
        "features that vary little, and a large eps": ((4, 5), 0.1, {"eps": 1e-2}),
        "the eps that is not said": ((9, 5), 0.01, {}),
        "an eps of a variance's size": (
            (7, 5),
            1.0,
            {"eps": between(rng, 0.1, 0.4)},
        ),
    }
    # Each feature meets other bounds: r above, below, within; d above, below, within.
    ratio = np.array([3.0, 0.3, 1.2, 0.85, 1.3])
    ahead = np.array([0.3, -0.2, 2.5, -3.0, 0.4])
    for label, (shape, spread, eps) in kinds.items():
        x = batch(rng, shape, spread=spread)
        order = rng.permutation(5)
        std = np.sqrt(x.var(axis=0) + eps.get("eps", 1e-5)) / ratio[order]
        yield (
            label,
            {
                "x": x,
                "gamma": scales(rng, 5),
                "beta": signed(rng, (5,)),
                "running_mean": np.round(x.mean(axis=0) - ahead[order] * std, 4),
                "running_std": np.round(std, 4),
                "r_max": between(rng, 1.5, 2.5),
                "d_max": between(rng, 0.7, 1.4),
                **eps,
            },
        )


def renorm_in_one_line(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    var = np.mean((x - x.mean(axis=0)) ** 2, axis=0) + eps
    r = np.minimum(np.maximum(var**0.5 / running_std, 1 / r_max), r_max)
    d = np.minimum(
        np.maximum((x.mean(axis=0) - running_mean) / running_std, -d_max), d_max
    )
    scale = gamma * r / np.sqrt(var)
    return scale * x - scale * x.mean(axis=0) + gamma * d + beta


def renorm_feature_by_feature(
    x, gamma, beta, running_mean, running_std, r_max, d_max, eps=1e-5
):
    out = np.zeros_like(x)
    for j in range(x.shape[1]):
        mean, std = x[:, j].mean(), (x[:, j].var() + eps) ** 0.5
        r = min(max(std / running_std[j], 1 / r_max), r_max)
        d = min(max((mean - running_mean[j]) / running_std[j], -d_max), d_max)
        out[:, j] = gamma[j] * ((x[:, j] - mean) / std * r + d) + beta[j]
    return out


BATCH_RENORM = Exercise(
    name="batch_renorm",
    points=2,
    bonus=True,
    reference=kernels.batch_renorm,
    returns=("out",),
    draw=draw_batch_renorm,
    tolerance=CENTRED,
    equivalents=(renorm_in_one_line, renorm_feature_by_feature),
    misconceptions=mistakes(__name__, kernels.batch_renorm),
    hints=(
        (
            "Which two numbers turn `(x - mean) / std` into `(x - running_mean) / "
            "running_std`?"
        ),
        (
            "One factor `r` and one shift `d`. Each is kept within bounds, `r` "
            "around 1 and `d` around 0."
        ),
        (
            "`r = np.clip(std / running_std, 1 / r_max, r_max)`, `d = np.clip((mean "
            "- running_mean) / running_std, -d_max, d_max)`; then `return gamma * "
            "(x_hat * r + d) + beta`."
        ),
    ),
    read="section 7, equation (7.8)",
    lines=4,
    level=2,
    harmless={
        "moved: d = np.clip((mean - running_mean) / running_std, -d_max, d_max)": (
            "the two corrections do not depend on each other"
        ),
        "d = np.clip((mean - running_mean) / running_std, -d_max, d_max) -> "
        "d = np.clip(-d_max, (mean - running_mean) / running_std, d_max)": (
            "the middle one of three numbers, in another order"
        ),
        "r = np.clip(std / running_std, 1 / r_max, r_max) -> "
        "r = np.clip(1 / r_max, std / running_std, r_max)": (
            "the middle one of three numbers, in another order"
        ),
    },
)
