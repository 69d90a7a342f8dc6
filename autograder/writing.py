"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from itertools import takewhile
from pathlib import Path

__all__ = [
    "make_private",
    "make_private_folder",
    "make_temporary_folder",
    "read_if_there",
    "write_whole",
]

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
"""A file that is made here: what waits under its name, a link too, is refused."""


def read_if_there(path: Path) -> bytes | None:
    """The bytes of a file, None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def make_private_folder(folder: Path) -> None:
    """Make a folder for its owner alone, and those above it that are missing.

    One that is there keeps its mode: whoever made it may share it on purpose.
    """
    missing = list(takewhile(lambda part: not part.is_dir(), [folder, *folder.parents]))
    for part in reversed(missing):
        part.mkdir(mode=0o700, exist_ok=True)


def make_temporary_folder() -> Path:
    """Make a folder for its owner alone, with this process's number in its name.

    By that it is found, and removed, should the process be killed.
    """
    return Path(tempfile.mkdtemp(prefix=f"autograder-{os.getpid()}-"))


def make_private(path: Path) -> None:
    """Make an empty file for its owner alone, for another program to fill."""
    make_private_folder(path.parent)
    if not path.exists():
        path.touch(mode=0o600)


def write_whole(
    path: Path,
    content: bytes,
    *,
    durable: bool = False,
    if_changed: bool = False,
    private: bool = False,
) -> bool:
    """Write a file so that whoever reads it sees the old or the new one, whole.

    Parameters
    ----------
    path : Path
        Its folder is made if there is none.  A file that it replaces keeps its
        mode; a new one is as open as the user's files are.
    content : bytes
        What it shall hold.
    durable : bool
        Whether it has to survive a power cut as well.
    if_changed : bool
        Whether to leave a file alone that holds `content` already.
    private : bool
        Whether a new file, and folders that are made for it, are their owner's
        alone, as all that a class hands in or is given has to be.

    Returns
    -------
    bool
        Whether it was written.
    """
    if if_changed and read_if_there(path) == content:
        return False
    if private:
        make_private_folder(path.parent)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, _NEW, 0o600 if private else 0o666)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # no old file, or no modes here
            os.chmod(part, path.stat().st_mode & 0o777)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return True
