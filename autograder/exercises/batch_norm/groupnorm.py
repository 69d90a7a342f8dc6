"""Chapter 07: normalise each example over groups of neighbouring channels."""

from __future__ import annotations

import numpy as np

from autograder.exercises.batch_norm.batches import CENTRED, batch
from autograder.exercises.drawing import between
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_norm as kernels

__all__ = ["GROUPNORM"]


def draw_groupnorm(rng):
    yield (
        "one example of four channels in two groups, one pixel high, eps = 1",
        {
            "x": np.array([[[[-1, 3]], [[3, 3]], [[-3, 1]], [[5, 1]]]], dtype=float),
            "n_groups": 2,
            "eps": 1.0,
        },
    )
    yield (
        "six channels in two groups",
        {"x": batch(rng, (4, 6, 2, 5)), "n_groups": 2, "eps": 1e-3},
    )
    yield (
        "six channels in three groups, that vary little, and a large eps",
        {
            "x": batch(rng, (5, 6, 3, 2), spread=0.1, center=0.1),
            "n_groups": 3,
            "eps": 1e-2,
        },
    )
    yield (
        "eight channels in two groups, and the eps that is not said",
        {"x": batch(rng, (4, 8, 3, 2), spread=0.01, center=0.01), "n_groups": 2},
    )
    yield (
        "nine channels in three groups",
        {
            "x": batch(rng, (4, 9, 2, 4)),
            "n_groups": 3,
            "eps": between(rng, 0.1, 0.5),
        },
    )
    yield (
        "three channels do not make two groups",
        {"x": batch(rng, (2, 3, 1, 4)), "n_groups": 2, "eps": 1e-3},
    )


def groups_as_an_axis(x, n_groups, eps=1e-5):
    n, c, h, w = x.shape
    groups = x.reshape(n, n_groups, c // n_groups, h, w)
    mean = groups.mean(axis=(2, 3, 4), keepdims=True)
    var = groups.var(axis=(2, 3, 4), keepdims=True)
    return ((groups - mean) / np.sqrt(var + eps)).reshape(n, c, h, w)


def group_after_group(x, n_groups, eps=1e-5):
    size, rest = divmod(x.shape[1], n_groups)
    if rest != 0:
        raise ValueError("the channels do not divide")
    out = np.empty_like(x)
    for i in range(len(x)):
        for first in range(0, x.shape[1], size):
            part = x[i, first : first + size]
            part = (part - part.mean()) / np.sqrt(part.var() + eps)
            out[i, first : first + size] = part
    return out


def groups_by_split(x, n_groups, eps=1e-5):
    parts = np.split(x, n_groups, axis=1)
    done = []
    for part in parts:
        mean = part.mean(axis=(1, 2, 3), keepdims=True)
        var = part.var(axis=(1, 2, 3), keepdims=True)
        done.append((part - mean) / np.sqrt(var + eps))
    return np.concatenate(done, axis=1)


GROUPNORM = Exercise(
    name="groupnorm",
    points=2,
    bonus=True,
    reference=kernels.groupnorm,
    returns=("out",),
    draw=draw_groupnorm,
    tolerance=CENTRED,
    equivalents=(groups_as_an_axis, group_after_group, groups_by_split),
    misconceptions=mistakes(__name__, kernels.groupnorm),
    hints=(
        "With 6 channels and 2 groups, which channels share a mean?",
        (
            "Reshape so that all entries of one example's group lie along one axis, "
            "and normalise along it. What must hold before that is possible?"
        ),
        (
            "If `c % n_groups`: raise `ValueError`. `groups = x.reshape(n, n_groups, "
            "-1)`; normalise over axis 2 with `keepdims=True`; reshape to `x.shape`."
        ),
    ),
    read="section 6, equation (7.7)",
    lines=7,
    level=2,
    harmless={
        "moved: groups = x.reshape(n, n_groups, -1)": (
            "the reshape may come before the question, since it spoils nothing"
        ),
        "groups = x.reshape(n, n_groups, -1) -> groups = x.reshape(n, n_groups, -2)": (
            "NumPy takes any negative length as the one to be found"
        ),
        "groups = x.reshape(n, n_groups, -1) -> groups = x.reshape(n_groups, n, -1)": (
            "the groups lie one after another in memory, however they are counted"
        ),
        "moved: var = groups.var(axis=2, keepdims=True)": (
            "mean and variance do not depend on each other here"
        ),
    },
)
