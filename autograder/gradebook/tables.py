"""nbgrader's tables, as far as they are read without it; a test holds them to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, DateTime, Float, Interval, String, Text, column, table

__all__ = [
    "ASSIGNMENT",
    "CELL",
    "COMMENT",
    "ENTRY",
    "GRADE",
    "GRADED",
    "HANDED_IN",
    "NOTEBOOK",
    "TABLES",
    "TASK",
]


def _table(name: str, /, **columns: Any) -> Any:
    return table(name, *(column(one, kind) for one, kind in columns.items()))


_NAME = String()
ASSIGNMENT = _table("assignment", id=_NAME, name=_NAME, duedate=DateTime())
NOTEBOOK = _table("notebook", id=_NAME, assignment_id=_NAME)
CELL = _table("base_cell", id=_NAME, name=_NAME, notebook_id=_NAME)
GRADED = _table("grade_cells", id=_NAME, max_score=Float())
TASK = _table("task_cells", id=_NAME, max_score=Float())
HANDED_IN = _table(
    "submitted_assignment",
    id=_NAME,
    assignment_id=_NAME,
    student_id=_NAME,
    timestamp=DateTime(),
    extension=Interval(),
)
ENTRY = _table(
    "submitted_notebook",
    id=_NAME,
    assignment_id=_NAME,
    late_submission_penalty=Float(),
)
GRADE = _table(
    "grade",
    cell_id=_NAME,
    notebook_id=_NAME,
    auto_score=Float(),
    manual_score=Float(),
    extra_credit=Float(),
    needs_manual_grade=Boolean(),
)
COMMENT = _table(
    "comment",
    cell_id=_NAME,
    notebook_id=_NAME,
    auto_comment=Text(),
    manual_comment=Text(),
)
TABLES = (
    *(ASSIGNMENT, NOTEBOOK, CELL, GRADED, TASK),
    *(HANDED_IN, ENTRY, GRADE, COMMENT),
)
