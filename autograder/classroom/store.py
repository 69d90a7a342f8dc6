"""Results that are there already: one file for each submission, keyed by content.

A result depends on the submission's bytes, the student, the course, the secret, and
the code that judged it.  The key holds a hash of each: whatever changes, the
submission is graded again, nothing else is, and the reason can be told.  Beside it
lies what the submission's code did, for which only the code that ran it counts.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.grading.code import judging_code, running_code, used_code
from autograder.grading.result import Result
from autograder.grading.words import words_code
from autograder.language import usual
from autograder.submissions.intake import Submission
from autograder.submissions.releases import language_in, release_of
from autograder.writing import read_if_there, write_whole

if TYPE_CHECKING:
    from autograder.classroom.pool import Task

__all__ = ["FOLDER", "NEW", "REASONS", "RETOLD", "UNCHANGED", "Store", "read_result"]

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

RETOLD = (
    "judged again, and run only as far as that needs it, since the course's code has "
    "changed"
)
"""The second of these, where it is known what the submission's code did."""


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
        self._own_data: dict[str, bytes] = {}
        options = (task.course.name, task.options)
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
        why = next((why for why, old, new in parts if old != new), NEW)
        retold = why == REASONS[1] and bool(self.ran(submission))
        return RETOLD if retold else why, None

    def ran(self, submission: Submission) -> bytes:
        """What just this submission's code did, if any of that is known."""
        try:
            key, _, data = self._run_path(submission).read_bytes().partition(b"\n")
        except OSError:
            return b""
        return data if key == self._run_key(submission) else b""

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
            ran = self._run_key(submission) + b"\n" + result.ran
            path = self._run_path(submission)
            write_whole(path, ran, if_changed=True, private=True)
            # Last: what is there is not done again.
            data = self._key(submission) + b"\n" + result.to_bytes()
            path = self._path(submission)
            write_whole(path, data, durable=True, if_changed=True, private=True)

    def _path(self, submission: Submission) -> Path:
        return self._folder / submission.chapter / f"{submission.student}.json"

    def _run_path(self, submission: Submission) -> Path:
        return self._folder / submission.chapter / f"{submission.student}.ran"

    def _run_key(self, submission: Submission) -> bytes:
        theirs = [submission.data or b"", *submission.modules.values()]
        code = running_code(), used_code(b"\n".join(theirs))
        return _hash([*self._own(submission), *map(str.encode, code), self._options])

    def _own(self, submission: Submission) -> list[bytes]:
        return [
            submission.student.encode(),
            submission.chapter.encode(),
            submission.digest.encode(),
            (submission.problem or "").encode(),
            *(note.encode() for note in submission.notes),
            *(name.encode() for name in submission.modules),
            *submission.modules.values(),
        ]

    def _key(self, submission: Submission) -> bytes:
        course, chapter = self._course, submission.chapter
        released = release_of(submission.data, course, chapter).data
        release = self._releases.get(id(released))
        if release is None:  # of bytes that the course holds on to
            release = self._releases[id(released)] = _hash([released])
        words = words_code(language_in(submission.data), usual())
        own = _hash(self._own(submission))
        code = (judging_code(chapter) + words).encode()
        options = self._options + self._data_of(chapter)
        return b" ".join([own, code, release, options])

    def _data_of(self, chapter: str) -> bytes:
        """A hash of the instructor's own data for a chapter; empty without any."""
        if chapter not in self._own_data:
            exercises = self._course.chapter(chapter).exercises
            names = sorted({one.own_data for one in exercises if one.own_data})
            found = [read_if_there(self._course.grading / name) for name in names]
            there = [data for data in found if data is not None]
            self._own_data[chapter] = _hash(there) if there else b""
        return self._own_data[chapter]


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
