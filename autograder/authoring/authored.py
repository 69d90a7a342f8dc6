"""What an author wrote, taken from a solution notebook."""

from __future__ import annotations

import ast
from pathlib import Path

from nbformat import NotebookNode

from autograder.authoring.errors import SourceError
from autograder.authoring.first_cell import START, first_cell
from autograder.authoring.functions import Definition
from autograder.authoring.solution import GOES_ON, HEADING, heading
from autograder.authoring.source import TAGS, SourceCell
from autograder.authoring.stub import stub_docstring, unwrapped
from autograder.exercises.spec import Chapter

__all__ = ["cells_of_solution"]


def cells_of_solution(
    notebook: NotebookNode, chapter: Chapter, path: Path | str
) -> tuple[tuple[SourceCell, ...], tuple[str, ...]]:
    """Take from a solution notebook what its author writes.

    Parameters
    ----------
    notebook : NotebookNode
        A solution notebook, perhaps edited and run in Jupyter.
    chapter : Chapter
        What the registry says.
    path : Path
        Where the notebook is from, for messages.

    Returns
    -------
    cells : tuple of SourceCell
        Not validated.
    dropped : tuple of str
        What was edited although the build writes it, one sentence each.

    Raises
    ------
    SourceError
        If a cell cannot be taken apart.
    """
    cells: list[SourceCell] = []
    for number, node in enumerate(notebook.cells, 1):
        cell = _author_cell(node, number, path)
        if cell is not None:
            cells.append(cell)
    return tuple(cells), tuple(_lost_edits(notebook, chapter))


def _author_cell(
    node: NotebookNode, number: int, path: Path | str
) -> SourceCell | None:
    grading = node.metadata.get("nbgrader", {})
    source, kind = node.source.rstrip("\n"), node.cell_type
    role, name = "plain", ""
    if kind == "code" and grading.get("grade"):
        return None
    if grading.get("solution"):
        role = "exercise" if kind == "code" else "answer"
        name = grading["grade_id"]
    elif kind == "markdown" and "exercise" in node.metadata:
        role, name = "statement", node.metadata["exercise"]
        source = HEADING.sub("", source, count=1)
    elif kind == "markdown" and "question" in node.metadata:
        role, name = "question", node.metadata["question"]
    if kind not in ("markdown", "code"):
        place, remedy = f"cell {number}", "Make it markdown or code."
        raise SourceError(path, place, f"A {kind} cell.", remedy)
    tags = [tag for tag in node.metadata.get("tags", ()) if tag != GOES_ON]
    if START in tags:
        return None
    place = f"cell {number}"
    if len(tags) > 1 or any(tag not in TAGS for tag in tags):
        problem = f"The tags {', '.join(tags)}."
        raise SourceError(path, place, problem, f"Keep one of {', '.join(TAGS)}.")
    tag = tags[0] if tags and role == "plain" and kind == "code" else ""
    cell = SourceCell(kind, source, role, name, tag, "cell", number)
    return unwrapped(cell, path) if role == "exercise" else cell


def _lost_edits(notebook: NotebookNode, chapter: Chapter) -> list[str]:
    """Where the notebook differs from what the build writes into every one."""
    lost = []
    by_exercise = {node.metadata.get("exercise"): node for node in notebook.cells}
    by_id = {
        node.metadata.get("nbgrader", {}).get("grade_id"): node
        for node in notebook.cells
    }
    for node in notebook.cells:
        if START in node.metadata.get("tags", ()) and node.source != first_cell():
            lost.append("The cell that finds the course is the build's.")
    for number, exercise in enumerate(chapter.exercises, 1):
        name = exercise.name
        statement, code = by_exercise.get(name), by_id.get(name)
        check = by_id.get(f"{name}_check")
        if statement and not statement.source.startswith(
            heading(chapter, number, exercise)
        ):
            lost.append(f"The heading of {name} is the registry's.")
        if code and _docstring_of(code.source) != stub_docstring(exercise.reference):
            lost.append(f"The docstring of {name} is the reference kernel's.")
        if check and check.source.strip() != f"check({name})":
            lost.append(f"The check of {name} is the build's.")
    return lost


def _docstring_of(source: str) -> str | None:
    last = ast.parse(source).body[-1]
    return ast.get_docstring(last) if isinstance(last, Definition) else None
