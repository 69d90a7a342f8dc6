"""Grading on the workers of a Dask cluster, each with a box of its own."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from typing import Any

from autograder.classroom.pool import AHEAD, Task, as_completed
from autograder.grading.code import all_code
from autograder.grading.grade import own_failure
from autograder.grading.result import Result
from autograder.limits import CONNECT_SECONDS, MAX_FAILURE, MAX_VERSION
from autograder.sandbox.box import close_boxes
from autograder.sandbox.boxes import NoBox
from autograder.submissions.intake import Submission

__all__ = ["NoCluster", "grade_on_cluster"]


class NoCluster(Exception):
    """The cluster cannot be used; the text says why and what to do."""


def grade_on_cluster(
    address: str,
    submissions: Iterable[Submission],
    task: Task,
    keep: Callable[[Submission, Result], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Generator[tuple[Submission, Result]]:
    """Grade submissions on the workers of the scheduler at `address`.

    Bytes go there and come back: workers need this package in the same version,
    and a box, but no shared storage.  Dask gives what a dead worker had to
    another one; what kills one worker after another becomes a failure of ours.

    Raises
    ------
    NoCluster
        If there is no scheduler, no worker, or a worker has other code.
    NoBox
        If a worker cannot wall student code off.
    """
    client = _connect(address)
    try:
        _look_at_workers(client, task.options.box)
        common = client.scatter(task.elsewhere(), broadcast=True)
        n_threads = sum(client.nthreads().values())

        def submit(submission: Submission) -> Future[Result]:
            future: Future[Result] = Future()
            remote = client.submit(_grade, common, submission, pure=False)
            remote.add_done_callback(
                lambda done: _hand_over(done, future, submission, task)
            )
            return future

        ahead = AHEAD * max(n_threads, 1)
        yield from as_completed(submit, iter(submissions), ahead, keep, [], meanwhile)
        client.run(close_boxes)
    finally:
        client.close()


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise NoCluster(
            "Grading on a cluster needs Dask. `make setup` installs it, here and on "
            "the workers."
        ) from error
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(
            f"There is no Dask scheduler at {address}. Start one with "
            "`dask scheduler` and workers with `dask worker ADDRESS`."
        ) from error


def _look_at_workers(client: Any, box: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        address = client.scheduler.address
        raise NoCluster(
            f"The scheduler at {address} has no worker. Start one on each machine "
            f"with `dask worker {address}`."
        ) from error
    for worker, found in client.run(_version_there, on_error="return").items():
        if found != all_code():
            raise NoCluster(
                f"The worker at {worker} has no package autograder, or another "
                f"version or NumPy than this machine ({str(found)[:MAX_VERSION]})."
            )
    for worker, reason in client.run(_why_no_box, box).items():
        if reason:
            raise NoBox(f"On the worker at {worker}: {reason}")


def _version_there() -> str:
    return all_code()


def _why_no_box(box: str) -> str:
    from autograder.sandbox.boxes import choose_box

    try:
        choose_box(box)
    except NoBox as error:
        return str(error)
    return ""


def _grade(task: Task, submission: Submission) -> Result:
    return task.grade(submission)


def _hand_over(
    remote: Any, future: Future[Result], submission: Submission, task: Task
) -> None:
    """Give what came of a submission to whoever waits for it."""
    try:
        future.set_result(remote.result())
    except Exception as error:  # noqa: BLE001 -- Dask's own, of many classes
        reason = f"the cluster gave no result ({type(error).__name__}: {error})"
        future.set_result(own_failure(submission, task.course, reason[:MAX_FAILURE]))
