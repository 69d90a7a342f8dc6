"""Chapter 06: the outputs of all layers of a fully connected network."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed
from autograder.exercises.initialization.networks import ACTIVATIONS, network
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["DENSE_FORWARD"]


def draw_dense_forward(rng):
    yield (
        "one layer without an activation, and round numbers",
        {
            "X": np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]),
            "weights": [np.array([[1.0, -1.0, 0.5, 2.0], [0.5, 2.0, -1.0, 1.0]])],
            "biases": [np.array([10.0, 20.0, 30.0, 40.0])],
            "activation": "linear",
        },
    )
    X, net = signed(rng, (5, 3)), network(rng, 3, 4, 2)
    yield "two layers of ReLU", {"X": X, **net, "activation": "relu"}
    X, net = signed(rng, (2, 4)), network(rng, 4, 3, 5, 2)
    yield "three layers of tanh", {"X": X, **net, "activation": "tanh"}
    X, net = signed(rng, (3, 2)), network(rng, 2, 5, 4)
    yield (
        "two layers of the logistic function",
        {
            "X": X,
            **net,
            "activation": "sigmoid",
        },
    )
    X, net = signed(rng, (6, 5)), network(rng, 5, 3, 3, 3, 4)
    yield (
        "four layers of ReLU, two of them square",
        {
            "X": X,
            **net,
            "activation": "relu",
        },
    )


def df_with_functions_inside(X, weights, biases, activation):
    def phi(z):
        if activation == "relu":
            return z * (z > 0)
        if activation == "tanh":
            return np.tanh(z)
        if activation == "sigmoid":
            return 0.5 * (1 + np.tanh(z / 2))
        return z

    H = [X]
    for i in range(len(weights)):
        H.append(phi(np.dot(H[i], weights[i]) + biases[i]))
    return H[1:]


def df_by_columns(X, weights, biases, activation):
    columns, found = X.T, []
    for W, b in zip(weights, biases, strict=True):
        columns = ACTIVATIONS[activation](W.T @ columns + b[:, None])
        found.append(columns.T)
    return found


DENSE_FORWARD = Exercise(
    name="dense_forward",
    points=2,
    reference=kernels.dense_forward,
    returns=("activations",),
    draw=draw_dense_forward,
    equivalents=(df_with_functions_inside, df_by_columns),
    misconceptions=mistakes(__name__, kernels.dense_forward),
    hints=(
        (
            "A layer reads the output of the layer before it. What does the first "
            "one read?"
        ),
        (
            "Walk through `weights` and `biases` together, with one variable for "
            "the output of the last layer. When do you put it into the list?"
        ),
        (
            "Start with `H = X`. For each `W` and `b`: `H = "
            "ACTIVATIONS[activation](H @ W + b)`, then append `H`. Return the list."
        ),
    ),
    read="section 2, equation (6.1)",
    lines=5,
    level=1,
    harmless={
        (
            "for W, b in zip(weights, biases, strict=True): -> for W, b in "
            "zip(weights, biases):"
        ): "both lists have one entry a layer",
        (
            "for W, b in zip(weights, biases, strict=True): -> for W, b in "
            "zip(weights, biases, strict=False):"
        ): "both lists have one entry a layer",
        "moved: activations, H = ([], X)": "neither line needs the other",
    },
)
