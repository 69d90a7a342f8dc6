"""Processes that grade on this machine: how each begins, and how all of them end."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from autograder.classroom.interrupts import held_back, unblock_interrupts
from autograder.classroom.preloading import preload
from autograder.classroom.scratch import scratch_folder
from autograder.limits import END_SECONDS
from autograder.sandbox.box import close_boxes
from autograder.sandbox.boxes import is_unconfined, trust
from autograder.sandbox.inside.resource_limits import die_with_parent
from autograder.sandbox.readable import library, share
from autograder.submissions.intake import Submission
from autograder.writing import write_whole

if TYPE_CHECKING:
    from autograder.classroom.pool import Task
    from autograder.grading.result import Result

__all__ = ["Submit", "local_processes"]

Submit = Callable[[Submission], "Future[Result]"]
"""Has a submission graded, somewhere and some time."""


@contextmanager
def local_processes(task: Task, jobs: int) -> Iterator[Submit]:
    """Processes that grade; on an interrupt they clean up and end at once."""
    with scratch_folder() as scratch:
        # By a file: whoever starts a process with a long message waits for it.
        shown = None if is_unconfined(task.options.box) else library()
        write_whole(scratch / _TASK, pickle.dumps((task, shown)), private=True)
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

    # This process itself is never forked: it has threads.
    executor = ProcessPoolExecutor(
        jobs, mp_context=preload(), initializer=_start_worker, initargs=(scratch,)
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


def _start_worker(scratch: Path) -> None:
    global _task
    _task, shown = pickle.loads((scratch / _TASK).read_bytes())
    if shown is not None:
        trust(_task.options.box)
        share(shown)
    tempfile.tempdir = str(scratch)
    if os.name == "posix":
        scratch.chmod(0o711)  # a box's own user has to get through
    # Ctrl-C reaches all processes; this one waits to be told by the first, or
    # by the system when that one is killed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    unblock_interrupts()
    signal.signal(signal.SIGTERM, _interrupt)
    die_with_parent(signal.SIGTERM)
    first = multiprocessing.parent_process()
    if first is None or not first.is_alive():  # killed before this process could ask
        os._exit(1)
    Finalize(None, close_boxes, exitpriority=0)  # a fork ends without `atexit`


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
