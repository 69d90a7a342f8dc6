"""Ends what student code does in this process when it has run for too long."""

from __future__ import annotations

import contextlib
import math
import signal
import time
from collections.abc import Iterator
from typing import Any

from autograder.sandbox.inside.extra_time import ExtraTime

__all__ = ["Alarm", "RanTooLong"]

_CAN_RING = hasattr(signal, "setitimer")


class RanTooLong(BaseException):
    """Raised where it is just running; not an `Exception`, so few catch it."""


class Alarm:
    """Interrupts the main thread, and goes on until what it watches has ended.

    Attributes
    ----------
    rang : bool
        Whether the last that was watched was interrupted, and caught it perhaps.
    """

    def __init__(self) -> None:
        self.rang = False
        self._armed = False
        self._extra_time: ExtraTime | None = None
        if _CAN_RING:
            signal.signal(signal.SIGALRM, self._ring)

    def _ring(self, *_: Any) -> None:
        later = self._extra_time() if self._extra_time is not None else None
        if later is not None:
            self._set(later - time.monotonic())
        elif self._armed:
            self.rang = True
            raise RanTooLong

    def _set(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), 0.2)

    @contextlib.contextmanager
    def after(self, seconds: float, left: float = math.inf) -> Iterator[None]:
        """Watch a block; `left` is what the notebook as a whole has.

        Where no alarm can be set, on Windows, nothing happens.
        """
        self.rang = False
        if not _CAN_RING:
            yield
            return
        self._armed = True
        end = time.monotonic() + left
        self._extra_time = ExtraTime(time.process_time, seconds, end=end)
        self._set(seconds)
        try:
            yield
        finally:
            self._armed = False
            self._extra_time = None
            signal.setitimer(signal.ITIMER_REAL, 0)
