"""Whether a function draws from the generator that it is given."""

import numpy as np
import pytest
from numpy.random import mtrand

from autograder.calling import global_random
from autograder.calling.calls import Outcome, call
from autograder.calling.inputs import Seed
from autograder.calling.packing import BadPacket, pack, unpack
from autograder.checking.cases import public_question
from autograder.checking.judging import verdict as judged
from autograder.exercises import find

ARGUMENTS = {"n": 4, "rng": Seed(7)}


@pytest.mark.parametrize(
    "draw",
    [
        lambda n, rng: rng.permutation(n),
        lambda n, rng: rng.spawn(1)[0].permutation(n),
        lambda n, rng: rng.bit_generator.random_raw(),
    ],
    ids=["a method", "a child", "the bits"],
)
def test_a_draw_is_noticed(draw):
    """However the generator is used."""
    assert call(draw, ARGUMENTS).drew == ("rng",)


def test_another_generator_is_not_the_given_one():
    """Neither one of its own nor the global one counts."""
    assert call(lambda n, rng: np.random.default_rng(1).random(n), ARGUMENTS).drew == ()
    assert call(lambda n, rng: np.random.random(n), ARGUMENTS).drew == ()


def verdict_of(answer):
    question = public_question("epoch_batches")
    return judged(answer, question)


def test_right_values_without_a_draw_break_a_law():
    """A generator made inside is told, and costs half of each case."""

    def answer(n, batch_size, rng):
        return find("epoch_batches").reference(n, batch_size, np.random.default_rng())

    found = verdict_of(answer)

    assert found.code == "generator-unused"
    assert "draws nothing from `rng`" in " ".join(found.message.text().split())
    assert 0 < found.score < found.points


def test_a_global_draw_is_told_first():
    """It is the more exact of the two complaints."""

    def answer(n, batch_size, rng):
        if not 1 <= batch_size <= n:
            raise ValueError
        order = np.random.permutation(n)
        return [order[i : i + batch_size] for i in range(0, n, batch_size)]

    assert verdict_of(answer).code == "global-random"


def test_drew_survives_packing():
    """The box reports it."""
    outcome = Outcome(returned=1, drew=("rng",))

    assert unpack(pack(outcome)) == outcome


def test_packets_that_lie_about_draws_are_refused():
    """Only a tuple of names is believed to be one."""
    for lie in (["rng"], (1,), None):
        with pytest.raises(BadPacket):
            unpack(pack(Outcome(returned=1, drew=lie)))


def test_a_call_leaves_the_global_state_as_it_was():
    """What an answer does to it is seen, and undone."""
    np.random.seed(3)
    expected = np.random.random()

    np.random.seed(3)
    assert call(lambda n, rng: np.random.seed(0), ARGUMENTS).global_random

    assert np.random.random() == expected


def test_the_second_of_two_normal_numbers_is_seen():
    """It was drawn with the first one, and taking it moves no word of the state."""
    np.random.seed(3)
    first, second = np.random.normal(size=2)
    np.random.seed(3)
    assert np.random.normal() == first

    assert call(lambda n, rng: np.random.normal(), ARGUMENTS).global_random

    assert np.random.normal() == second


def test_another_global_generator_is_seen_and_taken_out():
    """One that an answer puts in, and one that was there before."""
    own = mtrand.get_bit_generator()
    expected = np.random.get_state()[1].tolist()

    def puts_one_in(n, rng):
        mtrand.set_bit_generator(np.random.PCG64(0))

    assert call(puts_one_in, ARGUMENTS).global_random
    assert np.random.get_state()[1].tolist() == expected

    try:
        mtrand.set_bit_generator(np.random.PCG64(0))
        assert not call(lambda n, rng: 1, ARGUMENTS).global_random
        assert call(lambda n, rng: np.random.random(), ARGUMENTS).global_random
    finally:
        mtrand.set_bit_generator(own)


def test_a_global_state_that_lies_elsewhere_is_compared_whole(monkeypatch):
    """As in a NumPy whose generator is made in another way."""
    monkeypatch.setattr(global_random, "_lie_as_known", lambda: False)

    test_a_call_leaves_the_global_state_as_it_was()
    test_the_second_of_two_normal_numbers_is_seen()
    assert not call(lambda n, rng: 1, ARGUMENTS).global_random


def test_words_lie_where_they_are_looked_for():
    """Else each call would take three times as long, and no test would say so."""
    assert global_random._lie_as_known()
