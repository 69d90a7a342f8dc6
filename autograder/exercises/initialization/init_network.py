"""Chapter 06: initial weights and biases of a whole network."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.initialization.weights import BY_CHANCE
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import random_network
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["INIT_NETWORK"]


def draw_init_network(rng):
    few, many = int(rng.integers(18, 23)), int(rng.integers(110, 130))
    for label, sizes, activation in (
        ("two layers with ReLU between them", [200, 20, 100], "relu"),
        ("three layers with tanh", [many, few, many, few], "tanh"),
        ("three layers with the sigmoid", [few, many, few, many], "sigmoid"),
        ("three layers without a function", [few, many, few, many], "linear"),
        ("three layers with ReLU", [many, few, many, few], "relu"),
        ("one layer, which is the last", [100, 30], "relu"),
    ):
        seed = Seed(int(rng.integers(1_000_000)))
        yield label, {"sizes": sizes, "activation": activation, "rng": seed}


def fixed_stds(arguments):
    sizes, stds = arguments["sizes"], []
    for fan_in, fan_out in pairwise(sizes):
        variance = 1 / fan_in
        if len(stds) < len(sizes) - 2:
            two = 2 / (fan_in + fan_out)
            hidden = {"relu": 2 / fan_in, "linear": variance}
            variance = hidden.get(arguments["activation"], two)
        stds.append(float(np.sqrt(variance)))
    return {"stds": stds}


def network_by_variances(sizes, activation, rng):
    weights, biases = [], []
    for fan_in, fan_out in pairwise(sizes):
        variance = 1 / fan_in
        if len(weights) < len(sizes) - 2:
            hidden = {"relu": 2 / fan_in, "linear": 1 / fan_in}
            variance = hidden.get(activation, 2 / (fan_in + fan_out))
        weights.append(np.sqrt(variance) * rng.standard_normal((fan_in, fan_out)))
        biases.append(np.zeros(fan_out))
    return weights, biases


def network_by_lists(sizes, activation, rng):
    def std(i):
        n_in, n_out = sizes[i : i + 2]
        if i + 2 == len(sizes) or activation == "linear":
            return n_in**-0.5
        return (2 / n_in if activation == "relu" else 2 / (n_in + n_out)) ** 0.5

    layers = range(len(sizes) - 1)
    weights = [rng.normal(0, std(i), sizes[i : i + 2]) for i in layers]
    return weights, [np.zeros(n) for n in sizes[1:]]


INIT_NETWORK = Exercise(
    name="init_network",
    points=3,
    reference=kernels.init_network,
    returns=("weights", "biases"),
    draw=draw_init_network,
    fixed=fixed_stds,
    observe=random_network,
    tolerance=BY_CHANCE,
    equivalents=(network_by_variances, network_by_lists),
    misconceptions=mistakes(__name__, kernels.init_network),
    hints=(
        (
            "How many layers does a network with these sizes have, and which two "
            "sizes belong to layer `i`? Which layer is followed by no function?"
        ),
        (
            "For each layer: which of your functions draws its weights? A gain of 1 "
            "makes Kaiming's variance `1 / fan_in`."
        ),
        (
            "The last layer and linear ones: `kaiming_normal(fan_in, fan_out, rng, "
            "1.0)`. Before ReLU the same without the `1.0`, otherwise "
            "`xavier_normal(fan_in, fan_out, rng)`; biases are `np.zeros(fan_out)`."
        ),
    ),
    read="section 8, on your own network",
    lines=12,
    level=2,
    harmless={
        "moved: biases.append(np.zeros(fan_out))": "each list fills up by itself",
    },
)
