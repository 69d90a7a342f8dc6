"""A command that a box runs, and all that the command finds in there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.limits import LIMITS, MAX_FILES_WRITTEN

__all__ = ["Command", "open_to_box", "own_user"]

_FIRST_USER = 2_000_000_000


@dataclass(frozen=True)
class Command:
    """What runs in a box, and what it sees of this machine.

    Attributes
    ----------
    argv : sequence of str
    readable : sequence of str
        Files and folders that may be read.
    writable : str
        The one folder that may be written into, where the command starts.
    environment : mapping
        All of its environment.
    size, files : int
        How many bytes, and files and folders, that takes where it can be bounded.
    """

    argv: Sequence[str]
    readable: Sequence[str]
    writable: str
    environment: Mapping[str, str]
    size: int = LIMITS.disk
    files: int = MAX_FILES_WRITTEN


def own_user() -> int | None:
    """As root, the user that student code runs as: another one in each process."""
    return _FIRST_USER + os.getpid() if os.getuid() == 0 else None


def open_to_box(folder: Path, writable: Path) -> None:
    """Let a box's own user, if it has one, reach `folder` and own `writable`."""
    user = own_user()
    if user is None:
        return
    folder.chmod(0o711)
    for place in (writable, *writable.rglob("*")):
        os.chown(place, user, user)
