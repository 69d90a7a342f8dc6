"""A part of an answer that is the learner's own may be anything at all."""

import numpy as np
import pytest

from autograder.calling.calls import call
from autograder.calling.packing import pack, unpack
from autograder.checking.cases import public_question
from autograder.checking.judging import judge
from autograder.exercises import EXERCISES, find
from autograder.kernels.batch_norm import batchnorm_forward

QUESTION = public_question("batchnorm_forward")

HELD = [0.0]
HELD.append(HELD)


class Kept:
    """What a learner may have made to keep things in."""


CACHES = {
    "nothing": None,
    "arrays": (np.ones(3), np.zeros((2, 2))),
    "an object": Kept(),
    "a function": np.mean,
    "a dict by numbers": {1: np.ones(2)},
    "an array of objects": np.array([Kept(), None]),
    "very deep": [[[[[[[1.0]]]]]]],
    "itself": HELD,
    "very long": list(range(200_000)),
    "not finite": np.full(3, np.nan),
    "complex": 1j,
}


def verdict(function):
    outcomes = [
        call(function, c.arguments, QUESTION.parameters) for c in QUESTION.cases
    ]
    # As in grading, where what comes back goes through the seam.
    return judge(QUESTION, unpack(pack(outcomes)))


@pytest.mark.parametrize("cache", CACHES.values(), ids=CACHES)
def test_cache_may_be_anything(cache):
    """What is kept for the backward pass decides nothing."""

    def answer(x, gamma, beta, eps=1e-5):
        return batchnorm_forward(x, gamma, beta, eps)[0], cache

    assert verdict(answer).passed


def test_what_is_judged_still_is():
    """A wrong output beside the right cache is a wrong answer."""

    def answer(x, gamma, beta, eps=1e-5):
        out, cache = batchnorm_forward(x, gamma, beta, eps)
        return 2 * out, cache

    found = verdict(answer)

    assert found.code == "wrong-values"
    assert "the wrong `out`" in found.message.text()


@pytest.mark.parametrize("n_parts", [1, 3])
def test_a_part_may_not_be_left_out(n_parts):
    """The free part has its place, and an answer has no more parts than that."""

    def answer(x, gamma, beta, eps=1e-5):
        out, _ = batchnorm_forward(x, gamma, beta, eps)
        return (out, None, None) if n_parts == 3 else out

    found = verdict(answer)

    assert found.code == "wrong-type"
    assert "`return out, cache`" in found.message.text()


def test_no_other_exercise_has_a_free_part():
    """Everywhere else all that is returned is judged."""
    free = {
        e.name: set(e.returns) - set(e.order)
        for e in EXERCISES
        if e.order and set(e.returns) != set(e.order)
    }

    assert free == {"batchnorm_forward": {"cache"}}
    assert find("batchnorm_forward").returns == ("out", "cache")
