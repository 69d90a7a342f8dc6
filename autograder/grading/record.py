"""Results into nbgrader's gradebook, and out again as feedback pages."""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateFeedback, NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.grading.course import Course, nbgrader_settings
from autograder.grading.gradebook import register
from autograder.grading.intake import Submission
from autograder.grading.result import Result

__all__ = ["LOG", "Recorder", "RecordingFailed"]

LOG = "nbgrader.log"
STAGING = ".staging"


class RecordingFailed(Exception):
    """nbgrader did not take a result."""


class _Autograde(Autograde):
    """nbgrader's own conversion, with results that are there already."""

    known: dict[tuple[str, str], Result]


class Recorder:
    """Hands results to nbgrader; use it in one process only, and close it.

    nbgrader never sees what a student handed in, only a copy of the notebook's
    bytes and of the time, which `intake` has read.

    Parameters
    ----------
    course : Course
        With its ``nbgrader_config.py``, all of which applies: late penalties too.
    """

    def __init__(self, course: Course):
        self._course = course
        course.grading.mkdir(parents=True, exist_ok=True)
        self._staging = course.grading / STAGING
        shutil.rmtree(self._staging, ignore_errors=True)
        self._handler = logging.FileHandler(
            course.grading / LOG, mode="w", encoding="utf-8"
        )
        self._handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        self._log = logging.Logger("nbgrader", logging.INFO)
        self._log.addHandler(self._handler)
        self._config = nbgrader_settings(course.root)
        self._registered: set[str] = set()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the working copies and close the log."""
        shutil.rmtree(self._staging, ignore_errors=True)
        self._handler.close()

    def record(self, submission: Submission, result: Result) -> Path:
        """Enter a result into the gradebook and write its feedback page.

        Returns
        -------
        Path
            The feedback page.

        Raises
        ------
        RecordingFailed
            If nbgrader does not take it; its log says more.
        """
        student, chapter = submission.student, submission.chapter
        with _quietly(), self._telling(student, chapter):
            if chapter not in self._registered:
                register(self._course, chapter)
                self._registered.add(chapter)
            folder = self._stage(submission)
            autograde = _Autograde(
                coursedir=self._directory(student, chapter, staged=True),
                config=self._config,
                log=self._log,
            )
            autograde.known = {(student, chapter): result}
            autograde.force = True
            autograde.pre_convert_hook = None
            autograde.start()
            shutil.rmtree(folder, ignore_errors=True)
            feedback = GenerateFeedback(
                coursedir=self._directory(student, chapter),
                config=self._config,
                log=self._log,
            )
            feedback.force = True
            feedback.start()
        return self._course.feedback / student / chapter / f"{chapter}.html"

    def _stage(self, submission: Submission) -> Path:
        folder = self._staging / submission.student / submission.chapter
        folder.mkdir(parents=True)
        (folder / f"{submission.chapter}.ipynb").write_bytes(submission.data or b"")
        if submission.timestamp is not None:
            (folder / "timestamp.txt").write_text(submission.timestamp)
        return folder

    def _directory(
        self, student: str, chapter: str, staged: bool = False
    ) -> CourseDirectory:
        directory = CourseDirectory(config=self._config, log=self._log)
        directory.root = str(self._course.root)
        directory.student_id, directory.assignment_id = student, chapter
        if staged:
            relative = self._staging.relative_to(self._course.root)
            directory.submitted_directory = relative.as_posix()
        return directory

    @contextmanager
    def _telling(self, student: str, chapter: str) -> Iterator[None]:
        try:
            yield
        except NbGraderException as error:
            raise RecordingFailed(
                f"nbgrader did not take {student}, {chapter}; {LOG} says why."
            ) from error
        except Exception as error:
            self._log.exception("%s, %s", student, chapter)
            raise RecordingFailed(
                f"{student}, {chapter} was not recorded "
                f"({type(error).__name__}); {LOG} says why."
            ) from error


@contextmanager
def _quietly() -> Iterator[Any]:
    """Keep nbgrader's and its libraries' warnings out of the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
