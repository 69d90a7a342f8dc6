"""How workers are made: forked from a process that has loaded what they need.

On Linux; elsewhere each starts anew, since forks of a process with Apple's libraries
may crash.
"""

from __future__ import annotations

import multiprocessing
import sys
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext

from autograder.classroom.interrupts import held_back

__all__ = ["preload"]

_PRELOADED = "autograder.classroom.preloaded"


def preload() -> BaseContext:
    """Start that process, unless it is there; whoever knows of work calls this early.

    It loads on another processor what this process will load too.

    Returns
    -------
    BaseContext
        What makes workers here.
    """
    method = "spawn"
    if sys.platform == "linux":
        forkserver.set_forkserver_preload([_PRELOADED])
        resource_tracker.ensure_running()  # which unblocks what is blocked
        # Where TMPDIR is, the path may be too long for a socket.
        with suppress(OSError), held_back():  # it ends with this process, not before
            forkserver.ensure_running()
            method = "forkserver"
    return multiprocessing.get_context(method)
