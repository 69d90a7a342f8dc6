"""Answers that were learned by heart or guessed earn nothing where cases are fresh."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.calling.calls import Outcome, call
from autograder.calling.packing import pack
from autograder.checking.cases import public_question
from autograder.checking.judging import judge
from autograder.exercises import EXERCISES, chapter_of
from autograder.grading.examiner import _order
from autograder.grading.grade import drawing

SECRETS = tuple(bytes([i]) * 32 for i in range(8))
FRESH = [exercise for exercise in EXERCISES if not exercise.bands]


def question_of(exercise, secret):
    return drawing(secret, "tests", "mallory", chapter_of(exercise.name))(exercise)


@pytest.mark.parametrize("exercise", FRESH, ids=lambda e: e.name)
def test_public_answers_recited_in_their_order_earn_nothing(exercise):
    """A function that counts its calls gives what the public cases want."""
    recited = [case.expected for case in public_question(exercise.name).cases]
    for secret in SECRETS:
        question = question_of(exercise, secret)
        order = _order([pack(dict(case.arguments)) for case in question.cases])
        outcomes = [Outcome()] * len(order)
        for nth, at in enumerate(order):
            outcomes[at] = recited[nth % len(recited)]

        assert judge(question, outcomes).score == 0


@pytest.mark.parametrize("exercise", FRESH, ids=lambda e: e.name)
def test_public_answers_looked_up_earn_nothing(exercise):
    """A table of the public cases, and an error for everything else."""
    table = {
        pack(dict(case.arguments)): case.expected
        for case in public_question(exercise.name).cases
    }
    for secret in SECRETS:
        question = question_of(exercise, secret)
        errors = [c.expected for c in question.cases if c.expected.error is not None]
        for other in (Outcome(), *errors[:1]):
            outcomes = [
                table.get(pack(dict(case.arguments)), other) for case in question.cases
            ]

            assert judge(question, outcomes).score == 0


@pytest.mark.parametrize("exercise", FRESH, ids=lambda e: e.name)
def test_one_answer_for_everything_earns_nothing(exercise):
    """Whatever is right in one case, in all."""
    for secret in SECRETS[:2]:
        question = question_of(exercise, secret)
        for case in question.cases:
            outcomes = [case.expected] * len(question.cases)

            assert judge(question, outcomes).score == 0


def choices(question):
    return {
        str(case.expected.returned)
        for case in question.cases
        if isinstance(case.expected.returned, bool | np.bool_ | str)
    }


CHOICES = [e for e in FRESH if len(choices(public_question(e.name))) > 1]


@pytest.mark.parametrize("exercise", CHOICES, ids=lambda e: e.name)
def test_guesses_earn_nothing(exercise):
    """A coin is right in half of the cases, and sometimes in more."""
    rng = np.random.default_rng(4)
    for secret in SECRETS:
        question = question_of(exercise, secret)
        values = [c.expected.returned for c in question.cases if not c.expected.error]
        for _ in range(20):
            outcomes = [
                Outcome(returned=values[rng.integers(len(values))])
                for _ in question.cases
            ]

            assert judge(question, outcomes).score == 0


def test_there_are_exercises_whose_answers_are_choices():
    assert {"violates_convexity", "classify_critical_point"} <= {
        exercise.name for exercise in CHOICES
    }


@pytest.mark.parametrize("exercise", FRESH, ids=lambda e: e.name)
def test_the_reference_earns_everything(exercise):
    question = question_of(exercise, SECRETS[0])
    reference = exercise.stand_in or exercise.reference
    names = question.parameters

    outcomes = [call(reference, case.arguments, names) for case in question.cases]

    assert judge(question, outcomes).score == question.points
