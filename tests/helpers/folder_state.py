"""What a folder holds, with all that `stat` says of it but the last access."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["folder_state"]


def folder_state(folder: Path) -> dict[str, tuple]:
    """Of the folder and everything below it: bytes, mode, owner, inode and times."""
    return {
        path.relative_to(folder).as_posix(): _state(path)
        for path in [folder, *folder.rglob("*")]
    }


def _state(path: Path) -> tuple:
    found = path.lstat()
    if path.is_symlink():
        held: object = os.readlink(path)
    elif path.is_file():
        held = path.read_bytes()
    else:
        held = None
    times = found.st_mtime_ns, found.st_ctime_ns
    return held, found.st_mode, found.st_uid, found.st_gid, found.st_ino, *times
