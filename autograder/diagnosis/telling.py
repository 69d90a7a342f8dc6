"""All that is found out of a wrong answer, made into one message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from autograder.calling.calls import Outcome
from autograder.checking.cases import Question
from autograder.checking.message import Message
from autograder.checking.verdict import Statement, Verdict
from autograder.checking.words.phrases import sentences
from autograder.diagnosis.partly import known_but_for_errors, known_in_part
from autograder.diagnosis.relations import relations
from autograder.diagnosis.so_far import so_far
from autograder.limits import EVIDENCE_SECONDS

__all__ = ["may_be_told", "needs_a_place", "seconds_left", "tell"]

EXPLAINED = frozenset(
    "wrong-values wrong-shape wrong-type argument-changed global-random "
    "generator-unused wrong-calls raised".split()
)
"""Verdict codes of answers of which more can be said."""


def tell(
    verdict: Verdict,
    question: Question,
    outcomes: Sequence[Outcome],
    places: Callable[[], list[Statement]] | None = None,
) -> Verdict:
    """`verdict` with what the evidence says in its message; the rest as it is.

    Parameters
    ----------
    verdict : Verdict
    question : Question
    outcomes : sequence of Outcome
        What the answer did in the question's cases.
    places : callable, optional
        Finds places in the answer's code, where it may be called again for that.
    """
    if not may_be_told(verdict, question):
        return verdict
    with np.errstate(all="ignore"):
        pairs = list(zip(question.cases, outcomes, strict=True))
        right = so_far(question, pairs)
        found: list[Statement] = []
        if needs_a_place(verdict):
            found = known_but_for_errors(question, pairs)
            seen = [] if found or places is None else places()
            found += [statement for statement in seen if statement.proved]
            found = found or known_in_part(question, pairs)
            found = found or relations(question, pairs) or seen
    message = _woven(verdict.message, right, found)
    return replace(verdict, message=message, told=(*right, *verdict.told, *found))


def seconds_left(spent: float) -> float:
    """For places, where the known mistakes took so long; half of it at the least."""
    return max(EVIDENCE_SECONDS - spent, EVIDENCE_SECONDS / 2)


def may_be_told(verdict: Verdict, question: Question) -> bool:
    """Whether anything more can be said of an answer, and may be."""
    return verdict.code in EXPLAINED and not question.bands and not question.to_mend


def needs_a_place(verdict: Verdict) -> bool:
    """Whether no known mistake explains an answer as a whole."""
    return verdict.code in EXPLAINED and not verdict.misconceptions


def _woven(
    message: Message, right: Sequence[Statement], found: Sequence[Statement]
) -> Message:
    """The message with what is right behind its headline, then what was found."""
    headline, *rest = message.blocks
    assert isinstance(headline, str)
    first = sentences(headline, *(statement.text for statement in right))
    blocks = (first, *(statement.text for statement in found), *rest)
    return replace(message, blocks=blocks)
