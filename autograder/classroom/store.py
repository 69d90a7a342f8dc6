"""Results that are there already: one file for each submission, keyed by content.

A result depends on the submission's bytes, the student, the course and the
secret.  The key holds a hash of each: whatever changes, the submission is
graded again, nothing else is, and the reason can be told.
"""

from __future__ import annotations

import contextlib
import hashlib
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograder.grading.result import Result
from autograder.submissions.intake import Submission
from autograder.submissions.releases import release_of
from autograder.writing import write_whole

if TYPE_CHECKING:
    from autograder.classroom.pool import Task

__all__ = ["FOLDER", "NEW", "REASONS", "UNCHANGED", "Store", "read_result", "version"]

FOLDER = "results"

UNCHANGED = "unchanged since the last run"
NEW = "new or changed"
REASONS = (
    NEW,
    "again, since the course's code has changed",
    "again, since the chapter's notebook has changed",
    "again, since the options or the secret are others",
)
"""Why a submission is graded, by the part of the key that is another one."""

_PACKAGE = Path(__file__).parents[1]
_JUDGING = (
    "limits.py",
    "text.py",
    "kernels",
    "lab",
    "calling",
    "exercises",
    "checking",
    "diagnosis",
    "sandbox",
    "submissions",
    "grading",
)
"""Rooms whose change may change a result: all that grading imports."""


@cache
def version() -> str:
    """A hash of all code that a result depends on, NumPy's version included."""
    code = hashlib.sha256()
    for path in sorted(_judging_files()):
        code.update(_framed([path.relative_to(_PACKAGE).as_posix().encode()]))
        code.update(_framed([path.read_bytes()]))
    python = ".".join(platform.python_version_tuple()[:2])
    code.update(_framed([python.encode(), np.__version__.encode()]))
    return code.hexdigest()


def _judging_files() -> Iterator[Path]:
    for room in _JUDGING:
        place = _PACKAGE / room
        found = [place] if place.is_file() else place.rglob("*")
        yield from (path for path in found if path.suffix in (".py", ".toml"))


class Store:
    """The results of one course.

    Parameters
    ----------
    task : Task
        What all submissions of a run have in common.
    """

    def __init__(self, task: Task):
        self._folder = task.course.grading / FOLDER
        self._course = task.course
        self._releases: dict[int, bytes] = {}
        options = (task.course.name, task.options)
        self._code = _hash([version().encode()])
        self._options = _hash([task.secret, repr(options).encode()])

    def reason(self, submission: Submission) -> str:
        """Why it has to be graded, one of `REASONS`, or `UNCHANGED`.

        Looks at the key alone: a result that is damaged may be graded after all.
        """
        return self.look(submission)[0]

    def data(self, submission: Submission) -> bytes | None:
        """The result of just this submission as bytes, if it is there."""
        return self.look(submission)[1]

    def look(self, submission: Submission) -> tuple[str, bytes | None]:
        """Both of these, of one reading."""
        try:
            key, _, data = self._path(submission).read_bytes().partition(b"\n")
        except OSError:
            return NEW, None
        now = self._key(submission)
        if key == now:
            return UNCHANGED, data
        kept = key.split()
        if len(kept) != len(REASONS):
            return NEW, None
        parts = zip(REASONS, kept, now.split(), strict=True)
        return next((why for why, old, new in parts if old != new), NEW), None

    def load(self, submission: Submission) -> Result | None:
        """The result of just this submission, if it is there and whole."""
        data = self.data(submission)
        return None if data is None else read_result(data)

    def save(self, submission: Submission, result: Result) -> None:
        """Keep a result, in place of an older one; never a failure of ours.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        if not result.needs_person:
            data = self._key(submission) + b"\n" + result.to_bytes()
            path = self._path(submission)
            write_whole(path, data, durable=True, if_changed=True, private=True)

    def _path(self, submission: Submission) -> Path:
        return self._folder / submission.chapter / f"{submission.student}.json"

    def _key(self, submission: Submission) -> bytes:
        own = [
            submission.student.encode(),
            submission.chapter.encode(),
            submission.digest.encode(),
            (submission.problem or "").encode(),
            *(note.encode() for note in submission.notes),
            *(name.encode() for name in submission.modules),
            *submission.modules.values(),
        ]
        course, chapter = self._course, submission.chapter
        released = release_of(submission.data, course, chapter).data
        release = self._releases.get(id(released))
        if release is None:  # of bytes that the course holds on to
            release = self._releases[id(released)] = _hash([released])
        return b" ".join([_hash(own), self._code, release, self._options])


def read_result(data: bytes) -> Result | None:
    """The result that `Store.data` gave; None if it is damaged."""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return Result.from_bytes(data)
    return None


def _hash(fields: Iterable[bytes]) -> bytes:
    return hashlib.sha256(_framed(fields)).hexdigest().encode()


def _framed(fields: Iterable[bytes]) -> bytes:
    """Fields with their lengths, so that no two lists look the same."""
    return b"".join(len(field).to_bytes(8, "big") + field for field in fields)
