"""Limits that a process sets itself and that it cannot raise again."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

from autograder.limits import MAX_OPEN_FILES

__all__ = ["die_with_parent", "set_limits", "tasks_of_user"]


def set_limits(request: dict[str, Any]) -> None:
    """Limit this process and all that it starts.

    Parameters
    ----------
    request : dict
        ``memory``, ``file_size`` in bytes, ``cpu_seconds``, ``processes``
        beyond the user's ``tasks`` (counted here if that is missing).
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: request["memory"],
        resource.RLIMIT_FSIZE: request["file_size"],
        resource.RLIMIT_CPU: request["cpu_seconds"],
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        tasks = request.get("tasks")
        tasks = tasks_of_user(os.getuid()) if tasks is None else tasks
        limits[resource.RLIMIT_NPROC] = tasks + request["processes"]
    for what, limit in limits.items():
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        # macOS refuses some of them.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (limit, limit))


def die_with_parent(how: int = 9) -> None:
    """Ask the kernel for a signal when the process that made this one dies."""
    if sys.platform != "linux":
        return
    import ctypes

    set_parent_death_signal = 1
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(set_parent_death_signal, how)


def tasks_of_user(user: int) -> int:
    """How many tasks a user has: a limit counts all, not only this process's."""
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == user:
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count
