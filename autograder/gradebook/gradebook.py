"""nbgrader's gradebook: opened, and made if there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbgrader
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader.api import Base, Gradebook
from sqlalchemy import URL, create_engine, inspect, text

from autograder.course import Course
from autograder.gradebook.reading import (
    GradebookFailed,
    Mark,
    class_fingerprints,
    class_marks,
    database_words,
    fingerprints,
    gradebook_url,
    is_missing,
)
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


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook; a new one is made if there is none."""
    url = gradebook_url(course)
    place = url.database if url.get_backend_name() == "sqlite" else None
    if place and not place.startswith((":", "file:")):  # those name no file
        make_private(Path(place))
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
