"""Removing a folder that student code has left."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

__all__ = ["remove_folder"]


def remove_folder(folder: Path) -> None:
    """Remove a folder, however deep, whose permissions student code may have changed.

    No process may be left that changes it.
    """
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
        if os.name == "nt":
            _open_up(folder)
            shutil.rmtree(folder, ignore_errors=True)
        else:
            _empty(folder)
            folder.rmdir()


def _open_up(folder: Path) -> None:
    # Files that cannot be written to resist on Windows only.
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(place, name)
            if not os.path.islink(path):
                with contextlib.suppress(OSError):
                    os.chmod(path, 0o700)


def _empty(folder: Path) -> None:
    """Remove all in a folder, going down and up one step at a time.

    Neither recursion nor a path is long enough for every depth.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    here, way = os.open(folder, flags), list[str]()
    try:
        left = [_remove_files(here)]
        while left[-1] or way:
            down = bool(left[-1])
            name = left[-1].pop() if down else ".."
            if down:
                os.chmod(name, 0o700, dir_fd=here)
            there = os.open(name, flags, dir_fd=here)
            os.close(here)
            here = there
            if down:
                way.append(name)
                left.append(_remove_files(here))
            else:
                left.pop()
                os.rmdir(way.pop(), dir_fd=here)
    finally:
        os.close(here)


def _remove_files(descriptor: int) -> list[str]:
    """Remove files and empty folders; the names of the folders that are left."""
    folders = []
    with os.scandir(descriptor) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.name, dir_fd=descriptor)
                continue
            try:
                os.rmdir(entry.name, dir_fd=descriptor)
            except OSError:
                folders.append(entry.name)
    return folders
