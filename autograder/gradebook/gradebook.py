"""nbgrader's gradebook: opened, and asked for marks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbgrader
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader.api import (
    Assignment,
    Base,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import (
    URL,
    case,
    create_engine,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course
from autograder.gradebook.recorded import read_recorded
from autograder.limits import GRADEBOOK_SECONDS
from autograder.text import clean
from autograder.writing import make_private

__all__ = [
    "GradebookFailed",
    "Mark",
    "class_fingerprints",
    "class_marks",
    "database_words",
    "fingerprints",
    "is_missing",
    "open_gradebook",
]

INDEXED = (
    ("submitted_notebook", "assignment_id"),
    ("grade", "notebook_id"),
    ("comment", "notebook_id"),
    ("base_cell", "notebook_id"),
)
"""Columns by which everything is looked up and for which nbgrader has no index."""


_ENTERED = {
    Grade: (
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
        Grade.needs_manual_grade,
    ),
    Comment: (Comment.auto_comment, Comment.manual_comment),
}
"""What is entered for each cell of a submission."""


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


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook; a new one is made if there is none."""
    url = make_url(course.db_url)
    if url.get_backend_name() == "sqlite" and url.database:
        if not url.database.startswith((":", "file:")):  # those name no file
            make_private(Path(url.database))
        if "timeout" not in url.query:
            url = url.update_query_dict({"timeout": str(GRADEBOOK_SECONDS)})
    _create(url)
    with Gradebook(url.render_as_string(hide_password=False), course.name) as gradebook:
        # nbgrader's own steps open it without a name, and leave this one in it.
        gradebook.check_course()
        yield gradebook


def _create(url: URL) -> None:
    """Make the tables of a new gradebook and number it; make what speeds it up.

    `Gradebook` makes the tables too, but starts a program that may not be on the
    PATH and takes seconds.
    """
    engine = create_engine(url)
    with engine.begin() as connection:
        if url.get_backend_name() == "sqlite":
            # Python's driver begins no transaction for tables: a process that is
            # killed in between would leave some of them, and never the rest.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        if not inspect(connection).get_table_names():
            Base.metadata.create_all(connection)
            migrations = Path(nbgrader.__file__).parent / "alembic"
            context = MigrationContext.configure(connection)
            context.stamp(ScriptDirectory(str(migrations)), "head")
        # Without these each entry costs more the more there are.
        for table, column in INDEXED:
            name = f"autograder_{table}_{column}"  # not a name of nbgrader's
            connection.execute(
                text(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})")
            )
    engine.dispose()


def class_marks(course: Course) -> dict[tuple[str, str], Mark]:
    """The marks of all submissions, by chapter and student.

    Where there is no gradebook there are none: to ask makes no new one.

    Raises
    ------
    GradebookFailed
        If the gradebook cannot be read.
    """
    waiting = func.sum(case((Grade.needs_manual_grade, 1), else_=0))
    given = func.count(func.coalesce(Grade.auto_score, Grade.manual_score))
    penalty = func.coalesce(SubmittedNotebook.late_submission_penalty, 0.0)
    names = Assignment.name, SubmittedAssignment.student_id
    try:
        if is_missing(course):
            return {}
        with open_gradebook(course) as gradebook:
            out_of = {a.name: a.max_score for a in gradebook.assignments}
            rows = gradebook.db.execute(
                select(*names, func.sum(Grade.score), penalty, waiting, given)
                .select_from(SubmittedAssignment)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .join(
                    SubmittedNotebook,
                    SubmittedNotebook.assignment_id == SubmittedAssignment.id,
                )
                .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                .group_by(*names, penalty)
            ).all()
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
    except (SQLAlchemyError, ImportError) as error:  # a driver may be missing
        raise GradebookFailed(
            f"The gradebook cannot be read: {database_words(error)}."
        ) from error


def fingerprints(
    gradebook: Gradebook, chapter: str | None = None, student: str | None = None
) -> dict[tuple[str, str], str]:
    """A hash of what stands there for each submission, by chapter and student.

    Whatever a person or a program enters makes it another one.

    Parameters
    ----------
    gradebook : Gradebook
    chapter, student : str, optional
        Those of one submission; all are looked at by default.
    """
    entries = (
        select(
            SubmittedNotebook.id,
            Assignment.name,
            SubmittedAssignment.student_id,
            Assignment.duedate,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            SubmittedNotebook.late_submission_penalty,
        )
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    )
    if chapter is not None:
        entries = entries.where(
            Assignment.name == chapter, SubmittedAssignment.student_id == student
        )
    whose, found = {}, {}
    for entry, name, who, *rest in gradebook.db.execute(entries):
        whose[entry] = (name, who)
        found[entry] = hashlib.sha256(repr(rest).encode())
    for kind, columns in _ENTERED.items():
        rows = (
            select(kind.notebook_id, BaseCell.name, *columns)
            .join(BaseCell, BaseCell.id == kind.cell_id)
            .order_by(kind.notebook_id, BaseCell.name)
        )
        if chapter is not None:
            rows = rows.where(kind.notebook_id.in_(whose))
        for entry, *rest in gradebook.db.execute(rows):
            if entry in found:
                found[entry].update(repr(rest).encode())
    return {whose[entry]: one.hexdigest() for entry, one in found.items()}


def class_fingerprints(course: Course) -> dict[tuple[str, str], str]:
    """The same of a course; nothing if there is no gradebook that can be read."""
    try:
        if is_missing(course):
            return {}
        with open_gradebook(course) as gradebook:
            return fingerprints(gradebook)
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
