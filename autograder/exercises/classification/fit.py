"""Chapter 08: a training loop with any optimiser, and its losses."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Driven, Seed
from autograder.exercises.classification.mlp_loss_and_grads import network_and_batch
from autograder.exercises.mistakes import mistakes
from autograder.exercises.spec import Exercise
from autograder.kernels import classification as kernels

__all__ = ["FIT"]


def draw_fit(rng):
    for label, sizes, n_epochs, batch_size, factor in (
        ("two examples in one batch, two epochs", (2, 3, 2, 3), 2, 2, 0.5),
        ("one batch, and parameters that shrink", (7, 4, 3, 2), 4, 7, 0.7),
        ("a last batch that is short", (11, 4, 3, 3), 2, 4, 1.0),
        ("batches of two, the last of one", (9, 2, 5, 4), 3, 2, 1.0),
    ):
        given = network_and_batch(rng, *sizes)
        params, n = given.pop("params"), sizes[0]
        full, rest = divmod(n, batch_size)
        watched = {
            "params": params,
            "factor": factor,
            "sizes": [batch_size] * full + [rest] * (rest > 0),
        }
        yield (
            label,
            {
                **given,
                "n_epochs": n_epochs,
                "batch_size": batch_size,
                "rng": Seed(int(rng.integers(1_000_000))),
                "run": Driven("training", watched),
            },
        )


def fit_on_shuffled_copies(params, optimizer, X, labels, n_epochs, batch_size, rng):
    n, losses = len(X), []
    for _ in range(n_epochs):
        order = np.argsort(rng.random(n))
        inputs, targets, total = X[order], labels[order], 0.0
        for a in range(0, n, batch_size):
            some, right = inputs[a : a + batch_size], targets[a : a + batch_size]
            loss, grads = kernels.mlp_loss_and_grads(params, some, right)
            total += loss * len(some)
            optimizer.update(params, grads)
        losses.append(total / n)
    return np.array(losses)


def fit_with_weights(params, optimizer, X, labels, n_epochs, batch_size, rng):
    losses = np.empty(n_epochs)
    cuts = range(batch_size, len(X), batch_size)
    for epoch in range(n_epochs):
        seen, sizes = [], []
        for batch in np.split(rng.permutation(len(X)), cuts):
            loss, grads = kernels.mlp_loss_and_grads(params, X[batch], labels[batch])
            optimizer.update(params, grads)
            seen.append(loss)
            sizes.append(batch.size)
        losses[epoch] = np.average(seen, weights=sizes)
    return losses


AS_MANY = "there are as many of them"


FIT = Exercise(
    name="fit",
    points=3,
    reference=kernels.fit,
    returns=("training",),
    draw=draw_fit,
    equivalents=(fit_on_shuffled_copies, fit_with_weights),
    misconceptions=mistakes(__name__, kernels.fit),
    hints=(
        (
            "Two loops, one in the other: over what, and over what? Which line draws "
            "the order, and how often does it run?"
        ),
        (
            "Of each batch you have its mean loss. How often does each example count "
            "if you add these up, and the last batch is short?"
        ),
        (
            "Inside: `loss, grads = mlp_loss_and_grads(params, X[batch], "
            "labels[batch])`, then `losses[epoch] += loss * len(batch) / len(X)`, then "
            "`optimizer.update(params, grads)`."
        ),
    ),
    read="section 6, on the training loop",
    lines=9,
    level=2,
    harmless={
        f"{line} -> {line.replace('len(X)', f'len({other})')}": AS_MANY
        for line, others in (
            ("for start in range(0, len(X), batch_size):", ("labels", "order")),
            ("losses[epoch] += loss * len(batch) / len(X)", ("labels", "order")),
            ("order = rng.permutation(len(X))", ("labels",)),
        )
        for other in others
    }
    | {"moved: optimizer.update(params, grads)": "the loss is known by then"},
)
