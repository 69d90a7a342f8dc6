"""Chapter 06: size of the gradient of each layer's weights, by backpropagation."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed
from autograder.exercises.initialization.networks import ACTIVATIONS, network
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import initialization as kernels

__all__ = ["GRADIENT_NORMS"]

SLOPES = kernels.SLOPES


def draw_gradient_norms(rng):
    yield (
        "one layer without an activation, and round numbers",
        {
            "X": np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 2.0]]),
            "weights": [np.array([[1.0, -1.0, 1.0, 2.0], [0.5, 2.0, -1.0, 1.0]])],
            "grad_out": np.array(
                [[1.0, 0.0, 2.0, 1.0], [0.0, 1.0, 1.0, -1.0], [2.0, 1.0, 0.0, 1.0]]
            ),
            "activation": "linear",
        },
    )
    for label, activation, n, sizes in (
        ("two layers of tanh", "tanh", 5, (3, 4, 2)),
        ("three layers of ReLU", "relu", 6, (5, 7, 6, 3)),
        ("three layers of the logistic function", "sigmoid", 2, (4, 3, 5, 2)),
        ("three layers of tanh, all square", "tanh", 4, (3, 3, 3, 3)),
        ("two layers of ReLU", "relu", 8, (4, 6, 5)),
    ):
        X, grad_out = signed(rng, (n, sizes[0])), signed(rng, (n, sizes[-1]))
        weights = _awake(rng, X, sizes, activation)
        arguments = {"X": X, "weights": weights, "grad_out": grad_out}
        yield label, arguments | {"activation": activation}


def _awake(rng, X, sizes, activation):
    """Weights for which no layer of ReLU is silent, nor lets everything pass."""
    while True:
        weights = network(rng, *sizes)["weights"]
        biases = [np.zeros(W.shape[1]) for W in weights]
        layers = kernels.dense_forward(X, weights, biases, activation)
        if activation != "relu" or all(0.2 < np.mean(H > 0) < 0.9 for H in layers):
            return weights


def _layers(X, weights, activation):
    biases = [np.zeros(W.shape[1]) for W in weights]
    return [X, *kernels.dense_forward(X, weights, biases, activation)]


def gn_by_index(X, weights, grad_out, activation):
    H = _layers(X, weights, activation)
    norms = np.zeros(len(weights))
    for i in range(len(weights) - 1, -1, -1):
        delta = grad_out * SLOPES[activation](H[i + 1])
        norms[i] = np.sqrt(np.sum((H[i].T @ delta) ** 2))
        grad_out = delta @ weights[i].T
    return norms


def gn_slope_by_sums(X, weights, grad_out, activation):
    slope = {
        "linear": lambda z: 1.0,
        "relu": lambda z: z > 0,
        "tanh": lambda z: 1 / np.cosh(z) ** 2,
        "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    }[activation]
    H, inputs, sums = X, [], []
    for W in weights:
        inputs.append(H)
        sums.append(H @ W)
        H = ACTIVATIONS[activation](sums[-1])
    norms = []
    while inputs:
        grad_out = grad_out * slope(sums.pop())
        norms.insert(0, np.linalg.norm(np.einsum("ni,nj->ij", inputs.pop(), grad_out)))
        grad_out = grad_out @ weights[len(inputs)].T
    return np.array(norms)


GRADIENT_NORMS = Exercise(
    name="gradient_norms",
    points=3,
    reference=kernels.gradient_norms,
    returns=("norms",),
    draw=draw_gradient_norms,
    equivalents=(gn_by_index, gn_slope_by_sums),
    misconceptions=mistakes(__name__, kernels.gradient_norms),
    hints=(
        (
            "The gradient of a layer's weights needs two things: what came into the "
            "layer, and the gradient of its sums. Which of the two comes from the "
            "forward pass?"
        ),
        (
            "Run `dense_forward` with zero biases and put `X` in front. Then go "
            "through the layers from the last to the first: slope, norm, `W.T`."
        ),
        (
            "Per layer, backward: `grad = grad * SLOPES[activation](H_out)`; the "
            "norm of `H_in.T @ grad`; `grad = grad @ W.T`. Turn the list around at "
            "the end."
        ),
    ),
    read="section 6, equation (6.9)",
    lines=9,
    level=3,
    bonus=True,
    harmless={
        (
            "biases = [np.zeros(W.shape[1]) for W in weights] -> biases = "
            "[np.zeros(W.shape[-1]) for W in weights]"
        ): "the second axis of two is the last one",
        (
            "for i in reversed(range(len(weights))): -> for i in "
            "reversed(range(len(biases))):"
        ): "there is one bias for each layer",
        "moved: grad, norms = (grad_out, [])": "neither line needs the other",
    },
)
