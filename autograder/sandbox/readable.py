"""What student code in a box may read: Python, libraries, the learner's half of this.

Listed, not forbidden: whatever is not named here cannot be read.  The learner's
half of this package is copied, so that no folder in a box has a kernel beside it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder.sandbox.command import own_user
from autograder.sandbox.inside.removing import remove_folder
from autograder.writing import make_temporary_folder

__all__ = ["Library", "NotSeparate", "library", "share", "stage"]

PACKAGE = Path(__file__).resolve().parents[1]
_OURS = (PACKAGE.name, autograder.DISTRIBUTION.replace("-", "_"))
_DATA = (PACKAGE / "lab" / "data", PACKAGE.parent / "data")

_SHARED = (
    "__init__.py",
    "language.py",
    "limits.py",
    "lab",
    "calling",
    "exercises/__init__.py",
    "exercises/observations.py",
    "exercises/recognition.py",
    "exercises/spec.py",
    "checking",
    "diagnosis",
    "sandbox/__init__.py",
    "sandbox/inside",
)
"""All of this package that student code can read, which learners have as well."""

_SAID = ("calling", "checking", "diagnosis", "lab")
"""Rooms of which it can read what they say in other languages, too."""

_SYSTEM = (
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/fonts",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
)
"""Shared libraries, and what the C library and Matplotlib look for."""


class NotSeparate(Exception):
    """The answers lie where a box would have to let student code read."""


@dataclass(frozen=True)
class Library:
    """What a box shows to student code.

    Attributes
    ----------
    path : tuple of str
        What ``sys.path`` begins with.
    readable : tuple of str
        Every file and folder that may be read, and nothing else may.
    """

    path: tuple[str, ...]
    readable: tuple[str, ...]


_library: Library | None = None


def library() -> Library:
    """What every box of this process shows; it is gone when the process ends.

    Raises
    ------
    NotSeparate
        If a kernel, a solution or the held-out data would be readable.
    """
    global _library
    if _library is None or not os.path.isdir(_library.path[0]):
        folder = make_temporary_folder()
        atexit.register(remove_folder, folder)
        if own_user() is not None:
            folder.chmod(0o711)  # a box's own user has to get through
        _library = stage(folder)
    return _library


def share(made: Library) -> None:
    """Show what another process of this machine has staged, while that one lasts."""
    global _library
    _library = made


def stage(folder: Path) -> Library:
    """Put the learner's half of this package into `folder`, with links to the rest.

    Raises
    ------
    NotSeparate
        If a kernel, a solution or the held-out data would be readable.
    """
    package, links = folder / "package", folder / "libraries"
    _copy_package(package)
    installed = _link_libraries(links)
    python = [
        sys.executable,
        str(Path(sys.executable).resolve()),
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platstdlib"),
        str(Path(sys.base_exec_prefix) / "lib"),
        str(Path(sys.prefix) / "pyvenv.cfg"),
    ]
    candidates = [*python, *_SYSTEM, *installed]
    readable = dict.fromkeys(c for c in candidates if Path(c).exists())
    _refuse_answers(tuple(readable))
    return Library((str(package), str(links)), (*readable, str(package), str(links)))


def _copy_package(package: Path) -> None:
    skip = shutil.ignore_patterns("__pycache__", "held_out")
    for name in _SHARED:
        source, target = PACKAGE / name, package / "autograder" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=skip)
        else:
            shutil.copy(source, target)
    for room in _SAID:
        for source in PACKAGE.glob(f"locale/*/{room}.mo"):
            target = package / "autograder" / source.relative_to(PACKAGE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    data = package / "autograder" / "lab" / "data"
    for source in _DATA:
        if source.is_dir() and not data.exists():
            shutil.copytree(source, data, ignore=skip)


def _link_libraries(links: Path) -> list[str]:
    """A folder with a link to each installed library but this package."""
    links.mkdir()
    found = []
    for place in map(Path, sys.path):
        if place.name not in ("site-packages", "dist-packages") or not place.is_dir():
            continue
        where = place.resolve()
        for entry in sorted(os.scandir(where), key=lambda entry: entry.name):
            ours = entry.name.split("-")[0] in _OURS
            if ours or entry.name.endswith(".pth"):
                continue
            target = os.path.realpath(entry) if entry.is_symlink() else entry.path
            with contextlib.suppress(FileExistsError):  # an earlier place has it
                os.symlink(target, links / entry.name)
                found.append(target)
    return found


def _refuse_answers(readable: tuple[str, ...]) -> None:
    secret = [PACKAGE / "kernels", PACKAGE / "exercises", PACKAGE.parent / "course"]
    secret += [folder / "held_out" for folder in _DATA]
    secret = [path for path in secret if path.exists()]
    for place in readable:
        resolved = Path(place).resolve()
        for path in secret:
            if path.is_relative_to(resolved):
                raise NotSeparate(
                    f"{path} lies in {place}, which student code has to read. "
                    "Install this package into a virtual environment of its own."
                )
