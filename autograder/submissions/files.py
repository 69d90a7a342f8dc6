"""Files and folders of a submission, as far as the system lets us read them."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.limits import MAX_FILE_NAME, MAX_FOLDER_ENTRIES, MAX_FOLDERS_DEEP
from autograder.submissions.names import is_archive, is_harmless, is_notebook
from autograder.submissions.notebook import Problem
from autograder.text import clean

__all__ = [
    "Contents",
    "NotOpened",
    "could_not_open",
    "few",
    "look",
    "read_regular_file",
]

SHOWN = 5


class NotOpened(Exception):
    """The system did not let us read something; the text says what and why."""


@dataclass(frozen=True)
class Contents:
    """Paths of files below a folder, as seen from there.

    Attributes
    ----------
    notebooks, archives, others : tuple of str
        By their names.
    odd : tuple of str
        Hidden ones, links, pipes, folders that are called as a notebook, and what
        lies too deep.
    """

    notebooks: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    @property
    def work(self) -> tuple[str, ...]:
        """All that may be somebody's."""
        return (*self.notebooks, *self.archives, *self.others, *self.odd)


def look(folder: Path, known: Sequence[str] = ()) -> Contents:
    """All that lies in a folder and below it, but what is harmless.

    No link is followed.  The files named `known` in `folder` itself are left out.

    Raises
    ------
    NotOpened
        If a folder cannot be listed.
    """
    found: dict[str, list[str]] = {"notebooks": [], "archives": [], "others": []}
    odd: list[str] = []
    waiting = [("", 0)]
    count = 0
    while waiting:
        below, depth = waiting.pop(0)
        for entry in _entries(folder / below):
            path = f"{below}/{entry.name}" if below else entry.name
            count += 1
            if is_harmless(entry.name) or (not below and entry.name in known):
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < MAX_FOLDERS_DEEP and count < MAX_FOLDER_ENTRIES:
                    waiting.append((path, depth + 1))
                    odd += [path] if is_notebook(entry.name) else []
                else:
                    odd.append(path)
            elif is_notebook(entry.name) and not entry.name.startswith("."):
                found["notebooks"].append(path)
            elif entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                odd.append(path)
            elif is_archive(entry.name):
                found["archives"].append(path)
            else:
                found["others"].append(path)
    return Contents(**{k: tuple(v) for k, v in found.items()}, odd=tuple(odd))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            few_enough = islice(entries, MAX_FOLDER_ENTRIES)
            return sorted(few_enough, key=lambda entry: entry.name)
    except OSError as error:
        raise NotOpened(could_not_open(f"the folder {folder.name}", error)) from error


def could_not_open(what: str, error: OSError) -> str:
    """A sentence about a failure of ours."""
    return (
        f"We could not open {clean(what, 80)}: {error.strerror or error}. That is no "
        "fault of the student's: put it right and grade again."
    )


def read_regular_file(path: Path, limit: int) -> bytes:
    """Bytes of a regular file; never follows a link or waits for a pipe.

    Raises
    ------
    Problem
        If it is no regular file, or too large.
    OSError
        If the system does not let us read it.
    """
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise Problem(f"{clean(path.name, 80)} is not a regular file.")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Problem(f"{clean(path.name, 80)} is not a regular file.")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Problem(f"{clean(path.name, 80)} has more than {limit >> 20} MB.")
    return data


def few(names: Sequence[str]) -> str:
    """The first of `names`, and how many more there are."""
    more = f", and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(clean(name, MAX_FILE_NAME) for name in names[:SHOWN]) + more
