"""Results into nbgrader's gradebook, and out again as feedback pages."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter
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
from autograder.gradebook.gradebook import (
    GradebookFailed,
    database_words,
    open_gradebook,
)
from autograder.gradebook.nbgrader_stages import (
    Examine,
    FlagOwnFailures,
    SaveGrades,
    has_marks,
    write_result,
)
from autograder.gradebook.registration import register
from autograder.grading.grade import grafted_submission
from autograder.grading.result import Result
from autograder.submissions.folder import TOKEN
from autograder.submissions.submission import NOT_OPENED, Submission
from autograder.submissions.timestamp import FORM
from autograder.writing import make_private, write_whole

__all__ = ["LOG", "Recorder", "RecordingFailed"]

LOG = "nbgrader.log"

_DONE_HERE = {
    Examine,
    SaveAutoGrades,
    SaveGrades,
    FlagOwnFailures,
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
            grafted, _ = grafted_submission(submission, self._course)
            notebook = nbformat.from_dict(grafted.notebook)
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
            # The work that a mark was given for stays, and its page shows it.
            kept = self._kept(gradebook, submission, result)
            if kept is None:
                self._write(
                    self._autograde, submission, nbformat.v4.writes(notebook) + "\n"
                )
            else:
                notebook = kept
            marks = enter(gradebook, submission, notebook, self._penalties, self._log)
            resources["nbgrader"] |= marks
            page, _ = self._exporter.from_notebook_node(notebook, resources)
            path = self._write(self._feedback, submission, page)
            self._log.info("recorded %s, %s", student, chapter)
        return path

    def _kept(
        self, gradebook: Gradebook, submission: Submission, result: Result
    ) -> NotebookNode | None:
        """What was graded before, if nothing can be now and there is a mark for it."""
        place = self._place(self._autograde, submission)
        if not (result.unaccounted and _is_marked(gradebook, submission)):
            return None
        if not place.is_file():
            return None
        notebook = nbformat.read(place, as_version=4)
        told = notebook.metadata.setdefault("autograder", {})
        told["unaccounted"], told["doubts"] = result.unaccounted, []
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

    def _write(
        self, converter: BaseConverter, submission: Submission, text: str
    ) -> Path:
        """Write what nbgrader's `converter` would, with its permissions."""
        path = self._place(converter, submission)
        folder = path.parent
        mode = int(str(converter.permissions), 8)
        write_whole(path, text.encode(), private=True)
        path.chmod(mode)
        # The exchange sends feedback by what it wrote beside the notebook.
        beside = {"timestamp.txt": submission.timestamp, TOKEN: submission.token}
        for name, told in beside.items():
            if told is not None:
                write_whole(folder / name, told.encode(), private=True)
                (folder / name).chmod(mode)
            elif submission.code != NOT_OPENED:  # of which nothing is known
                (folder / name).unlink(missing_ok=True)
        return path

    def _place(self, converter: BaseConverter, submission: Submission) -> Path:
        """Where nbgrader's `converter` writes."""
        student, chapter = submission.student, submission.chapter
        ending = ".html" if converter is self._feedback else ".ipynb"
        folder = converter.coursedir.format_path(
            converter._output_directory, student, chapter
        )
        return Path(folder) / f"{chapter}{ending}"

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
