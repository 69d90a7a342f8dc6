"""A class's results as files: marks for a spreadsheet, everything as JSON."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.class_result import ClassResult
from autograder.grading.result import WAITING
from autograder.report.class_report import write_report
from autograder.report.results_file import RESULTS, merged, results_json
from autograder.report.words import plain_number
from autograder.text import csv_text
from autograder.writing import write_whole

__all__ = ["MARKS", "marks_csv", "number", "write_exports"]

MARKS = "marks.csv"


def write_exports(result: ClassResult, chapter: str | None = None) -> tuple[Path, ...]:
    """Write marks, results and the class report into the course's grading folder.

    Where only `chapter` was graded, the other chapters stay as they were.

    Returns
    -------
    tuple of path
        ``marks.csv``, ``results.json`` and the report's page.
    """
    whole = merged(result, chapter)
    marks = result.course.grading / MARKS
    results = result.course.grading / RESULTS
    for path, text in ((results, results_json(whole)), (marks, marks_csv(whole))):
        write_whole(path, text.encode(), if_changed=True, private=True)
    return marks, results, write_report(whole)[0]


def marks_csv(result: ClassResult) -> str:
    """One row for each student and chapter.

    ``score`` of ``points`` is what functions earned, and each function has a
    column; ``mark`` of ``out_of`` is the gradebook's, with written answers,
    manual grades and late penalties.  ``waiting`` answers are not read yet.  A
    function that could not be judged has an empty cell.
    """
    exercises = list(dict.fromkeys(row.exercise for row in result.rows))
    head = ["student", "chapter", "score", "points", "mark", "out_of", "waiting"]
    rows = []
    for graded in result.graded:
        scores = {
            row.exercise: "" if row.code in WAITING else number(row.score)
            for row in graded.rows
        }
        cells = [
            graded.student,
            graded.chapter,
            number(graded.score),
            number(graded.points),
            number(graded.mark),
            number(graded.out_of),
            str(graded.waiting),
            *(scores.get(exercise, "") for exercise in exercises),
            graded.box,
            graded.problem or "",
        ]
        rows.append(cells)
    return csv_text([*head, *exercises, "box", "problem"], rows, for_people=True)


def number(value: float | None) -> str:
    """A mark as text: 7.5, 12; nothing for none."""
    return plain_number(value, none="")
