"""nbgrader's gradebook asked for marks, without nbgrader: that takes seconds to import.

The tables are nbgrader's, as far as they are read here; a test holds them to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Boolean,
    DateTime,
    Float,
    Interval,
    String,
    Text,
    case,
    column,
    create_engine,
    func,
    inspect,
    make_url,
    select,
    table,
)
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course
from autograder.gradebook.recorded import read_recorded
from autograder.limits import GRADEBOOK_SECONDS
from autograder.text import clean

__all__ = [
    "TABLES",
    "GradebookFailed",
    "Mark",
    "class_fingerprints",
    "class_marks",
    "database_words",
    "fingerprints",
    "gradebook_url",
    "is_missing",
]


class GradebookFailed(Exception):
    """The gradebook cannot be read or written; the text says why."""


@dataclass(frozen=True)
class Mark:
    """What the gradebook makes of one submission.

    Attributes
    ----------
    mark, out_of : float
        With written answers, manual grades and late penalties; out of what the
        release asks for that was handed in.
    waiting : int
        How many answers a person has still to read.
    given : bool
        Whether anything was ever given: else it is no mark, and waits.
    """

    mark: float
    out_of: float
    waiting: int
    given: bool = True


def _table(name: str, /, **columns: Any) -> Any:
    return table(name, *(column(one, kind) for one, kind in columns.items()))


_NAME = String()
_ASSIGNMENT = _table("assignment", id=_NAME, name=_NAME, duedate=DateTime())
_NOTEBOOK = _table("notebook", id=_NAME, assignment_id=_NAME)
_CELL = _table("base_cell", id=_NAME, name=_NAME, notebook_id=_NAME)
_GRADED = _table("grade_cells", id=_NAME, max_score=Float())
_TASK = _table("task_cells", id=_NAME, max_score=Float())
_HANDED_IN = _table(
    "submitted_assignment",
    id=_NAME,
    assignment_id=_NAME,
    student_id=_NAME,
    timestamp=DateTime(),
    extension=Interval(),
)
_ENTRY = _table(
    "submitted_notebook",
    id=_NAME,
    assignment_id=_NAME,
    late_submission_penalty=Float(),
)
_GRADE = _table(
    "grade",
    cell_id=_NAME,
    notebook_id=_NAME,
    auto_score=Float(),
    manual_score=Float(),
    extra_credit=Float(),
    needs_manual_grade=Boolean(),
)
_COMMENT = _table(
    "comment",
    cell_id=_NAME,
    notebook_id=_NAME,
    auto_comment=Text(),
    manual_comment=Text(),
)
TABLES = (
    *(_ASSIGNMENT, _NOTEBOOK, _CELL, _GRADED, _TASK),
    *(_HANDED_IN, _ENTRY, _GRADE, _COMMENT),
)

_ENTERED = (
    (
        _GRADE,
        (
            _GRADE.c.auto_score,
            _GRADE.c.manual_score,
            _GRADE.c.extra_credit,
            _GRADE.c.needs_manual_grade,
        ),
    ),
    (_COMMENT, (_COMMENT.c.auto_comment, _COMMENT.c.manual_comment)),
)
"""What is entered for each cell of a submission."""


def gradebook_url(course: Course) -> URL:
    """Where the gradebook is, with the time that is waited for others."""
    url = make_url(course.db_url)
    a_file = url.get_backend_name() == "sqlite" and url.database
    if not a_file or "timeout" in url.query:
        return url
    return url.update_query_dict({"timeout": str(GRADEBOOK_SECONDS)})


@contextmanager
def _reading(course: Course) -> Iterator[Any]:
    """A connection; None where there is no gradebook, or nothing in it yet."""
    if is_missing(course):
        yield None
        return
    engine = create_engine(gradebook_url(course))
    try:
        with engine.connect() as connection:
            there = inspect(connection).has_table(_GRADE.name)
            yield connection if there else None
    finally:
        engine.dispose()


def class_marks(course: Course) -> dict[tuple[str, str], Mark]:
    """The marks of all submissions, by chapter and student.

    Where there is no gradebook there are none: to ask makes no new one.

    Raises
    ------
    GradebookFailed
        If the gradebook cannot be read.
    """
    grade = _GRADE.c
    extra = func.coalesce(grade.extra_credit, 0.0)
    score = case(
        (grade.manual_score.is_not(None), grade.manual_score + extra),
        (grade.auto_score.is_not(None), grade.auto_score + extra),
        else_=0.0,
    )
    waiting = func.sum(case((grade.needs_manual_grade, 1), else_=0))
    given = func.count(func.coalesce(grade.auto_score, grade.manual_score))
    penalty = func.coalesce(_ENTRY.c.late_submission_penalty, 0.0)
    names = _ASSIGNMENT.c.name, _HANDED_IN.c.student_id
    asked = (
        select(*names, func.sum(score), penalty, waiting, given)
        .select_from(_HANDED_IN)
        .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _HANDED_IN.c.assignment_id)
        .join(_ENTRY, _ENTRY.c.assignment_id == _HANDED_IN.c.id)
        .join(_GRADE, grade.notebook_id == _ENTRY.c.id)
        .group_by(*names, penalty)
    )
    try:
        with _reading(course) as connection:
            if connection is None:
                return {}
            rows = connection.execute(asked).all()
            out_of = _points(connection)
    except (SQLAlchemyError, ImportError) as error:  # a driver may be missing
        raise GradebookFailed(
            f"The gradebook cannot be read: {database_words(error)}."
        ) from error
    several = {name for name, own in course.frozen.items() if len(own) > 1}
    own = {
        (chapter, student): recorded.out_of
        for chapter, student, *_ in rows
        if chapter in several
        and (recorded := read_recorded(course, student, chapter)) is not None
    }
    return {
        (chapter, student): Mark(
            round(score - lost, 2),
            own.get((chapter, student)) or out_of[chapter],
            count,
            some > 0 or not count,
        )
        for chapter, student, score, lost, count, some in rows
    }


def _points(connection: Any) -> dict[str, float]:
    """All points of each chapter."""
    points = func.coalesce(_GRADED.c.max_score, 0.0) + func.coalesce(
        _TASK.c.max_score, 0.0
    )
    asked = (
        select(_ASSIGNMENT.c.name, func.coalesce(func.sum(points), 0.0))
        .select_from(_ASSIGNMENT)
        .join(_NOTEBOOK, _NOTEBOOK.c.assignment_id == _ASSIGNMENT.c.id)
        .join(_CELL, _CELL.c.notebook_id == _NOTEBOOK.c.id)
        .outerjoin(_GRADED, _GRADED.c.id == _CELL.c.id)
        .outerjoin(_TASK, _TASK.c.id == _CELL.c.id)
        .group_by(_ASSIGNMENT.c.name)
    )
    return dict(connection.execute(asked).all())


def fingerprints(
    connection: Any, chapter: str | None = None, student: str | None = None
) -> dict[tuple[str, str], str]:
    """A hash of what stands there for each submission, by chapter and student.

    Whatever a person or a program enters makes it another one.

    Parameters
    ----------
    connection : Connection or Session
        What is entered in a session has to be flushed.
    chapter, student : str, optional
        Those of one submission; all are looked at by default.
    """
    entries = (
        select(
            _ENTRY.c.id,
            _ASSIGNMENT.c.name,
            _HANDED_IN.c.student_id,
            _ASSIGNMENT.c.duedate,
            _HANDED_IN.c.timestamp,
            _HANDED_IN.c.extension,
            _ENTRY.c.late_submission_penalty,
        )
        .select_from(_ENTRY)
        .join(_HANDED_IN, _HANDED_IN.c.id == _ENTRY.c.assignment_id)
        .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _HANDED_IN.c.assignment_id)
    )
    if chapter is not None:
        entries = entries.where(
            _ASSIGNMENT.c.name == chapter, _HANDED_IN.c.student_id == student
        )
    whose, found = {}, {}
    for entry, name, who, *rest in connection.execute(entries):
        whose[entry] = (name, who)
        found[entry] = hashlib.sha256(repr(rest).encode())
    for kind, columns in _ENTERED:
        rows = (
            select(kind.c.notebook_id, _CELL.c.name, *columns)
            .select_from(kind)
            .join(_CELL, _CELL.c.id == kind.c.cell_id)
            .order_by(kind.c.notebook_id, _CELL.c.name)
        )
        if chapter is not None:
            rows = rows.where(kind.c.notebook_id.in_(whose))
        for entry, *rest in connection.execute(rows):
            if entry in found:
                found[entry].update(repr(rest).encode())
    return {whose[entry]: one.hexdigest() for entry, one in found.items()}


def class_fingerprints(course: Course) -> dict[tuple[str, str], str]:
    """The same of a course; nothing if there is no gradebook that can be read."""
    try:
        with _reading(course) as connection:
            return {} if connection is None else fingerprints(connection)
    except (SQLAlchemyError, ImportError):
        return {}  # what is wrong is told when something is recorded


def is_missing(course: Course) -> bool:
    """Whether the gradebook is a file, and not there."""
    url = make_url(course.db_url)
    name = url.database or ""
    a_file = url.get_backend_name() == "sqlite" and not name.startswith("file:")
    return a_file and not Path(name).exists()


def database_words(error: Exception) -> str:
    """What the database itself said, in one line, without what stands around it."""
    words = str(getattr(error, "orig", None) or error).strip().splitlines()
    return clean(words[0] if words else type(error).__name__, 200).rstrip(".")
