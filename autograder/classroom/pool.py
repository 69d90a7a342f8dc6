"""Many submissions at once, each graded in some process, on some machine."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from uuid import uuid4

from autograder.classroom.interrupts import held_back, unblock_interrupts
from autograder.classroom.scratch import scratch_folder
from autograder.course import Course
from autograder.grading.grade import grade_submission, own_failure
from autograder.grading.result import Result
from autograder.limits import END_SECONDS, WATCH_SECONDS
from autograder.sandbox.box import close_boxes
from autograder.sandbox.boxes import trust
from autograder.sandbox.inside.resource_limits import die_with_parent
from autograder.sandbox.options import DEFAULT_OPTIONS, RunOptions
from autograder.submissions.intake import Submission
from autograder.writing import write_whole

__all__ = ["Submit", "Task", "grade_all"]

# Forking a process that has threads is not safe; a fresh one is, everywhere.
_CONTEXT = multiprocessing.get_context("spawn")

AHEAD = 4
"""Submissions handed out for each process, so that none waits for the next."""

Submit = Callable[[Submission], "Future[Result]"]
"""Has a submission graded, somewhere and some time."""


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
        Called once, when the first submissions are handed out: what takes a while.
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
        if meanwhile is not None:
            meanwhile()
            meanwhile = None
        for future, result in _done(running):
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


@contextmanager
def local_processes(task: Task, jobs: int) -> Iterator[Submit]:
    """Processes that grade; on an interrupt they clean up and end at once."""
    with scratch_folder() as scratch:
        # By a file: whoever starts a process with a long message waits for it.
        write_whole(scratch / _TASK, pickle.dumps(task), private=True)
        with _processes(scratch, jobs) as submit:
            yield submit


@contextmanager
def _processes(scratch: Path, jobs: int) -> Iterator[Submit]:
    others = set(multiprocessing.active_children())

    def submit(submission: Submission) -> Future[Result]:
        # A pool whose processes end hangs while a long message is on its way to
        # them or from them (cpython#94777): both go by a file.
        place = scratch / uuid4().hex
        write_whole(place, pickle.dumps(submission), private=True)
        future: Future[Result] = Future()
        with held_back():  # or a process is left that nobody knows of
            graded = executor.submit(_grade, place)
            graded.add_done_callback(partial(_hand_over, future, place))
        return future

    executor = ProcessPoolExecutor(
        jobs,
        mp_context=_CONTEXT,
        initializer=_start_worker,
        initargs=(scratch, os.getpid()),
    )
    try:
        yield submit
    except BaseException:
        with held_back():
            _end(set(multiprocessing.active_children()) - others)
            executor.shutdown(cancel_futures=True)
        raise
    else:
        executor.shutdown()


def _hand_over(future: Future[Result], place: Path, graded: Future[None]) -> None:
    """Give what a process wrote to whoever waits for it."""
    try:
        graded.result()
        result = pickle.loads(place.read_bytes())
        place.unlink()
    except Exception as error:  # noqa: BLE001 -- for the one who asks for the result
        future.set_exception(error)
    else:
        future.set_result(result)


def _end(workers: set[BaseProcess]) -> None:
    """End processes: those that do not clean up in time are killed."""
    for worker in workers:
        worker.terminate()
    deadline = time.monotonic() + END_SECONDS
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
        worker.kill()
    for worker in workers:
        worker.join(END_SECONDS)


_TASK = "task"
_task: Task


def _start_worker(scratch: Path, parent: int) -> None:
    global _task
    _task = pickle.loads((scratch / _TASK).read_bytes())
    trust(_task.options.box)
    tempfile.tempdir = str(scratch)
    if os.name == "posix":
        scratch.chmod(0o711)  # a box's own user has to get through
    # Ctrl-C reaches all processes; this one waits to be told by the first, or
    # by the system when that one is killed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    unblock_interrupts()
    signal.signal(signal.SIGTERM, _interrupt)
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:  # it was killed before this process could ask
        os._exit(1)


def _interrupt(*_: Any) -> None:
    """Clean up and end here: an exception could be taken for a result's."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        close_boxes()
    finally:
        os._exit(0)


def _grade(place: Path) -> None:
    """Grade the submission in a file and put the result in its place."""
    result = _task.grade(pickle.loads(place.read_bytes()))
    write_whole(place, pickle.dumps(result), private=True)
