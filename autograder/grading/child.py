"""The process in which student code runs: cells first, then one call at a time.

It answers requests that come over one pipe and has no opinion about them.
Student code shares this process, so nothing that it says is believed: it sends
values, and whoever asked decides what they are worth.

Requests are dicts with ``do``:

``limits``
    Confine this process, once, before anything else.
``names``
    Which names each of the `sources` binds and needs.
``run``
    Run one cell; answers with what it shows and its error.
``probe``
    Call a function in a fork of this process, which is killed at a deadline.
``defined``
    Which of `names` are functions now.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from typing import Any

from autograder.checking.calling import call
from autograder.checking.packing import BadPacket, pack, unpack
from autograder.grading.channel import Channel, ChannelClosed, FrameTooLong, TooLate
from autograder.grading.shell import Shell, new_shell

__all__ = ["main"]

MAX_REQUEST = 1 << 28
MAX_ACCIDENTS = 2
"""Calls of one function that may be killed before the rest is given up."""
_CAN_FORK = hasattr(os, "fork")
_CAN_ALARM = hasattr(signal, "setitimer")


class CellTimedOut(BaseException):
    """Ends a cell that has run for too long; not an `Exception`, so few catch it."""


class _Alarm:
    """Interrupts the main thread, and goes on until the cell has ended."""

    def __init__(self) -> None:
        self._armed = False
        if _CAN_ALARM:
            signal.signal(signal.SIGALRM, self._ring)

    def _ring(self, *_: Any) -> None:
        if self._armed:
            raise CellTimedOut

    @contextlib.contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        if not _CAN_ALARM:
            yield
            return
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
        try:
            yield
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> None:
    """Answer requests until the pipe is closed."""
    channel = _take_standard_streams()
    channel.send(pack({"ready": True}))
    shell: Shell | None = None
    alarm = _Alarm()
    with contextlib.suppress(ChannelClosed):
        while True:
            request = unpack(channel.receive(MAX_REQUEST), MAX_REQUEST)
            if request["do"] == "limits":
                _confine(request)
                shell = new_shell()
                answer: dict[str, Any] = {"ready": True}
            elif shell is None:
                return
            elif request["do"] == "names":
                answer = {"names": [shell.names(s) for s in request["sources"]]}
            elif request["do"] == "run":
                answer = _run(shell, alarm, request)
            elif request["do"] == "probe":
                answer = _probe(shell, request)
            else:
                answer = {"defined": _defined(shell, request["names"])}
            channel.send(pack(answer))


def _take_standard_streams() -> Channel:
    """Keep the two pipes for this module; student code gets empty streams."""
    channel = Channel(os.dup(0), os.dup(1))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return channel


def _confine(request: dict[str, Any]) -> None:
    """Set limits that this process and all that it starts cannot raise again."""
    sys.path[:0] = request["path"]
    warnings.filterwarnings("ignore", message=".*is non-interactive")
    if sys.platform == "linux":
        _die_with_parent()
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: request["memory"],
        resource.RLIMIT_FSIZE: request["file_size"],
        resource.RLIMIT_CPU: request["cpu_seconds"],
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        limits[resource.RLIMIT_NPROC] = _tasks_of_user() + request["processes"]
    for what, limit in limits.items():
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        # macOS refuses some of them.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (limit, limit))


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when the grader dies."""
    import ctypes

    set_parent_death_signal = 1
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def _tasks_of_user() -> int:
    """How many tasks the user has: the limit counts all, not only this one's."""
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == os.getuid():
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count


def _run(shell: Shell, alarm: _Alarm, request: dict[str, Any]) -> dict[str, Any]:
    if request["module"]:
        shell.user_ns["__name__"] = request["module"]
    timed_out = False
    shown: dict[str, Any] = {}
    try:
        with alarm.after(request["seconds"]):
            shown = shell.run(request["source"], request["number"])
    except CellTimedOut:
        timed_out = True
    error = shown.get("error", shell.error)
    if error and error["kind"] == CellTimedOut.__name__:
        timed_out, error = True, None
    return {
        "outputs": shell.record.entries,
        "error": error,
        "timed_out": timed_out,
    }


def _defined(shell: Shell, names: list[str]) -> list[str]:
    return [name for name in names if callable(shell.user_ns.get(name))]


def _probe(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    """Call one function in every case, in forks, and say what came of each.

    One fork makes the calls one after another.  When a call goes wrong it is
    killed and another goes on with the next case, up to `MAX_ACCIDENTS`.
    """
    name = request["function"]
    if name not in shell.user_ns:
        return {"missing": ""}
    function = shell.user_ns[name]
    if not callable(function):
        return {"missing": type(function).__name__}
    if not _CAN_FORK:
        return {"answers": [_answer(function, request, at) for at in _cases(request)]}
    answers: list[dict[str, Any]] = []
    accidents = 0
    while len(answers) < len(request["cases"]):
        found = _fork(function, request, len(answers))
        answers += found
        accidents += "accident" in found[-1]
        if accidents >= MAX_ACCIDENTS:
            answers += [found[-1]] * (len(request["cases"]) - len(answers))
    return {"answers": answers}


def _cases(request: dict[str, Any], first: int = 0) -> range:
    return range(first, len(request["cases"]))


def _fork(function: Any, request: dict[str, Any], first: int) -> list[dict[str, Any]]:
    """Answers from the case `first` on, to the end or to the first accident."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # A learner's threads are not copied by a fork, and do not matter to it.
        warnings.simplefilter("ignore")
        pid = os.fork()
    if pid == 0:
        _answer_and_exit(Channel(reading, writing), function, request, first)
    os.close(writing)
    channel = Channel(reading, reading)
    answers = []
    try:
        for _ in _cases(request, first):
            deadline = time.monotonic() + request["seconds"]
            answers.append(unpack(channel.receive(request["limit"], deadline)))
    except TooLate:
        answers.append({"accident": "timed-out"})
    except FrameTooLong:
        answers.append({"accident": "too-much-output"})
    except (ChannelClosed, BadPacket):
        answers.append({"accident": "crashed", "status": _status(pid)})
        return answers
    finally:
        channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _status(pid)
    return answers


def _answer_and_exit(
    channel: Channel, function: Any, request: dict[str, Any], first: int
) -> None:
    """In the fork: call and send what happened, then leave without any clean-up."""
    try:
        for at in _cases(request, first):
            channel.send(pack(_answer(function, request, at)))
    finally:
        os._exit(0)


def _answer(function: Any, request: dict[str, Any], at: int) -> dict[str, Any]:
    try:
        outcome = call(function, request["cases"][at], request["parameters"])
        if len(pack({"outcome": outcome})) > request["limit"]:
            return {"accident": "too-much-output"}
    except MemoryError:
        return {"accident": "out-of-memory"}
    return {"outcome": outcome}


def _status(pid: int) -> int:
    """Exit code of a fork, negative for a signal; 0 if it cannot be known."""
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except (ChildProcessError, ValueError):
        return 0
