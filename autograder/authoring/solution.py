"""A chapter's cells as the solution notebook, and the notebook's cells again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from autograder.authoring.first_cell import START, first_cell
from autograder.authoring.kernel_cells import filled
from autograder.authoring.source import SourceCell, trials
from autograder.authoring.stub import stub_docstring, wrapped
from autograder.exercises.spec import Chapter, Exercise
from autograder.language import ENGLISH, N_, _, ngettext, speaking

__all__ = [
    "FOLDED",
    "GOES_ON",
    "HEADING",
    "heading",
    "notebook_bytes",
    "solution_notebook",
]

GOES_ON = "raises-exception"
"""Jupyter's tag for a cell whose error does not stop Run All."""

FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}
"""Of a cell whose code could tell what is to be predicted: Colab's and Jupyter's."""

_TITLES = {
    "Exercise": N_("Exercise {number} — `{name}`"),
    "Warm-up": N_("Warm-up {number} — `{name}`"),
}
HEADING = re.compile(
    r"### (Exercise|Warm-up) \d+\.\d+ — `\w+`\n\n"
    r"\d+ points? · about \d+ lines?.*(\n\n|$)"
)
_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    # No version: the same bytes on every Python.
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


def solution_notebook(
    cells: Sequence[SourceCell],
    chapter: Chapter,
    docstrings: Mapping[str, str] = MappingProxyType({}),
    language: str = ENGLISH,
) -> NotebookNode:
    """Build the solution notebook of a chapter.

    Parameters
    ----------
    cells : sequence of SourceCell
        The source, validated; an empty exercise cell gets its kernel's code.
    chapter : Chapter
        What the registry says.
    docstrings : mapping of str to str
        By exercise, where it is not what a learner may read of the kernel's.
    language : str
        Of what the build writes, whatever is spoken.

    Returns
    -------
    NotebookNode
        Without outputs; the same cells give the same notebook.  The first code
        finds the course, folded; so are experiments where a chapter asks for
        predictions.
    """
    with speaking(language):
        return _notebook(filled(cells, chapter), chapter, docstrings)


def _notebook(
    cells: Sequence[SourceCell], chapter: Chapter, docstrings: Mapping[str, str]
) -> NotebookNode:
    exercises = {e.name: (i, e) for i, e in enumerate(chapter.exercises, 1)}
    points = {written.name: written.points for written in chapter.written}
    predicted = any(cell.source.startswith("predict(") for cell in cells)
    notebook = v4.new_notebook(metadata=_METADATA)
    checks = {
        trials(cells, i)[-1]: exercises[cell.name][1]
        for i, cell in enumerate(cells)
        if cell.role == "exercise"
    }
    first = next((i for i, cell in enumerate(cells) if cell.kind == "code"), None)
    for i, cell in enumerate(cells):
        if i == first:
            metadata: dict[str, Any] = {"tags": [START]} | FOLDED
            notebook.cells.append(v4.new_code_cell(first_cell(), metadata=metadata))
        source = cell.source
        metadata = {}
        match cell.role:
            case "statement":
                number, exercise = exercises[cell.name]
                title = heading(chapter, number, exercise)
                source = f"{title}\n\n{source}".rstrip()
                metadata = {"exercise": cell.name}
            case "exercise":
                exercise = exercises[cell.name][1]
                own = docstrings.get(cell.name) or stub_docstring(exercise.reference)
                source = wrapped(cell, own)
                metadata = {"nbgrader": _grading(cell.name, solution=True)}
            case "question":
                metadata = {"question": cell.name}
            case "answer":
                grading = _grading(cell.name, solution=True, points=points[cell.name])
                metadata = {"nbgrader": grading}
            case _ if cell.tag:
                goes_on = [] if cell.tag == "setup" else [GOES_ON]
                metadata = {"tags": [cell.tag, *goes_on]}
                if cell.tag == "experiment" and predicted:
                    metadata |= FOLDED
        new = v4.new_markdown_cell if cell.kind == "markdown" else v4.new_code_cell
        notebook.cells.append(new(source, metadata=metadata))
        if i in checks:
            notebook.cells.append(_check_cell(checks[i]))
    _name_cells(notebook)
    return notebook


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as the bytes of its file."""
    nbformat.validate(notebook)
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()


def heading(chapter: Chapter, number: int, exercise: Exercise) -> str:
    """What stands above an exercise: its number, points, length, difficulty."""
    n_points, n_lines = exercise.points, exercise.lines
    points = ngettext("{n} point", "{n} points", n_points).format(n=n_points)
    lines = ngettext("about {n} line", "about {n} lines", n_lines).format(n=n_lines)
    level = "●" * exercise.level + "○" * (3 - exercise.level)
    facts = [points, lines, _("difficulty {level}").format(level=level)]
    if exercise.bonus:
        facts.append(_("further work"))
    title = _(_TITLES[exercise.kind]).format(
        number=f"{chapter.number}.{number}", name=exercise.name
    )
    return f"### {title}\n\n{' · '.join(facts)}"


def _grading(
    name: str, *, solution: bool, points: int | None = None, locked: bool = False
) -> dict[str, Any]:
    metadata = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return metadata if points is None else {**metadata, "points": points}


def _check_cell(exercise: Exercise) -> NotebookNode:
    grading = _grading(
        f"{exercise.name}_check", solution=False, points=exercise.points, locked=True
    )
    metadata = {"nbgrader": grading, "tags": [GOES_ON]}
    return v4.new_code_cell(f"check({exercise.name})", metadata=metadata)


def _name_cells(notebook: NotebookNode) -> None:
    """Give each cell an id that depends on what it is and holds only."""
    taken: set[str] = set()
    for cell in notebook.cells:
        text = f"{cell.cell_type}\n{cell.source}"
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        # An id has at most 64 characters.
        if not name or len(name) > 60:
            name = hashlib.sha256(text.encode()).hexdigest()[:12]
        count, cell.id = 1, name
        while cell.id in taken:
            count += 1
            cell.id = f"{name}-{count}"
        taken.add(cell.id)
