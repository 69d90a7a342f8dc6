"""What is to be known of a kind of box that keeps student code in.

A module for each kind fills this in; `boxes.BOXES` lists them.  Inside each there is
no network, a system that can only be read, of that only what is listed, one folder to
write into, and no process but the box's own.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.limits import Limits
from autograder.sandbox.bounds.folder import bounded_command
from autograder.sandbox.command import Command, own_user
from autograder.sandbox.inside.resource_limits import tasks_of_user

if TYPE_CHECKING:
    from autograder.sandbox.fork import Fork
    from autograder.sandbox.options import RunOptions

__all__ = ["Confining"]


def _nothing_to_type(said: str) -> str:
    return ""


@dataclass(frozen=True)
class Confining:
    """A maintained sandbox, not ours, and how it is used.

    Attributes
    ----------
    name : str
        What follows ``--box``.
    argv : callable
        The command line that runs a `Command` in it.
    missing : callable
        What this machine lacks for it, and what to type; None if nothing.
    remedy : callable
        What to type, after the last line that it said when it did not start.
    debian_package : str
        What brings it, where that is no Python package.
    starts_as_root : bool
        Whether root has to start it as root.  What runs inside then gives that up,
        see `fork_server.become`; else all of it is an ordinary user's from the start.
    own_numbers : bool
        Whether it numbers its processes itself, so that none outside has a number.
    least_processes : int
        How many processes and threads it allows at least.
    """

    name: str
    argv: Callable[[Command], list[str]]
    missing: Callable[[], str | None]
    remedy: Callable[[str], str] = _nothing_to_type
    debian_package: str = ""
    starts_as_root: bool = False
    own_numbers: bool = False
    least_processes: int = 0

    def start(
        self, command: Command, stdin: int, errors: int
    ) -> subprocess.Popen[bytes]:
        """Start a command in a box of this kind."""
        user = None if self.starts_as_root else own_user()
        return subprocess.Popen(
            bounded_command(
                self.argv(command),
                command.writable,
                command.size,
                command.files,
                own_user(),
            ),
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/"},
            cwd="/",
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def setup(self) -> dict[str, int | None]:
        """What the fork server inside has to know; see `inside.fork_server`."""
        return {
            "user": own_user() if self.starts_as_root else None,
            "outside": None if self.own_numbers else os.getpid(),
        }

    def open(self, options: RunOptions, folder: Path | None) -> Fork:
        """A process for one notebook; its folder is always a fresh one."""
        from autograder.sandbox.forks import fork_server

        server = fork_server(self, options.pictures, options.bounds.disk)
        return server.fork(options.bounds, options.draws)

    def tasks(self, limits: Limits) -> dict[str, int]:
        """How many processes and threads, as the kernel counts them for a user."""
        user = own_user()
        return {
            "processes": max(limits.processes, self.least_processes),
            "tasks": tasks_of_user(os.getuid() if user is None else user),
        }
