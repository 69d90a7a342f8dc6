"""What keeps student code in: sandlock or bubblewrap, with the same things inside.

Both are maintained sandboxes, not ours.  Inside there is no network, a system
that can only be read, of that only what is listed, one folder to write into,
and no process but the box's own.  sandlock (Landlock and seccomp, a wheel)
needs Linux 6.12 and works in containers; bubblewrap (namespaces, a package of
every distribution) works on older kernels too.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.sandbox.inside.syscalls import filter_program
from autograder.sandbox.library import NotSeparate, stage

__all__ = [
    "BOXES",
    "NONE",
    "Inside",
    "NoBox",
    "can_confine",
    "choose_box",
    "open_to_box",
    "own_user",
    "why_not",
]

BOXES = ("sandlock", "bubblewrap")
"""In the order in which they are tried."""
NONE = "none"
"""No box: an explicit choice that marks every result."""

MAX_TMP = 1 << 20
_FIRST_USER = 2_000_000_000
_TRY_SECONDS = 30
_NAMESPACES = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")

_START_SANDLOCK = """
import json, sys
from sandlock import Sandbox
sys.exit(Sandbox(**json.loads(sys.argv[1])).run_interactive(sys.argv[2:]))
"""


class NoBox(Exception):
    """Student code cannot be walled off here; the text says what to do."""


def own_user() -> int | None:
    """As root, the user that student code runs as: another one in each process."""
    return _FIRST_USER + os.getpid() if os.getuid() == 0 else None


@dataclass(frozen=True)
class Inside:
    """A command, and all that it finds inside the box.

    Attributes
    ----------
    argv : sequence of str
    readable : sequence of str
        Files and folders that may be read.
    writable : str
        The one folder that may be written into, where the command starts.
    environment : mapping
        All of its environment.
    """

    argv: Sequence[str]
    readable: Sequence[str]
    writable: str
    environment: Mapping[str, str]

    def start(self, box: str, stdin: int, errors: int) -> subprocess.Popen[bytes]:
        """Start the command in the box of that name.

        It starts as root where this process is root: see `fork_server.become`.
        sandlock itself is then an ordinary user's process already.
        """
        command = self._sandlock() if box == "sandlock" else self._bubblewrap()
        user = own_user() if box == "sandlock" else None
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def _sandlock(self) -> list[str]:
        policy = {
            "fs_readable": [*self.readable, "/dev/zero", "/dev/urandom", "/dev/random"],
            "fs_writable": [self.writable, "/dev/null"],
            "cwd": self.writable,
            "clean_env": True,
            "env": dict(self.environment),
            "no_coredump": True,
        }
        start = [sys.executable, "-s", "-P", "-c", _START_SANDLOCK]
        return [*start, json.dumps(policy), *self.argv]

    def _bubblewrap(self) -> list[str]:
        options = ["--die-with-parent", "--clearenv"]
        options += [f"--unshare-{what}" for what in ("ipc", "pid", "net", "uts")]
        options += ["--unshare-cgroup-try"]
        # Inside a namespace that root made, root's limits would not bind.
        options += [] if os.getuid() == 0 else ["--unshare-user"]
        for name, value in self.environment.items():
            options += ["--setenv", name, value]
        options += ["--dev", "/dev", "--size", str(MAX_TMP), "--tmpfs", "/dev/shm"]
        options += ["--remount-ro", "/dev"]
        made: set[Path] = {Path("/")}
        shown: set[Path] = set()
        for path in sorted(map(Path, {*self.readable, self.writable})):
            if shown.isdisjoint(path.parents):
                options += _folders(path, made)
                kind = "--bind" if str(path) == self.writable else "--ro-bind"
                options += [kind, str(path), str(path)]
                shown.add(path)
        options += ["--remount-ro", "/", "--chdir", self.writable, "--"]
        return [shutil.which("bwrap") or "bwrap", *options, *self.argv]


def _folders(path: Path, made: set[Path]) -> list[str]:
    """Options that make the folders above `path`, for everybody to enter."""
    options = []
    for folder in reversed(path.parents):
        if folder not in made:
            options += ["--perms", "0755", "--dir", str(folder)]
            made.add(folder)
    return options


def choose_box(wanted: str = "auto") -> str:
    """The name of the box to use.

    Parameters
    ----------
    wanted : str
        ``sandlock``, ``bubblewrap``, ``none``, or ``auto`` for the first of
        `BOXES` that works here.

    Raises
    ------
    NoBox
        If it does not work here; the text says what to install.
    """
    if wanted == NONE:
        return NONE
    reasons = []
    for box in BOXES if wanted == "auto" else (wanted,):
        reason = why_not(box)
        if reason is None:
            return box
        reasons.append(f"  {box}: {reason}")
    raise NoBox(
        "Student code cannot be walled off on this machine.\n"
        + "\n".join(reasons)
        + "\nWithout a box it can read and change what you can: marks would be\n"
        "worth nothing. If every notebook is your own: --box none."
    )


@lru_cache
def why_not(box: str) -> str | None:
    """Why a box does not work here, or None if it does: it was tried."""
    if box not in BOXES:
        return f"there is no such box; there are {', '.join(BOXES)} and {NONE}"
    if sys.platform != "linux":
        return "it needs Linux; on macOS and Windows grade in Docker or in WSL 2"
    missing = _missing(box)
    return missing if missing is not None else _try(box)


def _missing(box: str) -> str | None:
    if box == "bubblewrap":
        if shutil.which("bwrap") is None:
            return "not installed: sudo apt-get install bubblewrap (or dnf, pacman)"
        return None
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


def _try(box: str) -> str | None:
    """Have Python start inside, and be unable to read this file."""
    trial = f"open({__file__!r})"
    program = f"try: {trial}\nexcept OSError: raise SystemExit(42)\n"
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        try:
            library = stage(Path(folder) / "library")
        except NotSeparate as error:
            return str(error)
        work = Path(folder) / "work"
        work.mkdir()
        open_to_box(Path(folder), work)
        inside = Inside(
            [sys.executable, "-I", "-S", "-c", program], library.readable, str(work), {}
        )
        with tempfile.TemporaryFile() as errors:
            try:
                process = inside.start(box, subprocess.DEVNULL, errors.fileno())
            except PermissionError:
                return (
                    f"{sys.executable} lies where only root can read it; as root, "
                    "use bubblewrap, or grade as an ordinary user"
                )
            try:
                code = process.wait(_TRY_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                return f"it did not start within {_TRY_SECONDS} seconds"
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip().splitlines()
    if code == 42:
        return None
    if not said:
        return f"it ended with exit code {code}"
    return f"{said[-1]}{_remedy(said[-1])}"


def _remedy(said: str) -> str:
    """What to type where Ubuntu, from 23.10 on, refuses namespaces."""
    with contextlib.suppress(OSError):
        if "uid map" in said and _NAMESPACES.read_text().strip() == "1":
            setting = "kernel.apparmor_restrict_unprivileged_userns=0"
            return f"; to allow namespaces: sudo sysctl -w {setting}"
    return ""


def open_to_box(folder: Path, writable: Path) -> None:
    """Let a box's own user, if it has one, reach `folder` and own `writable`."""
    user = own_user()
    if user is None:
        return
    folder.chmod(0o711)
    for place in (writable, *writable.rglob("*")):
        os.chown(place, user, user)


def can_confine() -> bool:
    """Whether a process can wall off its own forks from itself.

    That takes Landlock, and a filter for what Landlock lets through.
    """
    if sys.platform != "linux" or filter_program(platform.machine()) is None:
        return False
    return _missing("sandlock") is None
