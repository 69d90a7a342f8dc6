"""Checks against many fresh draws of cases: no false alarm, and nothing missed.

The number of draws is small here, so that the suite stays quick.  Before a
change of cases or tolerances is committed, it is run once with 2,000:
`CHECK_DRAWS=2000 pytest --timeout=0 -k NAME` on this file.
"""

import os
from dataclasses import replace

import pytest

from autograder.checking.cases import draw_question
from autograder.checking.judging import verdict
from autograder.exercises import EXERCISES, chapter_of

DRAWS = int(os.environ.get("CHECK_DRAWS", "8"))

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def draws(exercise):
    """Many draws; two where only an order is drawn, and answers train for a while."""
    chapter = chapter_of(exercise.name)
    n = min(DRAWS, 2) if exercise.bands else DRAWS
    return (draw_question(exercise, chapter, (k, 1)) for k in range(n))


@every_exercise
def test_no_draw_raises_a_false_alarm(exercise):
    """Whatever cases are drawn, every right form passes them."""
    for question in draws(replace(exercise, misconceptions=())):
        for form in (exercise.reference, *exercise.equivalents):
            found = verdict(form, question)

            assert found.passed, f"{form.__name__}:\n{found.message.text()}"


@every_exercise
def test_no_draw_misses_a_mistake(exercise):
    """Whatever cases are drawn, every wrong form fails and is named, it alone."""
    for question in draws(exercise):
        for mistake in exercise.misconceptions:
            found = verdict(mistake.mutant, question)

            assert found.misconceptions == (mistake.name,), found.message.text()
