"""What was found in an answer, in a few words: the mistake's name, where it has one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.checking.verdict import Verdict
from autograder.exercises import find, words_of
from autograder.grading.result import UNJUDGED
from autograder.grading.words import CELL, PROBLEMS, SIGNAL, parts_of, said_again
from autograder.language import _
from autograder.submissions import choosing, graft, releases

__all__ = ["in_words", "named_mistakes", "said_note"]

_NOT_CALLED = UNJUDGED | {"not-written", "not-defined"}
"""Codes whose title says all."""

_SENTENCE = re.compile(r"(?:`[^`]*`|[^`.。]|\.(?!\s|$))*")


def in_words(verdict: Verdict) -> str:
    """What was found, without a full stop; code stands in backquotes."""
    if verdict.passed and verdict.score >= verdict.points:
        return _("RIGHT").lower()
    named = named_mistakes(verdict.exercise, verdict.misconceptions)
    if named:
        return _(", or ").join(form for form, _why in named)
    headline = next((b for b in verdict.message.blocks if isinstance(b, str)), "")
    sentence = _SENTENCE.match(headline)
    if verdict.code in _NOT_CALLED or sentence is None or not sentence[0]:
        return _(verdict.message.title).lower()
    return sentence[0]


def named_mistakes(exercise: str, mistakes: Sequence[str]) -> list[tuple[str, str]]:
    """The form and the explanation of known mistakes of an exercise, as they are said.

    One that the registry does not have any more is called by its name.
    """
    found = []
    for name in mistakes:
        try:
            told = words_of(find(exercise), name)
        except KeyError:
            told = None
        found.append(told or (name.replace("_", " "), ""))
    return found


def said_note(note: str) -> str:
    """A note on a notebook, or its problem, kept in English, in the language spoken."""
    found = parts_of(note, CELL)
    if found is None:
        known = *choosing.NOTES, *graft.NOTES, *releases.NOTES, *PROBLEMS
        return said_again(note, known)
    stopped = said_again(found["stopped"], (SIGNAL,))
    return _(CELL).format(**found | {"stopped": _(stopped)})
