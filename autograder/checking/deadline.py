"""Stop Python code that runs too long, in this process.

Works in the main thread of Unix systems, which is where a notebook's cells
run.  Elsewhere nothing is stopped, and a person can interrupt.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["TooLong", "deadline"]

AGAIN = 0.5
"""Seconds after which code that swallowed the exception is stopped again."""


class TooLong(BaseException):
    """The time is up.  Not an `Exception`, so that few handlers swallow it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in the body when `seconds` have passed."""
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
