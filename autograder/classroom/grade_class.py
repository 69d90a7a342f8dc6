"""A class: every submission of a course graded, recorded and summed up."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterator,
    Sequence,
)
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import chain

from autograder.classroom.class_result import (
    ClassResult,
    Graded,
    Trouble,
    in_order,
)
from autograder.classroom.cluster import grade_on_cluster
from autograder.classroom.graded import graded_of, marks_of, with_mark
from autograder.classroom.interrupts import held_back
from autograder.classroom.pool import Task, grade_all
from autograder.classroom.store import (
    NEW,
    REASONS,
    RETOLD,
    UNCHANGED,
    Store,
)
from autograder.classroom.troubles import other_time, trouble, troubles_of
from autograder.classroom.unchanged import Entered, look_at
from autograder.course import Course, NotACourse, load_secret
from autograder.grading.released import refuse_outdated_releases
from autograder.grading.result import Result
from autograder.sandbox.options import DEFAULT_OPTIONS, RunOptions
from autograder.submissions.intake import Found, collect
from autograder.submissions.submission import Stray, Submission
from autograder.term.attempts import read_counted, whose_counts
from autograder.term.class_file import load_rules
from autograder.term.rules import Rules

__all__ = ["Progress", "find_submissions", "grade_class"]

ASKED = "again, as asked"

Results = Generator[tuple[Submission, Result]]

Progress = Callable[[int, int, str], None]
"""Called with the number done, the number in all, and what was done last."""


def find_submissions(
    course: Course, chapter: str | None = None
) -> tuple[list[Found], list[Stray]]:
    """What was handed in, of one chapter or of all, and what else lies there.

    Raises
    ------
    NotACourse
        If `chapter` is not released.
    """
    if chapter is not None and chapter not in course.releases:
        known = ", ".join(course.releases)
        raise NotACourse(f"There is no released chapter {chapter}; there are {known}.")
    chapters = list(course.releases) if chapter is None else [chapter]
    return collect(course.submitted, chapters, list(course.releases))


def grade_class(
    course: Course,
    chapter: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    options: RunOptions = DEFAULT_OPTIONS,
    scheduler: str | None = None,
    again: bool = False,
    announce: Callable[[str], None] | None = None,
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
    options : RunOptions
        How student code is run.
    scheduler : str, optional
        Address of a Dask scheduler whose workers grade.
    again : bool
        Whether to grade also what has not changed since the last time.
    announce : callable, optional
        Called once with a line that says how many submissions are graded, how
        many are not, and why.

    Raises
    ------
    NotACourse
        If `chapter` is not released, or its release is not what the course makes
        now, or a setting or a rule of the class is not understood, or this system
        cannot grade.
    NoBox
        If student code cannot be walled off.
    NoCluster
        If there is no such scheduler.
    """
    if os.name != "posix":
        raise NotACourse(
            "Grading needs Linux or macOS; on Windows it runs in WSL 2 or in Docker."
        )
    rules = load_rules(course)
    course = replace(course, timezone=rules.zone)
    submissions, strays = find_submissions(course, chapter)
    submissions, unclear = whose_counts(submissions, course, rules)
    strays += unclear
    read = partial(read_counted, course=course, rules=rules)
    refuse_outdated_releases(course, None if chapter is None else [chapter])
    problems = [Trouble(s.text, s.student, s.chapter, s.code) for s in strays]
    # On a cluster each worker chooses for itself.
    options = options if scheduler else options.with_box_chosen()
    task = Task(course, load_secret(course), options)
    if rules.there:
        _apply(course, rules)
    store, entered = Store(task), Entered(course)

    def keep(submission: Submission, result: Result) -> None:
        try:
            store.save(submission, result)
        except OSError as error:
            text = f"The result could not be kept: {error.strerror or error}."
            problems.append(trouble(submission, text))

    def ready(found: Found) -> Submission:
        submission = read(found)
        return submission if again else replace(submission, ran=store.ran(submission))

    def grade(fresh: Sequence[Found]) -> Results:
        waiting = map(ready, fresh)
        if scheduler is not None:
            return grade_on_cluster(scheduler, waiting, task, keep, _import_nbgrader)
        return grade_all(waiting, task, _jobs(jobs, fresh), keep, _import_nbgrader)

    graded: list[Graded] = []

    def done(one: Graded) -> None:
        graded.append(one)
        if progress is not None:
            progress(len(graded), len(submissions), f"{one.student}, {one.chapter}")

    looked = [look_at(read(found), store, entered) for found in submissions]
    if announce is not None and submissions:
        announce(_announcement([ASKED if again else one.reason for one in looked]))
    left, same = [], set()
    for found, seen in zip(submissions, looked, strict=True):
        if seen.reason != NEW:
            same.add((found.student, found.chapter))
        if seen.graded is None or again:
            left.append(found)
        else:
            problems += seen.troubles
            done(seen.graded)
    as_before = None if again else entered
    if left:
        # Closed at once on an interrupt, not when the collector comes by.
        with (
            closing(_results(read, left, store, again, grade)) as results,
            closing(_record(course, results, same, as_before)) as recorded,
        ):
            for one, troubles in recorded:
                problems += troubles
                done(one)
    marks, failure = marks_of(course) if graded else ({}, None)
    problems += [failure] if failure else []
    graded = [with_mark(one, marks) for one in graded]
    return ClassResult(
        course,
        tuple(sorted(graded, key=lambda g: (g.chapter, g.student))),
        in_order(problems),
    )


def _apply(course: Course, rules: Rules) -> None:
    """Bring the gradebook in line with the rules of the class."""
    from autograder.gradebook.class_rules import apply_rules
    from autograder.gradebook.gradebook import GradebookFailed
    from autograder.gradebook.late import refuse_two_late_rules

    refuse_two_late_rules(course, rules)
    try:
        apply_rules(course, rules)
    except GradebookFailed as failure:
        raise NotACourse(str(failure)) from failure


def _results(
    read: Callable[[Found], Submission],
    submissions: Sequence[Found],
    store: Store,
    again: bool,
    grade: Callable[[Sequence[Found]], Results],
) -> Results:
    """What is there already, then what has to be graded."""
    fresh = []
    for found in submissions:
        submission = read(found)
        result = None if again else store.load(submission)
        if result is None:
            fresh.append(found)
        else:
            yield submission, result
    if fresh:
        with closing(grade(fresh)) as graded:
            yield from graded


def _announcement(reasons: Sequence[str]) -> str:
    """How many submissions are graded, how many are not, and why."""
    n, counted = len(reasons), Counter(reasons)
    said = [
        f"{'all' if counted[reason] == n > 1 else counted[reason]} {reason}"
        for reason in (*REASONS, RETOLD, ASKED, UNCHANGED)
        if counted[reason]
    ]
    return f"Grading {n} submission{'s' * (n != 1)}: {', '.join(said)}."


def _jobs(jobs: int | None, submissions: Sequence[Found]) -> int:
    return max(1, min(jobs or os.cpu_count() or 1, len(submissions)))


def _import_nbgrader() -> None:
    """Import what enters results; it takes a second, in which others go on grading.

    Not in a thread of its own: Ctrl-C in an import of the main thread may leave the
    lock of all imports held, for which the thread would wait for ever.
    """
    with held_back(), _without("rfc3987_syntax"):
        import_module("autograder.gradebook.recording")


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Let imports find no module of this name, which they can do without.

    For addresses, of which a notebook has none, jsonschema loads one that makes a
    parser for each of their parts, which takes longer than all else that it loads.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def _record(
    course: Course,
    results: Iterator[tuple[Submission, Result]],
    same: Collection[tuple[str, str]],
    entered: Entered | None,
) -> Generator[tuple[Graded, list[Trouble]]]:
    first = next(results)
    from autograder.gradebook.recording import Recorder, RecordingFailed
    from autograder.gradebook.settings import refuse_unknown_settings

    refuse_unknown_settings(course.root)
    with Recorder(course) as recorder:
        for submission, result in chain([first], results):
            troubles = list(troubles_of(submission, result))
            page = entered.page(submission, result.to_bytes()) if entered else None
            if page is not None:  # other code came to the same
                yield graded_of(result, page), troubles
                continue
            known = (submission.student, submission.chapter) in same
            before = recorder.time_of(submission) if known else None
            try:
                page = recorder.record(submission, result)
            except RecordingFailed as failure:
                troubles.append(trouble(submission, str(failure)))
                page = None
            else:
                if known:
                    troubles += other_time(submission, before)
            yield graded_of(result, page), troubles
