"""Chapter 08: the capstone, judged by what it has learned, and the chapter.

The training arguments are the same in every draw, the generator included: what
a learner's own check measures on the validation images is the classifier that
grading measures on held-out ones.  Only the order of the images is drawn.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.  A mistaken one need not train well: most take
the nearest mean of a class, which is right for nine images in ten.  So does
the stand-in for the reference: only the kind of an answer is compared with it,
and a grader should not have to train a network for each student.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import numpy as np

from autograder.calling.inputs import Dataset, Later, Seed
from autograder.exercises import classification
from autograder.exercises.observations import recognised, right_labels
from autograder.exercises.spec import Chapter, Exercise, Misconception, Written
from autograder.kernels import batch_size as batches
from autograder.kernels import classification as losses
from autograder.kernels import classifier as kernels
from autograder.kernels import initialization as initial
from autograder.kernels import momentum as optimiser
from autograder.lab import datasets

__all__ = ["CHAPTER"]


def draw_held_out(rng):
    images, _ = datasets.held_out_digits()
    yield "360 images that are in nobody's data", case(images, rng)


def draw_validation(rng):
    yield "the validation images, in another order", case(datasets.digits().X_val, rng)


def case(images, rng):
    return {
        "X": Dataset("X"),
        "labels": Dataset("labels"),
        "X_val": Dataset("X_val"),
        "labels_val": Dataset("labels_val"),
        "rng": Seed(8),
        "images": Later(images[rng.permutation(len(images))]),
    }


def right_answers(arguments):
    """The labels of a case's images, and those of the validation images."""
    known = labels_by_image()
    return {
        "right": np.array([known[x.tobytes()] for x in arguments["images"].value]),
        "validation": datasets.digits().labels_val,
    }


@cache
def labels_by_image():
    digits = datasets.digits()
    parts = [(digits.X_val, digits.labels_val)]
    # A learner's installation has none; its cases are validation images.
    with suppress(datasets.DataMissing):
        parts.append(datasets.held_out_digits())
    return {
        x.tobytes(): label
        for images, labels in parts
        for x, label in zip(images, labels, strict=True)
    }


# --- other right forms ------------------------------------------------------


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


# --- mistakes ---------------------------------------------------------------


def class_scores(X, labels, images):
    """Scores by the nearest mean of a class."""
    means = np.stack([X[labels == c].mean(axis=0) for c in range(10)])
    return images @ means.T - (means**2).sum(axis=1) / 2


def nearest_mean(X, labels, X_val, labels_val, rng):
    rng.random()
    return lambda images: class_scores(X, labels, images).argmax(axis=1)


def labels_returned(X, labels, X_val, labels_val, rng):
    return class_scores(X, labels, X_val).argmax(axis=1)


def parameters_returned(X, labels, X_val, labels_val, rng):
    params = {"W": rng.normal(size=(64, 10)), "b": np.zeros(10)}
    return params


def nothing_predicted(X, labels, X_val, labels_val, rng):
    def predict(images):
        class_scores(X, labels, images).argmax(axis=1)

    return predict


def scores_predicted(X, labels, X_val, labels_val, rng):
    return lambda images: class_scores(X, labels, images)


def probabilities_predicted(X, labels, X_val, labels_val, rng):
    return lambda images: losses.softmax(class_scores(X, labels, images))


def one_hot_predicted(X, labels, X_val, labels_val, rng):
    def predict(images):
        return np.eye(10)[class_scores(X, labels, images).argmax(axis=1)]

    return predict


def best_image_of_each_class(X, labels, X_val, labels_val, rng):
    return lambda images: class_scores(X, labels, images).argmax(axis=0)


def best_score_of_all(X, labels, X_val, labels_val, rng):
    return lambda images: class_scores(X, labels, images).argmax()


def one_label_for_all(X, labels, X_val, labels_val, rng):
    return lambda images: np.full(len(images), np.bincount(labels).argmax())


def labels_from_one(X, labels, X_val, labels_val, rng):
    return lambda images: class_scores(X, labels, images).argmax(axis=1) + 1


def smallest_score(X, labels, X_val, labels_val, rng):
    return lambda images: class_scores(X, labels, images).argmin(axis=1)


def argument_ignored(X, labels, X_val, labels_val, rng):
    return lambda images: class_scores(X, labels, X_val).argmax(axis=1)


TRAIN_CLASSIFIER = Exercise(
    name="train_classifier",
    points=6,
    reference=kernels.train_classifier,
    returns=("labels",),
    draw=draw_held_out,
    rehearse=draw_validation,
    stand_in=nearest_mean,
    fixed=right_answers,
    observe=recognised,
    measure=right_labels,
    bands=((0.95, 1 / 3), (0.97, 2 / 3), (0.98, 1.0)),
    seconds=60.0,
    equivalents=(trained_with_momentum, trained_on_moved_copies),
    misconceptions=(
        Misconception(
            "labels_returned",
            labels_returned,
            "labels in the place of a function",
            "Other images come later. Return the function that labels them, without "
            "calling it: `return predict`.",
        ),
        Misconception(
            "parameters_returned",
            parameters_returned,
            "trained parameters in the place of a function",
            "Define `predict(images)` inside, where it sees the parameters, and return "
            "it.",
        ),
        Misconception(
            "nothing_predicted",
            nothing_predicted,
            "a `predict` without a `return` line",
            "It computes labels and drops them.",
        ),
        Misconception(
            "scores_predicted",
            scores_predicted,
            "ten scores for each image",
            "The label is the place of the largest score in its row: `argmax(axis=1)`.",
        ),
        Misconception(
            "probabilities_predicted",
            probabilities_predicted,
            "ten probabilities for each image",
            "The label is the place of the largest one in its row: `argmax(axis=1)`.",
        ),
        Misconception(
            "one_hot_predicted",
            one_hot_predicted,
            "a one-hot row for each image",
            "One-hot rows are for training. Return the class numbers themselves.",
        ),
        Misconception(
            "best_image_of_each_class",
            best_image_of_each_class,
            "`argmax` down the columns",
            "Images are rows, classes columns: `argmax(axis=1)` finds the class of "
            "each image.",
        ),
        Misconception(
            "best_score_of_all",
            best_score_of_all,
            "`argmax` without an axis",
            "That is the place of the largest score of all images. `argmax(axis=1)` "
            "looks in each row.",
        ),
        Misconception(
            "one_label_for_all",
            one_label_for_all,
            "one label for all images",
            "That is what remains when nothing was learned, or when every score is "
            "NaN: `argmax` then says 0. Look at the loss, step by step.",
        ),
        Misconception(
            "labels_from_one",
            labels_from_one,
            "labels counted from 1",
            "The first class is the digit 0. Return what `argmax` gives.",
        ),
        Misconception(
            "smallest_score",
            smallest_score,
            "labels of which not one is right",
            "Even guessing is right for one image in ten. Is it the smallest score "
            "that is taken, or is the loss climbed instead of descended?",
        ),
        Misconception(
            "argument_ignored",
            argument_ignored,
            "labels of the validation images",
            "`predict` is called with images of its own, and has to look at these.",
        ),
    ),
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


CHAPTER = Chapter(
    name="08_classification",
    title="Classification",
    minutes=120,
    exercises=(*classification.EXERCISES, TRAIN_CLASSIFIER),
    written=(Written("classification_why", points=2),),
)
