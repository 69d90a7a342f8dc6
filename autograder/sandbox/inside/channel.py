"""Frames over two pipes: a length in eight bytes, then that many bytes."""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Channel", "ChannelClosed", "FrameTooLong", "TooLate"]

_HAS_POLL = hasattr(select, "poll")
_CHUNK = 1 << 16
_AHEAD = 1 << 12
"""Bytes that are read together with a frame's length, if they are there."""


class ChannelClosed(Exception):
    """The other end is gone."""


class FrameTooLong(Exception):
    """The other end announces more bytes than this end wants."""


class TooLate(Exception):
    """The deadline has passed."""


class Channel:
    """One end of a pair of pipes.

    Parameters
    ----------
    reading, writing : int
        File descriptors.  With a deadline no call blocks beyond it, however
        the other end behaves; on Windows whoever wants a deadline has to kill
        the other end.
    """

    def __init__(self, reading: int, writing: int):
        self._reading = reading
        self._writing = writing
        self._ahead = b""
        self._open = True

    def send(self, data: bytes, deadline: float | None = None) -> None:
        """Send one frame, by `deadline` on the monotonic clock."""
        left = memoryview(len(data).to_bytes(8, "big") + data)
        while left:
            _wait(self._writing, select.POLLOUT if _HAS_POLL else 0, deadline)
            # A pipe that is ready takes PIPE_BUF bytes at once without blocking.
            step = left[: select.PIPE_BUF] if _HAS_POLL and deadline else left
            try:
                left = left[os.write(self._writing, step) :]
            except OSError as error:
                raise ChannelClosed from error

    def receive(
        self,
        limit: int,
        deadline: float | None = None,
        later: Callable[[], float | None] | None = None,
    ) -> bytes:
        """One frame of at most `limit` bytes, by `deadline`.

        When that has passed, `later` may give another one.
        """
        wait = _Wait(self._reading, deadline, later)
        size = int.from_bytes(self._exactly(8, wait), "big")
        if size > limit:
            raise FrameTooLong(f"{size} bytes instead of at most {limit}")
        return self._exactly(size, wait)

    def close(self) -> None:
        """Close this end."""
        if not self._open:
            return
        self._open = False
        for descriptor in {self._reading, self._writing}:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _exactly(self, size: int, wait: _Wait) -> bytes:
        parts, self._ahead = [self._ahead[:size]], self._ahead[size:]
        size -= len(parts[0])
        while size:
            wait()
            try:
                part = os.read(self._reading, min(max(size, _AHEAD), _CHUNK))
            except OSError as error:
                raise ChannelClosed from error
            if not part:
                raise ChannelClosed
            parts.append(part[:size])
            self._ahead = part[size:]
            size -= len(parts[-1])
        return b"".join(parts)


@dataclass
class _Wait:
    """Waits for bytes, and longer than at first if there is a later deadline."""

    descriptor: int
    deadline: float | None
    later: Callable[[], float | None] | None

    def __call__(self) -> None:
        while True:
            try:
                _wait(self.descriptor, select.POLLIN if _HAS_POLL else 0, self.deadline)
                return
            except TooLate:
                self.deadline = self.later() if self.later is not None else None
                if self.deadline is None:
                    raise


def _wait(descriptor: int, event: int, deadline: float | None) -> None:
    """Wait until the pipe is ready, or raise `TooLate`."""
    if deadline is None or not _HAS_POLL:
        return
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise TooLate
