"""A class: every submission of a course graded, recorded and summed up."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import chain
from pathlib import Path

from autograder.grading.box import LIMITS, Limits
from autograder.grading.course import Course, NotACourse, load_secret
from autograder.grading.intake import Submission, collect
from autograder.grading.pool import Task, grade_all
from autograder.grading.result import Result

__all__ = ["ClassResult", "Graded", "Row", "Trouble", "find_submissions", "grade_class"]

RECORD = "autograder.grading.record"

Progress = Callable[[int, int, str], None]
"""Called with the number done, the number in all, and what was done last."""


@dataclass(frozen=True)
class Row:
    """The verdict on one function of one student."""

    student: str
    chapter: str
    exercise: str
    code: str
    score: float
    points: int
    misconceptions: tuple[str, ...]


@dataclass(frozen=True)
class Graded:
    """What became of one submission.

    Attributes
    ----------
    rows : tuple of Row
        One for each function, in the notebook's order.
    mark, out_of : float or None
        What nbgrader's gradebook says in the end, with written answers, manual
        grades and late penalties; None if it was not recorded.
    waiting : int
        How many answers a person has still to read.
    page : path or None
        The feedback page.
    """

    student: str
    chapter: str
    rows: tuple[Row, ...]
    problem: str | None
    notes: tuple[str, ...]
    mark: float | None = None
    out_of: float | None = None
    waiting: int = 0
    page: Path | None = None

    @property
    def score(self) -> float:
        """Points earned by functions."""
        return round(sum(row.score for row in self.rows), 2)

    @property
    def points(self) -> int:
        """Points that functions can earn."""
        return sum(row.points for row in self.rows)


@dataclass(frozen=True)
class Trouble:
    """Something that a person should know of, about one submission or the class."""

    text: str
    student: str | None = None
    chapter: str | None = None


@dataclass(frozen=True)
class ClassResult:
    """What came of grading a class, ordered by chapter and student."""

    course: Course
    graded: tuple[Graded, ...]
    problems: tuple[Trouble, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All verdicts."""
        return tuple(row for graded in self.graded for row in graded.rows)


def find_submissions(
    course: Course, chapter: str | None = None
) -> tuple[list[Submission], list[str]]:
    """What was handed in, of one chapter or of all, and what else was odd.

    Raises
    ------
    NotACourse
        If `chapter` is not released.
    """
    if chapter is not None and chapter not in course.releases:
        known = ", ".join(course.releases)
        raise NotACourse(f"There is no released chapter {chapter}; there are {known}.")
    chapters = list(course.releases) if chapter is None else [chapter]
    return collect(course.submitted, chapters)


def grade_class(
    course: Course,
    chapter: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    full: bool = False,
    limits: Limits = LIMITS,
) -> ClassResult:
    """Grade all submissions, enter them into nbgrader, write feedback pages.

    Parameters
    ----------
    course : Course
    chapter : str, optional
        All chapters by default.
    jobs : int, optional
        Number of processes; as many as there are processors by default.
    progress : callable, optional
        ``progress(done, total, what)``.
    full : bool
        Whether experiments run too.
    limits : Limits

    Raises
    ------
    NotACourse
        If `chapter` is not released.
    """
    submissions, odd = find_submissions(course, chapter)
    problems = [Trouble(text) for text in odd]
    task = Task(course, load_secret(course), limits, full)
    graded: list[Graded] = []
    if submissions:
        results = grade_all(submissions, task, _jobs(jobs, len(submissions)))
        for one, troubles in _record(course, results):
            graded.append(one)
            problems += troubles
            if progress is not None:
                done = f"{one.student}, {one.chapter}"
                progress(len(graded), len(submissions), done)
    graded = _with_marks(course, graded)
    return ClassResult(
        course,
        tuple(sorted(graded, key=lambda g: (g.chapter, g.student))),
        tuple(sorted(problems, key=lambda t: (t.chapter or "", t.student or ""))),
    )


def _jobs(jobs: int | None, submissions: int) -> int:
    return max(1, min(jobs or os.cpu_count() or 1, submissions))


def _record(
    course: Course, results: Iterable[tuple[Submission, Result]]
) -> Iterable[tuple[Graded, list[Trouble]]]:
    # nbgrader takes seconds to import: meanwhile the processes start to grade.
    importing = threading.Thread(target=import_module, args=(RECORD,))
    importing.start()
    results = iter(results)
    first = next(results)
    importing.join()
    from autograder.grading.record import Recorder, RecordingFailed

    with Recorder(course) as recorder:
        for submission, result in chain([first], results):
            troubles = []
            if result.problem is not None:
                troubles.append(_trouble(submission, result.problem))
            try:
                page = recorder.record(submission, result)
            except RecordingFailed as failure:
                troubles.append(_trouble(submission, str(failure)))
                page = None
            yield _graded(result, page), troubles


def _trouble(submission: Submission, text: str) -> Trouble:
    return Trouble(text, submission.student, submission.chapter)


def _graded(result: Result, page: Path | None) -> Graded:
    rows = tuple(
        Row(
            result.student,
            result.chapter,
            verdict.exercise,
            verdict.code,
            verdict.score,
            verdict.points,
            verdict.misconceptions,
        )
        for verdict in result.verdicts
    )
    return Graded(
        result.student,
        result.chapter,
        rows,
        result.problem,
        result.notes,
        page=page if page is not None and page.is_file() else None,
    )


def _with_marks(course: Course, graded: Sequence[Graded]) -> list[Graded]:
    """Add what nbgrader's gradebook makes of each submission."""
    from nbgrader.api import MissingEntry

    from autograder.grading.gradebook import open_gradebook

    marked = []
    with open_gradebook(course) as gradebook:
        for one in graded:
            try:
                submission = gradebook.find_submission(one.chapter, one.student)
            except MissingEntry:
                marked.append(one)
                continue
            grades = [g for nb in submission.notebooks for g in nb.grades]
            penalty = submission.late_submission_penalty or 0.0
            marked.append(
                replace(
                    one,
                    mark=round(submission.score - penalty, 2),
                    out_of=submission.max_score,
                    waiting=sum(grade.needs_manual_grade for grade in grades),
                )
            )
    return marked
