"""Feedback pages for Moodle: View all submissions, Upload multiple feedback files.

Moodle knows whose a file is by the number in the name of its folder,
``Ada Lovelace_4711_assignsubmission_file``, which is that of the archive of all
submissions and of the grading worksheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.bundling.archives import zip_bytes
from autograder.course import NotACourse
from autograder.exports.archive_names import names_in
from autograder.exports.formats import Wanted
from autograder.exports.pages import read_pages
from autograder.exports.roster import PARTICIPANT, match, read_roster
from autograder.report.words import people
from autograder.writing import write_whole

__all__ = ["SYSTEM", "export", "moodle_path"]

SYSTEM = "Moodle"
"""As `autograder collect` calls it."""

_OWNER = re.compile(r"[^_/]+_\d+_assignsubmission_[a-z]+")


def export(wanted: Wanted) -> Iterator[str]:
    """Write the zip for one chapter.

    References
    ----------
    https://docs.moodle.org/en/File_feedback
    https://github.com/moodle/moodle/blob/main/mod/assign/feedback/file/importziplib.php
    """
    pages = read_pages(wanted)
    names = names_in(wanted.course.grading, pages.chapter, SYSTEM)
    if wanted.roster is not None:
        names |= _of_worksheet(wanted, list(pages.of))
    files = {
        place: pages.of[who]
        for who, name in names.items()
        if who in pages.of and (place := moodle_path(name, pages.chapter))
    }
    if not files:
        raise NotACourse(
            "Nobody's number in Moodle is known: give its archive of all submissions "
            "to `autograder collect` (again, if need be), or the grading worksheet "
            "as --roster."
        )
    path = wanted.path("zip", pages.chapter)
    write_whole(path, zip_bytes(files), private=True)
    yield wanted.written(path, people(len(files), "page"))
    given = [who for who, n in names.items() if moodle_path(n, pages.chapter)]
    yield from pages.told(given, "no number of Moodle's is known")


def moodle_path(name: str, chapter: str) -> str:
    """The page's path in the zip, from what the person's folder or file was called.

    Without folders the file's name follows the owner's; empty if `name` tells none.
    """
    owner = _OWNER.match(name)
    if owner is None:
        return ""
    rest = name[owner.end() :]
    if rest in ("", "_"):
        return f"{name}/{chapter}.html"
    return f"{owner[0]}_{chapter}.html"


def _of_worksheet(wanted: Wanted, students: list[str]) -> dict[str, str]:
    """By student, the folder that the numbers of a grading worksheet make."""
    assert wanted.roster is not None
    roster = read_roster(wanted.roster)
    if "Identifier" not in roster.head:
        raise NotACourse(
            f"{wanted.roster} has no column Identifier: it is not the grading "
            "worksheet of Moodle's assignment."
        )
    found = match(students, roster, wanted.match)
    names = {}
    for who, place in found.rows.items():
        row = dict(zip(roster.head, roster.rows[place], strict=True))
        number = PARTICIPANT.fullmatch(row["Identifier"])
        name = re.sub(r"[_/\\]", " ", row.get("Full name", "")).strip()
        if number:
            names[who] = f"{name or 'Participant'}_{number[1]}_assignsubmission_file"
    return names
