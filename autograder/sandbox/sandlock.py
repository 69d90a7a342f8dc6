"""The box ``sandlock``: Landlock and seccomp, a Python package.

It needs Linux 6.12, works in containers and needs no root.
"""

from __future__ import annotations

import json
import platform
import sys

from autograder.limits import MIN_TASKS_OF_USER
from autograder.sandbox.command import Command
from autograder.sandbox.confining import Confining
from autograder.sandbox.inside.syscalls import filter_program

__all__ = ["SANDLOCK", "can_confine_forks"]

_START = """
import json, sys
from sandlock import Sandbox
sys.exit(Sandbox(**json.loads(sys.argv[1])).run_interactive(sys.argv[2:]))
"""


def _argv(command: Command) -> list[str]:
    policy = {
        "fs_readable": [*command.readable, "/dev/zero", "/dev/urandom", "/dev/random"],
        "fs_writable": [command.writable, "/dev/null"],
        "cwd": command.writable,
        "clean_env": True,
        "env": dict(command.environment),
        "no_coredump": True,
    }
    start = [sys.executable, "-s", "-P", "-c", _START]
    return [*start, json.dumps(policy), *command.argv]


def _missing() -> str | None:
    try:
        import sandlock
    except ImportError:
        return "not installed: make grade installs it, or pip install sandlock"
    except OSError as error:
        return f"installed, but it does not load: {error}"
    have, need = sandlock.landlock_abi_version(), sandlock.min_landlock_abi()
    if have < need:
        return (
            f"the kernel is too old: it offers version {max(have, 0)} of Landlock, "
            f"{need} is needed (Linux 6.12)"
        )
    return None


def can_confine_forks() -> bool:
    """Whether a process can keep its own forks from itself, in whatever box.

    That takes Landlock, and a filter for what Landlock lets through.
    """
    if sys.platform != "linux" or filter_program(platform.machine()) is None:
        return False
    return _missing() is None


# Within sandlock all that the user runs counts, threads too; the watch counts the box's
# own processes.  sandlock's own count does not see all that have ended.
SANDLOCK = Confining("sandlock", _argv, _missing, least_processes=MIN_TASKS_OF_USER)
