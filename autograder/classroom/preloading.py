"""How workers are made: forked from a process that has loaded what they need.

On Linux; elsewhere each starts anew, since forks of a process with Apple's libraries
may crash.
"""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing import forkserver, resource_tracker

from autograder.classroom.interrupts import held_back

__all__ = ["CONTEXT", "preload"]

# This process itself is never forked: it has threads.
_FORKS = sys.platform == "linux"
CONTEXT = multiprocessing.get_context("forkserver" if _FORKS else "spawn")

_PRELOADED = "autograder.classroom.preloaded"


def preload() -> None:
    """Start that process, unless it is there; whoever knows of work calls this early.

    It loads on another processor what this process will load too.
    """
    if _FORKS:
        forkserver.set_forkserver_preload([_PRELOADED])
        resource_tracker.ensure_running()  # which unblocks what is blocked
        with held_back():  # it is to end with this process, not before
            forkserver.ensure_running()
