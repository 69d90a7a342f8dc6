"""What was found in somebody's functions, as a comment of a few lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from autograder.checking.message import code_spans
from autograder.classroom.class_result import Row
from autograder.course import Course
from autograder.grading.found import named_mistakes
from autograder.grading.result import UNJUDGED
from autograder.language import N_, _, languages, or_english, speaking
from autograder.report.results_file import NoResults, read_results

__all__ = ["comment", "comments_of", "is_ours"]

OPENING = N_("Found in your functions:")
ALL_RIGHT = N_("All your functions are right.")

MOST = 1_800
"""Characters of a comment, which a spreadsheet's cell holds whole."""


def comments_of(course: Course) -> dict[str, dict[str, str]]:
    """By chapter and student, from the results; nothing where there are none.

    Each is in the language of what was handed in.
    """
    try:
        graded = read_results(course).graded
    except NoResults:
        return {}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in graded:
        if one.rows and not any(row.code in UNJUDGED for row in one.rows):
            with speaking(or_english(one.language)):
                found[one.chapter][one.student] = comment(one.rows)
    return dict(found)


def comment(rows: Iterable[Row]) -> str:
    """HTML, as the editor of such a comment keeps it."""
    wrong = [row for row in rows if row.code != "passed"]
    if not wrong:
        return _(ALL_RIGHT)
    for with_reasons in (True, False):
        lines = [_(OPENING), *(_line(row, with_reasons) for row in wrong)]
        told = "<br>".join(lines)
        if len(told) <= MOST:
            break
    return told


def is_ours(text: str) -> bool:
    """Whether such a comment was written here, and may be written anew."""
    for language in languages():
        with speaking(language):
            if text.startswith((_(OPENING), _(ALL_RIGHT))):
                return True
    return False


def _line(row: Row, with_reasons: bool) -> str:
    named = named_mistakes(row.exercise, row.misconceptions)
    if named:
        told = _("`{name}`: {forms}.")
        if with_reasons and len(named) == 1:
            told = _("`{name}`: {forms}. {why}")
    elif row.code in ("not-written", "not-defined"):
        told = _("`{name}`: not written yet.")
    else:
        told = _("`{name}`: not right yet; your feedback page says where.")
    forms = _(", or ").join(form for form, _why in named)
    why = named[0][1] if named else ""
    said = told.format(name=row.exercise, forms=forms, why=why)
    return code_spans(said.strip())
