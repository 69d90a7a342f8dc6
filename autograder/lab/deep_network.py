"""A deep network of ReLU layers on the digits; the caller brings a normalisation.

Each layer is a dict of arrays: "W", "b", and for the hidden ones "gamma" and
"beta", which act only where there is a normalisation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from autograder.lab.datasets import Digits
from autograder.lab.experiments import only_here
from autograder.lab.scoring import losses_and_slopes

__all__ = ["Norm", "accuracy", "initial", "loss_and_grads", "scores", "train_layers"]

N_PIXELS, N_CLASSES = 64, 10


class Norm(NamedTuple):
    """What stands between the dense part of a hidden layer and its ReLU.

    Attributes
    ----------
    forward : callable
        ``forward(z, gamma, beta)`` gives a pair, the output first.
    backward : callable
        ``backward(dout, z, gamma)`` gives dz, dgamma and dbeta.
    """

    forward: Callable
    backward: Callable


def initial(
    rng: np.random.Generator,
    std: float | None = None,
    *,
    n_hidden: int = 5,
    width: int = 50,
) -> list[dict[str, np.ndarray]]:
    """Layers to begin with.

    Parameters
    ----------
    rng : numpy.random.Generator
    std : float, optional
        Standard deviation of all weights; each layer's sqrt(2 / fan_in) if
        not given.
    n_hidden, width : int
        Number of hidden layers, and of units in each.
    """
    sizes = [N_PIXELS, *[width] * n_hidden, N_CLASSES]
    layers = []
    for n_in, n_out in pairwise(sizes):
        scale = (2 / n_in) ** 0.5 if std is None else std
        W = rng.normal(0.0, scale, size=(n_in, n_out))
        layers.append({"W": W, "b": np.zeros(n_out)})
    for layer in layers[:-1]:
        layer |= {"gamma": np.ones(width), "beta": np.zeros(width)}
    return layers


def loss_and_grads(
    layers: list[dict[str, np.ndarray]],
    X: np.ndarray,
    labels: np.ndarray,
    norm: Norm | None = None,
) -> tuple[float, list[dict[str, np.ndarray]], list[np.ndarray]]:
    """Mean cross-entropy of a batch, its gradient, and what each layer normalised.

    Returns
    -------
    loss : float
        In nats; log(10) for a network that knows nothing.
    grads : list of dict
        One dict for each layer, with the names of its arrays.
    seen : list of ndarray
        Of each hidden layer, what its dense part gave.
    """
    inputs, seen, outputs = [X], [], []
    for layer in layers[:-1]:
        z = inputs[-1] @ layer["W"] + layer["b"]
        out = norm.forward(z, layer["gamma"], layer["beta"])[0] if norm else z
        seen.append(z)
        outputs.append(out)
        inputs.append(np.maximum(out, 0.0))
    losses, blame = losses_and_slopes(
        inputs[-1] @ layers[-1]["W"] + layers[-1]["b"], labels
    )
    blame /= len(X)
    grads = []
    for k in range(len(layers) - 1, -1, -1):
        grad = {}
        if k < len(seen):
            blame = blame * (outputs[k] > 0)
            grad = {"gamma": 0.0 * layers[k]["gamma"], "beta": 0.0 * layers[k]["beta"]}
            if norm:
                blame, grad["gamma"], grad["beta"] = norm.backward(
                    blame, seen[k], layers[k]["gamma"]
                )
        grads.append({"W": inputs[k].T @ blame, "b": blame.sum(axis=0)} | grad)
        blame = blame @ layers[k]["W"].T
    return float(losses.mean()), grads[::-1], seen


def scores(
    layers: list[dict[str, np.ndarray]],
    X: np.ndarray,
    normalise: Callable | None = None,
) -> np.ndarray:
    """Scores of the ten classes, (n_samples, 10).

    ``normalise(k, z, gamma, beta)`` is what hidden layer k does with the
    output z of its dense part; nothing if not given.
    """
    for k, layer in enumerate(layers[:-1]):
        z = X @ layer["W"] + layer["b"]
        if normalise is not None:
            z = normalise(k, z, layer["gamma"], layer["beta"])
        X = np.maximum(z, 0.0)
    return X @ layers[-1]["W"] + layers[-1]["b"]


def accuracy(
    layers: list[dict[str, np.ndarray]],
    X: np.ndarray,
    labels: np.ndarray,
    normalise: Callable | None = None,
) -> float:
    """Share of images whose digit has the highest score."""
    with np.errstate(all="ignore"):
        return float(np.mean(scores(layers, X, normalise).argmax(axis=1) == labels))


def train_layers(
    layers: list[dict[str, np.ndarray]],
    digits: Digits,
    rng: np.random.Generator,
    *,
    lr: float,
    n_steps: int,
    batch_size: int = 32,
    norm: Norm | None = None,
    watch: Sequence[Callable] = (),
) -> tuple[list[dict[str, np.ndarray]], np.ndarray]:
    """Plain gradient descent on batches, each epoch in a new order.

    Parameters
    ----------
    layers : list of dict
        Where to begin; they are not changed.
    watch : sequence of callables
        Each is called in every step with what `loss_and_grads` says that the
        layers have seen.

    Returns
    -------
    layers : list of dict
        After the last step.
    losses : ndarray of shape (n_steps,)
        Of each step's batch, before the step; inf from where it diverges.
    """
    only_here("deep_network.train_layers")
    losses = np.full(n_steps, np.inf)
    order = np.empty(0, dtype=int)
    with np.errstate(all="ignore"):
        for step in range(n_steps):
            if len(order) < batch_size:
                order = rng.permutation(len(digits.X))
            chosen, order = order[:batch_size], order[batch_size:]
            loss, grads, seen = loss_and_grads(
                layers, digits.X[chosen], digits.labels[chosen], norm
            )
            if not np.isfinite(loss):
                break
            losses[step] = loss
            layers = [
                {name: layer[name] - lr * grad[name] for name in layer}
                for layer, grad in zip(layers, grads, strict=True)
            ]
            for watcher in watch:
                watcher(seen)
    return layers, losses
