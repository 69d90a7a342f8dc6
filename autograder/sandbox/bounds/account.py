"""What the kernel counts and bounds for one notebook: a group of processes.

A group counts what no process's own figures show (files in memory, socket buffers,
descriptors in flight), and ends all that is in it at once.  Version 2 of the kernel's
control groups has one folder for a group, version 1 one for each controller.
Where no group can be had, what processes use is looked at, see `usage`.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.limits import ACCOUNT_END_SECONDS, SPARE_TASKS, TRY_SECONDS, Limits
from autograder.sandbox.bounds.control_groups import VERSIONS, Place, Version

__all__ = [
    "LOOKED_AT",
    "Account",
    "account_name",
    "accounts",
    "has_ended",
    "place_in_force",
]

LOOKED_AT = "looks"
"""The name of no account: what processes use is looked at again and again."""

_NAME = "autograder"
_EVENTS_SIZE = 1024
_numbers = itertools.count(1)


@dataclass
class Account:
    """One notebook's group.  Close it when all in it has ended.

    Attributes
    ----------
    version : Version
        Of the kernel's control groups.
    folders : mapping of str to path
        By controller.
    events : int, optional
        Descriptor of the file that counts kills: it is read after each answer.
    """

    version: Version
    folders: dict[str, Path]
    events: int | None = None

    @property
    def name(self) -> str:
        """What a report says of it."""
        return self.version.name

    @contextlib.contextmanager
    def entrances(self) -> Iterator[list[int]]:
        """Descriptors: a process of one thread that writes 0 into each has joined."""
        found: list[int] = []
        try:
            for folder in dict.fromkeys(self.folders.values()):
                found.append(os.open(folder / self.version.entrance, os.O_WRONLY))
            yield found
        finally:
            for descriptor in found:
                os.close(descriptor)

    def processes(self) -> list[int]:
        """Numbers of the processes in it."""
        with contextlib.suppress(OSError):
            return [int(n) for n in self._read("memory", "cgroup.procs").split()]
        return []

    def processor_seconds(self) -> float:
        """Processor time of all that ever ran in it."""
        return self.version.processor_seconds(self.folders)

    def out_of_memory(self) -> bool:
        """Whether the kernel has killed something in it for its memory."""
        if self.events is None:
            return False
        with contextlib.suppress(OSError):
            text = os.pread(self.events, _EVENTS_SIZE, 0).decode()
            events = dict(line.split() for line in text.splitlines())
            return int(events.get("oom_kill", "0")) > 0
        return False

    def end(self) -> None:
        """Kill all that is in it, also what is just being forked."""
        if self.version.kill:
            with contextlib.suppress(OSError):
                (self.folders["memory"] / self.version.kill).write_text("1")
        end = time.monotonic() + ACCOUNT_END_SECONDS
        while (left := self.processes()) and time.monotonic() < end:
            for process in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
            if all(has_ended(process) for process in left):
                return  # somebody has still to ask how they ended
            time.sleep(0.002)

    def close(self) -> None:
        """Remove it; what is left in it is killed first."""
        self.end()
        if self.events is not None:
            os.close(self.events)
            self.events = None
        for folder in dict.fromkeys(self.folders.values()):
            _remove(folder)

    def _read(self, controller: str, name: str) -> str:
        return (self.folders[controller] / name).read_text()


def has_ended(process: int) -> bool:
    """Whether a process is gone, or waits for somebody to ask how it ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return True
    return state[0] in (b"Z", b"X")


def accounts(limits: Limits, place: Place | None) -> Account | None:
    """A new account within `place`; None where there is no place for one.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    if place is None:
        return None
    name = f"{_NAME}-{os.getpid()}-{next(_numbers)}"
    folders = {controller: at / name for controller, at in place.folders.items()}
    account = Account(place.version, folders)
    try:
        for folder in dict.fromkeys(folders.values()):
            folder.mkdir()
        tasks = limits.processes + SPARE_TASKS
        for controller, file, value in place.version.bounds(limits.memory, tasks):
            place.version.write(folders[controller] / file, value)
        counting = folders["memory"] / place.version.memory_events
        account.events = os.open(counting, os.O_RDONLY)
    except OSError:
        account.close()
        raise
    return account


@lru_cache
def place_in_force() -> Place | None:
    """Where this process can make accounts that hold: it was tried."""
    if sys.platform != "linux":
        return None
    for version in VERSIONS:
        place = version.find()
        if place is not None and _works(place):
            _sweep(place)
            return place
    return None


def account_name() -> str:
    """What bounds a notebook here, in a word or two."""
    place = place_in_force()
    return LOOKED_AT if place is None else place.version.name


def _works(place: Place) -> bool:
    """Whether a process joins a group there, is counted, and is killed with it."""
    try:
        account = accounts(Limits(), place)
        assert account is not None
        with contextlib.closing(account), account.entrances() as entrances:
            waiting = ["/bin/sh", "-c", "read nothing"]
            with subprocess.Popen(waiting, stdin=subprocess.PIPE) as process:
                try:
                    for entrance in entrances:
                        os.write(entrance, str(process.pid).encode())
                    joined = process.pid in account.processes()
                    account.processor_seconds()
                    account.end()
                    return joined and process.wait(TRY_SECONDS) == -signal.SIGKILL
                finally:
                    process.kill()
    except (OSError, subprocess.TimeoutExpired):
        return False


def _sweep(place: Place) -> None:
    """Remove what a grader left that was killed."""
    for at in dict.fromkeys(place.folders.values()):
        for folder in at.glob(f"{_NAME}-*-*"):
            owner = folder.name.split("-")[1]
            if owner.isdigit() and not Path(f"/proc/{owner}").exists():
                _remove(folder)


def _remove(folder: Path) -> None:
    """Remove an empty group, which the kernel calls busy for a moment."""
    end = time.monotonic() + ACCOUNT_END_SECONDS
    while folder.exists() and time.monotonic() < end:
        try:
            folder.rmdir()
        except OSError:
            time.sleep(0.005)
