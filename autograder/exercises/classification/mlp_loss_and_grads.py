"""Chapter 08: loss of a network with one hidden ReLU layer, and all its gradients."""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import classification as kernels

__all__ = ["MLP_LOSS_AND_GRADS"]


def draw_mlp_loss_and_grads(rng):
    for label, sizes in (
        ("two examples and a tiny network", (2, 3, 2, 3)),
        ("six examples, four features", (6, 4, 3, 5)),
        ("a wide hidden layer", (3, 2, 7, 4)),
        ("two classes", (5, 3, 4, 2)),
        ("many features", (4, 9, 5, 3)),
    ):
        yield label, network_and_batch(rng, *sizes)
    far = network_and_batch(rng, 4, 3, 5, 3)
    far["params"]["W2"] *= 1000
    yield "logits in the thousands: probabilities are rounded to 0", far
    still = network_and_batch(rng, 5, 4, 3, 2)
    still["params"]["W1"][:, 1] = still["params"]["b1"][1] = 0
    yield "a hidden unit that is exactly at 0 for every example", still


def network_and_batch(rng, n, n_features, n_hidden, n_classes):
    params = {
        "W1": signed(rng, (n_features, n_hidden), high=1.2),
        # Off the grid of the products, so that nothing before ReLU is 0.
        "b1": signed(rng, (n_hidden,), high=0.6) + 3e-5,
        "W2": signed(rng, (n_hidden, n_classes), high=1.2),
        "b2": signed(rng, (n_classes,), high=0.6),
    }
    labels = rng.permutation(np.arange(n) % n_classes)
    return {"params": params, "X": signed(rng, (n, n_features)), "labels": labels}


def network_by_gate(params, X, labels):
    hidden = X @ params["W1"] + params["b1"]
    gate = hidden > 0
    hidden = hidden * gate
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = np.exp(log_p) / len(X)
    dz[np.arange(len(X)), labels] -= 1 / len(X)
    dhidden = np.einsum("ij,kj->ik", dz, params["W2"])
    dhidden[~gate] = 0
    ones = np.ones(len(X))
    return loss, {
        "b2": ones @ dz,
        "W2": np.einsum("ij,ik->jk", hidden, dz),
        "b1": ones @ dhidden,
        "W1": np.einsum("ij,ik->jk", X, dhidden),
    }


def network_by_examples(params, X, labels):
    loss, grads = 0.0, {name: np.zeros_like(value) for name, value in params.items()}
    for x, label in zip(X, labels, strict=False):
        hidden = np.maximum(x @ params["W1"] + params["b1"], 0)
        z = hidden @ params["W2"] + params["b2"]
        log_p = z - np.logaddexp.reduce(z)
        loss -= log_p[label] / len(X)
        dz = np.exp(log_p) / len(X)
        dz[label] -= 1 / len(X)
        dbefore = params["W2"] @ dz * (hidden > 0)
        grads["W1"] += np.outer(x, dbefore)
        grads["b1"] += dbefore
        grads["W2"] += np.outer(hidden, dz)
        grads["b2"] += dz
    return loss, grads


MLP_LOSS_AND_GRADS = Exercise(
    name="mlp_loss_and_grads",
    points=3,
    reference=kernels.mlp_loss_and_grads,
    returns=(
        "loss",
        "grads",
    ),
    order=(
        "loss",
        "grads",
    ),
    draw=draw_mlp_loss_and_grads,
    equivalents=(
        network_by_gate,
        network_by_examples,
    ),
    misconceptions=mistakes(__name__, kernels.mlp_loss_and_grads),
    hints=(
        (
            "Run the network forward and keep what you will need again. What does "
            "each layer need to know on the way back?"
        ),
        (
            "Start from `cross_entropy_grad(z, labels)`. The gradient of a weight is "
            "its input, transposed, times the gradient of its output; the gradient "
            "of a bias is a sum."
        ),
        (
            "`dz = cross_entropy_grad(z, labels)`; `dW2 = hidden.T @ dz`; `db2 = "
            "dz.sum(axis=0)`; `dbefore = dz @ W2.T * (before > 0)`; then the same "
            "for `W1` and `b1` with `X`."
        ),
    ),
    read="section 6, equation (8.6)",
    lines=12,
    level=3,
    harmless={
        "dbefore = dz @ params['W2'].T * (before > 0) -> dbefore = dz @ params['W2'].T"
        " * (hidden > 0)": ("ReLU is positive where its argument is"),
        "hidden = np.maximum(0, before) -> hidden = np.maximum(before, 0)": (
            "a maximum has no order"
        ),
    },
)
