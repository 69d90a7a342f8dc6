"""What a person should know of one submission, in sentences with codes."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.classroom.class_result import Trouble
from autograder.grading.result import (
    NEWER_PYTHON,
    OTHER_RELEASE,
    OWN_FAILURE,
    Result,
)
from autograder.submissions.submission import Submission

__all__ = ["TIME_CHANGED", "other_time", "trouble", "troubles_of"]

TIME_CHANGED = "time-changed"
"""The time stamp is another one than at the last grading, the notebook is not."""


def troubles_of(submission: Submission, result: Result) -> Iterator[Trouble]:
    """What a person should know of one submission."""
    for doubt in submission.doubts:
        yield trouble(submission, doubt.text, doubt.code)
    if result.problem is not None:
        code = result.unaccounted or submission.code or OWN_FAILURE
        yield trouble(submission, result.problem, code)
        return
    for code, told in (
        (OWN_FAILURE, "We could not judge {}: a person has to look."),
        (OTHER_RELEASE, "From another release, where {} may have had another name."),
        (NEWER_PYTHON, "Needs a newer Python than the one that grades: {}."),
    ):
        those = [v.exercise for v in result.verdicts if v.code == code]
        if those:
            yield trouble(submission, told.format(", ".join(those)), code)


def other_time(submission: Submission, before: str | None) -> Iterator[Trouble]:
    """Tell of a time that changed though the notebook did not."""
    if submission.timestamp is not None and before not in (None, submission.timestamp):
        text = (
            f"timestamp.txt now says {submission.timestamp}, before it said {before}, "
            "of the same notebook: was that you?"
        )
        yield trouble(submission, text, TIME_CHANGED)


def trouble(submission: Submission, text: str, code: str = "") -> Trouble:
    """Something about one submission."""
    return Trouble(text, submission.student, submission.chapter, code)
