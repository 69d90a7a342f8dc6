"""Whether other people on this machine can read marks, work or solutions."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.desk.findings import Finding

__all__ = ["PRIVATE", "find_open_folders", "told_if_open"]

PRIVATE = ("grading", "solutions")
"""Folders of a course that are for whoever teaches it."""


def told_if_open(root: Path) -> str:
    """A sentence with what to type if others can look into a folder; else empty.

    Modes that others gave are theirs: nothing is changed here.
    """
    found = [name for name in PRIVATE if _is_open(root / name)]
    if not found:
        return ""
    shown = " and ".join(f"{name}/" for name in found)
    return f"Other users of this machine can look into {shown}: {_remedy(found)}"


def find_open_folders(root: Path) -> Iterator[Finding]:
    """The same as findings of `autograder doctor`; none where there is no folder."""
    for name in PRIVATE:
        if (root / name).is_dir():
            is_open = _is_open(root / name)
            yield Finding(
                f"{name}/",
                not is_open,
                "others can look into it" if is_open else "its owner's alone",
                "marks and solutions that no student reads",
                _remedy([name]),
                needed=False,
            )


def _remedy(names: list[str]) -> str:
    return f"chmod go= {' '.join(names)}"


def _is_open(folder: Path) -> bool:
    """Whether others, or the group, may do anything in a folder and get to it."""
    if os.name != "posix" or not folder.is_dir():
        return False
    folder = folder.resolve()
    state = folder.stat()
    above = [parent.stat().st_mode for parent in folder.parents]
    by_others = all(mode & stat.S_IXOTH for mode in above)
    by_group = all(mode & (stat.S_IXGRP | stat.S_IXOTH) for mode in above)
    # Most systems give each user a group of the same number, with nobody else in it.
    shared = state.st_gid != state.st_uid
    return bool(
        (by_others and state.st_mode & stat.S_IRWXO)
        or (by_group and shared and state.st_mode & stat.S_IRWXG)
    )
