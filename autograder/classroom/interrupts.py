"""Ctrl-C, held back where it would leave something behind."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["held_back", "unblock_interrupts"]


@contextmanager
def held_back() -> Iterator[None]:
    """Let Ctrl-C wait for the end of this; processes started in it do not get it.

    Whoever is started inherits that it is blocked, see `unblock_interrupts`.
    """
    if threading.current_thread() is not threading.main_thread() or os.name != "posix":
        yield  # only the main thread is interrupted
        return
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)

    # Blocked alone it would reach another thread, and by that this one after all.
    before = signal.signal(signal.SIGINT, note)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
        if came:
            signal.raise_signal(signal.SIGINT)


def unblock_interrupts() -> None:
    """Undo, in a process that was started so, what it has inherited."""
    if os.name == "posix":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
