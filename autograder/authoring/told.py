"""Whether a check says what is wrong with a function, not only that it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from autograder.calling.calls import call
from autograder.checking.cases import Question
from autograder.checking.deadline import TooLong, deadline
from autograder.checking.judging import judge
from autograder.diagnosis.place import places
from autograder.diagnosis.telling import tell
from autograder.limits import EVIDENCE_SECONDS, MUTANT_SECONDS

__all__ = ["is_told"]

_SAY_THEMSELVES = frozenset(
    ("raised", "wrong-type", "argument-changed", "global-random", "wrong-calls")
)
"""Verdicts that are what is wrong: an error with its line, a kind, a broken law."""


def is_told(question: Question, wrong: Callable) -> bool:
    """Whether a check says of `wrong` more than which numbers are wrong."""
    parameters = question.parameters
    try:
        with deadline(MUTANT_SECONDS):
            outcomes = [call(wrong, c.arguments, parameters) for c in question.cases]
            judged = judge(question, outcomes)
            found = partial(places, question, outcomes, wrong, EVIDENCE_SECONDS)
            verdict = tell(judged, question, outcomes, found)
    except TooLong:
        return True  # a check says TOO SLOW
    said = any(statement.kind != "right-so-far" for statement in verdict.told)
    return said or verdict.code in _SAY_THEMSELVES
