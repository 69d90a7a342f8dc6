"""What stands in the gradebook and on its pages as it would be made again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.classroom.class_result import Graded, Trouble
from autograder.classroom.graded import graded_of
from autograder.classroom.store import Store, read_result
from autograder.classroom.troubles import troubles_of
from autograder.course import Course
from autograder.submissions.releases import release_of
from autograder.submissions.submission import Submission

__all__ = ["Entered", "Seen", "look_at"]


class Entered:
    """What was entered for each submission; asked once, at the first question."""

    def __init__(self, course: Course):
        self._course = course

    @cached_property
    def _version(self) -> str:
        from autograder.gradebook.recorded import version

        return version(self._course)

    @cached_property
    def _gradebook(self) -> Mapping[tuple[str, str], str]:
        from autograder.gradebook.reading import class_fingerprints

        return class_fingerprints(self._course)

    def page(self, submission: Submission, result: bytes) -> Path | None:
        """The feedback page, if it and all that is entered are as they would be now.

        Parameters
        ----------
        submission : Submission
        result : bytes
            As `Result.to_bytes` writes it.
        """
        from autograder.gradebook.recorded import made_from, read_recorded

        course, chapter = self._course, submission.chapter
        last = read_recorded(course, submission.student, chapter)
        if last is None or not last.made_from:
            return None
        if last.gradebook != self._gradebook.get((chapter, submission.student)):
            return None
        release = release_of(submission.data, course, chapter).data
        if last.made_from != made_from(submission, result, release, self._version):
            return None
        place = os.path.join(submission.student, chapter, chapter)
        page = course.feedback / f"{place}.html"
        there = page.is_file() and (course.autograded / f"{place}.ipynb").is_file()
        return page if there else None


@dataclass(frozen=True)
class Seen:
    """What is known of a submission before anything is graded or entered."""

    reason: str
    graded: Graded | None = None
    troubles: tuple[Trouble, ...] = ()


def look_at(submission: Submission, store: Store, entered: Entered) -> Seen:
    """Why a submission has to be graded; what became of it, if all that is there."""
    reason, data = store.look(submission)
    page = None if data is None else entered.page(submission, data)
    result = None if data is None or page is None else read_result(data)
    if result is None:
        return Seen(reason)
    troubles = tuple(troubles_of(submission, result))
    return Seen(reason, graded_of(result, page), troubles)
