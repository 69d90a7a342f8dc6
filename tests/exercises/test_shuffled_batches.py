"""How shuffled batches are judged: exact false-alarm chances, and what is refused."""

import math
from fractions import Fraction

import numpy as np
import pytest

from autograder.checking.cases import public_question
from autograder.checking.judging import verdict as judged
from autograder.exercises import find
from autograder.exercises.batch_size.epoch_batches import draw_epoch_batches
from autograder.exercises.observations import FAR, shuffled_batches

RIGHT = {
    "type of the indices": "integer",
    "set of indices": "each from 0 to n - 1 once",
    "order of the indices": "random",
}


def judged_cases():
    """(n, batch_size) of every case in which an order is judged."""
    drawn = [arguments for _, arguments in draw_epoch_batches(np.random.default_rng(0))]
    sizes = [(a["n"], a["batch_size"]) for a in drawn]
    # The one case whose n is drawn counts with every n that it may have.
    several = [(n, 7) for n in range(71, 77)]
    return [(n, b) for n, b in sizes if 1 <= b <= n and (b != 7)] + several


def cut(order, size):
    return [order[i : i + size] for i in range(0, len(order), size)]


def seen(order, size):
    return shuffled_batches(cut(np.asarray(order), size), {"n": len(order)})


def orders_by_descents(n):
    """Eulerian numbers: how many orders of n have 0, 1, 2, … descents."""
    counts = [1]
    for m in range(2, n + 1):
        row = [0, *counts, 0]
        counts = [(k + 1) * row[k + 1] + (m - k) * row[k] for k in range(m)]
    return counts


def orders_by_inversions(n):
    """Mahonian numbers: how many orders of n have 0, 1, 2, … inversions."""
    counts = [1]
    for m in range(2, n + 1):
        sums = [0]
        for count in counts + [0] * (m - 1):
            sums.append(sums[-1] + count)
        counts = [sums[k + 1] - sums[max(k + 1 - m, 0)] for k in range(len(sums) - 1)]
    return counts


def chance_of_far(counts, mean, variance, n):
    far = (c for k, c in enumerate(counts) if abs(k - mean) > FAR * math.sqrt(variance))
    return Fraction(sum(far), math.factorial(n))


def false_alarm(n, size):
    """Exact upper bound of the chance that a uniformly random order is refused."""
    sizes = [len(batch) for batch in cut(range(n), size)]
    inside = math.prod(map(math.factorial, sizes))
    whole = math.factorial(len(sizes))
    named = 1 + (inside + whole if 1 < len(sizes) < n else 0)
    return (
        Fraction(named, math.factorial(n))
        + chance_of_far(orders_by_descents(n), (n - 1) / 2, (n + 1) / 12, n)
        + chance_of_far(
            orders_by_inversions(n),
            n * (n - 1) / 4,
            n * (n - 1) * (2 * n + 5) / 72,
            n,
        )
    )


def test_counts_of_orders_are_right():
    """Against all orders of five."""
    from itertools import permutations

    orders = np.array(list(permutations(range(5))))
    descents = np.sum(orders[:, 1:] < orders[:, :-1], axis=1)
    pairs = [(i, j) for i in range(5) for j in range(i + 1, 5)]
    inversions = sum((orders[:, i] > orders[:, j]).astype(int) for i, j in pairs)

    assert np.bincount(descents).tolist() == orders_by_descents(5)
    assert np.bincount(inversions).tolist() == orders_by_inversions(5)


def test_false_alarms_are_rarer_than_one_in_a_million():
    """Summed over all cases of one draw; each case alone under 1 in 50 million."""
    chances = [false_alarm(*case) for case in judged_cases()]
    repeated = Fraction(1, math.factorial(60))  # one order in both epochs of sixty

    assert max(chances) < 2e-8
    assert sum(chances) + repeated < 1e-6


def test_thousands_of_right_answers_pass():
    """No false alarm among them, for each size."""
    rng = np.random.default_rng(0)
    for n, size in judged_cases():
        for _ in range(300):
            assert seen(rng.permutation(n), size) == RIGHT


@pytest.mark.parametrize(
    "order",
    [
        np.arange(60),
        np.arange(60)[::-1],
        np.roll(np.arange(60), 23),
        np.arange(60).reshape(6, 10).T.ravel(),
        np.concatenate([np.arange(30) + 30, np.arange(30)]),
        np.arange(60).reshape(6, 10)[[3, 0, 5, 1, 4, 2]].ravel(),
    ],
    ids=[
        "sorted",
        "reversed",
        "rotated",
        "dealt out",
        "halves swapped",
        "blocks moved",
    ],
)
def test_orders_that_are_not_random_are_refused(order):
    """Each of them is a permutation; only its order gives it away."""
    found = seen(order, 10)

    assert found["set of indices"] == RIGHT["set of indices"]
    assert found["order of the indices"] != "random"


def test_a_shuffle_inside_batches_is_told_from_one_of_all():
    """Whatever the seed."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        order = rng.permuted(np.arange(60).reshape(6, 10), axis=1).ravel()

        assert "neighbours" in seen(order, 10)["order of the indices"]


@pytest.mark.parametrize(
    ("returned", "word"),
    [
        ([np.array([0.0, 1.0]), np.array([2.0])], "float64"),
        ([np.array([np.nan, 1.0]), np.array([2.0])], "float64"),
        ([np.array([True, False]), np.array([True])], "bool"),
        ([], "list"),
    ],
)
def test_indices_of_another_type_are_told(returned, word):
    """Only whole numbers can be indices; nothing else stops the observer."""
    assert word in shuffled_batches(returned, {"n": 3})["type of the indices"]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ([1, 2, 3], "outside 0 to n - 1: from 1 to 3"),
        ([-1, 0, 1], "outside 0 to n - 1: from -1 to 1"),
        ([0, 2, 2], "more than once"),
        ([0, 2], "missing"),
    ],
)
def test_sets_that_are_not_a_partition_are_told(order, words):
    """Outside, twice, missing."""
    found = shuffled_batches(cut(np.array(order), 2), {"n": 3})

    assert words in found["set of indices"]


BATCHES = find("epoch_batches").reference


def verdict_of(answer):
    question = public_question("epoch_batches")
    return judged(answer, question)


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (lambda b: None, "wrong-type", "is the `return` line missing?"),
        (lambda b: b[0], "wrong-type", "one integer array of shape"),
        (lambda b: len(b), "wrong-type", "a single number. It should be a list"),
        (lambda b: [i.tolist() for i in b], "wrong-type", "`batches[0]`: a list of"),
        (lambda b: iter(b), "wrong-type", "list_iterator. It should be a list"),
        (lambda b: [i[:, None] for i in b], "wrong-shape", "should have shape (5,)"),
        (lambda b: b[:-1], "wrong-shape", "items in `batches`; it should return 4"),
        (lambda b: [i + 0j for i in b], "wrong-type", "one complex array"),
        (lambda b: [i > 0 for i in b], "wrong-type", "one Boolean array"),
        (
            lambda b: [i * np.nan for i in b],
            "wrong-values",
            "it is float64 it should be integer",
        ),
        (lambda b: [i * 1.0 for i in b], "wrong-values", "it should be integer"),
        (lambda b: [None] * len(b), "wrong-type", "`batches[0]`: None"),
    ],
    ids=range(12),
)
def test_each_bad_answer_has_a_message_of_its_own(spoil, code, words):
    """What is no list of index arrays is called by what it is."""
    found = verdict_of(lambda n, size, rng: spoil(BATCHES(n, size, rng)))

    assert found.code == code
    assert words in " ".join(found.message.text().split())
    assert found.score <= found.points / 2


def test_an_array_of_arrays_is_no_python_generator():
    """An object array is told by its type, and not taken for another mistake."""

    def answer(n, size, rng):
        batches = BATCHES(n, size, rng)
        row = np.empty(len(batches), dtype=object)
        row[:] = batches
        return row

    found = verdict_of(answer)

    assert (found.code, found.misconceptions) == ("wrong-type", ())
    assert "an array of dtype object. It should be a list" in " ".join(
        found.message.text().split()
    )


def kept_in_a_dict():
    """An answer that shuffles once for each n and keeps the order."""
    kept = {}

    def answer(n, size, rng):
        batches = BATCHES(n, size, rng)
        if n not in kept:
            kept[n] = np.concatenate(batches)
        return cut(kept[n], size)

    return answer


def draws_and_ignores(n, size, rng):
    BATCHES(n, size, rng)
    return BATCHES(n, size, np.random.default_rng(7))


@pytest.mark.parametrize("answer", [kept_in_a_dict(), draws_and_ignores])
def test_the_same_order_in_two_epochs_is_told(answer):
    """Each order is random and the generator is used; only two epochs show it."""
    found = verdict_of(answer)

    assert found.code == "generator-unused"
    text = " ".join(found.message.text().split())
    assert "the same numbers for two different generators" in text
    assert "sixty examples once more, for the next epoch" in text
    assert "This is an order that does not depend on `rng`" in text
    assert found.score <= found.points / 2


@pytest.mark.parametrize("seed", range(50))
def test_no_two_cases_have_one_seed(seed):
    """So a right answer cannot give one order twice but by a chance of 1 in 60!."""
    drawn = [a["rng"] for _, a in draw_epoch_batches(np.random.default_rng(seed))]

    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("dtype", [np.int32, np.uint16, np.int64])
def test_every_integer_type_is_an_index(dtype):
    """Short or unsigned."""
    found = verdict_of(
        lambda n, size, rng: [b.astype(dtype) for b in BATCHES(n, size, rng)]
    )

    assert found.passed
