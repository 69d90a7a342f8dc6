"""A small network that reads the digits: where an optimiser has to prove itself.

One hidden layer of tanh units.  Parameters and gradients are dicts of arrays,
so that an optimiser needs `update(params, grads)` and nothing else.
"""

from __future__ import annotations

import numpy as np

from autograder.lab.datasets import Digits
from autograder.lab.scoring import losses, losses_and_slopes

__all__ = [
    "N_PARAMETERS",
    "accuracy",
    "batches",
    "initial",
    "loss",
    "loss_and_grads",
    "squared_loss_and_grads",
]

N_PIXELS, N_HIDDEN, N_CLASSES = 64, 32, 10

N_PARAMETERS = (N_PIXELS + 1) * N_HIDDEN + (N_HIDDEN + 1) * N_CLASSES
"""Numbers that there are to learn."""


def initial(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Parameters to begin with; chapter 6 says why just these sizes.

    Returns
    -------
    params : dict
        "hidden" (65, 32) and "output" (33, 10); the last row of each is added
        to its units, whatever the input.
    """
    sizes = {"hidden": (N_PIXELS, N_HIDDEN), "output": (N_HIDDEN, N_CLASSES)}
    params = {}
    for name, (n_in, n_out) in sizes.items():
        params[name] = rng.normal(0.0, n_in**-0.5, size=(n_in + 1, n_out))
        params[name][-1] = 0.0
    return params


def loss(params: dict[str, np.ndarray], X: np.ndarray, labels: np.ndarray) -> float:
    """Mean cross-entropy over a batch alone, see `loss_and_grads`."""
    return float(losses(_forward(params, X)[2], labels).mean())


def loss_and_grads(
    params: dict[str, np.ndarray], X: np.ndarray, labels: np.ndarray
) -> tuple[float, dict[str, np.ndarray]]:
    """Mean cross-entropy over a batch, and its gradient.

    Parameters
    ----------
    params : dict
        As `initial` gives them.
    X : ndarray of shape (n_samples, 64)
        Images.
    labels : ndarray of shape (n_samples,)
        The digit that each image shows.

    Returns
    -------
    loss : float
        log(10) for a network that knows nothing.
    grads : dict
        Arrays of the shapes of `params`, under the same names.
    """
    inputs, units, scores = _forward(params, X)
    each, blame = losses_and_slopes(scores, labels)
    return float(each.sum() / len(X)), _backward(params, inputs, units, blame / len(X))


def squared_loss_and_grads(
    params: dict[str, np.ndarray], X: np.ndarray, labels: np.ndarray
) -> tuple[float, dict[str, np.ndarray]]:
    """Half the squared error of the scores against 0 and 1, and its gradient.

    Mean over the batch, sum over the digits; else as `loss_and_grads`.
    """
    inputs, units, scores = _forward(params, X)
    wrong = scores - np.eye(N_CLASSES)[labels]
    loss = float(np.sum(wrong**2) / (2 * len(X)))
    return loss, _backward(params, inputs, units, wrong / len(X))


def accuracy(params: dict[str, np.ndarray], X: np.ndarray, labels: np.ndarray) -> float:
    """Share of images whose digit the network finds the most probable."""
    return float(np.mean(_forward(params, X)[2].argmax(axis=1) == labels))


def batches(digits: Digits, rng: np.random.Generator, size: int = 32):
    """One pass over the training images in a new order: pairs (X, labels)."""
    order = rng.permutation(len(digits.X))
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        yield digits.X[chosen], digits.labels[chosen]


def _backward(params, inputs, units, blame):
    """Gradient of a loss that changes with the scores as `blame` says."""
    behind = blame @ params["output"][:-1].T
    behind *= 1.0 - units[:, :-1] ** 2
    return {"hidden": inputs.T @ behind, "output": units.T @ blame}


def _forward(params, X):
    """Inputs and hidden units, each with a column of ones, and the scores."""
    inputs = _with_ones(X)
    units = _with_ones(np.tanh(inputs @ params["hidden"]))
    return inputs, units, units @ params["output"]


def _with_ones(rows):
    """The same with a column of ones at the right, made faster than by `hstack`."""
    wider = np.empty((rows.shape[0], rows.shape[1] + 1))
    wider[:, :-1] = rows
    wider[:, -1] = 1.0
    return wider
