"""What nbgrader's gradebook has to know of a chapter before anything is graded."""

from __future__ import annotations

import json
from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    SolutionCell,
    SubmittedNotebook,
)
from sqlalchemy import and_, insert, select

from autograder.course import Course
from autograder.gradebook.gradebook import open_gradebook

__all__ = ["register"]


def register(course: Course, chapter: str) -> None:
    """Make the gradebook agree with a chapter's release.

    Grades of cells that stay are kept, manual ones too.  Cells that are new
    since the last time are added to what is graded already; cells that are
    gone take their grades with them.
    """
    marked = _marked(course, chapter)
    kernelspec = json.loads(course.releases[chapter])["metadata"].get("kernelspec", {})
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(chapter)
        notebook = gradebook.update_or_create_notebook(
            chapter, chapter, kernelspec=json.dumps(kernelspec)
        )
        _remove_old(gradebook, notebook, marked)
        for cell in marked:
            _add(gradebook, chapter, cell)
        _complete_submissions(gradebook, notebook)


def _marked(course: Course, chapter: str) -> list[dict[str, Any]]:
    """The cells that nbgrader has to know: the release's, then those of older ones."""
    frozen = course.frozen.get(chapter, {})
    older = [frozen[number] for number in sorted(frozen, reverse=True)]
    found: dict[str, dict[str, Any]] = {}
    for release in dict.fromkeys([course.releases[chapter], *older]):
        for cell in json.loads(release)["cells"]:
            if cell["metadata"].get("nbgrader"):
                found.setdefault(_flags(cell)["grade_id"], cell)
    return list(found.values())


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


def _complete_submissions(gradebook: Gradebook, notebook: Any) -> None:
    """Give submissions graded before their entries for cells that are new."""
    for entry, cell in ((Grade, GradeCell), (Comment, SolutionCell)):
        there = and_(
            entry.notebook_id == SubmittedNotebook.id, entry.cell_id == cell.id
        )
        missing = gradebook.db.execute(
            select(SubmittedNotebook.id, cell.id)
            .select_from(SubmittedNotebook)
            .join(cell, cell.notebook_id == SubmittedNotebook.notebook_id)
            .outerjoin(entry, there)
            .where(SubmittedNotebook.notebook_id == notebook.id, entry.id.is_(None))
        )
        rows = [{"notebook_id": one, "cell_id": other} for one, other in missing]
        if rows:
            gradebook.db.execute(insert(entry), rows)
    gradebook.db.commit()
