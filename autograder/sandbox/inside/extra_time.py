"""More time for what works but hardly gets a processor.

A deadline says how long something may take on a machine that has nothing else to
do.  Where many processes share a few processors it takes longer, and that is no
fault of whoever wrote it.  What sleeps gets no more time.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from autograder.limits import MAX_EXTRA_TIME

__all__ = ["ExtraTime", "processor_clock"]

BUSY = 0.05
"""Share of a processor below which something sleeps and does not wait for one."""


class ExtraTime:
    """Says, whenever a deadline has passed, whether there is another one.

    Parameters
    ----------
    clock : callable
        Seconds of processor time that were used so far.
    seconds : float
        What may be used, of processor time, from now on.
    used_before : float, optional
        What the clock says now, or said shortly before if reading it costs much.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        seconds: float,
        used_before: float | None = None,
    ):
        self._clock = clock
        self._seconds = seconds
        self._began = time.monotonic()
        self._used_before = clock() if used_before is None else used_before

    def __call__(self) -> float | None:
        """A later deadline on the monotonic clock, or None."""
        now = time.monotonic()
        passed = now - self._began
        used = self._clock() - self._used_before
        if used >= self._seconds or passed >= MAX_EXTRA_TIME * self._seconds:
            return None
        if used < BUSY * passed:
            return None
        return now + max(self._seconds - used, 0.01)


def processor_clock(pid: int) -> Callable[[], float]:
    """The clock of the processor time that another process uses."""
    clock = (~pid << 3) | 2  # as clock_getcpuclockid(3) numbers them on Linux

    def seconds() -> float:
        with contextlib.suppress(OSError, AttributeError):
            return time.clock_gettime(clock)
        return 0.0

    return seconds
