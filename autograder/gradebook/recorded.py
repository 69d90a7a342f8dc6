"""What was entered last for each submission, by which it is known what has changed.

A file for each, written after the gradebook and the page: whoever is interrupted
finds the last one that was completed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path

from autograder.course import Course, course_settings
from autograder.grading.code import chapter_files, with_tables
from autograder.grading.words import words_code
from autograder.imports import hash_of, modules_in, needed
from autograder.submissions.releases import language_in
from autograder.submissions.submission import Submission
from autograder.term.class_file import load_rules
from autograder.writing import read_if_there, write_whole

__all__ = ["Recorded", "made_from", "read_recorded", "version", "write_recorded"]

FOLDER = "recorded"

_JUDGES = ("autograder.grading.examiner", "autograder.grading.behaviour")
"""What makes results, which are given as bytes to what makes entries and pages."""


@dataclass(frozen=True)
class Recorded:
    """What stands in the gradebook for one submission, and what it was made from.

    Attributes
    ----------
    concerns : mapping of str to str
        By grade id: what the grade was about, see `waiting.concerns`.
    settled : mapping of str to str
        By grade id: what it was about when nobody had to look any more.
    made_from : str
        Of what was graded, see `made_from`; empty if it was not entered by us.
    gradebook : str
        Of the gradebook's rows after that, see `gradebook.fingerprints`.
    out_of : float or None
        All points of the release that was graded; None if that is not known.
    """

    concerns: Mapping[str, str] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    made_from: str = ""
    gradebook: str = ""
    out_of: float | None = None


def read_recorded(course: Course, student: str, chapter: str) -> Recorded | None:
    """What was entered last; None if that is not known."""
    try:
        data = read_if_there(_path(course, student, chapter))
        return None if data is None else Recorded(**json.loads(data))
    except (OSError, ValueError, TypeError):
        return None


def write_recorded(
    course: Course, student: str, chapter: str, recorded: Recorded
) -> None:
    """Keep what has been entered."""
    data = json.dumps(vars(recorded), sort_keys=True, indent=1).encode() + b"\n"
    path = _path(course, student, chapter)
    write_whole(path, data, if_changed=True, private=True)


def _path(course: Course, student: str, chapter: str) -> Path:
    return course.grading / FOLDER / chapter / f"{student}.json"


def made_from(submission: Submission, result: bytes, release: bytes, how: str) -> str:
    """A hash of all that an entry and a page depend on, but for the gradebook.

    Parameters
    ----------
    submission : Submission
    result : bytes
        As `Result.to_bytes` writes it.
    release : bytes
    how : str
        What `version` gives.
    """
    own = [submission.timestamp, submission.token, submission.problem, submission.code]
    told = repr((own, submission.notes, submission.doubts, submission.modules))
    how += words_code(language_in(submission.data))
    parts = submission.digest, told, how, _chapter_code(submission.chapter)
    return _hash([*(part.encode() for part in parts), result, _digest(release)])


@lru_cache(maxsize=64)
def _digest(release: bytes) -> bytes:
    return hashlib.sha256(release).digest()


def version(course: Course) -> str:
    """A hash of what makes entries and pages: code, settings, plugins beside them.

    It is the same wherever the course lies.
    """
    settings = json.dumps(course_settings(course), sort_keys=True, default=repr)
    settings = settings.replace(str(course.root), ".")
    rules = load_rules(course)  # dates and extensions stand in the gradebook
    if rules.there:
        settings += repr((rules.late, rules.zone))
    beside = [path.read_bytes() for path in sorted(course.root.glob("*.py"))]
    return _hash([_code().encode(), settings.encode(), *beside])


@cache
def _code() -> str:
    files = with_tables(needed(*modules_in("gradebook"), but=_JUDGES))
    programs = [metadata.version(name).encode() for name in ("nbgrader", "nbconvert")]
    return hash_of(files, *programs)


@cache
def _chapter_code(chapter: str) -> str:
    return hash_of(chapter_files(chapter))


def _hash(fields: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for one in fields:  # with their lengths, so that no two lists look the same
        found.update(len(one).to_bytes(8, "big") + one)
    return found.hexdigest()
