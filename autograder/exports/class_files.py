"""A class's results as files: marks for a spreadsheet, everything as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom.class_result import ClassResult, Graded
from autograder.grading.result import WAITING
from autograder.report.class_report import write_report
from autograder.report.results_file import RESULTS, merged, results_json
from autograder.report.words import plain_number
from autograder.term.class_file import load_rules
from autograder.term.rules import Rules
from autograder.text import csv_text
from autograder.writing import write_whole

if TYPE_CHECKING:
    from autograder.exports.course_view import Line

__all__ = ["MARKS", "marks_csv", "number", "write_exports"]

MARKS = "marks.csv"

_HEAD = ("student", "chapter", "score", "points", "mark", "out_of", "waiting")


def write_exports(result: ClassResult, chapter: str | None = None) -> tuple[Path, ...]:
    """Write marks, results and the class report into the course's grading folder.

    Where only `chapter` was graded, the other chapters stay as they were.

    Returns
    -------
    tuple of path
        ``marks.csv``, ``results.json`` and the report's page.
    """
    whole = merged(result, chapter)
    rules = load_rules(result.course)
    view = _view(whole, rules) if rules.there else None
    marks = result.course.grading / MARKS
    results = result.course.grading / RESULTS
    for path, text in ((results, results_json(whole)), (marks, marks_csv(whole, view))):
        write_whole(path, text.encode(), if_changed=True, private=True)
    return marks, results, write_report(whole)[0]


def _view(result: ClassResult, rules: Rules) -> list[Line] | None:
    """The class by its rules; None if the gradebook cannot say when what came."""
    from autograder.exports.course_view import course_view
    from autograder.gradebook.class_rules import class_times, due_dates
    from autograder.gradebook.gradebook import GradebookFailed

    course, now = result.course, datetime.now(UTC)
    try:
        times, due = class_times(course), due_dates(course)
    except GradebookFailed:  # of which the problems tell
        return None
    return list(course_view(result, rules, times, due, now))


def marks_csv(result: ClassResult, view: Sequence[Line] | None = None) -> str:
    """One row for each student and chapter.

    ``score`` of ``points`` is what functions earned, and each function has a
    column; ``mark`` of ``out_of`` is the gradebook's, with written answers,
    manual grades and late penalties.  ``waiting`` answers are not read yet.  A
    function that could not be judged has an empty cell.

    A class that has rules has its `view`: more columns, a row for everybody and
    chapter, handed in or not, and one for each total.
    """
    if view is not None:
        return _marks_of_view(result, view)
    exercises = list(dict.fromkeys(row.exercise for row in result.rows))
    rows = []
    for graded in result.graded:
        earned, given, rest = _cells(graded, exercises)
        rows.append([graded.student, graded.chapter, *earned, *given, *rest])
    return csv_text([*_HEAD, *exercises, "box", "problem"], rows, for_people=True)


def _cells(
    graded: Graded, exercises: Sequence[str]
) -> tuple[list[str], list[str], list[str]]:
    """What functions earned, what the gradebook says, and each function's points."""
    scores = {
        row.exercise: "" if row.code in WAITING else number(row.score)
        for row in graded.rows
    }
    each = [scores.get(exercise, "") for exercise in exercises]
    return (
        [number(graded.score), number(graded.points)],
        [number(graded.mark), number(graded.out_of), str(graded.waiting)],
        [*each, graded.box, graded.problem or ""],
    )


def _marks_of_view(result: ClassResult, view: Sequence[Line]) -> str:
    from autograder.exports.course_view import HEAD, NOT_HANDED_IN, TOTAL

    exercises = list(dict.fromkeys(row.exercise for row in result.rows))
    rows = []
    for line in view:
        if line.graded is not None:
            earned, given, rest = _cells(line.graded, exercises)
        else:
            told = "" if line.chapter == TOTAL else NOT_HANDED_IN
            earned, given = ["", ""], [number(line.mark), number(line.out_of), ""]
            rest = [*("" for _ in exercises), "", told]
        rows.append([line.student, line.chapter, *earned, *given, *line.cells, *rest])
    columns = [*_HEAD, *HEAD, *exercises, "box", "problem"]
    return csv_text(columns, rows, for_people=True)


def number(value: float | None) -> str:
    """A mark as text: 7.5, 12; nothing for none."""
    return plain_number(value, none="")
