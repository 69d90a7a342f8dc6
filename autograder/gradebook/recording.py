"""Results into nbgrader's gradebook, and out again as feedback pages."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    SaveAutoGrades,
)
from sqlalchemy.exc import SQLAlchemyError
from traitlets.utils.importstring import import_item

from autograder.course import Course, course_settings
from autograder.gradebook.entry import enter
from autograder.gradebook.files import as_text, read_notebook, write_for
from autograder.gradebook.gradebook import (
    GradebookFailed,
    database_words,
    open_gradebook,
)
from autograder.gradebook.nbgrader_stages import Examine, SaveGrades, write_result
from autograder.gradebook.recorded import (
    made_from,
    read_recorded,
    version,
    write_recorded,
)
from autograder.gradebook.registration import register
from autograder.gradebook.waiting import has_marks
from autograder.grading.grade import grafted_submission
from autograder.grading.result import Result
from autograder.language import speaking
from autograder.submissions.releases import release_of
from autograder.submissions.submission import Submission
from autograder.submissions.timestamp import FORM
from autograder.term.class_file import load_rules
from autograder.writing import make_private

__all__ = ["LOG", "Recorder", "RecordingFailed"]

LOG = "nbgrader.log"

_DONE_HERE = {
    Examine,
    SaveAutoGrades,
    SaveGrades,
    AssignLatePenalties,
    GetGrades,
}
"""Steps in the course's configuration whose work `write_result` and `enter` do."""

_NOT_NEEDED = {CheckCellMetadata}
"""A graft's metadata are the release's."""


class RecordingFailed(Exception):
    """A result could not be recorded; the text says why."""


class Recorder:
    """Records results; use it in one process only, and close it.

    A chapter's gradebook entries, graded notebooks and feedback pages are what
    `nbgrader autograde` and `nbgrader generate_feedback` would make of the same
    results, at a twentieth of the cost: nothing is opened or set up twice.

    Parameters
    ----------
    course : Course
        With its ``nbgrader_config.py``, all of which applies: late penalties too.
    """

    def __init__(self, course: Course):
        self._course = course
        make_private(course.grading / LOG)
        self._handler = logging.FileHandler(
            course.grading / LOG, mode="w", encoding="utf-8"
        )
        self._handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        self._log = logging.Logger("nbgrader", logging.INFO)
        self._log.addHandler(self._handler)
        self._open = ExitStack()
        self._gradebook: Gradebook | None = None
        self._registered: set[str] = set()
        self._version = version(course)
        self._rules = load_rules(course)
        with _quietly():
            self._set_up_steps(course_settings(course))

    def _set_up_steps(self, config: Any) -> None:
        """Make once what nbgrader makes for each submission."""
        directory = CourseDirectory(config=config, log=self._log)
        directory.root = str(self._course.root)
        options = {"coursedir": directory, "config": config, "log": self._log}
        self._autograde = Autograde(**options)
        steps = [
            *self._autograde.sanitize_preprocessors,
            *self._autograde.autograde_preprocessors,
        ]
        self._steps = _made(steps, self._autograde)
        late = AssignLatePenalties in map(_class, steps)
        self._penalties = AssignLatePenalties(parent=self._autograde) if late else None
        if self._penalties is not None:
            self._penalties.class_rules = self._rules
        self._feedback = GenerateFeedback(**options)
        self._exporter = self._feedback.exporter_class(
            parent=self._feedback, config=self._feedback.config
        )
        for step in _made(self._feedback.preprocessors, self._exporter):
            self._exporter.register_preprocessor(step)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the gradebook and the log."""
        self._gradebook = None
        self._open.close()
        self._handler.close()

    def record(self, submission: Submission, result: Result) -> Path:
        """Enter a result into the gradebook and write its feedback page.

        Each file is written whole, then all marks are entered at once, then the
        page is written: whoever is interrupted finds nothing half done, and
        recording again completes it.

        Returns
        -------
        Path
            The feedback page.

        Raises
        ------
        RecordingFailed
            If a part of that fails; the next submission is not concerned.
        """
        student, chapter = submission.student, submission.chapter
        with _quietly(), self._telling(student, chapter):
            gradebook = self._ready(chapter)
            graded = result.notebook
            if graded is None:
                graded = grafted_submission(submission, self._course)[0].notebook
            notebook = nbformat.from_dict(graded)
            write_result(notebook, result, submission.doubts)
            resources: dict[str, Any] = {
                "nbgrader": {
                    "student": student,
                    "assignment": chapter,
                    "notebook": chapter,
                    "db_url": self._course.db_url,
                },
                "metadata": {"name": chapter},
            }
            for step in self._steps:
                notebook, resources = step(notebook, resources)
            before = read_recorded(self._course, student, chapter)
            old = None
            if before is None or result.unaccounted:
                old = read_notebook(self._autograde, submission)
            # The work that a mark was given for stays, and its page shows it.
            kept = self._kept(gradebook, submission, result, old)
            if kept is None:
                write_for(self._autograde, submission, as_text(notebook))
            else:
                notebook = kept
            with speaking(result.language):  # what the page says of times
                marks, now = enter(
                    gradebook,
                    submission,
                    notebook,
                    self._penalties,
                    self._log,
                    before,
                    old,
                    self._rules,
                )
            resources["nbgrader"] |= marks
            page, _ = self._exporter.from_notebook_node(notebook, resources)
            path = write_for(self._feedback, submission, page)
            release = release_of(submission.data, self._course, chapter).data
            source = made_from(submission, result.to_bytes(), release, self._version)
            now = replace(now, made_from=source, out_of=marks["max_score"])
            write_recorded(self._course, student, chapter, now)
            self._log.info("recorded %s, %s", student, chapter)
        return path

    def _kept(
        self,
        gradebook: Gradebook,
        submission: Submission,
        result: Result,
        old: NotebookNode | None,
    ) -> NotebookNode | None:
        """What was graded before, if nothing can be now and there is a mark for it."""
        if not (result.unaccounted and _is_marked(gradebook, submission)):
            return None
        if old is None:
            return None
        notebook = deepcopy(old)
        told = notebook.metadata.setdefault("autograder", {})
        told["unaccounted"], told["submission"] = result.unaccounted, result.submission
        told["doubts"] = told["doubted"] = []
        return notebook

    def time_of(self, submission: Submission) -> str | None:
        """The time that the gradebook has of a submission; None if it has none."""
        student, chapter = submission.student, submission.chapter
        try:
            gradebook = self._ready(chapter)
            entry = gradebook.find_submission(chapter, student)
            return None if entry.timestamp is None else entry.timestamp.strftime(FORM)
        except (MissingEntry, GradebookFailed, SQLAlchemyError, ImportError):
            return None  # what is wrong is told when it is recorded
        finally:
            if self._gradebook is not None:
                self._gradebook.db.remove()

    def _ready(self, chapter: str) -> Gradebook:
        """The gradebook, which knows the chapter."""
        if chapter not in self._registered:
            register(self._course, chapter)
            self._registered.add(chapter)
        if self._gradebook is None:
            self._gradebook = self._open.enter_context(open_gradebook(self._course))
        return self._gradebook

    @contextmanager
    def _telling(self, student: str, chapter: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._log.exception("%s, %s", student, chapter)
            raise RecordingFailed(
                f"{student}, {chapter} was not recorded: {_reason(error)}; "
                f"{LOG} says more."
            ) from error


def _is_marked(gradebook: Gradebook, submission: Submission) -> bool:
    """Whether the gradebook has a mark already."""
    chapter = submission.chapter
    try:
        entry = gradebook.find_submission_notebook(chapter, chapter, submission.student)
    except MissingEntry:
        return False
    return has_marks(entry.grades)


def _class(step: Any) -> type:
    return import_item(step) if isinstance(step, str) else step


def _made(steps: Sequence[Any], parent: Any) -> list[Any]:
    """The steps of a converter that are not done here, ready to be called."""
    classes = [_class(step) for step in steps]
    return [c(parent=parent) for c in classes if c not in _DONE_HERE | _NOT_NEEDED]


def _reason(error: Exception) -> str:
    """An error in a few words: the system's own, or the database's."""
    words = getattr(error, "strerror", None) or database_words(error)
    if words == "database is locked":
        words += " by another program: close that and grade again"
    return words


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep nbgrader's and its libraries' warnings out of the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
