"""More time for what works but hardly gets a processor.

A deadline says how long something may take on a machine that has nothing else to
do.  Where many processes share a few processors it takes longer, and that is no
fault of whoever wrote it.  What sleeps gets no more time, and nothing gets any
beyond the end of the notebook.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable

from autograder.limits import EXTRA_TIME_STEP, MAX_EXTRA_TIME, WATCH_SECONDS

__all__ = ["ExtraTime", "Idling", "processor_clock"]

BUSY = 0.05
"""Share of a processor below which something sleeps and does not wait for one."""
WORKING = 0.5
"""The same of a processor and of waiting for one, where waiting can be seen."""


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
    busy : callable, optional
        Seconds in which a processor was used or waited for, so far.
    end : float, optional
        On the monotonic clock; there is no deadline beyond it.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        seconds: float,
        used_before: float | None = None,
        busy: Callable[[], float] | None = None,
        end: float = math.inf,
    ):
        self._clock = clock
        self._seconds = seconds
        self._end = end
        self._began = time.monotonic()
        self._used_before = clock() if used_before is None else used_before
        self._busy = clock if busy is None else busy
        self._least = BUSY if busy is None else WORKING
        self._mark: tuple[float, float] | None = None

    def __call__(self) -> float | None:
        """A later deadline on the monotonic clock, or None."""
        now = time.monotonic()
        used = self._clock() - self._used_before
        left = self._seconds - used
        passed = now - self._began
        if left <= 0 or now >= self._end or passed >= MAX_EXTRA_TIME * self._seconds:
            return None
        if not self._works(now, used):
            return None
        return min(now + min(max(left, 0.01), EXTRA_TIME_STEP), self._end)

    def _works(self, now: float, used: float) -> bool:
        """Whether it works: what was more than a moment ago does not count.

        At the first look only processor time is known, which costs little to read.
        """
        if self._mark is None:
            self._mark = now, self._busy()
            return used >= BUSY * (now - self._began)
        then, before = self._mark
        if now - then < EXTRA_TIME_STEP / 2:
            return True
        self._mark = now, self._busy()
        return self._mark[1] - before >= self._least * (now - then)


class Idling:
    """Counts for how long something sleeps, and ends it when that is too long.

    Parameters
    ----------
    seconds : float
        In which it may sleep, in all that is asked of it.

    Attributes
    ----------
    left : float
        What is left of them.
    """

    def __init__(self, seconds: float):
        self.left = seconds

    def first(self, deadline: float) -> float:
        """When to look first at what has to end at `deadline`."""
        return min(deadline, time.monotonic() + WATCH_SECONDS)

    def later(
        self,
        deadline: float,
        busy: Callable[[], float],
        then: Callable[[], float | None],
    ) -> Callable[[], float | None]:
        """Says when to look next; None if it is to end.

        `busy` is as in `ExtraTime`, and `then` what is asked at `deadline`.
        """
        mark = time.monotonic(), busy()

        def look() -> float | None:
            nonlocal mark, deadline
            now, worked = time.monotonic(), busy()
            passed = now - mark[0]
            if worked - mark[1] < WORKING * passed:
                self.left -= passed
            mark = now, worked
            if now >= deadline:
                later = then()
                if later is None:
                    return None
                deadline = later
            if self.left <= 0:
                return None
            return min(deadline, now + min(WATCH_SECONDS, self.left))

        return look


def processor_clock(pid: int) -> Callable[[], float]:
    """The clock of the processor time that another process uses."""
    clock = (~pid << 3) | 2  # as clock_getcpuclockid(3) numbers them on Linux

    def seconds() -> float:
        with contextlib.suppress(OSError, AttributeError):
            return time.clock_gettime(clock)
        return 0.0

    return seconds
