"""Two known mistakes made at once."""

from __future__ import annotations

import pytest

from autograder.checking.cases import draw_question, public_question
from autograder.checking.judging import verdict
from autograder.checking.recorded import load_recorded, record
from autograder.exercises import EXERCISES, chapter_of, find
from autograder.exercises.pairs import find_mistake, pairs_of

BOTH = "lr_twice+beta_complement"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_a_pair_is_two_edits_of_one_function_that_do_not_touch(exercise):
    """Its name and its words hold those of both, and both edits are in its source."""
    for name, pair in pairs_of(exercise).items():
        one, other = (find_mistake(exercise, part) for part in name.split("+"))
        assert one.form in pair.form
        assert other.form in pair.form
        assert pair.edit.changes == {**one.edit.changes, **other.edit.changes}
        assert pair.edit.of is one.edit.of is other.edit.of


@pytest.mark.parametrize("public", [True, False])
def test_an_answer_that_makes_two_mistakes_is_named_as_both(public):
    """In the public cases and in those that the grader draws."""
    exercise = find("momentum_step")
    question = public_question(exercise.name)
    if not public:
        question = draw_question(exercise, chapter_of(exercise.name), (5,))

    def momentum_step(theta, velocity, grad, lr, beta):
        velocity = (1 - beta) * velocity - lr * grad
        return theta + lr * velocity, velocity

    found = verdict(momentum_step, question, public)
    told = " ".join(found.message.text().split())

    assert found.misconceptions == (BOTH,)
    assert "exactly the numbers of two mistakes at once: momentum with" in told
    for part in BOTH.split("+"):
        assert find_mistake(exercise, part).form in told
        assert find_mistake(exercise, part).why in told


def test_one_mistake_is_never_told_as_two():
    """A pair is tried only where no single mistake makes the numbers."""
    exercise = find("momentum_step")
    question = public_question(exercise.name)

    for mistake in exercise.misconceptions:
        assert verdict(mistake.mutant, question).misconceptions == (mistake.name,)


def test_what_is_no_mistake_is_not_found():
    assert find_mistake(find("momentum_step"), "climbs+nothing_else") is None


def test_a_learners_installation_records_single_mistakes_only():
    """Pairs need kernels; without them two mistakes at once have no name."""
    live = public_question("momentum_step")
    recorded = load_recorded(record(live))

    assert live.pair(BOTH)
    assert recorded.pair is None
    assert set(recorded.cases[0].mistaken) == set(live.forms)
