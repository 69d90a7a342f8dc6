"""The code with mistakes that a learner is given to mend, in its place in a release."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import nbformat
from nbgrader.utils import compute_checksum

from autograder.authoring.kernel_cells import kernel_code
from autograder.exercises.pairs import MEND, broken_form
from autograder.exercises.spec import Chapter, Exercise

__all__ = ["broken_lines", "with_broken_code"]

_STUB = 'raise NotImplementedError("not written yet")'


def broken_lines(exercise: Exercise) -> Sequence[str]:
    """The lines that a learner mends, without the `def` and the docstring."""
    source = kernel_code(broken_form(exercise))
    definition = ast.parse(source).body[0]
    assert isinstance(definition, ast.FunctionDef)
    return source.splitlines()[definition.body[0].lineno - 1 :]


def with_broken_code(release: bytes, chapter: Chapter) -> bytes:
    """The release with such code where nbgrader left that nothing is written yet."""
    wanted = {e.name: e for e in chapter.exercises if e.broken}
    if not wanted:
        return release
    notebook = nbformat.reads(release.decode(), 4)
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        exercise = wanted.get(grading.get("grade_id"))
        if exercise is not None:
            given = "\n".join([f"    {MEND}", *broken_lines(exercise)])
            cell.source = cell.source.replace(f"    {_STUB}", given)
            grading["checksum"] = compute_checksum(cell)
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()
