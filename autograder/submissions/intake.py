"""From a submission folder to the bytes of a notebook.

Nothing in a submission is trusted to be what it should be.  What cannot be
read becomes one sentence that says why.
"""

from __future__ import annotations

import datetime
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.limits import (
    MAX_FILE_NAME,
    MAX_FOLDER_ENTRIES,
    MAX_NOTEBOOK,
    MAX_TIMESTAMP,
    MAX_TIMESTAMP_FILE,
    MAX_TOKEN,
)
from autograder.submissions.notebook import Problem
from autograder.text import clean

__all__ = [
    "TOKEN",
    "Found",
    "Submission",
    "collect",
    "is_student_name",
    "parse_timestamp",
    "read_submission",
]

SHOWN = 5

TOKEN = "submission_secret.txt"

_TOKEN = re.compile(r"[0-9A-Za-z_+/=-]+")
_NAME = re.compile(r"[\w@][\w@.' -]{0,99}")


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one chapter.

    Attributes
    ----------
    data : bytes or None
        The notebook file; None when `problem` says why there is none.
    timestamp : str or None
        When it was handed in, as nbgrader writes it; None if not known.
    notes : tuple of str
        What was unusual and could be mended.
    token : str or None
        By what nbgrader's exchange knows to whom the feedback goes; None if
        the notebook did not come through it.
    """

    student: str
    chapter: str
    data: bytes | None
    problem: str | None = None
    timestamp: str | None = None
    notes: tuple[str, ...] = ()
    token: str | None = None


@dataclass(frozen=True)
class Found:
    """A folder that holds a submission, which is not read yet."""

    student: str
    chapter: str
    folder: Path

    def read(self) -> Submission:
        """What lies in it."""
        return read_submission(self.student, self.folder)


def is_student_name(name: str) -> bool:
    """Whether a folder's name can be a student's name everywhere it is used."""
    return bool(_NAME.fullmatch(name)) and not name.endswith((" ", "."))


def collect(
    submitted: Path, chapters: list[str], released: Sequence[str] = ()
) -> tuple[list[Found], list[str]]:
    """All submissions below `submitted`, in order, and what else was odd there.

    Parameters
    ----------
    submitted : path
        Holds a folder for each student.
    chapters : list of str
        Those that are asked for.
    released : sequence of str, optional
        Those whose folders are right, though they may not be asked for.
    """
    submissions, odd = [], []
    strangers, astray = [], _handed_in(submitted)
    for student in _folders(submitted):
        if not is_student_name(student.name):
            shown = clean(repr(student.name), MAX_FILE_NAME)
            odd.append(f"The folder {shown} has a name that no student can have.")
            continue
        astray += [f"{student.name}/{name}" for name in _handed_in(student)]
        for chapter in _folders(student):
            if chapter.name in chapters:
                submissions.append(Found(student.name, chapter.name, chapter))
            elif chapter.name not in released and _handed_in(chapter):
                strangers.append(f"{student.name}/{chapter.name}")
    if strangers:
        odd.append(
            f"Not graded, because no released chapter is called so: {_few(strangers)}."
        )
    if astray:
        odd.append(
            f"Not graded, because a notebook belongs in STUDENT/CHAPTER/CHAPTER.ipynb: "
            f"{_few(astray)}."
        )
    return sorted(submissions, key=lambda s: (s.chapter, s.student)), odd


def _handed_in(folder: Path) -> list[str]:
    """Names of notebooks and archives that lie in `folder` itself."""
    try:
        with os.scandir(folder) as entries:
            found = [e for e in islice(entries, MAX_FOLDER_ENTRIES) if not e.is_dir()]
    except OSError:
        return []
    names = sorted(entry.name for entry in found)
    return [n for n in names if n.endswith((".ipynb", ".zip")) and n[0] != "."]


def _few(names: Sequence[str]) -> str:
    """The first of `names`, and how many more there are."""
    more = f", and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(clean(name, MAX_FILE_NAME) for name in names[:SHOWN]) + more


def _folders(parent: Path) -> Iterator[Path]:
    """Real folders in `parent`, by name; links and hidden ones are left out."""
    try:
        with os.scandir(parent) as entries:
            found = [e for e in entries if e.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for entry in sorted(found, key=lambda e: e.name):
        if not entry.name.startswith("."):
            yield Path(entry.path)


def read_submission(
    student: str, folder: Path, chapter: str | None = None
) -> Submission:
    """What lies in `folder`, which is named after its chapter unless one is given."""
    chapter = chapter or folder.name
    notes: list[str] = []
    timestamp, token = None, _token(folder)
    data: bytes | None
    why: str | None
    try:
        path, note = _notebook_file(folder, chapter)
        notes += [note] if note else []
        try:
            timestamp = _timestamp(folder)
        except Problem as problem:
            notes.append(str(problem))
        data = _read_file(path, MAX_NOTEBOOK)
    except Problem as problem:
        data, why = None, str(problem)
    except OSError as error:
        data, why = None, f"The submission cannot be read: {error.strerror or error}."
    else:
        why = None
    return Submission(student, chapter, data, why, timestamp, tuple(notes), token)


def _notebook_file(folder: Path, chapter: str) -> tuple[Path, str | None]:
    """The notebook in `folder`, and a note if it had to be looked for."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in islice(entries, MAX_FOLDER_ENTRIES))
    expected = f"{chapter}.ipynb"
    notebooks = [n for n in names if n.endswith(".ipynb") and not n.startswith(".")]
    if expected in notebooks:
        return folder / expected, None
    if not notebooks:
        there = [n for n in names if not n.startswith(".") and n != "timestamp.txt"]
        holds = f" What is there: {_few(there)}." if there else ""
        raise Problem(
            f"There is no notebook in the folder; {expected} is missing.{holds}"
        )
    if len(notebooks) > 1:
        raise Problem(
            f"There are {len(notebooks)} notebooks in the folder and none of them is "
            f"called {expected}."
        )
    shown = clean(notebooks[0], MAX_FILE_NAME)
    return folder / notebooks[0], f"The notebook is called {shown}, not {expected}."


def _read_file(path: Path, limit: int) -> bytes:
    """Bytes of a regular file; never follows a link or waits for a pipe."""
    shown = clean(path.name, MAX_FILE_NAME)
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise Problem(f"{shown} is not a regular file.")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Problem(f"{shown} is not a regular file.")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Problem(f"{shown} has more than {limit >> 20} MB.")
    return data


def _token(folder: Path) -> str | None:
    """What `nbgrader submit` wrote beside the notebook; None if that is not there."""
    try:
        text = _read_file(folder / TOKEN, MAX_TOKEN).decode()
    except (Problem, OSError, UnicodeDecodeError):
        return None
    return text if _TOKEN.fullmatch(text) else None


def _timestamp(folder: Path) -> str | None:
    path = folder / "timestamp.txt"
    if not os.path.lexists(path):
        return None
    try:
        data = _read_file(path, MAX_TIMESTAMP_FILE)
    except (Problem, OSError):
        raise Problem("timestamp.txt is no readable file and is ignored.") from None
    text = data[: MAX_TIMESTAMP + 1].decode("utf-8", "replace").strip()
    return parse_timestamp(text)


def parse_timestamp(text: str) -> str:
    """A time as nbgrader writes it, in one form and in UTC.

    Raises
    ------
    Problem
        If it is no time.
    """
    parts = text.split(" ")
    if len(parts) == 3 and parts[2] in ("UTC", "GMT", "Z"):
        parts[2] = "+0000"
    try:
        if len(text) > MAX_TIMESTAMP:
            raise ValueError
        moment = datetime.datetime.fromisoformat(
            parts[0] + "T" + "".join(parts[1:]) if len(parts) > 1 else parts[0]
        )
        if moment.tzinfo is not None:
            moment = moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        shown = clean(repr(text), 60)
        raise Problem(
            f"timestamp.txt says {shown}, which is no time, and is ignored."
        ) from None
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
