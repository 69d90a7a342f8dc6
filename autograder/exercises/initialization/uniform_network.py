"""Chapter 06: mend the uniform initial weights of a deep network."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.initialization.weights import BY_CHANCE
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import random_network
from autograder.exercises.spec import Exercise
from autograder.kernels import mended as kernels

__all__ = ["UNIFORM_NETWORK"]


def draw_uniform_network(rng):
    few, many = int(rng.integers(18, 23)), int(rng.integers(110, 130))
    for label, sizes in (
        ("two layers", [200, 20, 100]),
        ("three layers, wide inside", [few, many, few, many]),
        ("three layers, narrow inside", [many, few, many, few]),
        ("one layer, which is the last", [100, 30]),
    ):
        yield label, {"sizes": sizes, "rng": Seed(int(rng.integers(1_000_000)))}


def fixed_stds(arguments):
    fan_ins = arguments["sizes"][:-1]
    stds = [float(np.sqrt(2 / fan_in)) for fan_in in fan_ins]
    return {"stds": [*stds[:-1], float(np.sqrt(1 / fan_ins[-1]))]}


def uniform_by_scaling(sizes, rng):
    pairs = list(pairwise(sizes))
    weights = [(2 * rng.random(pair) - 1) * np.sqrt(6 / pair[0]) for pair in pairs]
    weights[-1] = weights[-1] / np.sqrt(2)
    return weights, [np.zeros(n) for n in sizes[1:]]


def uniform_by_variances(sizes, rng):
    weights, biases = [], []
    for i, (fan_in, fan_out) in enumerate(pairwise(sizes), start=2):
        variance = (1 + (i < len(sizes))) / fan_in
        half = (12 * variance) ** 0.5 / 2  # of an interval with this variance
        weights.append(rng.uniform(-half, half, (fan_in, fan_out)))
        biases.append(np.zeros(fan_out))
    return weights, biases


GIVEN = ("deviation_as_bound", "fan_out_taken", "gain_in_the_last_layer")
"""What is to be mended."""

UNIFORM_NETWORK = Exercise(
    name="uniform_network",
    points=3,
    reference=kernels.uniform_network,
    returns=("weights", "biases"),
    draw=draw_uniform_network,
    fixed=fixed_stds,
    observe=random_network,
    tolerance=BY_CHANCE,
    equivalents=(uniform_by_scaling, uniform_by_variances),
    misconceptions=mistakes(__name__, kernels.uniform_network, GIVEN),
    broken=GIVEN,
    hints=(
        (
            "Draw one large layer and compute its deviation. By which factor does it "
            "miss the one that is asked for, and does that depend on both sizes?"
        ),
        (
            "Which deviation have uniform numbers between `-b` and `b`? Which of a "
            "layer's two sizes counts the terms of a sum? Where does no ReLU follow?"
        ),
        (
            "The bound is `gain * np.sqrt(3 / n_in)`, and the gain is 1 in the "
            "layer with the number `len(sizes) - 2`, counted from 0."
        ),
    ),
    read="section 8, on mending",
    lines=3,
    level=2,
    bonus=True,
    harmless={
        "moved: gain = np.sqrt(2) if layer < last else 1.0": "it needs no size",
    },
)
