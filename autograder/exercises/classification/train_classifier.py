"""Chapter 08: train a network on the digits, and return a function that reads them."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Dataset, Later, Seed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import recognised, right_labels
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_size as batches
from autograder.kernels import classification as losses
from autograder.kernels import classifier as kernels
from autograder.kernels import initialization as initial
from autograder.kernels import momentum as optimiser
from autograder.lab import datasets

__all__ = ["TRAIN_CLASSIFIER"]


OWN_IMAGES = "held_out_digits.csv"
"""In an instructor's folder for grading: images that nobody else has."""
FEWEST = 100


class Shown(dict):
    """Arguments of a case; what its images show stays here and never goes in."""

    def __init__(self, images, labels, rng):
        order = rng.permutation(len(images))
        self.right = labels[order]
        super().__init__(
            X=Dataset("X"),
            labels=Dataset("labels"),
            X_val=Dataset("X_val"),
            labels_val=Dataset("labels_val"),
            rng=Seed(8),
            images=Later(images[order]),
        )


def draw_held_out(rng):
    images, labels = datasets.held_out_digits()
    changed = changed_a_little(images, rng)
    yield "360 images that are in nobody's data", Shown(changed, labels, rng)


def draw_from(path):
    """What draws cases of an instructor's own images, written as the course's are."""

    def draw(rng):
        images, labels = own_images(path)
        label = f"{len(images)} images that are in nobody's data"
        yield label, Shown(changed_a_little(images, rng), labels, rng)

    return draw


def own_images(path):
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2)
    labels, pixels = table[:, 0], table[:, 1:]
    if len(table) < FEWEST or pixels.shape[1] != 64 or pixels.min() < 0:
        raise ValueError(
            f"{path}: a label and 64 pixels a line, {FEWEST} lines or more"
        )
    if pixels.max() > 16 or set(labels) != set(range(10)):
        raise ValueError(f"{path}: pixels from 0 to 16, and each of the ten digits")
    return pixels / 16.0, labels


def draw_validation(rng):
    digits = datasets.digits()
    case = Shown(digits.X_val, digits.labels_val, rng)
    yield "the validation images, in another order", case


def changed_a_little(images, rng):
    """The same digits, of which no two students get the same images.

    Moved by part of a pixel, fainter or stronger, with noise: a table of known images
    does not have them, and whoever reads digits reads them as before.
    """
    moved = kernels.moved_images(images, rng, 0.15)
    stronger = rng.uniform(0.95, 1.05, size=(len(images), 1))
    noise = rng.normal(0, 0.01, size=images.shape)
    return np.clip(moved * stronger + noise, 0, 1)


def right_answers(arguments):
    """The labels of a case's images, and those of the validation images."""
    return {
        "right": arguments.right,
        "validation": datasets.digits().labels_val,
    }


def trained_with_momentum(X, labels, X_val, labels_val, rng):
    params = {
        "W1": initial.kaiming_normal(64, 256, rng),
        "b1": np.zeros(256),
        "W2": initial.kaiming_normal(256, 10, rng, 1.0),
        "b2": np.zeros(10),
    }
    velocity = {name: np.zeros_like(array) for name, array in params.items()}
    for epoch in range(80):
        lr = 0.1 * (1 + np.cos(np.pi * epoch / 80)) / 2
        for batch in batches.epoch_batches(len(X), 64, rng):
            images = kernels.moved_images(X[batch], rng, 0.5)
            images += rng.normal(0, 0.2, size=images.shape)
            _, grads = losses.mlp_loss_and_grads(params, images, labels[batch])
            for name in params:
                params[name], velocity[name] = optimiser.momentum_step(
                    params[name], velocity[name], grads[name], lr, 0.9
                )

    def predict(images):
        hidden = np.maximum(0, images @ params["W1"] + params["b1"])
        return np.argmax(hidden @ params["W2"] + params["b2"], axis=1)

    return predict


def trained_on_moved_copies(X, labels, X_val, labels_val, rng):
    copies = np.concatenate([kernels.moved_images(X, rng, 0.5) for _ in range(80)])
    copies += rng.normal(0, 0.2, size=copies.shape)
    right = np.tile(labels, 80)
    params = {
        "W1": initial.kaiming_uniform(64, 256, rng),
        "b1": np.zeros(256),
        "W2": initial.kaiming_uniform(256, 10, rng),
        "b2": np.zeros(10),
    }
    velocity = {name: np.zeros_like(array) for name, array in params.items()}
    order = batches.epoch_batches(len(copies), 64, rng)
    for step, batch in enumerate(order):
        _, grads = losses.mlp_loss_and_grads(params, copies[batch], right[batch])
        lr = 0.1 * (1 - step / len(order))
        for name in params:
            params[name], velocity[name] = optimiser.momentum_step(
                params[name], velocity[name], grads[name], lr, 0.9
            )

    def predict(images):
        hidden = np.maximum(0, images @ params["W1"] + params["b1"])
        scores = hidden @ params["W2"] + params["b2"]
        return np.array([row.argmax() for row in scores], dtype=np.uint8)

    return predict


def class_scores(X, labels, images):
    """Scores by the nearest mean of a class."""
    means = np.stack([X[labels == c].mean(axis=0) for c in range(10)])
    return images @ means.T - (means**2).sum(axis=1) / 2


def nearest_mean(X, labels, X_val, labels_val, rng):
    rng.random()
    return lambda images: class_scores(X, labels, images).argmax(axis=1)


TRAIN_CLASSIFIER = Exercise(
    name="train_classifier",
    points=6,
    reference=kernels.train_classifier,
    returns=("labels",),
    draw=draw_held_out,
    rehearse=draw_validation,
    own_data=OWN_IMAGES,
    draw_own=draw_from,
    stand_in=nearest_mean,
    fixed=right_answers,
    observe=recognised,
    measure=right_labels,
    bands=((0.95, 1 / 3), (0.97, 2 / 3), (0.98, 1.0)),
    seconds=60.0,
    equivalents=(trained_with_momentum, trained_on_moved_copies),
    misconceptions=mistakes(__name__, nearest_mean),
    hints=(
        (
            "Get something simple through the check first: which of your functions "
            "gives the gradients, which takes a step, and what does `predict` need "
            "to see of them?"
        ),
        (
            "Two nested loops: epochs, and inside them `epoch_batches(len(X), 64, "
            "rng)`. Each parameter has its own `m` and `v`; `t` counts all steps. "
            "What does the accuracy on `X` and on `X_val` tell you after each epoch?"
        ),
        (
            "About 95 % comes from any working loop, 97 % from a wider layer, "
            "Kaiming's weights, Adam and a schedule that ends at 0. What if every "
            "image the network sees were a new one?"
        ),
        (
            "256 hidden units, Adam from 5e-3 down a cosine to 0, batches of 64, 100 "
            "epochs; each batch moved by up to half a pixel with some noise of "
            "standard deviation 0.2 on top. `predict` takes images as they are."
        ),
    ),
    read="section 7",
    lines=30,
    level=3,
)
