"""Calls of one function after another, so that no call can harm what comes after.

This runs in the process that the student's code shares.  What may leave something
behind is called in a fork of it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from autograder.calling.calls import call
from autograder.calling.packing import pack, unpack
from autograder.limits import (
    CALL_END_SECONDS,
    FORK_SECONDS,
    MAX_ANSWER,
    MAX_PACKET,
)
from autograder.sandbox.inside.alarm import Alarm, RanTooLong
from autograder.sandbox.inside.channel import (
    Channel,
    ChannelClosed,
    FrameTooLong,
    TooLate,
)
from autograder.sandbox.inside.extra_time import ExtraTime, processor_clock
from autograder.sandbox.inside.stateless import is_stateless

__all__ = ["Calls"]


_CAN_FORK = hasattr(os, "fork")


class Calls:
    """Calls one function after another, each case when it comes, in a fork.

    One fork makes all calls of a function.  When one goes wrong the fork is killed,
    and another one makes the next call.

    Parameters
    ----------
    alarm : Alarm
        Ends a call in this process that takes too long.
    """

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm
        self._here = False
        self._fork: _Fork | None = None

    def probe(self, namespace: dict[str, Any], request: dict[str, Any]) -> bytes:
        """Call a function in one case and say what came of it, packed.

        What a fork says is handed on as it is: nobody here has an opinion about it.
        """
        if request["first"]:
            self.end()
        name = request["function"]
        if name not in namespace:
            return pack({"missing": ""})
        function = namespace[name]
        if not callable(function):
            return pack({"missing": type(function).__name__})
        answer = partial(_answer, function, request["parameters"])
        if request["first"]:
            self._here = not request["apart"] and is_stateless(function)
        if self._here or not _CAN_FORK:
            return self._answer_here(answer, request)
        if self._fork is None:
            self._fork = _Fork(answer)
        try:
            return self._fork.call(request["case"].tobytes(), request["seconds"])
        except _Accident as accident:
            self.end()
            return pack(accident.told)

    def _answer_here(
        self, answer: Callable[[bytes], bytes], request: dict[str, Any]
    ) -> bytes:
        told = b""
        with (
            contextlib.suppress(RanTooLong),
            self._alarm.after(request["seconds"]),
        ):
            told = answer(request["case"].tobytes())
        return pack(_Accident("timed-out").told) if self._alarm.rang else told

    def places(self, namespace: dict[str, Any], request: dict[str, Any]) -> bytes:
        """What small changes of a function prove, in a fork that ends after it."""
        function = namespace.get(request["function"])
        if not callable(function):
            return pack({"told": []})
        if not _CAN_FORK:
            return _places(function, request["question"].tobytes())
        self.end()
        self._fork = _Fork(partial(_places, function))
        try:
            return self._fork.call(request["question"].tobytes(), request["seconds"])
        except _Accident as accident:
            return pack(accident.told)
        finally:
            self.end()

    def end(self) -> None:
        """No more calls of this function."""
        if self._fork is not None:
            self._fork.end()
        self._fork = None


class _Accident(Exception):
    def __init__(self, code: str, status: int | None = None):
        super().__init__(code)
        self.told: dict[str, Any] = {"accident": code}
        self.told |= {} if status is None else {"status": status}


class _Fork:
    """A fork of this process that answers each case that it gets."""

    def __init__(self, answer: Callable[[bytes], bytes]):
        reading, its_writing = os.pipe()
        its_reading, writing = os.pipe()
        with warnings.catch_warnings():
            # A learner's threads are not copied by a fork, and do not matter to it.
            warnings.simplefilter("ignore")
            self._pid = _forked()
        if self._pid == 0:
            os.close(writing)
            _answer_and_exit(Channel(its_reading, its_writing), answer)
        os.close(its_writing)
        os.close(its_reading)
        self._channel = Channel(reading, writing)

    def call(self, case: bytes, seconds: float) -> bytes:
        """What comes of one call, packed as the case is."""
        deadline = time.monotonic() + seconds
        extra_time = ExtraTime(processor_clock(self._pid), seconds)
        try:
            self._channel.send(case, deadline)
            return self._channel.receive(MAX_ANSWER, deadline, extra_time)
        except TooLate:
            raise _Accident("timed-out") from None
        except FrameTooLong:
            raise _Accident("too-much-output") from None
        except ChannelClosed:
            self._channel.close()  # or it may wait for ever to be read
            raise _Accident("crashed", _status(self._pid)) from None

    def end(self) -> None:
        """Kill it."""
        self._channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        _status(self._pid)


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


def _answer_and_exit(channel: Channel, answer: Callable[[bytes], bytes]) -> None:
    """In the fork: call and send what happened, until nobody asks any more."""
    try:
        while True:
            channel.send(answer(channel.receive(MAX_PACKET)))
    finally:
        os._exit(0)


def _places(function: Any, question: bytes) -> bytes:
    from autograder.diagnosis import in_box  # what takes time to load, few need

    try:
        return in_box.answer(function, question)
    except Exception:  # noqa: BLE001
        return pack({"told": []})


def _answer(function: Any, parameters: tuple[str, ...], case: bytes) -> bytes:
    try:
        outcome = call(function, unpack(case, MAX_PACKET), parameters)
        answer = pack({"outcome": outcome})
    except MemoryError:
        return pack({"accident": "out-of-memory"})
    if len(answer) > MAX_ANSWER:
        return pack({"accident": "too-much-output"})
    return answer


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
