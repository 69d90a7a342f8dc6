"""The two versions of Linux control groups: where they are, what is written where.

After the kernel's ``admin-guide/cgroup-v2.rst`` and ``admin-guide/cgroup-v1``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["VERSIONS", "VERSION_1", "VERSION_2", "Place", "Version", "inner_group"]

_CONTROLLERS = ("memory", "pids", "cpu")
_GRADER = "autograder-grader"
"""Where the processes go of a group that is to have groups in it."""


@dataclass(frozen=True)
class Version:
    """One version of control groups.

    Attributes
    ----------
    name : str
        As in a report.
    find : callable
        Where this process can make groups, or None.
    bounds : callable
        What is written for bytes of memory and a number of tasks: controller, file
        and value, in order.  A value of None is one that may be missing.
    processor_seconds : callable
        What the group in these folders has used.
    memory_events : str
        The file of the memory controller that counts kills.
    entrance : str
        The file into which a process of one thread writes 0 to join.
    kill : str
        The file that ends all at once; empty if there is none.
    optional : frozenset of str
        Files that not every kernel has.
    """

    name: str
    find: Callable[[], Place | None]
    bounds: Callable[[int, int], list[tuple[str, str, str]]]
    processor_seconds: Callable[[Mapping[str, Path]], float]
    memory_events: str
    entrance: str
    kill: str
    optional: frozenset[str]

    def write(self, file: Path, value: str) -> None:
        """Set a bound; one that this kernel does not have is left out."""
        if file.name not in self.optional or file.exists():
            file.write_text(value)


@dataclass(frozen=True)
class Place:
    """A group in which groups can be made: its folder for each controller."""

    version: Version
    folders: dict[str, Path]


def _own_groups() -> dict[str, str]:
    """By controller the group of this process; that of version 2 under ``""``."""
    found = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            found.update(dict.fromkeys(controllers.split(","), path))
    return found


def _mounted() -> dict[str, Path]:
    """By controller where its hierarchy is mounted; version 2 under ``""``."""
    found: dict[str, Path] = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            _, where, kind, options = line.split()[:4]
            if kind == "cgroup2":
                found.setdefault("", Path(where))
            elif kind == "cgroup":
                for option in options.split(","):
                    found.setdefault(option, Path(where))
    return found


def _inside(mounted: Path, group: str) -> Path:
    """The folder of a group; in a container only what is below it may be mounted."""
    folder = mounted / group.lstrip("/")
    return folder if folder.is_dir() else mounted


# --- Version 2 ------------------------------------------------------------------------


def _find_2() -> Place | None:
    mounted, own = _mounted().get(""), _own_groups().get("", "/")
    if mounted is None:
        return None
    folder = _inside(mounted, own)
    if folder.name == _GRADER:
        folder = folder.parent
    for candidate in (folder, mounted):
        try:
            inner_group(candidate)
        except OSError:
            continue
        return Place(VERSION_2, dict.fromkeys(_CONTROLLERS, candidate))
    return None


def inner_group(folder: Path) -> None:
    """Make a group that may have groups in it, with controllers, of `folder`.

    Only the root may have both processes and such groups.  Any other group's
    processes, which are this one and those that it is one of, go into a group below.

    Raises
    ------
    OSError
        If the group is not this user's to change, or a controller is not there.
    """
    switch = folder / "cgroup.subtree_control"
    wanted = set(_CONTROLLERS) - set(switch.read_text().split())
    if not wanted:
        return
    if wanted - set((folder / "cgroup.controllers").read_text().split()):
        raise FileNotFoundError(f"{folder} lacks {', '.join(sorted(wanted))}")
    if (folder / "cgroup.type").exists():  # the root has none
        below = folder / _GRADER
        below.mkdir(exist_ok=True)
        for process in (folder / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                (below / "cgroup.procs").write_text(process)
    switch.write_text(" ".join(f"+{controller}" for controller in sorted(wanted)))


def _bounds_2(memory: int, tasks: int) -> list[tuple[str, str, str]]:
    return [
        ("memory", "memory.max", str(memory)),
        ("memory", "memory.swap.max", "0"),
        ("memory", "memory.oom.group", "1"),
        ("pids", "pids.max", str(tasks)),
    ]


def _processor_seconds_2(folders: Mapping[str, Path]) -> float:
    lines = (folders["cpu"] / "cpu.stat").read_text().splitlines()
    return int(dict(line.split() for line in lines)["usage_usec"]) / 1e6


VERSION_2 = Version(
    "cgroup v2",
    _find_2,
    _bounds_2,
    _processor_seconds_2,
    memory_events="memory.events",
    entrance="cgroup.procs",
    kill="cgroup.kill",  # since Linux 5.14
    optional=frozenset({"memory.swap.max"}),
)

# --- Version 1 ------------------------------------------------------------------------

_CONTROLLERS_1 = ("memory", "pids", "cpuacct", "cpu")


def _find_1() -> Place | None:
    mounted, own = _mounted(), _own_groups()
    if not {*_CONTROLLERS_1} <= {*mounted} & {*own}:
        return None
    folders = {name: _inside(mounted[name], own[name]) for name in _CONTROLLERS_1}
    return Place(VERSION_1, folders)


def _bounds_1(memory: int, tasks: int) -> list[tuple[str, str, str]]:
    return [
        ("memory", "memory.limit_in_bytes", str(memory)),
        ("memory", "memory.memsw.limit_in_bytes", str(memory)),
        ("memory", "memory.swappiness", "0"),
        ("pids", "pids.max", str(tasks)),
    ]


def _processor_seconds_1(folders: Mapping[str, Path]) -> float:
    return int((folders["cpuacct"] / "cpuacct.usage").read_text()) / 1e9


VERSION_1 = Version(
    "cgroup v1",
    _find_1,
    _bounds_1,
    _processor_seconds_1,
    memory_events="memory.oom_control",
    # A thread that moves itself waits for nobody; a whole process waits until no
    # processor is forking, which takes 10 ms and more.
    entrance="tasks",
    kill="",
    optional=frozenset({"memory.memsw.limit_in_bytes", "memory.swappiness"}),
)

VERSIONS = (VERSION_2, VERSION_1)
"""In the order in which they are tried."""
