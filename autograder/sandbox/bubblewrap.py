"""The box ``bubblewrap``: namespaces, a package of every distribution.

It works on kernels that are too old for sandlock too.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from autograder.limits import MAX_SHARED_MEMORY
from autograder.sandbox.command import Command
from autograder.sandbox.confining import Confining

__all__ = ["BUBBLEWRAP"]

_PACKAGE = "bubblewrap"
_NAMESPACES = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


def _argv(command: Command) -> list[str]:
    options = ["--die-with-parent", "--clearenv"]
    options += [f"--unshare-{what}" for what in ("ipc", "pid", "net", "uts")]
    options += ["--unshare-cgroup-try"]
    # Inside a namespace that root made, root's limits would not bind.
    options += [] if os.getuid() == 0 else ["--unshare-user"]
    for name, value in command.environment.items():
        options += ["--setenv", name, value]
    options += ["--dev", "/dev"]
    options += ["--size", str(MAX_SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    options += ["--remount-ro", "/dev"]
    made: set[Path] = {Path("/")}
    shown: set[Path] = set()
    for path in sorted(map(Path, {*command.readable, command.writable})):
        if shown.isdisjoint(path.parents):
            options += _folders(path, made)
            kind = "--bind" if str(path) == command.writable else "--ro-bind"
            options += [kind, str(path), str(path)]
            shown.add(path)
    options += ["--remount-ro", "/", "--chdir", command.writable, "--"]
    return [shutil.which("bwrap") or "bwrap", *options, *command.argv]


def _folders(path: Path, made: set[Path]) -> list[str]:
    """Options that make the folders above `path`, for everybody to enter."""
    options = []
    for folder in reversed(path.parents):
        if folder not in made:
            options += ["--perms", "0755", "--dir", str(folder)]
            made.add(folder)
    return options


def _missing() -> str | None:
    if shutil.which("bwrap") is None:
        return f"not installed: sudo apt-get install {_PACKAGE} (or dnf, pacman)"
    return None


def _remedy(said: str) -> str:
    """What to type where Ubuntu, from 23.10 on, refuses namespaces."""
    with contextlib.suppress(OSError):
        if "uid map" in said and _NAMESPACES.read_text().strip() == "1":
            setting = "kernel.apparmor_restrict_unprivileged_userns=0"
            return f"; to allow namespaces: sudo sysctl -w {setting}"
    return ""


BUBBLEWRAP = Confining(
    "bubblewrap",
    _argv,
    _missing,
    _remedy,
    debian_package=_PACKAGE,
    starts_as_root=True,
    own_numbers=True,
)
