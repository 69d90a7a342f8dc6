"""nbgrader's gradebook asked for marks without nbgrader, whose import takes seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, case, create_engine, func, inspect, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course
from autograder.gradebook.recorded import read_recorded
from autograder.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    COMMENT,
    ENTRY,
    GRADE,
    GRADED,
    HANDED_IN,
    NOTEBOOK,
    TASK,
)
from autograder.limits import GRADEBOOK_SECONDS
from autograder.text import clean

__all__ = [
    "GradebookFailed",
    "Mark",
    "Times",
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


@dataclass(frozen=True)
class Times:
    """When one submission came and was due, and what was taken off.

    Attributes
    ----------
    handed_in, due : datetime or None
        In UTC; `due` is this student's own.
    seconds_late, taken_off : float
    """

    handed_in: datetime | None
    due: datetime | None
    seconds_late: float
    taken_off: float


_ENTERED = (
    (
        GRADE,
        (
            GRADE.c.auto_score,
            GRADE.c.manual_score,
            GRADE.c.extra_credit,
            GRADE.c.needs_manual_grade,
        ),
    ),
    (COMMENT, (COMMENT.c.auto_comment, COMMENT.c.manual_comment)),
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
            there = inspect(connection).has_table(GRADE.name)
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
    grade = GRADE.c
    extra = func.coalesce(grade.extra_credit, 0.0)
    score = case(
        (grade.manual_score.is_not(None), grade.manual_score + extra),
        (grade.auto_score.is_not(None), grade.auto_score + extra),
        else_=0.0,
    )
    waiting = func.sum(case((grade.needs_manual_grade, 1), else_=0))
    given = func.count(func.coalesce(grade.auto_score, grade.manual_score))
    penalty = func.coalesce(ENTRY.c.late_submission_penalty, 0.0)
    names = ASSIGNMENT.c.name, HANDED_IN.c.student_id
    asked = (
        select(*names, func.sum(score), penalty, waiting, given)
        .select_from(HANDED_IN)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == HANDED_IN.c.assignment_id)
        .join(ENTRY, ENTRY.c.assignment_id == HANDED_IN.c.id)
        .join(GRADE, grade.notebook_id == ENTRY.c.id)
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
    points = func.coalesce(GRADED.c.max_score, 0.0) + func.coalesce(
        TASK.c.max_score, 0.0
    )
    asked = (
        select(ASSIGNMENT.c.name, func.coalesce(func.sum(points), 0.0))
        .select_from(ASSIGNMENT)
        .join(NOTEBOOK, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
        .join(CELL, CELL.c.notebook_id == NOTEBOOK.c.id)
        .outerjoin(GRADED, GRADED.c.id == CELL.c.id)
        .outerjoin(TASK, TASK.c.id == CELL.c.id)
        .group_by(ASSIGNMENT.c.name)
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
            ENTRY.c.id,
            ASSIGNMENT.c.name,
            HANDED_IN.c.student_id,
            ASSIGNMENT.c.duedate,
            HANDED_IN.c.timestamp,
            HANDED_IN.c.extension,
            ENTRY.c.late_submission_penalty,
        )
        .select_from(ENTRY)
        .join(HANDED_IN, HANDED_IN.c.id == ENTRY.c.assignment_id)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == HANDED_IN.c.assignment_id)
    )
    if chapter is not None:
        entries = entries.where(
            ASSIGNMENT.c.name == chapter, HANDED_IN.c.student_id == student
        )
    whose, found = {}, {}
    for entry, name, who, *rest in connection.execute(entries):
        whose[entry] = (name, who)
        found[entry] = hashlib.sha256(repr(rest).encode())
    for kind, columns in _ENTERED:
        rows = (
            select(kind.c.notebook_id, CELL.c.name, *columns)
            .select_from(kind)
            .join(CELL, CELL.c.id == kind.c.cell_id)
            .order_by(kind.c.notebook_id, CELL.c.name)
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
