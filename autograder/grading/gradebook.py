"""nbgrader's gradebook: what it has to know before anything is graded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbgrader
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader.api import Base, Comment, Grade, Gradebook
from sqlalchemy import create_engine, inspect

from autograder.grading.course import Course

__all__ = ["open_gradebook", "register"]


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook; a new one is made if there is none."""
    if course.db_url.startswith("sqlite:///"):
        Path(course.db_url.removeprefix("sqlite:///")).parent.mkdir(
            parents=True, exist_ok=True
        )
    _create(course.db_url)
    with Gradebook(course.db_url, course.name) as gradebook:
        yield gradebook


def _create(db_url: str) -> None:
    """Make the tables of a new gradebook and number it.

    `Gradebook` does the same, but starts a program that may not be on the PATH
    and takes seconds.
    """
    engine = create_engine(db_url)
    with engine.begin() as connection:
        if not inspect(connection).get_table_names():
            Base.metadata.create_all(connection)
            migrations = Path(nbgrader.__file__).parent / "alembic"
            context = MigrationContext.configure(connection)
            context.stamp(ScriptDirectory(str(migrations)), "head")
    engine.dispose()


def register(course: Course, chapter: str) -> None:
    """Make the gradebook agree with a chapter's release.

    Grades of cells that stay are kept, manual ones too.  Cells that are new
    since the last time are added to what is graded already; cells that are
    gone take their grades with them.
    """
    cells = json.loads(course.releases[chapter])["cells"]
    marked = [cell for cell in cells if cell["metadata"].get("nbgrader")]
    kernelspec = json.loads(course.releases[chapter])["metadata"].get("kernelspec", {})
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(chapter)
        notebook = gradebook.update_or_create_notebook(
            chapter, chapter, kernelspec=json.dumps(kernelspec)
        )
        _remove_old(gradebook, notebook, marked)
        for cell in marked:
            _add(gradebook, chapter, cell)
        _complete_submissions(gradebook, chapter)


def _flags(cell: dict[str, Any]) -> dict[str, Any]:
    return cell["metadata"]["nbgrader"]


def _remove_old(gradebook: Gradebook, notebook: Any, marked: list[dict]) -> None:
    graded = {_flags(c)["grade_id"] for c in marked if _flags(c)["grade"]}
    solved = {_flags(c)["grade_id"] for c in marked if _flags(c)["solution"]}
    known = {_flags(c)["grade_id"] for c in marked}
    old = [c for c in notebook.grade_cells if c.name not in graded]
    old += [c for c in notebook.solution_cells if c.name not in solved]
    for cell in old:
        for entry in [*(cell.grades or ()), *(cell.comments or ())]:
            gradebook.db.delete(entry)
        gradebook.db.delete(cell)
    for cell in notebook.source_cells:
        if cell.name not in known:
            gradebook.db.delete(cell)
    gradebook.db.commit()


def _add(gradebook: Gradebook, chapter: str, cell: dict[str, Any]) -> None:
    flags = _flags(cell)
    place = (flags["grade_id"], chapter, chapter)
    kind = {"cell_type": cell["cell_type"]}
    if flags["grade"]:
        points = float(flags["points"])
        gradebook.update_or_create_grade_cell(*place, max_score=points, **kind)
    if flags["solution"]:
        gradebook.update_or_create_solution_cell(*place)
    source = cell["source"]
    gradebook.update_or_create_source_cell(
        *place,
        locked=bool(flags["locked"]),
        source=source if isinstance(source, str) else "".join(source),
        checksum=flags.get("checksum"),
        **kind,
    )


def _complete_submissions(gradebook: Gradebook, chapter: str) -> None:
    """Give submissions graded before their entries for cells that are new."""
    for submission in gradebook.assignment_submissions(chapter):
        for notebook in submission.notebooks:
            graded = {grade.cell_id for grade in notebook.grades}
            commented = {comment.cell_id for comment in notebook.comments}
            for cell in notebook.notebook.grade_cells:
                if cell.id not in graded:
                    gradebook.db.add(Grade(cell_id=cell.id, notebook=notebook))
            for cell in notebook.notebook.solution_cells:
                if cell.id not in commented:
                    gradebook.db.add(Comment(cell_id=cell.id, notebook=notebook))
    gradebook.db.commit()
