"""What is said of a function that does not return, in a check and in grading."""

from __future__ import annotations

from autograder.checking.cases import Question
from autograder.checking.message import Message
from autograder.checking.values import format_call
from autograder.checking.verdict import Verdict

__all__ = ["TOO_SLOW", "too_slow"]

TOO_SLOW = "TOO SLOW"
"""Heading of what is said of a call that did not return."""


def too_slow(question: Question, number: int) -> Verdict:
    """The verdict on a function that did not return in case `number`, from 1."""
    case = question.cases[number - 1]
    blocks = (
        f"`{question.name}` has not returned after {question.seconds:g} seconds.",
        f"Case {number} of {len(question.cases)}: {case.label}.",
        "I called it like this:",
        format_call(question.name, case.arguments),
        "Is there a loop that never ends?",
    )
    return Verdict.without_points(
        question.name,
        question.chapter,
        question.points,
        "timed-out",
        Message(TOO_SLOW, question.name, blocks),
    )
