"""Chapter 08: labels, softmax, cross-entropy and a small network.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.drawing import signed
from autograder.exercises.spec import Exercise, Misconception
from autograder.kernels import classification as kernels

__all__ = ["EXERCISES"]


def some_labels(rng, n, n_classes):
    """Labels of which no two neighbours are alike and the last class is missing."""
    labels = [int(rng.integers(n_classes - 1))]
    while len(labels) < n:
        step = int(rng.integers(1, n_classes - 1)) if n_classes > 2 else 0
        labels.append((labels[-1] + step) % (n_classes - 1))
    return np.array(labels)


# --- one_hot ----------------------------------------------------------------


def draw_one_hot(rng):
    yield "three labels, four classes", {"labels": np.array([2, 0, 3]), "n_classes": 4}
    yield (
        "the last class does not occur",
        {"labels": some_labels(rng, 5, 4), "n_classes": 4},
    )
    yield (
        "one label that occurs twice, and two that do not",
        {"labels": np.array([1, 3, 1]), "n_classes": 5},
    )
    yield (
        "many labels",
        {"labels": rng.integers(0, 7, size=12), "n_classes": 7},
    )
    yield (
        "a label as large as the number of classes",
        {"labels": np.array([0, 3, 1]), "n_classes": 3},
    )
    yield (
        "a label far outside",
        {"labels": np.array([1, int(rng.integers(8, 20))]), "n_classes": 5},
    )
    yield "a negative label", {"labels": np.array([2, -1, 0]), "n_classes": 4}


def one_hot_by_filling(labels, n_classes):
    if labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError("label outside")
    rows = np.zeros((len(labels), n_classes))
    rows[np.arange(len(labels)), labels] = 1
    return rows


def one_hot_by_comparing(labels, n_classes):
    if not np.isin(labels, np.arange(n_classes)).all():
        raise ValueError("label outside")
    return (labels[:, None] == np.arange(n_classes)).astype(float)


def one_hot_of_integers(labels, n_classes):
    rows = np.zeros((len(labels), n_classes), dtype=int)
    for row, label in zip(rows, labels, strict=False):
        if not 0 <= label < n_classes:
            raise ValueError("label outside")
        row[label] = 1
    return rows


def labels_unchecked(labels, n_classes):
    return np.eye(n_classes)[labels]


def negative_accepted(labels, n_classes):
    if np.any(labels >= n_classes):
        raise ValueError("label outside")
    return np.eye(n_classes)[labels]


def too_large_unchecked(labels, n_classes):
    if np.any(labels < 0):
        raise ValueError("label outside")
    return np.eye(n_classes)[labels]


def last_class_refused(labels, n_classes):
    if np.any((labels < 0) | (labels >= n_classes - 1)):
        raise ValueError("label outside")
    return np.eye(n_classes)[labels]


def outside_clipped(labels, n_classes):
    return np.eye(n_classes)[np.clip(labels, 0, n_classes - 1)]


def outside_left_empty(labels, n_classes):
    return (labels[:, None] == np.arange(n_classes)).astype(float)


def one_hot_transposed(labels, n_classes):
    if np.any((labels < 0) | (labels >= n_classes)):
        raise ValueError("label outside")
    return np.eye(n_classes)[:, labels]


def counted_from_one(labels, n_classes):
    if np.any((labels < 0) | (labels >= n_classes)):
        raise ValueError("label outside")
    return np.eye(n_classes)[labels - 1]


def classes_that_occur(labels, n_classes):
    if np.any((labels < 0) | (labels >= n_classes)):
        raise ValueError("label outside")
    return (labels[:, None] == np.unique(labels)).astype(float)


def classes_up_to_largest(labels, n_classes):
    if np.any((labels < 0) | (labels >= n_classes)):
        raise ValueError("label outside")
    return np.eye(labels.max() + 1)[labels]


def truth_values(labels, n_classes):
    if np.any((labels < 0) | (labels >= n_classes)):
        raise ValueError("label outside")
    return labels[:, None] == np.arange(n_classes)


def plus_and_minus_one(labels, n_classes):
    if np.any((labels < 0) | (labels >= n_classes)):
        raise ValueError("label outside")
    return 2 * np.eye(n_classes)[labels] - 1


ONE_HOT = Exercise(
    name="one_hot",
    points=1,
    reference=kernels.one_hot,
    returns=("rows",),
    draw=draw_one_hot,
    equivalents=(
        one_hot_by_filling,
        one_hot_by_comparing,
        one_hot_of_integers,
    ),
    misconceptions=(
        Misconception(
            "labels_unchecked",
            labels_unchecked,
            "rows taken without a look at the labels",
            (
                "A negative label counts from the end without a word, and one that is "
                "too large stops with IndexError. Raise ValueError for both."
            ),
        ),
        Misconception(
            "negative_accepted",
            negative_accepted,
            "rows in which a negative label counts from the end",
            "-1 is no class. Raise ValueError for labels below 0 as well.",
        ),
        Misconception(
            "too_large_unchecked",
            too_large_unchecked,
            "rows without a check for labels that are too large",
            (
                "NumPy stops with IndexError there. Raise ValueError for labels of "
                "`n_classes` and more as well."
            ),
        ),
        Misconception(
            "last_class_refused",
            last_class_refused,
            "a check that refuses the last class",
            "Classes go from 0 to `n_classes - 1`, the last one included.",
        ),
        Misconception(
            "outside_clipped",
            outside_clipped,
            "labels pushed into the range of classes",
            (
                "A label outside is a mistake in the data. Raise ValueError instead of"
                " hiding it."
            ),
        ),
        Misconception(
            "outside_left_empty",
            outside_left_empty,
            "rows of zeros for labels outside",
            "Such a row says that the example has no class. Raise ValueError instead.",
        ),
        Misconception(
            "transposed",
            one_hot_transposed,
            "the transposed matrix, one column for each label",
            "Examples are rows: the shape is `(n_samples, n_classes)`.",
        ),
        Misconception(
            "counted_from_one",
            counted_from_one,
            "classes counted from 1",
            "Label 0 is the first class and has its 1 in the first column.",
        ),
        Misconception(
            "classes_that_occur",
            classes_that_occur,
            "columns for the labels that occur only",
            "Each class has its column, whether it occurs in this batch or not.",
        ),
        Misconception(
            "classes_up_to_largest",
            classes_up_to_largest,
            "columns up to the largest label only",
            "The number of columns is `n_classes`, not the largest label plus 1.",
        ),
        Misconception(
            "truth_values",
            truth_values,
            "rows of truth values",
            (
                "Comparing gives True and False. Numbers are wanted, so that they can "
                "be subtracted: use `.astype(float)`."
            ),
        ),
        Misconception(
            "plus_and_minus_one",
            plus_and_minus_one,
            "rows of 1 and -1",
            "Zeros are wanted beside the 1: each row is a probability distribution.",
        ),
    ),
    hints=(
        (
            "Where is the 1 in the row of label 2? What does row 2 of the identity "
            "matrix look like?"
        ),
        (
            "`np.eye(n_classes)` with an array of row numbers as its index takes "
            "many rows at once. What does NumPy do with row number -1?"
        ),
        (
            "Raise `ValueError` if any label is below 0 or at least `n_classes`; "
            "then `return np.eye(n_classes)[labels]`."
        ),
    ),
    read="section 2, equation (8.1)",
    lines=3,
    level=1,
    harmless={
        "if np.any((labels < 0) | (labels >= n_classes)): -> if np.any((labels >= "
        "n_classes) | (labels < 0)):": ("`or` has no order"),
    },
)


# --- softmax ----------------------------------------------------------------


def draw_softmax(rng):
    yield "three logits", {"z": np.array([0.0, 1.0, 2.0])}
    yield "a matrix, one example a row", {"z": signed(rng, (2, 4))}
    yield "three axes", {"z": signed(rng, (2, 3, 5), high=4.0)}
    large = [[1000.0, 998.5, -1000.0], [-1000, -1001, -999.5], [-1000, 1000, -1002]]
    yield "logits of 1000 and -1000", {"z": np.array(large) + signed(rng, (3, 3))}
    yield (
        "one row far above the other",
        {"z": signed(rng, (2, 5)) + np.array([[900.0], [-900.0]])},
    )
    yield "many classes", {"z": signed(rng, (4, 11), high=3.0)}


def softmax_by_log(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return np.exp(shifted - log_sum)


def softmax_by_logaddexp(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


def softmax_row_by_row(z):
    if z.ndim > 1:
        return np.stack([softmax_row_by_row(row) for row in z])
    weights = np.exp(z - max(z))
    return weights / sum(weights)


def softmax_unshifted(z):
    weights = np.exp(z)
    return weights / weights.sum(axis=-1, keepdims=True)


def shifted_by_largest_of_all(z):
    weights = np.exp(z - z.max())
    return weights / weights.sum(axis=-1, keepdims=True)


def softmax_over_first_axis(z):
    weights = np.exp(z - z.max(axis=0, keepdims=True))
    return weights / weights.sum(axis=0, keepdims=True)


def softmax_over_axis_one(z):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def softmax_over_everything(z):
    weights = np.exp(z - z.max())
    return weights / weights.sum()


def weights_not_normalised(z):
    return np.exp(z - z.max(axis=-1, keepdims=True))


def sigmoids(z):
    return 1 / (1 + np.exp(-z))


def log_probabilities(z):
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def shifted_by_mean(z):
    weights = np.exp(z - z.mean(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def logits_clipped(z):
    weights = np.exp(np.clip(z, -500, 500))
    return weights / weights.sum(axis=-1, keepdims=True)


def powers_of_two(z):
    weights = 2.0 ** (z - z.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def softmin(z):
    weights = np.exp(z.min(axis=-1, keepdims=True) - z)
    return weights / weights.sum(axis=-1, keepdims=True)


def small_number_below(z):
    weights = np.exp(z - z.max(axis=-1, keepdims=True))
    return weights / (weights.sum(axis=-1, keepdims=True) + 1e-7)


def largest_takes_all(z):
    return (z == z.max(axis=-1, keepdims=True)).astype(float)


def softmax_in_place(z):
    z -= z.max(axis=-1, keepdims=True)
    weights = np.exp(z)
    return weights / weights.sum(axis=-1, keepdims=True)


SOFTMAX = Exercise(
    name="softmax",
    points=2,
    reference=kernels.softmax,
    returns=("p",),
    draw=draw_softmax,
    equivalents=(
        softmax_by_log,
        softmax_by_logaddexp,
        softmax_row_by_row,
    ),
    misconceptions=(
        Misconception(
            "no_shift",
            softmax_unshifted,
            "softmax without a shift",
            (
                "`np.exp` overflows from 710 on, and infinity over infinity is NaN. "
                "Subtract the largest logit of each row first: the quotient stays the "
                "same."
            ),
        ),
        Misconception(
            "largest_of_all",
            shifted_by_largest_of_all,
            "a shift by the largest logit of the whole array",
            (
                "A row that lies far below the others becomes 0 over 0. Each row has "
                "its own largest logit: `axis=-1, keepdims=True`."
            ),
        ),
        Misconception(
            "first_axis",
            softmax_over_first_axis,
            "softmax along the first axis",
            "Examples are rows; the classes of one example lie along the last axis.",
        ),
        Misconception(
            "axis_one",
            softmax_over_axis_one,
            "softmax along axis 1",
            (
                "That is the last axis of a matrix only. `axis=-1` is right for one "
                "example and for many."
            ),
        ),
        Misconception(
            "whole_array",
            softmax_over_everything,
            "softmax over the whole array",
            (
                "Each example has probabilities of its own that add up to 1: sum along"
                " the last axis."
            ),
        ),
        Misconception(
            "not_normalised",
            weights_not_normalised,
            "weights that are not divided by their sum",
            "Divide by the sum along the last axis, so that they add up to 1.",
        ),
        Misconception(
            "sigmoids",
            sigmoids,
            "a sigmoid of each logit",
            "The classes exclude each other: divide by the sum over all of them.",
        ),
        Misconception(
            "log_probabilities",
            log_probabilities,
            "the logarithm of softmax",
            "Probabilities are wanted here.",
        ),
        Misconception(
            "shifted_by_mean",
            shifted_by_mean,
            "a shift by the mean logit",
            "The largest one can still overflow. Subtract the largest.",
        ),
        Misconception(
            "logits_clipped",
            logits_clipped,
            "softmax of clipped logits",
            (
                "1000 and 998 are not the same. Subtract the largest logit of each row"
                " instead."
            ),
        ),
        Misconception(
            "powers_of_two",
            powers_of_two,
            "powers of 2 in the place of powers of e",
            "Use `np.exp`.",
        ),
        Misconception(
            "softmin",
            softmin,
            "softmax of the negative logits",
            "The largest logit gets the largest probability.",
        ),
        Misconception(
            "small_number_below",
            small_number_below,
            "a sum with a small number added to it",
            (
                "After the shift the sum is at least 1 and cannot be 0: nothing has to"
                " be added."
            ),
        ),
        Misconception(
            "largest_takes_all",
            largest_takes_all,
            "a 1 for the largest logit",
            (
                "Softmax is smooth: smaller logits get a share as well, or there would"
                " be no slope to learn from."
            ),
        ),
        Misconception(
            "in_place",
            softmax_in_place,
            "a shift of `z` in place",
            (
                "Whoever called the function still holds `z` and finds it changed. "
                "Write `z = z - …` instead of `z -= …`."
            ),
        ),
    ),
    hints=(
        "What happens to the quotient if all logits of a row grow by the same number?",
        (
            "`np.exp(1000)` is infinite. Which number can you subtract from each row "
            "so that the largest exponent is 0?"
        ),
        (
            "`weights = np.exp(z - z.max(axis=-1, keepdims=True))`, then `return "
            "weights / weights.sum(axis=-1, keepdims=True)`."
        ),
    ),
    read="section 3, equation (8.2)",
    lines=2,
    level=1,
)


# --- cross_entropy ----------------------------------------------------------


def logits_and_labels(rng, n, n_classes, **size):
    return {
        "z": signed(rng, (n, n_classes), **size),
        "labels": some_labels(rng, n, n_classes),
    }


def draw_logits_and_labels(rng):
    yield (
        "two examples, three classes",
        {
            "z": np.array([[0.0, 1.0, 2.0], [1.0, -1.0, 0.5]]),
            "labels": np.array([2, 0]),
        },
    )
    yield "five examples, three classes", logits_and_labels(rng, 5, 3)
    yield "three examples, six classes", logits_and_labels(rng, 3, 6)
    yield "large logits", logits_and_labels(rng, 4, 5, low=3.0, high=12.0)
    yield (
        "wrong by far: logits of 1000 and -1000",
        {
            "z": np.array([[1000.0, -1000.0, 0.0], [-1000.0, -998.0, -1001.0]])
            + signed(rng, (2, 3)),
            "labels": np.array([1, 2]),
        },
    )
    yield (
        "one row far above the other",
        {
            "z": signed(rng, (2, 4)) + np.array([[800.0], [-800.0]]),
            "labels": np.array([0, 2]),
        },
    )


def entropy_by_logaddexp(z, labels):
    picked = np.take_along_axis(z, labels[:, None], axis=1)[:, 0]
    return np.mean(np.logaddexp.reduce(z, axis=1) - picked)


def entropy_by_one_hot(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    y = np.zeros(z.shape)
    y[np.arange(len(labels)), labels] = 1
    return -np.sum(y * log_p) / len(labels)


def entropy_by_loop(z, labels):
    total = 0.0
    for row, label in zip(z, labels, strict=False):
        top = row.max()
        total += top + np.log(np.sum(np.exp(row - top))) - row[label]
    return total / len(z)


def entropy_summed(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return np.sum(log_sum - shifted[np.arange(len(labels)), labels])


def entropy_mean_over_entries(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return np.sum(log_sum - shifted[np.arange(len(labels)), labels]) / z.size


def entropy_unshifted(z, labels):
    log_sum = np.log(np.exp(z).sum(axis=1))
    return np.mean(log_sum - z[np.arange(len(labels)), labels])


def log_of_softmax(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


def log_of_clipped_softmax(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels] + 1e-7))


def entropy_shifted_by_all(z, labels):
    shifted = z - z.max()
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return np.mean(log_sum - shifted[np.arange(len(labels)), labels])


def entropy_negated(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return np.mean(shifted[np.arange(len(labels)), labels] - log_sum)


def entropy_in_bits(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return np.mean(log_sum - shifted[np.arange(len(labels)), labels]) / np.log(2)


def softmax_twice(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    log_sum = np.log(np.exp(p).sum(axis=1))
    return np.mean(log_sum - p[np.arange(len(labels)), labels])


def all_pairs_picked(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_p[:, labels])


def normaliser_forgotten(z, labels):
    return -np.mean(z[np.arange(len(labels)), labels])


def mean_of_all_classes(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_p)


def entropy_per_example(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return log_sum - shifted[np.arange(len(labels)), labels]


CROSS_ENTROPY = Exercise(
    name="cross_entropy",
    points=2,
    reference=kernels.cross_entropy,
    returns=("loss",),
    draw=draw_logits_and_labels,
    equivalents=(
        entropy_by_logaddexp,
        entropy_by_one_hot,
        entropy_by_loop,
    ),
    misconceptions=(
        Misconception(
            "summed",
            entropy_summed,
            "the sum over the examples",
            "The loss is the mean, so that it does not grow with the batch.",
        ),
        Misconception(
            "mean_over_entries",
            entropy_mean_over_entries,
            "the sum divided by examples times classes",
            "Each example contributes one term. Divide by the number of examples.",
        ),
        Misconception(
            "no_shift",
            entropy_unshifted,
            "a log-sum-exp without a shift",
            (
                "`np.exp` overflows from 710 on. Subtract the largest logit of each "
                "row first."
            ),
        ),
        Misconception(
            "log_of_softmax",
            log_of_softmax,
            "the logarithm of softmax, computed in two steps",
            (
                "A probability below 1e-324 is 0, and its logarithm is infinite. Put "
                "the logarithm into the formula: log-sum-exp minus the logit."
            ),
        ),
        Misconception(
            "log_of_clipped_softmax",
            log_of_clipped_softmax,
            "the logarithm of a probability with 1e-7 added",
            (
                "That caps the loss at 16.1 and its slope at 0, just where the network"
                " is most wrong. The log-sum-exp needs no such help."
            ),
        ),
        Misconception(
            "largest_of_all",
            entropy_shifted_by_all,
            "a shift by the largest logit of the whole array",
            (
                "A row that lies far below the others becomes the logarithm of 0. Each"
                " row has its own largest logit."
            ),
        ),
        Misconception(
            "negated",
            entropy_negated,
            "the mean log-likelihood",
            "The loss is its negative: small when the right class is likely.",
        ),
        Misconception(
            "in_bits",
            entropy_in_bits,
            "the loss in bits",
            "Here it is in nats: the natural logarithm, `np.log`.",
        ),
        Misconception(
            "softmax_twice",
            softmax_twice,
            "the cross-entropy of softmax applied twice",
            "`z` holds logits. Apply softmax, or the log-sum-exp, once.",
        ),
        Misconception(
            "all_pairs_picked",
            all_pairs_picked,
            "every row with every label",
            (
                "`z[:, labels]` takes all these columns of every row. Pair row i with "
                "label i: `z[np.arange(len(labels)), labels]`."
            ),
        ),
        Misconception(
            "normaliser_forgotten",
            normaliser_forgotten,
            "the negative logit without the log-sum-exp",
            "Without it the loss falls without end when all logits grow together.",
        ),
        Misconception(
            "mean_of_all_classes",
            mean_of_all_classes,
            "the mean over all classes",
            "Only the logarithm of the right class's probability counts.",
        ),
        Misconception(
            "per_example",
            entropy_per_example,
            "one loss for each example",
            "Return their mean, one number.",
        ),
    ),
    hints=(
        "Which of the probabilities of an example counts, and how?",
        (
            "The logarithm of a quotient is a difference. What is the logarithm of "
            "softmax, before you compute any softmax?"
        ),
        (
            "With `shifted = z - z.max(axis=1, keepdims=True)`: the mean of "
            "`np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), "
            "labels]`."
        ),
    ),
    read="section 4, equation (8.3)",
    lines=3,
    level=2,
    harmless={
        "log_normaliser = np.log(np.exp(shifted).sum(axis=-1)) -> log_normaliser = "
        "np.log(np.exp(shifted).sum(axis=--1))": (
            "the logits have two axes, so axis 1 is the last one"
        ),
        "log_normaliser = np.log(np.exp(shifted).sum(axis=-1)) -> log_normaliser = "
        "np.log(np.exp(shifted).sum(axis=1))": (
            "the logits have two axes, so axis 1 is the last one"
        ),
        "return float(np.mean(log_normaliser - shifted[np.arange(len(labels)), "
        "labels])) -> return float(np.mean(log_normaliser - "
        "shifted[np.arange(len(log_normaliser)), labels]))": (
            "one example is one row, so these are the same number"
        ),
        "return float(np.mean(log_normaliser - shifted[np.arange(len(labels)), "
        "labels])) -> return float(np.mean(log_normaliser - "
        "shifted[np.arange(len(shifted)), labels]))": (
            "one example is one row, so these are the same number"
        ),
        "return float(np.mean(log_normaliser - shifted[np.arange(len(labels)), "
        "labels])) -> return float(np.mean(log_normaliser - shifted[np.arange(len(z)),"
        " labels]))": ("one example is one row, so these are the same number"),
        "shifted = z - z.max(axis=-1, keepdims=True) -> shifted = z - z.max(axis=--1, "
        "keepdims=True)": ("the logits have two axes, so axis 1 is the last one"),
        "shifted = z - z.max(axis=-1, keepdims=True) -> shifted = z - z.max(axis=1, "
        "keepdims=True)": ("the logits have two axes, so axis 1 is the last one"),
    },
)


# --- cross_entropy_grad -----------------------------------------------------


def gradient_in_two_steps(z, labels):
    p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    dz = p / len(z)
    dz[np.arange(len(z)), labels] -= 1 / len(z)
    return dz


def gradient_by_comparing(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return (p - (labels[:, None] == np.arange(z.shape[1]))) / z.shape[0]


def gradient_by_rows(z, labels):
    rows = []
    for row, label in zip(z, labels, strict=False):
        p = np.exp(row - row.max())
        p = p / p.sum()
        p[label] -= 1
        rows.append(p / len(z))
    return np.array(rows)


def gradient_summed(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return p - np.eye(z.shape[1])[labels]


def gradient_over_entries(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return (p - np.eye(z.shape[1])[labels]) / z.size


def gradient_over_classes(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return (p - np.eye(z.shape[1])[labels]) / z.shape[1]


def gradient_reversed(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return (np.eye(z.shape[1])[labels] - p) / len(labels)


def labels_forgotten(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return p / len(labels)


def right_class_only(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    y = np.eye(z.shape[1])[labels]
    return y * (p - y) / len(labels)


def minus_one_over_p(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    y = np.eye(z.shape[1])[labels]
    return np.divide(-y, p, out=np.zeros_like(p), where=y > 0) / len(labels)


def gradient_unshifted(z, labels):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return (p - np.eye(z.shape[1])[labels]) / len(labels)


def gradient_of_columns(z, labels):
    weights = np.exp(z - z.max(axis=0))
    p = weights / weights.sum(axis=0)
    return (p - np.eye(z.shape[1])[labels]) / len(labels)


def gradient_by_sigmoid(z, labels):
    p = 1 / (1 + np.exp(-z))
    return (p - np.eye(z.shape[1])[labels]) / len(labels)


def logits_minus_one_hot(z, labels):
    return (z - np.eye(z.shape[1])[labels]) / len(labels)


def every_label_in_every_row(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    p[:, labels] -= 1
    return p / len(labels)


CROSS_ENTROPY_GRAD = Exercise(
    name="cross_entropy_grad",
    points=2,
    reference=kernels.cross_entropy_grad,
    returns=("dz",),
    draw=draw_logits_and_labels,
    equivalents=(
        gradient_in_two_steps,
        gradient_by_comparing,
        gradient_by_rows,
    ),
    misconceptions=(
        Misconception(
            "not_averaged",
            gradient_summed,
            "the gradient of the sum over the examples",
            "The loss is a mean: divide by the number of examples.",
        ),
        Misconception(
            "over_entries",
            gradient_over_entries,
            "a gradient divided by examples times classes",
            "The mean is over the examples only.",
        ),
        Misconception(
            "over_classes",
            gradient_over_classes,
            "a gradient divided by the number of classes",
            "The mean is over the examples: divide by `len(labels)`.",
        ),
        Misconception(
            "reversed",
            gradient_reversed,
            "the negative gradient",
            "The gradient points uphill: probabilities minus the one-hot rows.",
        ),
        Misconception(
            "labels_forgotten",
            labels_forgotten,
            "probabilities from which the labels are not subtracted",
            "Subtract 1 where the right class is.",
        ),
        Misconception(
            "right_class_only",
            right_class_only,
            "a gradient for the right class's logit only",
            (
                "The other logits are in the sum below the fraction: raising them "
                "lowers the right class's probability."
            ),
        ),
        Misconception(
            "minus_one_over_p",
            minus_one_over_p,
            "the gradient with respect to the probabilities",
            (
                "With respect to the logits, softmax is still to be differentiated: "
                "all of it comes to p - y."
            ),
        ),
        Misconception(
            "no_shift",
            gradient_unshifted,
            "softmax without a shift",
            "`np.exp` overflows from 710 on. Use your own `softmax`.",
        ),
        Misconception(
            "columns",
            gradient_of_columns,
            "softmax along the columns",
            "Each example's probabilities add up to 1 along the last axis.",
        ),
        Misconception(
            "sigmoids",
            gradient_by_sigmoid,
            "a sigmoid of each logit",
            "The classes exclude each other: use softmax.",
        ),
        Misconception(
            "logits_minus_one_hot",
            logits_minus_one_hot,
            "logits minus one-hot rows",
            "Probabilities are wanted there: softmax first.",
        ),
        Misconception(
            "every_label_in_every_row",
            every_label_in_every_row,
            "1 subtracted in the columns of all labels",
            "`p[:, labels]` is these columns in every row. Pair row i with label i.",
        ),
    ),
    hints=(
        (
            "If the right class's logit grows a little, how does the loss change? "
            "And if another one grows?"
        ),
        (
            "It is the simplest thing you could hope for: what the network said "
            "minus what it should have said. What is left to divide by?"
        ),
        "`return (softmax(z) - one_hot(labels, z.shape[1])) / len(labels)`.",
    ),
    read="section 4, equation (8.4)",
    lines=1,
    level=1,
    harmless={
        "return (softmax(z) - one_hot(labels, z.shape[1])) / len(labels) -> return "
        "(softmax(z) - one_hot(labels, z.shape[-1])) / len(labels)": (
            "the logits have two axes, so axis 1 is the last one"
        ),
        "return (softmax(z) - one_hot(labels, z.shape[1])) / len(labels) -> return "
        "(softmax(z) - one_hot(labels, z.shape[1])) / len(z)": (
            "one example is one row, so these are the same number"
        ),
    },
)


# --- squared_error_grad -----------------------------------------------------


def draw_squared_error_grad(rng):
    for label, arguments in draw_logits_and_labels(rng):
        if "large" not in label and "wrong by far" not in label:
            yield label, arguments
    yield "four examples, seven classes", logits_and_labels(rng, 4, 7)
    yield (
        "logits of 1000, one class beside it",
        {
            "z": np.array([[1000.0, 999.0, 3.0], [-1000.0, -998.5, -999.0]])
            + signed(rng, (2, 3)),
            "labels": np.array([1, 2]),
        },
    )


def squared_by_jacobians(z, labels):
    rows = []
    for row, label in zip(z, labels, strict=False):
        p = np.exp(row - row.max())
        p /= p.sum()
        y = np.zeros(len(row))
        y[label] = 1
        rows.append((np.diag(p) - np.outer(p, p)) @ (2 * (p - y)))
    return np.array(rows) / len(z)


def squared_by_einsum(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(z.shape[1])[labels]) / len(labels)
    return p * e - p * np.einsum("ij,ij->i", p, e)[:, None]


def jacobian_missing(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return 2 * (p - np.eye(z.shape[1])[labels]) / len(labels)


def jacobian_diagonal_only(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return 2 * (p - np.eye(z.shape[1])[labels]) * p * (1 - p) / len(labels)


def jacobian_without_diagonal(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    error = p - np.eye(z.shape[1])[labels]
    return -2 * p * (error * p).sum(axis=1, keepdims=True) / len(labels)


def jacobian_without_cross_terms(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return 2 * p * (p - np.eye(z.shape[1])[labels]) / len(labels)


def two_missing(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    error = p - np.eye(z.shape[1])[labels]
    return p * (error - (error * p).sum(axis=1, keepdims=True)) / len(labels)


def squared_not_averaged(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    error = p - np.eye(z.shape[1])[labels]
    return 2 * p * (error - (error * p).sum(axis=1, keepdims=True))


def squared_over_entries(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    error = p - np.eye(z.shape[1])[labels]
    return 2 * p * (error - (error * p).sum(axis=1, keepdims=True)) / z.size


def squared_reversed(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    error = np.eye(z.shape[1])[labels] - p
    return 2 * p * (error - (error * p).sum(axis=1, keepdims=True)) / len(labels)


def entropy_gradient_instead(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    return (p - np.eye(z.shape[1])[labels]) / len(labels)


def summed_over_examples(z, labels):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    error = p - np.eye(z.shape[1])[labels]
    return 2 * p * (error - (error * p).sum(axis=0)) / len(labels)


def squared_unshifted(z, labels):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    error = p - np.eye(z.shape[1])[labels]
    return 2 * p * (error - (error * p).sum(axis=1, keepdims=True)) / len(labels)


SQUARED_ERROR_GRAD = Exercise(
    name="squared_error_grad",
    points=2,
    bonus=True,
    reference=kernels.squared_error_grad,
    returns=("dz",),
    draw=draw_squared_error_grad,
    equivalents=(
        squared_by_jacobians,
        squared_by_einsum,
    ),
    misconceptions=(
        Misconception(
            "jacobian_missing",
            jacobian_missing,
            "the gradient with respect to the probabilities",
            (
                "The probabilities depend on the logits through softmax: multiply by "
                "its Jacobian, diag(p) - p pᵀ."
            ),
        ),
        Misconception(
            "jacobian_diagonal_only",
            jacobian_diagonal_only,
            "the diagonal of the Jacobian alone",
            (
                "Each logit changes all probabilities of its row: the entries beside "
                "the diagonal, -p_i p_j, belong to it."
            ),
        ),
        Misconception(
            "jacobian_without_diagonal",
            jacobian_without_diagonal,
            "the Jacobian without diag(p)",
            "Both parts are needed: diag(p) - p pᵀ.",
        ),
        Misconception(
            "jacobian_without_cross_terms",
            jacobian_without_cross_terms,
            "the Jacobian without its part p pᵀ",
            "Both parts are needed: diag(p) - p pᵀ.",
        ),
        Misconception(
            "two_missing",
            two_missing,
            "the gradient of half the squared error",
            (
                "The loss here has no factor 1/2, so the derivative of the square "
                "brings a 2."
            ),
        ),
        Misconception(
            "not_averaged",
            squared_not_averaged,
            "the gradient of the sum over the examples",
            "The loss is a mean: divide by the number of examples.",
        ),
        Misconception(
            "over_entries",
            squared_over_entries,
            "a gradient divided by examples times classes",
            "Errors are summed over the classes; the mean is over the examples only.",
        ),
        Misconception(
            "reversed",
            squared_reversed,
            "the negative gradient",
            "The error is probabilities minus one-hot rows.",
        ),
        Misconception(
            "entropy_gradient_instead",
            entropy_gradient_instead,
            "the gradient of cross-entropy",
            "For the squared error the Jacobian of softmax does not cancel.",
        ),
        Misconception(
            "summed_over_examples",
            summed_over_examples,
            "a sum over the examples in the place of the classes",
            "Each example has its own sum, along the last axis.",
        ),
        Misconception(
            "no_shift",
            squared_unshifted,
            "softmax without a shift",
            "`np.exp` overflows from 710 on. Use your own `softmax`.",
        ),
    ),
    hints=(
        (
            "The chain has two links: from the loss to the probabilities, and from "
            "them to the logits. What is each?"
        ),
        (
            "The Jacobian of softmax is `np.diag(p) - np.outer(p, p)`. Multiply `2 * "
            "(p - y)` by it, row by row, without building the matrix."
        ),
        (
            "With `e = p - y`: `return 2 * p * (e - (e * p).sum(axis=1, "
            "keepdims=True)) / len(labels)`."
        ),
    ),
    read="section 5, equation (8.5)",
    lines=3,
    level=3,
    harmless={
        "centred = error - (error * p).sum(axis=1, keepdims=True) -> centred = error -"
        " (error * p).sum(axis=-1, keepdims=True)": (
            "the logits have two axes, so axis 1 is the last one"
        ),
        "error = p - one_hot(labels, z.shape[1]) -> error = p - one_hot(labels, "
        "p.shape[1])": ("softmax keeps the shape"),
        "error = p - one_hot(labels, z.shape[1]) -> error = p - one_hot(labels, "
        "z.shape[-1])": ("the logits have two axes, so axis 1 is the last one"),
        "return 2 * p * centred / len(labels) -> "
        "return 2 * p * centred / len(centred)": (
            "one example is one row, so these are the same number"
        ),
        "return 2 * p * centred / len(labels) -> return 2 * p * centred / len(error)": (
            "one example is one row, so these are the same number"
        ),
        "return 2 * p * centred / len(labels) -> return 2 * p * centred / len(p)": (
            "one example is one row, so these are the same number"
        ),
        "return 2 * p * centred / len(labels) -> return 2 * p * centred / len(z)": (
            "one example is one row, so these are the same number"
        ),
    },
)


# --- mlp_loss_and_grads -----------------------------------------------------


def draw_mlp_loss_and_grads(rng):
    for label, sizes in (
        ("two examples and a tiny network", (2, 3, 2, 3)),
        ("six examples, four features", (6, 4, 3, 5)),
        ("a wide hidden layer", (3, 2, 7, 4)),
        ("two classes", (5, 3, 4, 2)),
        ("many features", (4, 9, 5, 3)),
    ):
        yield label, network_and_batch(rng, *sizes)


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
    gate = hidden >= 0
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


def gate_missing(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def gate_of_gradient(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = np.maximum(0, dz @ params["W2"].T)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def gate_reversed(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before < 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def no_relu(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = before
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def relu_at_the_end(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = np.maximum(0, hidden @ params["W2"] + params["b2"])
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X) * (z > 0)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def first_bias_forgotten(params, X, labels):
    before = X @ params["W1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def second_bias_forgotten(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def bias_gradients_averaged(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.mean(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.mean(axis=0),
    }
    return loss, grads


def bias_gradients_not_summed(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore,
        "W2": hidden.T @ dz,
        "b2": dz,
    }
    return loss, grads


def network_not_averaged(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = np.exp(log_p) - np.eye(z.shape[1])[labels]
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def averaged_twice(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore / len(X),
        "b1": dbefore.mean(axis=0),
        "W2": hidden.T @ dz / len(X),
        "b2": dz.mean(axis=0),
    }
    return loss, grads


def loss_summed(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.sum(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def network_uphill(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.eye(z.shape[1])[labels] - np.exp(log_p)) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def softmax_forgotten(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (z - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def hidden_before_relu(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": before.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def gradients_transposed(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": dbefore.T @ X,
        "b1": dbefore.sum(axis=0),
        "W2": dz.T @ hidden,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def labels_counted_from_one(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels - 1])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels - 1]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return loss, grads


def network_results_swapped(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    return grads, loss


def names_of_gradients(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "dW1": X.T @ dbefore,
        "db1": dbefore.sum(axis=0),
        "dW2": hidden.T @ dz,
        "db2": dz.sum(axis=0),
    }
    return loss, grads


def params_updated(params, X, labels):
    before = X @ params["W1"] + params["b1"]
    hidden = np.maximum(0, before)
    z = hidden @ params["W2"] + params["b2"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    loss = -np.mean(log_p[np.arange(len(X)), labels])
    dz = (np.exp(log_p) - np.eye(z.shape[1])[labels]) / len(X)
    dbefore = dz @ params["W2"].T * (before > 0)
    grads = {
        "W1": X.T @ dbefore,
        "b1": dbefore.sum(axis=0),
        "W2": hidden.T @ dz,
        "b2": dz.sum(axis=0),
    }
    for name in params:
        params[name] = params[name] - 0.1 * grads[name]
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
    misconceptions=(
        Misconception(
            "gate_missing",
            gate_missing,
            "a backward pass without ReLU's gate",
            (
                "Where a unit was negative before ReLU, no gradient passes: multiply "
                "by `before > 0`."
            ),
        ),
        Misconception(
            "gate_of_gradient",
            gate_of_gradient,
            "ReLU applied to the gradient",
            (
                "The gate is where the forward pass was positive, not where the "
                "gradient is."
            ),
        ),
        Misconception(
            "gate_reversed",
            gate_reversed,
            "a gate that is open where it should be shut",
            "The gradient passes where the unit was positive.",
        ),
        Misconception(
            "no_relu",
            no_relu,
            "a network without ReLU",
            "Between the two layers stands ReLU; without it both are one linear layer.",
        ),
        Misconception(
            "relu_at_the_end",
            relu_at_the_end,
            "a network with ReLU after its last layer",
            "Logits may be negative: the last layer has no ReLU.",
        ),
        Misconception(
            "first_bias_forgotten",
            first_bias_forgotten,
            "a forward pass without `b1`",
            "Add each layer's bias before what follows it.",
        ),
        Misconception(
            "second_bias_forgotten",
            second_bias_forgotten,
            "a forward pass without `b2`",
            "Add each layer's bias, the last one's too.",
        ),
        Misconception(
            "bias_gradients_averaged",
            bias_gradients_averaged,
            "bias gradients averaged over the examples",
            (
                "`dz` is already divided by the number of examples; the gradient of a "
                "bias is the sum over them."
            ),
        ),
        Misconception(
            "bias_gradients_not_summed",
            bias_gradients_not_summed,
            "bias gradients that are not summed over the examples",
            (
                "A bias is added to every example, so its gradient is the sum over "
                "them: `axis=0`."
            ),
        ),
        Misconception(
            "not_averaged",
            network_not_averaged,
            "gradients of the sum over the examples",
            (
                "The loss is a mean, so its gradients are divided by the number of "
                "examples."
            ),
        ),
        Misconception(
            "averaged_twice",
            averaged_twice,
            "gradients divided by the number of examples twice",
            "`dz` holds the division already.",
        ),
        Misconception(
            "loss_summed",
            loss_summed,
            "a loss summed over the examples",
            "The loss is the mean.",
        ),
        Misconception(
            "uphill",
            network_uphill,
            "gradients of the opposite sign",
            "Backpropagation starts from p - y.",
        ),
        Misconception(
            "softmax_forgotten",
            softmax_forgotten,
            "a backward pass that starts from the logits",
            "It starts from the probabilities: softmax(z) - y.",
        ),
        Misconception(
            "hidden_before_relu",
            hidden_before_relu,
            "a gradient of `W2` with the values before ReLU",
            "`W2` was multiplied by what came out of ReLU.",
        ),
        Misconception(
            "gradients_transposed",
            gradients_transposed,
            "transposed weight gradients",
            (
                "A gradient has the shape of its weight: inputs are rows, outputs are "
                "columns."
            ),
        ),
        Misconception(
            "labels_counted_from_one",
            labels_counted_from_one,
            "labels counted from 1",
            "Label 0 is the first class.",
        ),
        Misconception(
            "results_swapped",
            network_results_swapped,
            "the two results in the wrong order",
            "Return the loss first and the gradients second.",
        ),
        Misconception(
            "names_of_gradients",
            names_of_gradients,
            "gradients under names of their own",
            (
                "An optimiser goes through parameters and gradients together: use the "
                "same names in both."
            ),
        ),
        Misconception(
            "params_updated",
            params_updated,
            "a step taken inside",
            (
                "This function only looks. The caller's optimiser decides what to do "
                "with the gradients."
            ),
        ),
    ),
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
        " * (before >= 0)": (
            "at exactly 0 either slope is right, and no case is there"
        ),
        "dbefore = dz @ params['W2'].T * (before > 0) -> dbefore = dz @ params['W2'].T"
        " * (hidden > 0)": ("ReLU is positive where its argument is"),
        "hidden = np.maximum(0, before) -> hidden = np.maximum(before, 0)": (
            "a maximum has no order"
        ),
    },
)


EXERCISES = (
    ONE_HOT,
    SOFTMAX,
    CROSS_ENTROPY,
    CROSS_ENTROPY_GRAD,
    SQUARED_ERROR_GRAD,
    MLP_LOSS_AND_GRADS,
)
