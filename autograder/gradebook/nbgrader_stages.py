"""What nbgrader's `autograde` uses of ours, by configuration alone.

`nbgrader_config.py` names these classes.  So `nbgrader autograde`, the button
in its formgrader and `autograder grade` grade in one way and give the same
scores: submissions are read and grafted by `SubmissionExporter` instead of
being taken as they are, and `Examine` takes the place of nbgrader's `Execute`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import parse_utc

from autograder.course import Course, load_course, load_secret
from autograder.gradebook.class_rules import apply_rules, extend
from autograder.gradebook.late import refuse_two_late_rules
from autograder.gradebook.nbgrader_times import read_times_for_nbgrader
from autograder.gradebook.recorded import read_recorded, write_recorded
from autograder.gradebook.waiting import (
    let_wait,
    not_asked,
    own_failures,
    settled,
    unaccounted,
)
from autograder.grading.found import in_words
from autograder.grading.grade import grade_submission, grafted_submission
from autograder.grading.released import refuse_outdated_releases
from autograder.grading.result import Result
from autograder.language import speaking
from autograder.submissions.intake import Found
from autograder.submissions.names import composed
from autograder.submissions.released_cells import OWN, checked_name
from autograder.submissions.submission import Doubt, Submission
from autograder.term.attempts import read_counted, whose_counts
from autograder.term.class_file import load_rules
from autograder.term.rules import Rules
from autograder.text import PLAIN, Effort, as_it_is, harmless_markdown

__all__ = [
    "Examine",
    "SaveGrades",
    "SubmissionExporter",
    "prepare",
    "write_result",
]

read_times_for_nbgrader()


def prepare(assignment: str, student: str, notebooks: list[str]) -> None:
    """Before nbgrader grades: tell its gradebook, and find renamed notebooks.

    nbgrader calls this with the paths that it is about to convert, which are
    changed in place: a notebook under another name is graded as the chapter's.
    """
    from autograder.gradebook.gradebook import open_gradebook
    from autograder.gradebook.registration import register
    from autograder.gradebook.settings import refuse_unknown_settings

    course = load_course(Path.cwd())
    refuse_unknown_settings(course.root)
    rules = load_rules(course)
    refuse_two_late_rules(course, rules)
    apply_rules(course, rules)
    for folder in {os.path.dirname(path) for path in notebooks}:
        chapter = os.path.basename(folder)
        if chapter in course.releases:
            refuse_outdated_releases(course, [chapter])
            register(course, chapter)
            with open_gradebook(course) as gradebook:
                # Not what was asked for, which may be a pattern.
                who = os.path.basename(os.path.dirname(folder))
                grades = _grades(gradebook, chapter, who)
                _nobody_asked[chapter, who] = settled(grades)
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
        grafted, _ = grafted_submission(_submission(course, resources), course)
        notebook = nbformat.from_dict(grafted.notebook)
        return self.from_notebook_node(notebook, resources, **options)


class Examine(NbGraderPreprocessor):
    """Has the notebook run and judged, and writes what came of it into its cells."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Give each check cell its message and its points."""
        course = load_course(Path.cwd())
        submission = _submission(course, resources)
        result = grade_submission(submission, course, load_secret(course))
        write_result(nb, result, submission.doubts)
        return nb, resources


def _submission(course: Course, resources: Any) -> Submission:
    """What nbgrader is about to convert, as our command reads it."""
    asked = resources["nbgrader"]
    folder = course.submitted / asked["student"] / asked["assignment"]
    found = Found(composed(asked["student"]), asked["assignment"], folder)
    rules = load_rules(course)
    course = replace(course, timezone=rules.zone)
    own = {one.student: one for one in _of_group(found, course, rules)}
    return read_counted(own.get(found.student, found), course, rules)


def _of_group(found: Found, course: Course, rules: Rules) -> list[Found]:
    """What counts for each member of a student's group."""
    members = rules.group_of(found.student)
    those = [found] + [
        Found(one, found.chapter, course.submitted / one / found.chapter)
        for one in members
        if one != found.student and (course.submitted / one / found.chapter).is_dir()
    ]
    return whose_counts(those, course, rules)[0]


def write_result(
    nb: NotebookNode, result: Result, doubts: Sequence[Doubt] = ()
) -> None:
    """Write into a grafted notebook what its cells showed, messages and points."""
    with speaking(result.language):
        _write_result(nb, result, doubts)


def _write_result(nb: NotebookNode, result: Result, doubts: Sequence[Doubt]) -> None:
    nb.metadata["autograder"] = {
        "problem": result.problem,
        "notes": [*result.notes, *(doubt.text for doubt in doubts)],
        "unaccounted": result.unaccounted,
        "doubts": [doubt.code for doubt in doubts],
        "doubted": [doubt.text for doubt in doubts],
        "submission": result.submission,
        "language": result.language,
    }
    verdicts = {verdict.exercise: verdict for verdict in result.verdicts}
    headings = [
        line.removeprefix("## ")
        for cell in nb.cells
        if cell.cell_type == "markdown" and not cell.metadata.get(OWN)
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
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
                "found": in_words(verdict),
            }
            told = {
                "text/html": verdict.message.html(headings),
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


class SaveGrades(SaveAutoGrades):
    """Enters automatic scores, and has a person look where there is no mark yet.

    Where nothing was graded, the scores that are there stay.  What nobody judged
    gets none.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Enter them into nbgrader's gradebook."""
        asked = resources["nbgrader"]
        chapter, student = asked["assignment"], asked["student"]
        course = load_course(Path.cwd())
        rules = load_rules(course)
        before = read_recorded(course, composed(student), chapter)
        nobody_asked = _nobody_asked.pop((chapter, student), ())
        if not unaccounted(nb):
            nb, resources = super().preprocess(nb, resources)
        with Gradebook(asked["db_url"]) as gradebook:
            grades = _grades(gradebook, chapter, student)
            for grade in not_asked(nb, grades) if not unaccounted(nb) else ():
                grade.auto_score = 0.0
            failed = own_failures(nb)
            for name in failed if not unaccounted(nb) else ():
                grades[name].auto_score = None
            entry = gradebook.find_submission(chapter, student)
            if rules.there:
                extend(entry, rules)
                told = _submission(course, resources).timestamp
                entry.timestamp = parse_utc(told)
            now = let_wait(nb, grades, entry, before, nobody_asked)
            gradebook.db.commit()
        # Without a word on what it was made from, so that our command makes the page.
        write_recorded(course, composed(student), chapter, now)
        return nb, resources


_nobody_asked: dict[tuple[str, str], frozenset[str]] = {}
"""What no person had to look at before nbgrader began to grade a submission."""


def _grades(gradebook: Gradebook, chapter: str, student: str) -> dict[str, Grade]:
    """The grades of a submission, by grade id; none if there is none yet."""
    try:
        entry = gradebook.find_submission_notebook(chapter, chapter, student)
    except MissingEntry:
        return {}
    return {grade.name: grade for grade in entry.grades}
