"""What nbgrader's `autograde` uses of ours, by configuration alone.

`nbgrader_config.py` names these classes.  So `nbgrader autograde`, the button
in its formgrader and `autograder grade` grade in one way and give the same
scores: submissions are read and grafted by `SubmissionExporter` instead of
being taken as they are, and `Examine` takes the place of nbgrader's `Execute`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.course import load_course, load_secret
from autograder.grading.grade import grade_submission, grafted_submission
from autograder.grading.result import OWN_FAILURE, Result
from autograder.submissions.graft import OWN, checked_name
from autograder.submissions.intake import read_submission
from autograder.text import PLAIN, Effort, as_it_is, harmless_markdown

__all__ = [
    "Examine",
    "FlagOwnFailures",
    "SubmissionExporter",
    "own_failures",
    "prepare",
    "write_result",
]


def prepare(assignment: str, student: str, notebooks: list[str]) -> None:
    """Before nbgrader grades: tell its gradebook, and find renamed notebooks.

    nbgrader calls this with the paths that it is about to convert, which are
    changed in place: a notebook under another name is graded as the chapter's.
    """
    from autograder.gradebook.registration import register

    course = load_course(Path.cwd())
    for folder in {os.path.dirname(path) for path in notebooks}:
        chapter = os.path.basename(folder)
        if chapter in course.releases:
            register(course, chapter)
            notebooks[:] = [p for p in notebooks if os.path.dirname(p) != folder]
            notebooks.append(os.path.join(folder, f"{chapter}.ipynb"))


class SubmissionExporter(NotebookExporter):
    """Reads what a student handed in, however broken, as a grafted notebook."""

    def from_filename(
        self, filename: str, resources: Any = None, **options: Any
    ) -> tuple[NotebookNode, Any]:
        """Called twice: with the file that was handed in, then with its graft."""
        course = load_course(Path.cwd())
        path = Path(filename)
        if course.autograded in path.parents:
            return super().from_filename(filename, resources, **options)
        student = resources["nbgrader"]["student"]
        grafted, _ = grafted_submission(read_submission(student, path.parent), course)
        notebook = nbformat.from_dict(grafted.notebook)
        return self.from_notebook_node(notebook, resources, **options)


class Examine(NbGraderPreprocessor):
    """Has the notebook run and judged, and writes what came of it into its cells."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Give each check cell its message and its points."""
        course = load_course(Path.cwd())
        student = resources["nbgrader"]["student"]
        folder = course.submitted / student / resources["nbgrader"]["assignment"]
        submission = read_submission(student, folder)
        write_result(nb, grade_submission(submission, course, load_secret(course)))
        return nb, resources


def write_result(nb: NotebookNode, result: Result) -> None:
    """Write into a grafted notebook what its cells showed, messages and points."""
    nb.metadata["autograder"] = {"problem": result.problem, "notes": list(result.notes)}
    verdicts = {verdict.exercise: verdict for verdict in result.verdicts}
    effort = Effort()
    for number, cell in enumerate(nb.cells, 1):
        plain = bool(cell.metadata.get(OWN)) and not effort.allows(cell.source)
        if cell.cell_type != "code":
            if plain:
                cell.source = as_it_is(cell.source)
            elif cell.metadata.get(OWN):
                cell.source = harmless_markdown(cell.source)
            continue
        if plain:
            cell.metadata[PLAIN] = True
        verdict = verdicts.get(checked_name(cell) or "")
        outputs: list[dict[str, Any]]
        if verdict is not None:
            cell.metadata["autograder"] = {
                "exercise": verdict.exercise,
                "code": verdict.code,
                "title": verdict.message.title,
            }
            told = {
                "text/html": verdict.message.html(),
                "text/plain": verdict.message.text(),
            }
            points = {"text/plain": repr(float(verdict.score))}
            outputs = [
                {"output_type": "display_data", "data": told, "metadata": {}},
                {
                    "output_type": "execute_result",
                    "execution_count": number,
                    "data": points,
                    "metadata": {},
                },
            ]
        else:
            outputs = list(result.outputs.get(cell.id, ()))
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
        cell.execution_count = number if outputs else None


def own_failures(nb: NotebookNode) -> list[str]:
    """Grade ids of the check cells that we failed to judge."""
    return [
        cell.metadata.nbgrader.grade_id
        for cell in nb.cells
        if cell.metadata.get("autograder", {}).get("code") == OWN_FAILURE
    ]


class FlagOwnFailures(NbGraderPreprocessor):
    """Takes back the points of what we failed to judge: a person has to look."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Mark such cells in the gradebook as not graded yet."""
        failed = own_failures(nb)
        if failed:
            asked = resources["nbgrader"]
            with Gradebook(asked["db_url"]) as gradebook:
                for name in failed:
                    grade = gradebook.find_grade(
                        name, asked["notebook"], asked["assignment"], asked["student"]
                    )
                    grade.auto_score = None
                    grade.needs_manual_grade = True
                gradebook.db.commit()
        return nb, resources
