"""What was found in somebody's functions, as a comment of a few lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from autograder.checking.message import code_spans
from autograder.classroom.class_result import Row
from autograder.course import Course
from autograder.grading.found import named_mistakes
from autograder.grading.result import UNJUDGED
from autograder.report.results_file import NoResults, read_results

__all__ = ["comment", "comments_of", "is_ours"]

OPENING = "Found in your functions:"
ALL_RIGHT = "All your functions are right."

MOST = 1_800
"""Characters of a comment, which a spreadsheet's cell holds whole."""


def comments_of(course: Course) -> dict[str, dict[str, str]]:
    """By chapter and student, from the results; nothing where there are none."""
    try:
        rows = read_results(course).rows
    except NoResults:
        return {}
    by_place: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_place[row.chapter, row.student].append(row)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (chapter, student), those in by_place.items():
        if not any(row.code in UNJUDGED for row in those):
            found[chapter][student] = comment(those)
    return dict(found)


def comment(rows: Iterable[Row]) -> str:
    """HTML, as the editor of such a comment keeps it."""
    wrong = [row for row in rows if row.code != "passed"]
    if not wrong:
        return ALL_RIGHT
    for with_reasons in (True, False):
        lines = [OPENING, *(_line(row, with_reasons) for row in wrong)]
        told = "<br>".join(lines)
        if len(told) <= MOST:
            break
    return told


def is_ours(text: str) -> bool:
    """Whether such a comment was written here, and may be written anew."""
    return text.startswith((OPENING, ALL_RIGHT))


def _line(row: Row, with_reasons: bool) -> str:
    named = named_mistakes(row.exercise, row.misconceptions)
    if named:
        told = ", or ".join(form for form, _ in named) + "."
        if with_reasons and len(named) == 1:
            told += f" {named[0][1]}"
    elif row.code in ("not-written", "not-defined"):
        told = "not written yet."
    else:
        told = "not right yet; your feedback page says where."
    return code_spans(f"`{row.exercise}`: {told.strip()}")
