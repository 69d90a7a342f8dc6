"""Results that are there already: one file for each submission, keyed by content.

A result depends on the submission's bytes, the student, the course and the
secret.  The key is a hash of all of these: whatever changes, the submission is
graded again, and nothing else is.
"""

from __future__ import annotations

import contextlib
import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograder.grading.course import write_whole
from autograder.grading.intake import Submission
from autograder.grading.result import Result

if TYPE_CHECKING:
    from autograder.grading.pool import Task

__all__ = ["FOLDER", "Store", "version"]

FOLDER = "results"
_PACKAGE = Path(__file__).parents[1]
_JUDGING = ("kernels", "exercises", "checking", "lab", "grading")
"""Parts of this package whose change may change a result."""


@cache
def version() -> str:
    """A hash of all code that a result depends on, NumPy's version included."""
    code = hashlib.sha256()
    for part in _JUDGING:
        for path in sorted((_PACKAGE / part).rglob("*.py")):
            code.update(_framed([path.relative_to(_PACKAGE).as_posix().encode()]))
            code.update(_framed([path.read_bytes()]))
    python = ".".join(platform.python_version_tuple()[:2])
    code.update(_framed([python.encode(), np.__version__.encode()]))
    return code.hexdigest()


class Store:
    """The results of one course.

    Parameters
    ----------
    task : Task
        What all submissions of a run have in common.
    """

    def __init__(self, task: Task):
        self._folder = task.course.grading / FOLDER
        self._releases = {
            chapter: hashlib.sha256(release).digest()
            for chapter, release in task.course.releases.items()
        }
        options = (
            task.course.name,
            task.limits,
            task.full,
            task.box,
            task.pictures,
        )
        self._common = [version().encode(), task.secret, repr(options).encode()]

    def load(self, submission: Submission) -> Result | None:
        """The result of just this submission, if it is there and whole."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            key, _, data = self._path(submission).read_bytes().partition(b"\n")
            if key == self._key(submission):
                return Result.from_bytes(data)
        return None

    def save(self, submission: Submission, result: Result) -> None:
        """Keep a result, in place of an older one; never a failure of ours.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        if not result.needs_person:
            data = self._key(submission) + b"\n" + result.to_bytes()
            write_whole(self._path(submission), data, durable=True)

    def _path(self, submission: Submission) -> Path:
        return self._folder / submission.chapter / f"{submission.student}.json"

    def _key(self, submission: Submission) -> bytes:
        own = [
            submission.student.encode(),
            submission.chapter.encode(),
            self._releases[submission.chapter],
            submission.data or b"",
            (submission.problem or "").encode(),
            *(note.encode() for note in submission.notes),
        ]
        return hashlib.sha256(_framed([*self._common, *own])).hexdigest().encode()


def _framed(fields: Iterable[bytes]) -> bytes:
    """Fields with their lengths, so that no two lists look the same."""
    return b"".join(len(field).to_bytes(8, "big") + field for field in fields)
