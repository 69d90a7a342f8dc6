"""What is said of a function that does not return, in a check and in grading."""

from __future__ import annotations

from autograder.checking.cases import Question
from autograder.checking.message import Message
from autograder.checking.values import the_call
from autograder.checking.verdict import Verdict
from autograder.language import N_, _

__all__ = ["TOO_SLOW", "too_slow"]

TOO_SLOW = N_("TOO SLOW")
"""Heading of what is said of a call that did not return."""


def too_slow(question: Question, number: int) -> Verdict:
    """The verdict on a function that did not return in case `number`, from 1."""
    blocks = (
        _("`{name}` has not returned after {seconds} seconds.").format(
            name=question.name, seconds=f"{question.seconds:g}"
        ),
        *the_call(question, number - 1),
        _("Is there a loop that never ends?"),
    )
    return Verdict.without_points(
        question.name,
        question.chapter,
        question.points,
        "timed-out",
        Message(TOO_SLOW, question.name, blocks),
    )
