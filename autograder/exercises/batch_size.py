"""Chapter 02: batches, gradient noise, and the learning rate that goes with them.

Mistaken and equivalent forms are complete functions, so that a sample class
can be made of their sources.
"""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.drawing import between, signed
from autograder.exercises.observations import shuffled_batches
from autograder.exercises.spec import (
    Chapter,
    Exercise,
    Misconception,
    Tolerance,
    Written,
)
from autograder.kernels import batch_size as kernels

__all__ = ["CHAPTER"]

NOT_IN_PLACE = (
    "Whoever called the function still holds the old array and finds it changed. "
    "Write `a = a - b` instead of `a -= b`: it makes a new array."
)


# --- epoch_batches ----------------------------------------------------------


def draw_epoch_batches(rng):
    # Large enough that an order which is not random cannot pass for one.
    first = int(rng.integers(2**31))
    cases = (
        ("seventeen examples in batches of five; the last one is short", 17, 5),
        ("a number of examples that the batch size divides", 60, 12),
        ("one example at a time", 41, 1),
        ("all examples in one batch", 45, 45),
        ("two large batches and a short one", 83, 40),
        ("many batches and a short one", int(rng.integers(71, 77)), 7),
        ("batches of eight, and one example left over", 73, 8),
        ("sixty examples once more, for the next epoch", 60, 12),
        ("a batch larger than the data", 12, 13),
        ("a batch size of zero", 12, 0),
        ("a negative batch size", 12, -1),
    )
    for k, (label, n, batch_size) in enumerate(cases):
        # No two cases have one seed: then the same order twice is no accident.
        yield label, {"n": n, "batch_size": batch_size, "rng": Seed(first + k)}


def _checked(n, batch_size):
    if batch_size < 1 or batch_size > n:
        raise ValueError(f"batch_size must be from 1 to {n}")


def split_at_places(n, batch_size, rng):
    _checked(n, batch_size)
    return np.split(rng.permutation(n), np.arange(batch_size, n, batch_size))


def shuffled_then_cut(n, batch_size, rng):
    _checked(n, batch_size)
    order = np.arange(n)
    rng.shuffle(order)
    batches = []
    while order.size:
        batches.append(order[:batch_size].copy())
        order = order[batch_size:]
    return batches


def sorted_by_random_numbers(n, batch_size, rng):
    _checked(n, batch_size)
    order = np.argsort(rng.random(n)).astype(np.int32)
    n_batches = -(-n // batch_size)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n_batches)]


def drawn_without_replacement(n, batch_size, rng):
    _checked(n, batch_size)
    order = rng.choice(n, size=n, replace=False)
    return tuple(order[i : i + batch_size] for i in range(0, n, batch_size))


def not_shuffled(n, batch_size, rng):
    _checked(n, batch_size)
    order = np.arange(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def shuffled_inside_batches(n, batch_size, rng):
    _checked(n, batch_size)
    return [
        rng.permutation(np.arange(i, min(i + batch_size, n)))
        for i in range(0, n, batch_size)
    ]


def batches_shuffled_whole(n, batch_size, rng):
    _checked(n, batch_size)
    full = np.arange(n - n % batch_size).reshape(-1, batch_size)
    batches = list(rng.permutation(full))
    return batches + [np.arange(n - n % batch_size, n)] * (n % batch_size > 0)


def with_replacement(n, batch_size, rng):
    _checked(n, batch_size)
    order = rng.integers(n, size=n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def each_batch_anew(n, batch_size, rng):
    _checked(n, batch_size)
    return [
        rng.choice(n, size=min(batch_size, n - i), replace=False)
        for i in range(0, n, batch_size)
    ]


def short_batch_dropped(n, batch_size, rng):
    _checked(n, batch_size)
    order = rng.permutation(n)
    n_batches = n // batch_size
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n_batches)]


def short_batch_filled(n, batch_size, rng):
    _checked(n, batch_size)
    order = rng.permutation(n)
    n_batches = -(-n // batch_size)
    filled = np.resize(order, n_batches * batch_size)
    return list(filled.reshape(n_batches, batch_size))


def batches_made_even(n, batch_size, rng):
    _checked(n, batch_size)
    return np.array_split(rng.permutation(n), -(-n // batch_size))


def size_taken_for_number(n, batch_size, rng):
    _checked(n, batch_size)
    return np.array_split(rng.permutation(n), batch_size)


def empty_batch_at_the_end(n, batch_size, rng):
    _checked(n, batch_size)
    order = rng.permutation(n)
    return [
        order[k * batch_size : (k + 1) * batch_size] for k in range(n // batch_size + 1)
    ]


def one_array_of_rows(n, batch_size, rng):
    _checked(n, batch_size)
    return rng.permutation(n).reshape(-1, batch_size)


def counts_from_one(n, batch_size, rng):
    _checked(n, batch_size)
    order = rng.permutation(n) + 1
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def lists_for_arrays(n, batch_size, rng):
    _checked(n, batch_size)
    order = rng.permutation(n).tolist()
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def yields_batches(n, batch_size, rng):
    _checked(n, batch_size)
    order = rng.permutation(n)
    return (order[i : i + batch_size] for i in range(0, n, batch_size))


def generator_of_its_own(n, batch_size, rng):
    _checked(n, batch_size)
    order = np.random.default_rng(0).permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def same_order_every_time(n, batch_size, rng):
    _checked(n, batch_size)
    rng.bit_generator.state = np.random.default_rng(0).bit_generator.state
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def global_generator(n, batch_size, rng):
    _checked(n, batch_size)
    np.random.seed(0)
    order = np.random.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def error_missing(n, batch_size, rng):
    order = rng.permutation(n)
    step = max(abs(batch_size), 1)
    return [order[i : i + step] for i in range(0, n, step)]


def too_large_let_through(n, batch_size, rng):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def too_small_let_through(n, batch_size, rng):
    if batch_size > n:
        raise ValueError("batch_size must be at most n")
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def full_batch_refused(n, batch_size, rng):
    if not 1 <= batch_size < n:
        raise ValueError("batch_size must be less than n")
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


EPOCH_BATCHES = Exercise(
    name="epoch_batches",
    points=2,
    reference=kernels.epoch_batches,
    returns=("batches",),
    draw=draw_epoch_batches,
    observe=shuffled_batches,
    equivalents=(
        split_at_places,
        shuffled_then_cut,
        sorted_by_random_numbers,
        drawn_without_replacement,
    ),
    misconceptions=(
        Misconception(
            "not_shuffled",
            not_shuffled,
            "a cut without a shuffle",
            "Where the data is sorted, each batch then sees one kind only. If you "
            "shuffled: `rng.permutation` returns a new array and leaves its argument "
            "as it is.",
        ),
        Misconception(
            "shuffled_inside_batches",
            shuffled_inside_batches,
            "a shuffle inside each batch",
            "The same examples meet in the same batch in every epoch. Shuffle all "
            "indices first, then cut.",
        ),
        Misconception(
            "batches_shuffled_whole",
            batches_shuffled_whole,
            "a shuffle of whole batches",
            "The same examples meet in the same batch in every epoch. Shuffle all "
            "indices first, then cut.",
        ),
        Misconception(
            "with_replacement",
            with_replacement,
            "a draw with replacement",
            "In n such draws about 37 % of the examples never come up. In an epoch "
            "each one comes up once: that is a permutation.",
        ),
        Misconception(
            "each_batch_anew",
            each_batch_anew,
            "batches that are each drawn from all examples",
            "No batch knows what the others took. Draw one permutation for the "
            "whole epoch and cut it.",
        ),
        Misconception(
            "short_batch_dropped",
            short_batch_dropped,
            "an epoch that drops its last, short batch",
            "`n // batch_size` counts full batches only. Here the rest makes a "
            "batch too: nothing is dropped.",
        ),
        Misconception(
            "short_batch_filled",
            short_batch_filled,
            "a last batch filled up with examples from the beginning",
            "These come up twice in the epoch. Leave the last batch short.",
        ),
        Misconception(
            "batches_made_even",
            batches_made_even,
            "batches made as even as can be, as `np.array_split` makes them",
            "Here every batch but the last has exactly `batch_size` examples.",
        ),
        Misconception(
            "size_taken_for_number",
            size_taken_for_number,
            "`batch_size` taken for the number of batches",
            "`np.array_split(order, k)` makes k parts. Here `batch_size` is how many "
            "examples one part has.",
        ),
        Misconception(
            "empty_batch_at_the_end",
            empty_batch_at_the_end,
            "one batch too many, an empty one, where `batch_size` divides n",
            "The mean gradient of an empty batch is nan. Count up, with "
            "`range(0, n, batch_size)`.",
        ),
        Misconception(
            "one_array_of_rows",
            one_array_of_rows,
            "one array with a batch in each row",
            "That works only where `batch_size` divides n. Return a list of arrays; "
            "the last one may be short.",
        ),
        Misconception(
            "counts_from_one",
            counts_from_one,
            "indices that count from 1",
            "Python counts from 0: index n is outside, and example 0 never comes up.",
        ),
        Misconception(
            "lists_for_arrays",
            lists_for_arrays,
            "lists of numbers in the place of arrays",
            "Slices of an array are arrays already; `tolist` is not needed.",
        ),
        Misconception(
            "yields_batches",
            yields_batches,
            "a Python generator, from `yield` or round parentheses",
            "It can be gone through only once. Return a list.",
        ),
        Misconception(
            "generator_of_its_own",
            generator_of_its_own,
            "a shuffle by a generator made inside the function",
            "With a fixed seed it gives the same order in every epoch; without one, "
            "an order that nobody can repeat. Use the `rng` that is given.",
        ),
        Misconception(
            "same_order_every_time",
            same_order_every_time,
            "an order that does not depend on `rng`, such as one from a generator "
            "that is seeded anew in each call",
            "Every epoch then has the same batches. Draw from `rng` as it comes.",
        ),
        Misconception(
            "global_generator",
            global_generator,
            "a shuffle by NumPy's global generator",
            "Use the methods of `rng` in the place of those of `np.random`.",
        ),
        Misconception(
            "error_missing",
            error_missing,
            "batches for any `batch_size`, sensible or not",
            "Begin with a test: `raise ValueError(…)` unless 1 <= batch_size <= n.",
        ),
        Misconception(
            "too_large_let_through",
            too_large_let_through,
            "a test that lets a batch larger than the data through",
            "Raise ValueError when `batch_size` is larger than n, too.",
        ),
        Misconception(
            "too_small_let_through",
            too_small_let_through,
            "a test that lets a negative batch size through",
            "`range` refuses a step of 0 by itself, not a negative one: it yields "
            "nothing. Raise ValueError when `batch_size` is less than 1.",
        ),
        Misconception(
            "full_batch_refused",
            full_batch_refused,
            "a test that refuses the full batch",
            "All examples in one batch are allowed: `batch_size <= n`.",
        ),
    ),
    hints=(
        (
            "If you had a shuffled list of all indices, how would you cut it into "
            "pieces of `batch_size`?"
        ),
        (
            "`rng.permutation(n)` is a shuffled array of 0 to `n - 1`. A slice "
            "beyond the end is short, not an error: that is the last batch."
        ),
        (
            "Raise `ValueError` unless `1 <= batch_size <= n`; `order = "
            "rng.permutation(n)`; `return [order[i:i + batch_size] for i in range(0, "
            "n, batch_size)]`."
        ),
    ),
    read="section 2, equation (2.2)",
    lines=4,
    level=1,
    harmless={
        "if not 1 <= batch_size <= n: -> if not 0 <= batch_size <= n:": (
            "`range` refuses a step of 0 with a ValueError of its own"
        ),
        "moved: order = rng.permutation(n)": (
            "where it raises, nobody sees whether it has drawn"
        ),
    },
)


# --- batch_gradient ---------------------------------------------------------


def draw_batch_gradient(rng):
    yield (
        "three examples with two features and round numbers",
        {
            "w": np.array([1.0, -1.0]),
            "X": np.array([[1.0, 2.0], [3.0, 0.0], [-1.0, 1.0]]),
            "y": np.array([1.0, 2.0, -3.0]),
        },
    )
    for label, size, d in (
        ("more examples than features", 7, 4),
        ("fewer examples than features", 3, 5),
        ("one example", 1, 3),
        ("one feature", 6, 1),
    ):
        yield label, _linear_data(rng, size, d)


def _linear_data(rng, n, d):
    return {
        "w": signed(rng, (d,)),
        "X": signed(rng, (n, d)),
        "y": signed(rng, (n,), 1.0, 4.0),
    }


def gradient_example_by_example(w, X, y):
    total = np.zeros(len(w))
    for x, target in zip(X, y, strict=True):
        total += (x @ w - target) * x
    return total / len(X)


def gradient_as_mean_of_rows(w, X, y):
    return np.mean((X @ w - y)[:, None] * X, axis=0)


def gradient_by_einsum(w, X, y):
    return np.einsum("ij,i->j", X, X.dot(w) - y) / X.shape[0]


def gradient_from_moments(w, X, y):
    return (X.T @ X / len(X)) @ w - X.T @ y / len(X)


def sum_for_mean(w, X, y):
    return X.T @ (X @ w - y)


def divided_by_features(w, X, y):
    return X.T @ (X @ w - y) / X.shape[1]


def divided_by_all_entries(w, X, y):
    return X.T @ (X @ w - y) / X.size


def twice_the_gradient(w, X, y):
    return 2 * X.T @ (X @ w - y) / len(y)


def half_the_gradient(w, X, y):
    return X.T @ (X @ w - y) / (2 * len(y))


def points_downhill(w, X, y):
    return X.T @ (y - X @ w) / len(y)


def targets_forgotten(w, X, y):
    return X.T @ (X @ w) / len(y)


def loss_for_gradient(w, X, y):
    return np.mean((X @ w - y) ** 2) / 2


def errors_without_inputs(w, X, y):
    return np.full(len(w), np.mean(X @ w - y))


def one_gradient_for_each_example(w, X, y):
    return (X @ w - y)[:, None] * X


def gradient_of_absolute_error(w, X, y):
    return X.T @ np.sign(X @ w - y) / len(y)


def gradient_of_root(w, X, y):
    error = X @ w - y
    return X.T @ error / len(y) / np.sqrt(np.mean(error**2))


def step_for_gradient(w, X, y):
    return w - X.T @ (X @ w - y) / len(y)


def targets_in_place(w, X, y):
    y -= X @ w
    return -X.T @ y / len(y)


def inputs_in_place(w, X, y):
    X *= (X @ w - y)[:, None]
    return X.mean(axis=0)


BATCH_GRADIENT = Exercise(
    name="batch_gradient",
    points=1,
    reference=kernels.batch_gradient,
    returns=("grad",),
    draw=draw_batch_gradient,
    tolerance=Tolerance(
        floor=1e-11,
        reason=(
            "sums over up to 7 examples in any order; where errors of both signs "
            "nearly cancel, rounding is relative to the largest entry"
        ),
    ),
    equivalents=(
        gradient_example_by_example,
        gradient_as_mean_of_rows,
        gradient_by_einsum,
        gradient_from_moments,
    ),
    misconceptions=(
        Misconception(
            "sum_for_mean",
            sum_for_mean,
            "a sum over the batch",
            "The loss is a mean, so divide by the number of examples. A sum grows "
            "with the batch, and the step with it.",
        ),
        Misconception(
            "divided_by_features",
            divided_by_features,
            "a sum divided by the number of features",
            "The mean is over examples: divide by the number of rows of `X`.",
        ),
        Misconception(
            "divided_by_all_entries",
            divided_by_all_entries,
            "a sum divided by the number of entries of `X`",
            "The mean is over examples: divide by the number of rows of `X`.",
        ),
        Misconception(
            "twice_the_gradient",
            twice_the_gradient,
            "the gradient of the mean squared error without its half",
            "The loss here is half the mean of the squares, and the half cancels "
            "the 2 of the derivative.",
        ),
        Misconception(
            "half_the_gradient",
            half_the_gradient,
            "a gradient that is halved",
            "The half in the loss has gone already: the derivative of the square "
            "brings a 2.",
        ),
        Misconception(
            "points_downhill",
            points_downhill,
            "the gradient with the opposite sign",
            "The error is prediction minus target, `X @ w - y`. The minus of the "
            "step comes later.",
        ),
        Misconception(
            "targets_forgotten",
            targets_forgotten,
            "a gradient without the targets",
            "The error is `X @ w - y`, not the prediction alone.",
        ),
        Misconception(
            "loss_for_gradient",
            loss_for_gradient,
            "the loss in the place of its gradient",
            "The gradient has one entry for each weight.",
        ),
        Misconception(
            "errors_without_inputs",
            errors_without_inputs,
            "the mean error for every weight",
            "A weight acts through its own column of `X`: multiply each error by "
            "that input before the mean.",
        ),
        Misconception(
            "one_gradient_for_each_example",
            one_gradient_for_each_example,
            "the gradients of the single examples",
            "They are right one by one. The batch's gradient is their mean: one "
            "entry for each weight.",
        ),
        Misconception(
            "gradient_of_absolute_error",
            gradient_of_absolute_error,
            "the gradient of the mean absolute error",
            "For the squared error the size of each error counts, not only its sign.",
        ),
        Misconception(
            "gradient_of_root",
            gradient_of_root,
            "the gradient of the root of the mean square",
            "There is no root in this loss.",
        ),
        Misconception(
            "step_for_gradient",
            step_for_gradient,
            "weights after a step, in the place of the gradient",
            "Return the gradient alone; the step comes in the next exercise.",
        ),
        Misconception(
            "y_in_place",
            targets_in_place,
            "an update of `y` in place",
            NOT_IN_PLACE,
        ),
        Misconception(
            "X_in_place",
            inputs_in_place,
            "an update of `X` in place",
            "Whoever called the function still holds the data and finds it changed. "
            "Write `X * e` instead of `X *= e`: it makes a new array.",
        ),
    ),
    hints=(
        (
            "For one example the loss is `(x @ w - y)**2 / 2`. What is its "
            "derivative with respect to one weight?"
        ),
        (
            "Errors `X @ w - y`, one for each example; each is multiplied by that "
            "example's row; then the mean over examples."
        ),
        "`return X.T @ (X @ w - y) / len(y)`.",
    ),
    read="section 2, equation (2.1)",
    lines=1,
    level=1,
    harmless={
        "return X.T @ (X @ w - y) / len(y) -> return X.T @ (X @ w - y) / len(X)": (
            "as many targets as examples"
        ),
    },
)


# --- sgd_epoch --------------------------------------------------------------


def draw_sgd_epoch(rng):
    yield (
        "two batches of one example each, and round numbers",
        {
            "w": np.array([1.0, -1.0]),
            "X": np.array([[1.0, 2.0], [3.0, 0.0], [-1.0, 1.0]]),
            "y": np.array([1.0, 2.0, -3.0]),
            "lr": 0.1,
            "batches": [np.array([2]), np.array([0])],
        },
    )
    for label, n, d, size in (
        ("seven examples in batches of three; the last one is short", 7, 4, 3),
        ("one example at a time", 5, 2, 1),
        ("all examples in one batch", 6, 3, 6),
        ("two features, and batches of four", 10, 2, 4),
    ):
        yield label, _epoch(rng, n, d, kernels.epoch_batches(n, size, rng))
    again = [np.array([4, 1, 0]), np.array([1, 4]), np.array([3, 3, 1, 5])]
    yield "batches that draw some examples again", _epoch(rng, 6, 5, again)


def _epoch(rng, n, d, batches):
    return {
        **_linear_data(rng, n, d),
        "lr": between(rng, 0.05, 0.15),
        "batches": batches,
    }


def epoch_by_loops(w, X, y, lr, batches):
    weights = w.copy()
    for batch in batches:
        step = np.zeros_like(weights)
        for i in batch:
            step += (X[i] @ weights - y[i]) * X[i]
        weights -= lr * step / len(batch)
    return weights


def epoch_with_take(w, X, y, lr, batches):
    for batch in batches:
        inputs, targets = np.take(X, batch, axis=0), np.take(y, batch)
        w = w + lr * np.mean((targets - inputs @ w)[:, None] * inputs, axis=0)
    return w


def epoch_climbs(w, X, y, lr, batches):
    for batch in batches:
        w = w + lr * kernels.batch_gradient(w, X[batch], y[batch])
    return w


def sums_over_batches(w, X, y, lr, batches):
    for batch in batches:
        w = w - lr * len(batch) * kernels.batch_gradient(w, X[batch], y[batch])
    return w


def divided_by_n(w, X, y, lr, batches):
    for batch in batches:
        w = w - lr * X[batch].T @ (X[batch] @ w - y[batch]) / len(y)
    return w


def gradients_at_the_old_w(w, X, y, lr, batches):
    grads = [kernels.batch_gradient(w, X[batch], y[batch]) for batch in batches]
    return w - lr * sum(grads)


def one_step_with_their_mean(w, X, y, lr, batches):
    grads = [kernels.batch_gradient(w, X[batch], y[batch]) for batch in batches]
    return w - lr * np.mean(grads, axis=0)


def first_batch_only(w, X, y, lr, batches):
    return w - lr * kernels.batch_gradient(w, X[batches[0]], y[batches[0]])


def last_batch_only(w, X, y, lr, batches):
    return w - lr * kernels.batch_gradient(w, X[batches[-1]], y[batches[-1]])


def all_data_each_time(w, X, y, lr, batches):
    for _ in batches:
        w = w - lr * kernels.batch_gradient(w, X, y)
    return w


def targets_not_picked(w, X, y, lr, batches):
    for batch in batches:
        w = w - lr * kernels.batch_gradient(w, X[batch], y[: len(batch)])
    return w


def batches_backwards(w, X, y, lr, batches):
    for batch in reversed(batches):
        w = w - lr * kernels.batch_gradient(w, X[batch], y[batch])
    return w


def data_in_order(w, X, y, lr, batches):
    start = 0
    for batch in batches:
        stop = start + len(batch)
        w = w - lr * kernels.batch_gradient(w, X[start:stop], y[start:stop])
        start = stop
    return w


def lr_shared_among_batches(w, X, y, lr, batches):
    for batch in batches:
        w = w - lr / len(batches) * kernels.batch_gradient(w, X[batch], y[batch])
    return w


def short_batches_skipped(w, X, y, lr, batches):
    for batch in batches:
        if len(batch) == max(map(len, batches)):
            w = w - lr * kernels.batch_gradient(w, X[batch], y[batch])
    return w


def keeps_the_path(w, X, y, lr, batches):
    path = [w]
    for batch in batches:
        path.append(
            path[-1] - lr * kernels.batch_gradient(path[-1], X[batch], y[batch])
        )
    return np.array(path)


def epoch_in_place(w, X, y, lr, batches):
    for batch in batches:
        w -= lr * kernels.batch_gradient(w, X[batch], y[batch])
    return w


SGD_EPOCH = Exercise(
    name="sgd_epoch",
    points=2,
    reference=kernels.sgd_epoch,
    returns=("w",),
    draw=draw_sgd_epoch,
    tolerance=Tolerance(
        floor=1e-10,
        reason=(
            "rounding of up to 5 updates, each relative to the largest entry, and "
            "carried on by the next"
        ),
    ),
    equivalents=(epoch_by_loops, epoch_with_take),
    misconceptions=(
        Misconception(
            "climbs",
            epoch_climbs,
            "updates uphill",
            "Subtract `lr` times the gradient.",
        ),
        Misconception(
            "sums_over_batches",
            sums_over_batches,
            "updates by the sum over each batch",
            "The gradient of a batch is the mean over its examples: divide by "
            "`len(batch)`.",
        ),
        Misconception(
            "divided_by_n",
            divided_by_n,
            "updates divided by the number of all examples",
            "Each update uses the mean over its own batch: divide by `len(batch)`, "
            "not by the number of rows of `X`.",
        ),
        Misconception(
            "gradients_at_the_old_w",
            gradients_at_the_old_w,
            "gradients that are all taken at the first `w`",
            "After each batch `w` has moved, and the next gradient is taken at the "
            "new place.",
        ),
        Misconception(
            "one_step_with_their_mean",
            one_step_with_their_mean,
            "one step with the mean of all batches' gradients",
            "That is nearly a full-batch step. An epoch makes one update for each "
            "batch.",
        ),
        Misconception(
            "first_batch_only",
            first_batch_only,
            "an update by the first batch alone",
            "Is the `return` inside the loop?",
        ),
        Misconception(
            "last_batch_only",
            last_batch_only,
            "an update by the last batch alone",
            "Each update sets out from the `w` that the one before it reached, not "
            "from the first one.",
        ),
        Misconception(
            "all_data_each_time",
            all_data_each_time,
            "updates that each use all the data",
            "Pick the batch's rows: `X[batch]` and `y[batch]`.",
        ),
        Misconception(
            "targets_not_picked",
            targets_not_picked,
            "inputs of the batch with targets of other examples",
            "`X[batch]` goes with `y[batch]`: the same indices for both.",
        ),
        Misconception(
            "batches_backwards",
            batches_backwards,
            "the batches in the reverse order",
            "The order of the updates matters. Go through `batches` from the first.",
        ),
        Misconception(
            "data_in_order",
            data_in_order,
            "batches cut from the data in its own order",
            "The indices in `batches` say which rows to use; their number alone is "
            "not enough.",
        ),
        Misconception(
            "lr_shared_among_batches",
            lr_shared_among_batches,
            "a learning rate divided by the number of batches",
            "Each update uses `lr` as it is.",
        ),
        Misconception(
            "short_batches_skipped",
            short_batches_skipped,
            "an epoch that skips the short batches",
            "A short batch makes an update like any other.",
        ),
        Misconception(
            "keeps_the_path",
            keeps_the_path,
            "the whole path in the place of its end",
            "Return `w` after the last update only.",
        ),
        Misconception(
            "w_in_place",
            epoch_in_place,
            "an update of `w` in place",
            NOT_IN_PLACE,
        ),
    ),
    hints=(
        "How many times does `w` change in one epoch?",
        (
            "Loop over `batches`. Each one is an array of indices, and `X[batch]` "
            "are its rows. You have a function for its gradient already."
        ),
        (
            "Loop `for batch in batches`: `w = w - lr * batch_gradient(w, X[batch], "
            "y[batch])`; after the loop `return w`."
        ),
    ),
    read="section 2, equation (2.3)",
    lines=3,
    level=1,
)


# --- gradient_noise ---------------------------------------------------------


def draw_gradient_noise(rng):
    yield (
        "three gradients of two parameters, with round numbers",
        {"per_example_grads": np.array([[1.0, 0.0], [2.0, 6.0], [6.0, 3.0]])},
    )
    for label, n, d in (
        ("more examples than parameters", 9, 4),
        ("fewer examples than parameters", 3, 6),
        ("two examples", 2, 5),
        ("one parameter", 7, 1),
    ):
        yield label, {"per_example_grads": _grads(rng, n, d)}


def _grads(rng, n, d):
    """Gradients whose mean is not near zero, with another spread in each column."""
    mean = signed(rng, (d,), 1.0, 3.0)
    spread = rng.uniform(0.5, 2.5, size=d)
    return np.round(mean + spread * rng.standard_normal((n, d)), 2)


def noise_from_covariance(per_example_grads):
    return np.trace(np.atleast_2d(np.cov(per_example_grads, rowvar=False)))


def noise_by_distances(per_example_grads):
    n = len(per_example_grads)
    off = per_example_grads - per_example_grads.mean(axis=0)
    return sum(row @ row for row in off) / (n - 1)


def noise_by_pairs(per_example_grads):
    g = per_example_grads
    gaps = g[:, None] - g[None]
    return np.sum(gaps**2) / (2 * len(g) * (len(g) - 1))


def noise_by_moments(per_example_grads):
    n = len(per_example_grads)
    mean = per_example_grads.mean(axis=0)
    return (np.sum(per_example_grads**2) - n * mean @ mean) / (n - 1)


def divided_by_n_instead(per_example_grads):
    return per_example_grads.var(axis=0).sum()


def not_divided(per_example_grads):
    return np.sum((per_example_grads - per_example_grads.mean(axis=0)) ** 2)


def mean_over_parameters(per_example_grads):
    return per_example_grads.var(axis=0, ddof=1).mean()


def variance_of_all_entries(per_example_grads):
    return per_example_grads.var(ddof=1)


def mean_not_subtracted(per_example_grads):
    return np.mean(np.sum(per_example_grads**2, axis=1))


def standard_deviations(per_example_grads):
    return per_example_grads.std(axis=0, ddof=1).sum()


def root_of_trace(per_example_grads):
    return np.sqrt(per_example_grads.var(axis=0, ddof=1).sum())


def variance_of_the_norm(per_example_grads):
    return np.linalg.norm(per_example_grads, axis=1).var(ddof=1)


def variance_along_rows(per_example_grads):
    return per_example_grads.var(axis=1, ddof=0).sum()


def covariance_of_rows(per_example_grads):
    return np.trace(np.atleast_2d(np.cov(per_example_grads)))


def sum_of_covariances(per_example_grads):
    return np.sum(np.cov(per_example_grads, rowvar=False))


def largest_variance(per_example_grads):
    cov = np.atleast_2d(np.cov(per_example_grads, rowvar=False))
    return np.linalg.eigvalsh(cov)[-1]


def one_for_each_parameter(per_example_grads):
    return per_example_grads.var(axis=0, ddof=1)


def centred_in_place(per_example_grads):
    n = len(per_example_grads)
    per_example_grads -= per_example_grads.mean(axis=0)
    return np.sum(per_example_grads**2) / (n - 1)


GRADIENT_NOISE = Exercise(
    name="gradient_noise",
    points=2,
    reference=kernels.gradient_noise,
    returns=("trace_cov",),
    draw=draw_gradient_noise,
    tolerance=Tolerance(
        reason=(
            "rounding of sums of squares; the mean is at most a few times the spread, "
            "so that even the difference of two moments loses only a digit or two"
        )
    ),
    equivalents=(
        noise_from_covariance,
        noise_by_distances,
        noise_by_pairs,
        noise_by_moments,
    ),
    misconceptions=(
        Misconception(
            "divided_by_n_instead",
            divided_by_n_instead,
            "a variance divided by n",
            "The mean was computed from the same gradients, which makes them look "
            "too close to it. Divide by n - 1: `ddof=1`.",
        ),
        Misconception(
            "not_divided",
            not_divided,
            "a sum of squares that is not divided",
            "A variance is a mean square: divide by n - 1.",
        ),
        Misconception(
            "mean_over_parameters",
            mean_over_parameters,
            "the mean of the variances",
            "The trace is the sum over parameters, not their mean.",
        ),
        Misconception(
            "variance_of_all_entries",
            variance_of_all_entries,
            "the variance of all entries together",
            "Each parameter has its own mean: compute variances down the columns, "
            "`axis=0`, and add them.",
        ),
        Misconception(
            "mean_not_subtracted",
            mean_not_subtracted,
            "the mean squared length of the gradients",
            "Noise is what differs from the mean gradient. Subtract the mean first.",
        ),
        Misconception(
            "standard_deviations",
            standard_deviations,
            "a sum of standard deviations",
            "Variances of independent parts add up, standard deviations do not.",
        ),
        Misconception(
            "root_of_trace",
            root_of_trace,
            "the root of the trace",
            "The trace itself is asked for, a sum of variances.",
        ),
        Misconception(
            "variance_of_the_norm",
            variance_of_the_norm,
            "the variance of the gradients' lengths",
            "Two gradients of one length may point in opposite directions: that is "
            "noise too. Take the variance of each parameter, then the sum.",
        ),
        Misconception(
            "variance_along_rows",
            variance_along_rows,
            "variances along the rows",
            "A row is one example. How examples differ is seen down the columns: "
            "`axis=0`.",
        ),
        Misconception(
            "covariance_of_rows",
            covariance_of_rows,
            "the trace of a covariance of the examples",
            "`np.cov` takes rows for variables. Here the columns are: `rowvar=False`.",
        ),
        Misconception(
            "sum_of_covariances",
            sum_of_covariances,
            "the sum of the whole covariance matrix",
            "The trace is the sum of the diagonal alone.",
        ),
        Misconception(
            "largest_variance",
            largest_variance,
            "the variance along the noisiest direction",
            "That is the largest eigenvalue of the covariance; the trace is the sum "
            "of all of them.",
        ),
        Misconception(
            "one_for_each_parameter",
            one_for_each_parameter,
            "the variances of the single parameters",
            "Their sum is asked for.",
        ),
        Misconception(
            "centred_in_place",
            centred_in_place,
            "gradients that are centred in place",
            "Whoever called the function still holds the array and finds it changed. "
            "Write `a - m` instead of `a -= m`: it makes a new array.",
        ),
    ),
    hints=(
        "Each row is one example's gradient. What are they spread around?",
        (
            "The diagonal of a covariance matrix holds the variances of the columns, "
            "and the trace is their sum. By what does an unbiased variance divide?"
        ),
        "`return per_example_grads.var(axis=0, ddof=1).sum()`.",
    ),
    read="section 3, equation (2.4)",
    lines=1,
    level=1,
)


# --- minibatch_variance -----------------------------------------------------


def draw_minibatch_variance(rng):
    yield (
        "two of eight examples, and round numbers",
        {"trace_cov": 4.0, "n": 8, "batch_size": 2},
    )
    yield (
        "a few of many",
        {"trace_cov": between(rng, 2.0, 9.0), "n": 1077, "batch_size": 16},
    )
    yield (
        "one example at a time",
        {"trace_cov": between(rng, 2.0, 9.0), "n": 20, "batch_size": 1},
    )
    yield (
        "more than half of them",
        {
            "trace_cov": between(rng, 10.0, 20.0),
            "n": int(rng.integers(25, 30)),
            "batch_size": int(rng.integers(15, 20)),
        },
    )
    yield (
        "all of them: nothing is left to chance",
        {"trace_cov": between(rng, 2.0, 9.0), "n": 20, "batch_size": 20},
    )


def variance_as_difference(trace_cov, n, batch_size):
    return trace_cov / batch_size - trace_cov / n


def variance_over_a_common_denominator(trace_cov, n, batch_size):
    return trace_cov * (n - batch_size) / (n * batch_size)


def variance_by_biased_covariance(trace_cov, n, batch_size):
    biased = trace_cov * (n - 1) / n
    return biased / batch_size * (n - batch_size) / (n - 1)


def with_replacement_formula(trace_cov, n, batch_size):
    return trace_cov / batch_size


def correction_of_the_other_covariance(trace_cov, n, batch_size):
    return trace_cov / batch_size * (n - batch_size) / (n - 1)


def correction_squared(trace_cov, n, batch_size):
    return trace_cov / batch_size * (1 - batch_size / n) ** 2


def root_of_correction(trace_cov, n, batch_size):
    return trace_cov / batch_size * np.sqrt(1 - batch_size / n)


def root_of_batch_size(trace_cov, n, batch_size):
    return trace_cov / np.sqrt(batch_size) * (1 - batch_size / n)


def standard_error(trace_cov, n, batch_size):
    return np.sqrt(trace_cov / batch_size * (1 - batch_size / n))


def correction_alone(trace_cov, n, batch_size):
    return trace_cov * (1 - batch_size / n)


def divided_by_n_for_batch(trace_cov, n, batch_size):
    return trace_cov / n * (1 - batch_size / n)


def one_minus_forgotten(trace_cov, n, batch_size):
    return trace_cov / batch_size * (batch_size / n)


def times_batch_size(trace_cov, n, batch_size):
    return trace_cov * batch_size * (1 - batch_size / n)


def batch_size_squared(trace_cov, n, batch_size):
    return trace_cov / batch_size**2 * (1 - batch_size / n)


def _zero_is_zero(arguments):
    return Tolerance(
        atol=1e-12 * arguments["trace_cov"],
        reason="at batch_size = n the result is a difference of equal numbers",
    )


MINIBATCH_VARIANCE = Exercise(
    name="minibatch_variance",
    points=1,
    reference=kernels.minibatch_variance,
    returns=("variance",),
    draw=draw_minibatch_variance,
    tolerance=_zero_is_zero,
    equivalents=(
        variance_as_difference,
        variance_over_a_common_denominator,
        variance_by_biased_covariance,
    ),
    misconceptions=(
        Misconception(
            "with_replacement",
            with_replacement_formula,
            "the formula for drawing with replacement",
            "Without replacement a batch of all n examples has no noise at all. The "
            "factor `1 - batch_size / n` is missing.",
        ),
        Misconception(
            "correction_of_the_other_covariance",
            correction_of_the_other_covariance,
            "the correction that goes with a covariance divided by n",
            "`(n - batch_size) / (n - 1)` belongs to `ddof=0`. `trace_cov` is "
            "unbiased, and its factor is `1 - batch_size / n`.",
        ),
        Misconception(
            "correction_squared",
            correction_squared,
            "a correction that is squared",
            "The factor `1 - batch_size / n` stands in the variance once.",
        ),
        Misconception(
            "root_of_correction",
            root_of_correction,
            "the root of the correction",
            "The root belongs to the standard deviation; this is a variance.",
        ),
        Misconception(
            "root_of_batch_size",
            root_of_batch_size,
            "a variance that falls like 1 over the root of the batch size",
            "The standard deviation does that. The variance of a mean falls like "
            "1 over `batch_size`.",
        ),
        Misconception(
            "standard_error",
            standard_error,
            "the root of the variance",
            "The mean squared distance is asked for: no root.",
        ),
        Misconception(
            "correction_alone",
            correction_alone,
            "a variance that is not divided by the batch size",
            "A mean over `batch_size` examples has that many times less variance.",
        ),
        Misconception(
            "divided_by_n_for_batch",
            divided_by_n_for_batch,
            "a variance divided by n",
            "The mean is over `batch_size` examples, not over all n.",
        ),
        Misconception(
            "one_minus_forgotten",
            one_minus_forgotten,
            "a correction by the part that is drawn",
            "What is left to chance is the part that is not drawn: "
            "`1 - batch_size / n`.",
        ),
        Misconception(
            "times_batch_size",
            times_batch_size,
            "a variance that grows with the batch",
            "That is the variance of a sum. For a mean, divide by `batch_size`.",
        ),
        Misconception(
            "batch_size_squared",
            batch_size_squared,
            "a variance divided by the square of the batch size",
            "The square is only half of it: a batch sums `batch_size` variances, "
            "and one factor cancels.",
        ),
    ),
    hints=(
        "What must the answer be when the batch holds all `n` examples?",
        (
            "The variance of a mean of independent draws is the variance of one over "
            "their number. One more factor makes it zero where `batch_size` is `n`."
        ),
        "`return trace_cov / batch_size * (1 - batch_size / n)`.",
    ),
    read="section 3, equation (2.5)",
    lines=1,
    level=1,
)


# --- noise_scale ------------------------------------------------------------


def draw_noise_scale(rng):
    yield from draw_gradient_noise(rng)
    yield (
        "a mean gradient that is small beside the noise",
        {
            "per_example_grads": np.round(
                signed(rng, (3,), 0.2, 0.3)
                + np.array([[2.0], [-2.0], [1.5], [-1.5], [1.0], [-1.0]])
                * signed(rng, (6, 3), 0.8, 1.2),
                2,
            )
        },
    )


def scale_from_covariance(per_example_grads):
    cov = np.atleast_2d(np.cov(per_example_grads.T))
    return np.trace(cov) / np.linalg.norm(per_example_grads.mean(axis=0)) ** 2


def scale_by_sums(per_example_grads):
    n = len(per_example_grads)
    mean = per_example_grads.sum(axis=0) / n
    off = per_example_grads - mean
    return np.sum(off**2) / (n - 1) / np.sum(mean**2)


def norm_not_squared(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    return kernels.gradient_noise(per_example_grads) / np.linalg.norm(mean)


def scale_with_biased_variance(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    return per_example_grads.var(axis=0).sum() / (mean @ mean)


def scale_upside_down(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    return (mean @ mean) / kernels.gradient_noise(per_example_grads)


def squared_lengths_averaged(per_example_grads):
    squares = np.sum(per_example_grads**2, axis=1)
    return kernels.gradient_noise(per_example_grads) / squares.mean()


def mean_length_squared(per_example_grads):
    lengths = np.linalg.norm(per_example_grads, axis=1)
    return kernels.gradient_noise(per_example_grads) / lengths.mean() ** 2


def summed_gradient(per_example_grads):
    total = per_example_grads.sum(axis=0)
    return kernels.gradient_noise(per_example_grads) / (total @ total)


def ratio_of_each_parameter(per_example_grads):
    variance = per_example_grads.var(axis=0, ddof=1)
    return np.sum(variance / per_example_grads.mean(axis=0) ** 2)


def root_of_scale(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    return np.sqrt(kernels.gradient_noise(per_example_grads) / (mean @ mean))


def noise_of_the_mean(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    n = len(per_example_grads)
    return kernels.gradient_noise(per_example_grads) / n / (mean @ mean)


def corrected_for_sampling(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    noise = kernels.gradient_noise(per_example_grads)
    return noise / (mean @ mean - noise / len(per_example_grads))


def noise_with_the_mean_in_it(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    return np.mean(np.sum(per_example_grads**2, axis=1)) / (mean @ mean)


def spread_without_square(per_example_grads):
    mean = per_example_grads.mean(axis=0)
    return per_example_grads.std(axis=0, ddof=1).sum() / (mean @ mean)


NOISE_SCALE = Exercise(
    name="noise_scale",
    points=1,
    bonus=True,
    reference=kernels.noise_scale,
    returns=("batch_size",),
    draw=draw_noise_scale,
    tolerance=Tolerance(
        rtol=1e-8,
        reason=(
            "the mean gradient may be ten times smaller than the gradients it is the "
            "mean of, which costs two digits in its square"
        ),
    ),
    equivalents=(scale_from_covariance, scale_by_sums),
    misconceptions=(
        Misconception(
            "norm_not_squared",
            norm_not_squared,
            "a ratio with the length of the mean gradient, not its square",
            "Noise is a variance, so the signal is squared too; otherwise the ratio "
            "would change with the units of the loss.",
        ),
        Misconception(
            "scale_with_biased_variance",
            scale_with_biased_variance,
            "a ratio with a variance divided by n",
            "Use the unbiased noise, with n - 1, as `gradient_noise` gives it.",
        ),
        Misconception(
            "scale_upside_down",
            scale_upside_down,
            "signal over noise",
            "It is noise over signal: the noisier the gradients, the larger the batch "
            "that averages the noise away.",
        ),
        Misconception(
            "squared_lengths_averaged",
            squared_lengths_averaged,
            "a ratio with the mean of the squared lengths",
            "First the mean gradient, then its squared length. The other order "
            "counts the noise as signal.",
        ),
        Misconception(
            "mean_length_squared",
            mean_length_squared,
            "a ratio with the mean of the lengths",
            "First the mean gradient, then its length. The lengths of single "
            "gradients hold the noise too.",
        ),
        Misconception(
            "summed_gradient",
            summed_gradient,
            "a ratio with the sum of the gradients",
            "The signal is the mean gradient.",
        ),
        Misconception(
            "ratio_of_each_parameter",
            ratio_of_each_parameter,
            "a sum of one ratio for each parameter",
            "Add up the noise and the signal over all parameters first, then divide.",
        ),
        Misconception(
            "root_of_scale",
            root_of_scale,
            "the root of the noise scale",
            "A batch size is asked for, and the variance falls like 1 over it: no "
            "root.",
        ),
        Misconception(
            "noise_of_the_mean",
            noise_of_the_mean,
            "the noise of the mean of all n, over the signal",
            "`trace_cov` is the noise of one example. Do not divide it by n.",
        ),
        Misconception(
            "corrected_for_sampling",
            corrected_for_sampling,
            "the estimate for a larger set that these gradients are a sample of",
            "It takes `trace_cov / n` from the squared length. Here the given "
            "gradients are all there are, and the signal is that of their mean.",
        ),
        Misconception(
            "noise_with_the_mean_in_it",
            noise_with_the_mean_in_it,
            "a noise from which the mean was not subtracted",
            "Noise is what differs from the mean gradient.",
        ),
        Misconception(
            "spread_without_square",
            spread_without_square,
            "a ratio with standard deviations",
            "The noise is a sum of variances.",
        ),
    ),
    hints=(
        "Which of your functions gives the noise? What is the signal?",
        (
            "At the noise scale the variance of a batch's mean, `trace / B`, is the "
            "squared length of the mean gradient. Solve that for `B`."
        ),
        (
            "`G = per_example_grads.mean(axis=0)`, then `return "
            "gradient_noise(per_example_grads) / (G @ G)`."
        ),
    ),
    read="section 6, equation (2.8)",
    lines=2,
    level=2,
)


# --- scale_lr ---------------------------------------------------------------


def draw_scale_lr(rng):
    def numbers(batch_size, base):
        lr = between(rng, 0.02, 0.3)
        return {"lr": lr, "batch_size": batch_size, "base_batch_size": base}

    yield (
        "four times the batch, the linear rule",
        {"lr": 0.1, "batch_size": 64, "base_batch_size": 16, "rule": "linear"},
    )
    yield (
        "four times the batch, the square-root rule",
        {"lr": 0.1, "batch_size": 64, "base_batch_size": 16, "rule": "sqrt"},
    )
    small, large = int(rng.integers(5, 9)), int(rng.integers(50, 60))
    for rule in ("linear", "sqrt"):
        yield f"a smaller batch, {rule}", {**numbers(small, large), "rule": rule}
    yield (
        "a batch that is not a multiple of the old one",
        {**numbers(120, 32), "rule": "linear"},
    )
    yield (
        "a batch many times larger, and so a large learning rate",
        {**numbers(4096, 8), "rule": "linear"},
    )
    yield "a rule that does not exist", {**numbers(32, 8), "rule": "cubic"}
    yield "a rule with a capital letter", {**numbers(32, 8), "rule": "Linear"}
    for rule in ("linear rule", "sqrt rule"):
        yield "a name that only begins like a rule", {**numbers(32, 8), "rule": rule}


def scaled_by_a_power(lr, batch_size, base_batch_size, rule):
    if rule not in ("linear", "sqrt"):
        raise ValueError(rule)
    return lr * (batch_size / base_batch_size) ** (1.0 if rule == "linear" else 0.5)


def scaled_by_a_match(lr, batch_size, base_batch_size, rule):
    match rule:
        case "linear":
            return lr / base_batch_size * batch_size
        case "sqrt":
            return lr * batch_size**0.5 / base_batch_size**0.5
        case _:
            raise ValueError("no such rule")


def _by_rule(rule, linear, sqrt):
    if rule == "linear":
        return linear
    if rule == "sqrt":
        return sqrt
    raise ValueError(rule)


def ratio_upside_down(lr, batch_size, base_batch_size, rule):
    ratio = base_batch_size / batch_size
    return _by_rule(rule, lr * ratio, lr * ratio**0.5)


def rules_exchanged(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return _by_rule(rule, lr * ratio**0.5, lr * ratio)


def divided_instead(lr, batch_size, base_batch_size, rule):
    return _by_rule(
        rule,
        lr * batch_size / base_batch_size,
        lr / np.sqrt(batch_size / base_batch_size),
    )


def whole_number_ratio(lr, batch_size, base_batch_size, rule):
    ratio = batch_size // base_batch_size
    return _by_rule(rule, lr * ratio, lr * ratio**0.5)


def base_forgotten(lr, batch_size, base_batch_size, rule):
    return _by_rule(rule, lr * batch_size, lr * batch_size**0.5)


def root_over_lr_too(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return _by_rule(rule, lr * ratio, np.sqrt(lr * ratio))


def root_of_the_new_size_only(lr, batch_size, base_batch_size, rule):
    return _by_rule(
        rule,
        lr * batch_size / base_batch_size,
        lr * np.sqrt(batch_size) / base_batch_size,
    )


def squared_instead_of_root(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return _by_rule(rule, lr * ratio, lr * ratio**2)


def never_smaller(lr, batch_size, base_batch_size, rule):
    ratio = max(batch_size / base_batch_size, 1.0)
    return _by_rule(rule, lr * ratio, lr * ratio**0.5)


def unknown_rule_is_linear(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return lr * ratio**0.5 if rule == "sqrt" else lr * ratio


def unknown_rule_is_sqrt(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return lr * ratio if rule == "linear" else lr * ratio**0.5


def unknown_rule_changes_nothing(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return lr * {"linear": ratio, "sqrt": ratio**0.5}.get(rule, 1.0)


def key_error_for_value_error(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return lr * {"linear": ratio, "sqrt": ratio**0.5}[rule]


def part_of_a_name(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    if "linear" in rule:
        return lr * ratio
    if "sqrt" in rule:
        return lr * ratio**0.5
    raise ValueError(rule)


def capped(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return min(1.0, _by_rule(rule, lr * ratio, lr * ratio**0.5))


def capitals_let_through(lr, batch_size, base_batch_size, rule):
    ratio = batch_size / base_batch_size
    return _by_rule(rule.lower(), lr * ratio, lr * ratio**0.5)


SCALE_LR = Exercise(
    name="scale_lr",
    points=1,
    reference=kernels.scale_lr,
    returns=("lr",),
    draw=draw_scale_lr,
    equivalents=(scaled_by_a_power, scaled_by_a_match),
    misconceptions=(
        Misconception(
            "ratio_upside_down",
            ratio_upside_down,
            "a ratio turned upside down",
            "A larger batch is less noisy and bears a larger learning rate: "
            "`batch_size / base_batch_size`.",
        ),
        Misconception(
            "rules_exchanged",
            rules_exchanged,
            "the two rules exchanged",
            '"linear" multiplies by the ratio itself, "sqrt" by its root.',
        ),
        Misconception(
            "divided_instead",
            divided_instead,
            "a square-root rule that divides",
            "Both rules multiply: a larger batch bears a larger learning rate.",
        ),
        Misconception(
            "whole_number_ratio",
            whole_number_ratio,
            "a ratio rounded down to a whole number",
            "`//` drops the fraction, and makes 0 of any smaller batch. Use `/`.",
        ),
        Misconception(
            "base_forgotten",
            base_forgotten,
            "a rate that does not know the old batch size",
            "`lr` is good for `base_batch_size`. What counts is how many times "
            "larger the new batch is.",
        ),
        Misconception(
            "root_over_lr_too",
            root_over_lr_too,
            "a root that covers `lr` too",
            "Only the ratio stands under the root. Look at your parentheses.",
        ),
        Misconception(
            "root_of_the_new_size_only",
            root_of_the_new_size_only,
            "a root over the new batch size alone",
            "The whole ratio stands under the root. Look at your parentheses.",
        ),
        Misconception(
            "squared_instead_of_root",
            squared_instead_of_root,
            "a square in the place of the root",
            '"sqrt" is the square root, `np.sqrt(ratio)` or `ratio**0.5`.',
        ),
        Misconception(
            "never_smaller",
            never_smaller,
            "a rate that never becomes smaller",
            "For a smaller batch the rules make the rate smaller, too.",
        ),
        Misconception(
            "unknown_rule_is_linear",
            unknown_rule_is_linear,
            "the linear rule for any name that is not known",
            "A misspelt rule should stop the run, not choose one: raise ValueError.",
        ),
        Misconception(
            "unknown_rule_is_sqrt",
            unknown_rule_is_sqrt,
            "the square-root rule for any name that is not known",
            "A misspelt rule should stop the run, not choose one: raise ValueError.",
        ),
        Misconception(
            "unknown_rule_changes_nothing",
            unknown_rule_changes_nothing,
            "a rate that stays as it is for a name that is not known",
            "A misspelt rule should stop the run: raise ValueError.",
        ),
        Misconception(
            "key_error_for_value_error",
            key_error_for_value_error,
            "a look-up in a dict, which raises KeyError",
            "The rule is an argument with a wrong value, and Python's class for that "
            "is ValueError.",
        ),
        Misconception(
            "part_of_a_name",
            part_of_a_name,
            "a test that takes any name with the rule's name in it",
            "`in` looks for a part of the string. Compare with `==`.",
        ),
        Misconception(
            "capped",
            capped,
            "a rate that is never above 1",
            "The rules have no ceiling. Where they break is for the training to show.",
        ),
        Misconception(
            "capitals_let_through",
            capitals_let_through,
            "a test that takes capital letters for small ones",
            'Only "linear" and "sqrt" are rules, spelt so.',
        ),
    ),
    hints=(
        "How many times larger is the new batch? What does each rule do with that?",
        (
            "`ratio = batch_size / base_batch_size`. One rule multiplies `lr` by it, "
            "the other by its root. What if `rule` is neither?"
        ),
        (
            '`return lr * ratio` for `"linear"`, `return lr * np.sqrt(ratio)` for '
            '`"sqrt"`, else raise `ValueError`.'
        ),
    ),
    read="section 6, equation (2.7)",
    lines=6,
    level=1,
    harmless={
        "moved: if rule == 'sqrt':; return float(lr * np.sqrt(ratio))": (
            "no rule has both names"
        ),
    },
)


CHAPTER = Chapter(
    name="02_batch_size",
    title="Batch size",
    minutes=100,
    exercises=(
        BATCH_GRADIENT,
        EPOCH_BATCHES,
        SGD_EPOCH,
        GRADIENT_NOISE,
        MINIBATCH_VARIANCE,
        SCALE_LR,
        NOISE_SCALE,
    ),
    written=(Written("batch_size_why", points=2),),
)
