"""The code with mistakes that a learner is given to mend, in its place in a release."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.authoring.kernel_cells import kernel_code
from autograder.exercises import EXERCISES
from autograder.exercises.pairs import MEND, broken_form
from autograder.exercises.spec import Exercise
from autograder.language import _

__all__ = ["GiveCodeToMend", "broken_lines"]

_STUB = 'raise NotImplementedError("not written yet")'


def broken_lines(exercise: Exercise) -> Sequence[str]:
    """The lines that a learner mends, without the `def` and the docstring."""
    source = kernel_code(broken_form(exercise))
    definition = ast.parse(source).body[0]
    assert isinstance(definition, ast.FunctionDef)
    return source.splitlines()[definition.body[0].lineno - 1 :]


class GiveCodeToMend(NbGraderPreprocessor):
    """Puts such code where nbgrader left that nothing is written yet."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Change the cells of exercises that are to be mended, and no others."""
        to_mend = {exercise.name: exercise for exercise in EXERCISES if exercise.broken}
        for cell in nb.cells:
            exercise = to_mend.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if exercise is not None:
                given = "\n".join([f"    {_(MEND)}", *broken_lines(exercise)])
                cell.source = cell.source.replace(f"    {_STUB}", given)
        return nb, resources
