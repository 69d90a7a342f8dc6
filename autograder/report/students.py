"""Single students in the class report: all marks, and what to look at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.classroom.class_result import Graded, Row
from autograder.grading.result import UNJUDGED
from autograder.report.summary import ChapterSummary, mark_of

__all__ = ["student_values", "trouble_values"]

STUDENTS, TROUBLES = 400, 100
"""Rows in the tables; the rest is in the files."""


def student_values(chapter: ChapterSummary, folder: Path) -> dict[str, Any]:
    """Every student's mark and points, the lowest marks first.

    `folder` is where links to feedback start.
    """
    ordered = sorted(chapter.graded, key=lambda g: (mark_of(g) or 0.0, g.student))
    rows = [
        {
            "student": graded.student,
            "feedback": _feedback(graded, folder),
            "mark": mark_of(graded),
            "points": _points(graded, [one.name for one in chapter.exercises]),
        }
        for graded in ordered[:STUDENTS]
    ]
    return {"n": len(ordered), "n_left": len(ordered) - len(rows), "rows": rows}


def _feedback(graded: Graded, folder: Path) -> str | None:
    """The address of a student's page, from the folder of the report."""
    if graded.page is None:
        return None
    return quote(os.path.relpath(graded.page, folder).replace(os.sep, "/"))


def _points(graded: Graded, exercises: list[str]) -> list[float | None]:
    rows = {row.exercise: row for row in graded.rows}
    return [_score(rows.get(name)) for name in exercises]


def _score(row: Row | None) -> float | None:
    """The points of an answer; None where it could not be judged."""
    if row is None or row.code in UNJUDGED:
        return None
    return row.score


def trouble_values(chapter: ChapterSummary, anonymous: bool) -> dict[str, Any]:
    """Time-outs and problems, and whose they are."""
    if anonymous:
        counts: dict[str, int] = {}
        for one in chapter.troubles:
            counts[one.what] = counts.get(one.what, 0) + len(one.students)
        rows = [{"what": what, "n_students": n} for what, n in counts.items()]
        return {"n_left": 0, "rows": rows}
    rows = [
        {
            "what": one.what,
            "detail": one.detail,
            "n_students": len(one.students),
            "students": one.students,
        }
        for one in chapter.troubles
    ]
    return {"n_left": max(0, len(rows) - TROUBLES), "rows": rows[:TROUBLES]}
