"""Chapter 08: mend a training that keeps its best epoch."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.classification.mlp_loss_and_grads import network_and_batch
from autograder.exercises.drawing import between, signed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import mended as kernels

__all__ = ["TRAIN_AND_KEEP"]


def draw_train_and_keep(rng):
    for label, sizes, n_val, n_epochs, batch_size in (
        ("two examples in one batch, one epoch", (2, 3, 2, 3), 3, 1, 2),
        ("a last batch that is short", (7, 4, 3, 3), 5, 4, 3),
        ("one example at a time", (5, 2, 4, 2), 4, 3, 1),
    ):
        yield label, training(rng, sizes, n_val, n_epochs, batch_size)


def training(rng, sizes, n_val, n_epochs, batch_size):
    """Of more than one epoch, a middle one is the best and another is worse."""
    while True:
        given = network_and_batch(rng, *sizes)
        if given["X"].std(axis=0).min() < 0.1:
            continue
        # Other columns than the training images', as new images always have.
        X_val = np.round(0.5 + 2 * signed(rng, (n_val, sizes[1])), 2)
        arguments = {
            **given,
            "X_val": X_val,
            "labels_val": rng.permutation(np.arange(n_val) % sizes[3]),
            "lr": between(rng, 0.3, 0.6),
            "n_epochs": n_epochs,
            "batch_size": batch_size,
            "noise": between(rng, 0.2, 0.5),
        }
        seed = int(rng.integers(1_000_000))
        generator = np.random.default_rng(seed)
        _, losses = kernels.train_and_keep(**arguments, rng=generator)
        if n_epochs == 1 or 0 < np.argmin(losses) < n_epochs - 1:
            return {**arguments, "rng": Seed(seed)}


def keep_all_and_choose(
    params, X, labels, X_val, labels_val, lr, n_epochs, batch_size, noise, rng
):
    mean = X.sum(axis=0) / len(X)
    std = np.sqrt(((X - mean) ** 2).sum(axis=0) / len(X))
    kept, losses, n = [], [], len(X)
    for _ in range(n_epochs):
        order = rng.permutation(n)
        for batch in np.split(order, range(batch_size, n, batch_size)):
            images = (X[batch] - mean) / std
            images = images + rng.normal(0, noise, size=images.shape)
            _, grads = kernels.mlp_loss_and_grads(params, images, labels[batch])
            moves = {name: np.multiply(lr, grad) for name, grad in grads.items()}
            params = {name: array - moves[name] for name, array in params.items()}
        kept.append(params)
        val = (X_val - mean) / std
        losses.append(kernels.mlp_loss_and_grads(params, val, labels_val)[0])
    return kept[int(np.argmin(losses))], np.array(losses)


def keep_a_copy(
    params, X, labels, X_val, labels_val, lr, n_epochs, batch_size, noise, rng
):
    centre, scale = X.mean(0), X.std(0)
    X, X_val = ((images - centre) / scale for images in (X, X_val))
    best, least, losses = None, np.inf, np.empty(n_epochs)
    for epoch in range(n_epochs):
        order = rng.permutation(len(X))
        for at in range(0, len(X), batch_size):
            some = order[at : at + batch_size]
            images = X[some] + noise * rng.standard_normal((len(some), X.shape[1]))
            grads = kernels.mlp_loss_and_grads(params, images, labels[some])[1]
            params = {name: array.copy() for name, array in params.items()}
            for name, array in params.items():
                array += np.negative(lr) * grads[name]
        losses[epoch] = kernels.mlp_loss_and_grads(params, X_val, labels_val)[0]
        if losses[epoch] < least:
            best, least = params, losses[epoch]
    return best, losses


AS_MANY = "there are as many of them"
NOISY = "images = Z[batch] + noise * rng.standard_normal(Z[batch].shape)"


GIVEN = ("scaled_by_all_images", "noise_in_use", "best_is_no_copy")
"""What is to be mended."""

TRAIN_AND_KEEP = Exercise(
    name="train_and_keep",
    points=3,
    reference=kernels.train_and_keep,
    returns=("best", "losses"),
    order=("losses", "best"),
    draw=draw_train_and_keep,
    equivalents=(keep_all_and_choose, keep_a_copy),
    misconceptions=mistakes(__name__, kernels.train_and_keep, GIVEN),
    broken=GIVEN,
    hints=(
        (
            "Which numbers may depend on the validation images, and which must not? "
            "Go through the code line by line with that question."
        ),
        (
            "What changes the arrays in `params`, and what else holds these very "
            "arrays? And what would a second measurement of the same epoch give?"
        ),
        (
            "`mean` and `std` are those of `X` alone. Noise is for training only. "
            "`dict(params)` is a new dict with the old arrays: copy each of them."
        ),
    ),
    read="section 6, on mending",
    lines=3,
    level=3,
    bonus=True,
    harmless={
        f"{line} -> {line.replace('len(Z)', f'len({other})')}": AS_MANY
        for line in (
            "cuts = range(batch_size, len(Z), batch_size)",
            "for batch in np.split(rng.permutation(len(Z)), cuts):",
        )
        for other in ("X", "labels")
    }
    | {
        "if loss < lowest: -> if loss <= lowest:": "no two losses are equal",
        f"{NOISY} -> {NOISY.replace('Z[batch].shape', 'X[batch].shape')}": (
            "they have one shape"
        ),
        "moved: best = {name: array.copy() for name, array in params.items()}": (
            "it does not need the line before it"
        ),
        "moved: losses.append(loss)": "the list fills up alone",
        "moved: best, lowest, losses = ({}, np.inf, [])": (
            "none of them needs the parameters"
        ),
        "moved: params = {name: array.copy() for name, array in params.items()}": (
            "the copies need no images"
        ),
    },
)
