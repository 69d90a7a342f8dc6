"""Many submissions at once, each graded in some process, on some machine."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial

from autograder.classroom.interrupts import held_back
from autograder.classroom.workers import Submit, local_processes
from autograder.course import Course
from autograder.grading.grade import grade_submission, own_failure
from autograder.grading.result import Result
from autograder.limits import WATCH_SECONDS
from autograder.sandbox.options import DEFAULT_OPTIONS, RunOptions
from autograder.submissions.intake import Submission

__all__ = ["Submit", "Task", "as_completed", "grade_all"]

AHEAD = 8
"""Submissions handed out for each process, so that none waits for the next."""


@dataclass(frozen=True)
class Task:
    """What all submissions of one run have in common."""

    course: Course
    secret: bytes
    options: RunOptions = DEFAULT_OPTIONS

    def elsewhere(self) -> Task:
        """The same for another machine, without what grading does not need."""
        return replace(self, course=replace(self.course, db_url=""))

    def grade(self, submission: Submission) -> Result:
        """Grade one submission in this process."""
        return grade_submission(submission, self.course, self.secret, self.options)


def grade_all(
    submissions: Iterable[Submission],
    task: Task,
    jobs: int,
    keep: Callable[[Submission, Result], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Generator[tuple[Submission, Result]]:
    """Grade submissions in `jobs` processes; gives them as they are done.

    A process that dies loses nothing: what it had is graded again, alone, and
    what kills its process twice becomes a failure of ours.  What we failed to grade is
    tried once more when nothing else is graded.

    Parameters
    ----------
    submissions : iterable of Submission
        Read when their turn comes.
    task : Task
    jobs : int
    keep : callable, optional
        Called with each result at once, in a thread of its own, while the one
        given last is still being dealt with.
    meanwhile : callable, optional
        Called once, when the first is graded: what takes a while, and is needed only
        for what comes after grading.
    """
    waiting = iter(submissions)
    failed: list[Submission] = []
    while True:
        lost: list[Submission] = []
        with local_processes(task, jobs) as submit:
            ahead = AHEAD * jobs
            for one in as_completed(submit, waiting, ahead, keep, lost, meanwhile):
                if one[1].needs_person:
                    failed.append(one[0])
                else:
                    yield one
        if not lost:
            break
        meanwhile = None
        yield from _one_by_one(lost, task, keep)
    if failed:
        lost = []
        with local_processes(task, 1) as submit:
            yield from as_completed(submit, iter(failed), 1, keep, lost)
        yield from _one_by_one(lost, task, keep)


def as_completed(
    submit: Submit,
    waiting: Iterator[Submission],
    ahead: int,
    keep: Callable[[Submission, Result], None] | None,
    lost: list[Submission],
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[tuple[Submission, Result]]:
    """Results as they come, with at most `ahead` submissions handed out.

    When processes die, what they had and what waited for them is put on `lost`.
    """
    running: dict[Future[Result], Submission] = {}
    broken = False
    while True:
        while not broken and len(running) < ahead:
            submission = next(waiting, None)
            if submission is None:
                break
            try:
                future = submit(submission)
            except BrokenProcessPool:
                broken = True
                lost.append(submission)
                break
            running[future] = submission
            if keep is not None:
                with held_back():
                    future.add_done_callback(partial(_keep, keep, submission))
        if not running:
            return
        done = _done(running)
        if meanwhile is not None:
            meanwhile()
            meanwhile = None
        for future, result in done:
            submission = running.pop(future)
            if result is None:
                broken = True
                lost.append(submission)
            else:
                yield submission, result


def _done(
    running: Iterable[Future[Result]],
) -> list[tuple[Future[Result], Result | None]]:
    """Those of which at least one is done; without a result if its process died.

    Ctrl-C waits for the end of a look: in the middle of one it would leave a lock held
    for which the pool then waits for ever.
    """
    while True:
        with held_back():
            done = wait(running, WATCH_SECONDS, FIRST_COMPLETED).done
            found = [(future, _result_of(future)) for future in done]
        if found:
            return found


def _result_of(future: Future[Result]) -> Result | None:
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _keep(
    keep: Callable[[Submission, Result], None],
    submission: Submission,
    future: Future[Result],
) -> None:
    if future.exception() is None:
        keep(submission, future.result())


def _one_by_one(
    submissions: list[Submission],
    task: Task,
    keep: Callable[[Submission, Result], None] | None,
) -> Iterator[tuple[Submission, Result]]:
    while submissions:
        lost: list[Submission] = []
        with local_processes(task, 1) as submit:
            yield from as_completed(submit, iter(submissions[:1]), 1, keep, lost)
        for submission in lost:
            reason = "the process that graded it died"
            yield submission, own_failure(submission, task.course, reason)
        submissions = submissions[1:]
