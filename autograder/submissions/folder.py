"""From a submission folder to what was handed in.

Nothing in a submission is trusted to be what it should be.  What cannot be
read becomes one sentence that says why.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.limits import MAX_TIMESTAMP_FILE, MAX_TOKEN
from autograder.submissions.choosing import Chosen, NoNotebook, choose
from autograder.submissions.files import (
    NotOpened,
    could_not_open,
    look,
    read_regular_file,
)
from autograder.submissions.notebook import Problem
from autograder.submissions.submission import (
    NOT_OPENED,
    TIME_UNCLEAR,
    Doubt,
    Submission,
)
from autograder.submissions.timestamp import read_timestamp

__all__ = ["STAMP", "TOKEN", "read_submission", "read_time"]

TOKEN = "submission_secret.txt"
STAMP = "timestamp.txt"

_TOKEN = re.compile(r"[0-9A-Za-z_+/=-]+")


def read_submission(
    student: str,
    folder: Path,
    chapter: str | None = None,
    zone: str = "",
    form: str = "",
    release: bytes | None = None,
) -> Submission:
    """What lies in `folder`, which is named after its chapter unless one is given.

    Parameters
    ----------
    student : str
    folder : path
    chapter : str, optional
    zone, form : str, optional
        The course's time zone and its form of times, see `parse_timestamp`.
    release : bytes, optional
        The released notebook: by it an untouched copy is known.
    """
    chapter = chapter or folder.name
    chosen, problem, code = Chosen(b""), None, ""
    try:
        found = look(folder, (STAMP, TOKEN))
        chosen = choose(folder, found, chapter, release)
    except NotOpened as failure:
        problem, code = str(failure), NOT_OPENED
    except OSError as error:
        problem, code = could_not_open(f"the folder {folder.name}", error), NOT_OPENED
    except NoNotebook as nothing:
        problem, code = str(nothing), nothing.code
    timestamp, doubts = None, list(chosen.doubts)
    try:
        timestamp = read_time(folder, zone, form)
    except Problem as unclear:
        doubts.append(Doubt(TIME_UNCLEAR, str(unclear)))
    return Submission(
        student,
        chapter,
        chosen.data if problem is None else None,
        problem,
        timestamp,
        chosen.notes,
        _token(folder),
        code,
        tuple(doubts) if code != NOT_OPENED else (),
        chosen.modules if problem is None else {},
    )


def _token(folder: Path) -> str | None:
    """What `nbgrader submit` wrote beside the notebook; None if that is not there."""
    try:
        text = read_regular_file(folder / TOKEN, MAX_TOKEN).decode()
    except (Problem, OSError, UnicodeDecodeError):
        return None
    return text if _TOKEN.fullmatch(text) else None


def read_time(folder: Path, zone: str = "", form: str = "") -> str | None:
    """When what lies in a folder was handed in; None if nothing says so.

    Raises
    ------
    Problem
        If something does, and it cannot be read or is not clear.
    """
    try:
        data = read_regular_file(folder / STAMP, MAX_TIMESTAMP_FILE)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Problem(could_not_open(STAMP, error)) from None
    return read_timestamp(data, zone, form)
