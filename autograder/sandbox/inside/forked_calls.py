"""Calls of one function in forks, so that no call can harm what comes after.

This runs in the process that the student's code shares.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import warnings
from typing import Any

from autograder.calling.calls import call
from autograder.calling.packing import BadPacket, pack, unpack
from autograder.limits import CALL_END_SECONDS, FORK_SECONDS, MAX_CALL_ACCIDENTS
from autograder.sandbox.inside.channel import (
    Channel,
    ChannelClosed,
    FrameTooLong,
    TooLate,
)
from autograder.sandbox.inside.extra_time import ExtraTime, processor_clock

__all__ = ["probe"]


_CAN_FORK = hasattr(os, "fork")


def probe(namespace: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Call one function in every case, in forks, and say what came of each.

    One fork makes the calls one after another.  When a call goes wrong it is
    killed and another goes on with the next case, up to `MAX_CALL_ACCIDENTS`.
    """
    name = request["function"]
    if name not in namespace:
        return {"missing": ""}
    function = namespace[name]
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
        if accidents >= MAX_CALL_ACCIDENTS:
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
        pid = _forked()
    if pid == 0:
        _answer_and_exit(Channel(reading, writing), function, request, first)
    os.close(writing)
    channel = Channel(reading, reading)
    answers = []
    try:
        for _ in _cases(request, first):
            deadline = time.monotonic() + request["seconds"]
            extra_time = ExtraTime(processor_clock(pid), request["seconds"])
            data = channel.receive(request["limit"], deadline, extra_time)
            answers.append(unpack(data))
    except TooLate:
        answers.append({"accident": "timed-out"})
    except FrameTooLong:
        answers.append({"accident": "too-much-output"})
    except (ChannelClosed, BadPacket):
        channel.close()  # or it may wait for ever to be read
        answers.append({"accident": "crashed", "status": _status(pid)})
        return answers
    finally:
        channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _status(pid)
    return answers


def _forked() -> int:
    """Fork, if need be when another notebook's processes have been killed.

    Limits count all that a user runs, and one user may run many notebooks.
    """
    end = time.monotonic() + FORK_SECONDS
    while True:
        try:
            return os.fork()
        except BlockingIOError:
            if time.monotonic() >= end:
                raise
            time.sleep(0.05)


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
    """Exit code of a fork, negative for a signal; 0 if it cannot be known.

    Who closes the channel and does not end is killed.
    """
    end = time.monotonic() + CALL_END_SECONDS
    try:
        while True:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() >= end:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.002)
    except (ChildProcessError, ProcessLookupError, ValueError):
        return 0
