"""Many submissions at once, each graded in some process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grading.box import close_boxes
from autograder.grading.course import Course
from autograder.grading.grade import grade_submission, own_failure
from autograder.grading.intake import Submission
from autograder.grading.limits import Limits
from autograder.grading.result import Result
from autograder.grading.surroundings import remove_folder

__all__ = ["Task", "grade_all"]

# Forking a process that has threads is not safe; a fresh one is, everywhere.
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Task:
    """What all submissions of one run have in common."""

    course: Course
    secret: bytes
    limits: Limits | None = None
    full: bool = False
    box: str = "auto"


def grade_all(
    submissions: Sequence[Submission], task: Task, jobs: int
) -> Generator[tuple[Submission, Result]]:
    """Grade submissions in `jobs` processes; gives them as they are done.

    A process that dies loses nothing: what it had is graded again, alone, and
    what kills its process twice becomes a failure of ours.
    """
    left = list(submissions)
    try:
        with _workers(task, jobs) as executor:
            for submission, result in _as_completed(executor, left, 4 * jobs):
                left.remove(submission)
                yield submission, result
    except BrokenProcessPool:
        yield from _one_by_one(left, task)


def _as_completed(
    executor: ProcessPoolExecutor, submissions: Sequence[Submission], ahead: int
) -> Iterator[tuple[Submission, Result]]:
    """Results as they come, with at most `ahead` submissions handed out."""
    waiting = iter(list(submissions))
    running: dict[Future[Result], Submission] = {}
    while True:
        for submission in waiting:
            running[executor.submit(_grade, submission)] = submission
            if len(running) >= ahead:
                break
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result()


def _one_by_one(
    submissions: Sequence[Submission], task: Task
) -> Iterator[tuple[Submission, Result]]:
    left = list(submissions)
    while left:
        with _workers(task, 1) as executor:
            while left:
                submission = left.pop(0)
                try:
                    result = executor.submit(_grade, submission).result()
                except BrokenProcessPool:
                    reason = "the process that graded it died"
                    yield submission, own_failure(submission, task.course, reason)
                    break
                yield submission, result


@contextmanager
def _workers(task: Task, jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that grade; on an interrupt they clean up and end at once."""
    others = set(multiprocessing.active_children())
    # A worker that is killed cannot clean up; this process does it for all.
    scratch = Path(tempfile.mkdtemp(prefix="autograder-"))
    executor = ProcessPoolExecutor(
        jobs, mp_context=_CONTEXT, initializer=_start_worker, initargs=(task, scratch)
    )
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        workers = set(multiprocessing.active_children()) - others
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(10)
            worker.kill()
        raise
    else:
        executor.shutdown()
    finally:
        remove_folder(scratch)


_task: Task


def _start_worker(task: Task, scratch: Path) -> None:
    global _task
    _task = task
    tempfile.tempdir = str(scratch)
    # Ctrl-C reaches all processes; this one waits to be told by the first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(*_: Any) -> None:
    raise SystemExit


def _grade(submission: Submission) -> Result:
    try:
        return grade_submission(
            submission,
            _task.course,
            _task.secret,
            _task.limits,
            _task.full,
            _task.box,
        )
    except SystemExit:
        # The executor would go on with the next one.
        close_boxes()
        os._exit(0)
