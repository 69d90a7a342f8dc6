"""What is found where an error came, or should have come."""

from __future__ import annotations

import textwrap

from autograder.calling.calls import NO_ANSWER, ErrorNote, Outcome
from autograder.calling.drivers import NO_ANSWERS
from autograder.calling.inputs import WRONG_CALLS
from autograder.checking.finding import Finding
from autograder.checking.values import WIDTH
from autograder.checking.words.columns import columns
from autograder.checking.words.phrases import in_language, pattern
from autograder.language import N_, _

__all__ = ["compare_errors", "error_lines", "is_unwritten"]

_ROOM = WIDTH - 4
"""Columns of an error's lines, which stand indented in a message."""


def is_unwritten(got: Outcome) -> bool:
    """Whether a call met the line that stands for what is to be written."""
    return got.error is not None and got.error.kind == "NotImplementedError"


def compare_errors(expected: Outcome, got: Outcome) -> Finding | None:
    """What is told of a call of which one raised; None if both raise the same."""
    right, error = expected.error, got.error
    if error is not None and right is not None and right.kind in error.kinds:
        return None
    if is_unwritten(got):
        return Finding(
            "not-written", N_("NOT WRITTEN YET"), N_("`{name}` is not written yet.")
        )
    if error is not None and error.kind == "WrongCall":
        problem = {"problem": in_language(error.text, WRONG_CALLS)}
        told = N_("In `{name}`: {problem}")
        return Finding("raised", N_("CALL FAILED"), told, given=problem)
    if error is not None and NO_ANSWER in error.kinds:
        return _no_answer(error.text)
    if error is not None and right is not None:
        told = N_("`{name}` stops with an error. It should raise {error} here.")
        return Finding("raised", N_("CALL FAILED"), told, given={"error": right.kind})
    if error is not None:
        told = N_("`{name}` stops with an error.")
        return Finding("raised", N_("CALL FAILED"), told)
    assert right is not None
    return Finding(
        "wrong-values",
        N_("ERROR EXPECTED"),
        N_("`{name}` should raise {error} for these arguments, and returns a value."),
        returned=got.returned,
        shows_values=True,
        given={"error": right.kind},
    )


def _no_answer(text: str) -> Finding:
    """What is told of a `NoAnswer`, which says everything but the function's name."""
    for told in NO_ANSWERS:
        found = pattern(told.removeprefix("`{name}` ")).fullmatch(text)
        if found is not None:
            return Finding(
                "wrong-type", N_("WRONG TYPE"), told, given=found.groupdict()
            )
    return Finding(
        "wrong-type", N_("WRONG TYPE"), "`{name}` {problem}", given={"problem": text}
    )


def error_lines(error: ErrorNote) -> list[str]:
    """The learner's own line that raised, and what was raised."""
    told = textwrap.wrap(f"{error.kind}: {error.text}", _ROOM, subsequent_indent="    ")
    if error.line:
        where = _("line {number}:").format(number=error.line_number) + "  "
        told = [where + textwrap.shorten(error.line, _ROOM - columns(where)), *told]
    return told
