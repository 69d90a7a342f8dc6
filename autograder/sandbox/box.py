"""Where student code runs: a process, a folder, and a channel to ask it things.

In a box that confines it the process is a fork of a fork server, see `forks`; else it
is one of its own, see `unconfined`.  Requests, limits and the ways to die are the same.
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder.calling.packing import BadPacket, pack, unpack
from autograder.limits import (
    GRACE_SECONDS,
    MAX_GREETING,
    MAX_REPLY,
    SPARE_CPU_SECONDS,
    START_SECONDS,
)
from autograder.sandbox.bounds.account import LOOKED_AT
from autograder.sandbox.boxes import box_named
from autograder.sandbox.fork import Fork, ForkServerFailed
from autograder.sandbox.forks import close_fork_servers
from autograder.sandbox.inside.channel import ChannelClosed, FrameTooLong, TooLate
from autograder.sandbox.inside.extra_time import ExtraTime, Idling
from autograder.sandbox.options import RunOptions
from autograder.sandbox.unconfined import Unconfined

__all__ = ["Box", "BoxDied", "BoxFailed", "close_boxes"]

Later = Callable[[], float | None]
"""Gives another deadline when one has passed, or None."""


class BoxFailed(Exception):
    """The box could not be opened: our own failure, not the student's."""


class BoxDied(Exception):
    """The process is gone, or does not keep to the protocol any more.

    Attributes
    ----------
    reason : str
        ``timed-out``, ``died``, ``flooded``, ``garbled`` or ``out-of-memory``.
    status : int or None
        Exit code if it died, negative for a signal.
    """

    def __init__(self, reason: str, status: int | None = None):
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Box:
    """A process that runs student code, and its folder.  Close it after use.

    Parameters
    ----------
    options : RunOptions
        With the box chosen.
    folder : path, optional
        Where cells run and find modules if nothing confines them; a fresh empty
        folder by default, and always where something does.
    """

    def __init__(self, options: RunOptions, folder: Path | None = None):
        kind, limits = box_named(options.box), options.bounds
        self.account, self._used = LOOKED_AT, 0.0
        self._process: Unconfined | Fork | None = None
        self._last_words = ""
        _open_boxes.add(self)
        try:
            self._process = kind.open(options, folder)
            self.account = self._process.account
            if self._process.tells_start:
                self._receive(time.monotonic() + START_SECONDS, MAX_GREETING)
            self.ask(
                {
                    "do": "limits",
                    "memory": limits.memory,
                    "file_size": limits.file_size,
                    "cpu_seconds": int(limits.total_seconds) + SPARE_CPU_SECONDS,
                    "path": [str(folder)] if folder else [],
                    **kind.tasks(limits),
                },
                START_SECONDS,
            )
        except OSError as error:
            self.close()
            raise BoxFailed(f"Python cannot be started: {error}") from error
        except ForkServerFailed as error:
            self.close()
            raise BoxFailed(f"The box {kind.name} did not start: {error}") from error
        except BoxDied as death:
            reason = self._last_words or str(death)
            raise BoxFailed(f"The process did not start: {reason}") from death

    def ask(
        self,
        request: dict[str, Any],
        seconds: float,
        limit: int = MAX_REPLY,
        end: float = math.inf,
        idling: Idling | None = None,
    ) -> dict[str, Any]:
        """Send a request and give its answer, of at most `limit` bytes.

        What has to wait for a processor gets more than `seconds`, but nothing beyond
        `end` on the monotonic clock.  What sleeps ends when `idling` says so.

        Raises
        ------
        BoxDied
            If there is no proper answer in time; the box is then closed.
        """
        if self._process is None:
            raise BoxDied("died")
        end += GRACE_SECONDS
        deadline = min(time.monotonic() + seconds + GRACE_SECONDS, end)
        try:
            with self._watchdog(deadline):
                self._process.channel.send(pack(request), deadline)
        except (ChannelClosed, TooLate) as error:
            raise self._death(error) from error
        process = self._process
        used = process.used_lately()
        later: Later = ExtraTime(process.used, seconds, used, process.busy, end)
        if idling is not None:
            later = idling.later(deadline, process.busy, later)
            deadline = idling.first(deadline)
        answer = self._receive(deadline, limit, later)
        if process.exhausted():
            self.close()
            raise BoxDied("out-of-memory")
        return answer

    @property
    def used(self) -> float:
        """Seconds of processor time, of all that there was in it, once it is closed."""
        return self._used

    def _receive(
        self, deadline: float, limit: int, later: Later | None = None
    ) -> dict[str, Any]:
        assert self._process is not None
        try:
            with self._watchdog(deadline):
                data = self._process.channel.receive(limit, deadline, later)
            answer = unpack(data, limit)
            if not isinstance(answer, dict):
                raise BadPacket("not an answer")
        except (ChannelClosed, TooLate, FrameTooLong, BadPacket) as error:
            raise self._death(error) from error
        return answer

    def _death(self, error: Exception) -> BoxDied:
        assert self._process is not None
        reason = {
            TooLate: "timed-out",
            FrameTooLong: "flooded",
            BadPacket: "garbled",
        }.get(type(error), "died")
        status = self._process.exit_code() if reason == "died" else None
        self._last_words = self._process.last_words()
        reason = self._process.killed_for or reason
        self.close()
        return BoxDied(reason, status)

    @contextlib.contextmanager
    def _watchdog(self, deadline: float) -> Iterator[None]:
        """On Windows, where no pipe can be polled, kill at the deadline."""
        if os.name != "nt":
            yield
            return
        assert self._process is not None
        timer = threading.Timer(deadline - time.monotonic(), self._process.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        """Kill the process and all that it started, and remove its folder.

        Every step may be done twice, so that an interrupt may come between.
        """
        if self._process is not None:
            self._process.close()
            self._used = self._process.used_lately()
            self._process = None
        _open_boxes.discard(self)

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_open_boxes: set[Box] = set()


def close_boxes() -> None:
    """Close whatever is still open in this process, before it ends."""
    close_fork_servers()  # first: who asks one for an answer now may wait for it
    for box in list(_open_boxes):
        box.close()
