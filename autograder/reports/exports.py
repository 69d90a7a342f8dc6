"""A class's results as files: marks for a spreadsheet, everything as JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from autograder.grading.course import write_whole
from autograder.grading.marks import ClassResult, Graded
from autograder.grading.result import OWN_FAILURE
from autograder.grading.text import spreadsheet_cell

__all__ = ["MARKS", "RESULTS", "marks_csv", "results_json", "write_exports"]

MARKS, RESULTS = "marks.csv", "results.json"


def write_exports(result: ClassResult) -> tuple[Path, Path]:
    """Write both files into the course's grading folder; returns their paths."""
    marks = result.course.grading / MARKS
    results = result.course.grading / RESULTS
    write_whole(marks, marks_csv(result).encode())
    write_whole(results, results_json(result).encode())
    return marks, results


def marks_csv(result: ClassResult) -> str:
    """One row for each student and chapter.

    ``score`` of ``points`` is what functions earned, and each function has a
    column; ``mark`` of ``out_of`` is the gradebook's, with written answers,
    manual grades and late penalties.  ``waiting`` answers are not read yet.  A
    function that could not be judged has an empty cell.
    """
    exercises = list(dict.fromkeys(row.exercise for row in result.rows))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    head = ["student", "chapter", "score", "points", "mark", "out_of", "waiting"]
    writer.writerow([*head, *exercises, "problem"])
    for graded in result.graded:
        scores = {
            row.exercise: "" if row.code == OWN_FAILURE else _number(row.score)
            for row in graded.rows
        }
        cells = [
            graded.student,
            graded.chapter,
            _number(graded.score),
            _number(graded.points),
            _number(graded.mark),
            _number(graded.out_of),
            str(graded.waiting),
            *(scores.get(exercise, "") for exercise in exercises),
            graded.problem or "",
        ]
        writer.writerow([spreadsheet_cell(cell) for cell in cells])
    return text.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def results_json(result: ClassResult) -> str:
    """Every verdict and every problem, in a fixed order and without times."""
    tree = {
        "results": [
            _row(graded, row) for graded in result.graded for row in graded.rows
        ],
        "problems": [
            {
                "student": trouble.student,
                "chapter": trouble.chapter,
                "problem": trouble.text,
            }
            for trouble in result.problems
        ],
        "notes": [
            {"student": graded.student, "chapter": graded.chapter, "note": note}
            for graded in result.graded
            for note in graded.notes
        ],
    }
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


def _row(graded: Graded, row: Any) -> dict[str, Any]:
    return {
        "student": graded.student,
        "chapter": graded.chapter,
        "exercise": row.exercise,
        "code": row.code,
        "score": row.score,
        "points": row.points,
        "misconceptions": list(row.misconceptions),
    }
