"""What became of one submission: its rows, its page, its mark in the gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom.class_result import Graded, Row, Trouble
from autograder.course import Course
from autograder.grading.result import Result

if TYPE_CHECKING:
    from autograder.gradebook.reading import Mark

__all__ = ["graded_of", "marks_of", "with_mark"]


def graded_of(result: Result, page: Path | None) -> Graded:
    """The same as plain data for the class, without what only the page shows."""
    rows = tuple(
        Row(
            result.student,
            result.chapter,
            verdict.exercise,
            verdict.code,
            verdict.score,
            verdict.points,
            verdict.misconceptions,
            result.unexplained.get(verdict.exercise),
        )
        for verdict in result.verdicts
    )
    return Graded(
        result.student,
        result.chapter,
        rows,
        result.problem,
        result.notes,
        page=page if page is not None and page.is_file() else None,
        box=result.box,
        account=result.account,
        language=result.language,
    )


def marks_of(course: Course) -> tuple[Mapping[tuple[str, str], Mark], Trouble | None]:
    """All marks in the gradebook, or why there are none."""
    from autograder.gradebook.reading import GradebookFailed, class_marks

    try:
        return class_marks(course), None
    except GradebookFailed as failure:
        return {}, Trouble(str(failure))


def with_mark(graded: Graded, marks: Mapping[tuple[str, str], Mark]) -> Graded:
    """Add what nbgrader's gradebook makes of a submission."""
    mark = marks.get((graded.chapter, graded.student))
    if mark is None or graded.page is None:  # what is there is from before
        return graded
    if not mark.given:
        return replace(graded, out_of=mark.out_of, waiting=mark.waiting)
    return replace(graded, mark=mark.mark, out_of=mark.out_of, waiting=mark.waiting)
