"""Chapter 02: cut the indices of n examples, freshly shuffled, into batches."""

from __future__ import annotations

import numpy as np

from autograder.calling.inputs import Seed
from autograder.exercises.mistakes import mistakes
from autograder.exercises.observations import shuffled_batches
from autograder.exercises.spec import Exercise
from autograder.kernels import batch_size as kernels

__all__ = ["EPOCH_BATCHES"]


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
    misconceptions=mistakes(__name__, kernels.epoch_batches),
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
