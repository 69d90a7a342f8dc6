"""Marks as files that a learning management system imports.

One file for each chapter, and in it only students who have a mark: what is not
in the file stays as it is there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograder.exports.class_files import number
from autograder.exports.roster import Matched, Roster, match
from autograder.text import spreadsheet_cell

__all__ = ["LmsFile", "canvas_csv", "moodle_csv"]

CANVAS_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_POINTS = "    Points Possible"
WORKSHEET = {"Identifier", "Grade", "Last modified (grade)"}
"""What Moodle asks of a grading worksheet."""


@dataclass(frozen=True)
class LmsFile:
    """A file to import.

    Attributes
    ----------
    text : str
    written : int
        How many marks are in it.
    lacking : tuple of str
        Students with a mark who are not in it.
    idle : tuple of str
        Who is in the list and has no mark.
    column : str
        The heading by which students were found; empty without a list.
    """

    text: str
    written: int
    lacking: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    column: str = ""


def canvas_csv(
    marks: Mapping[str, float],
    out_of: float,
    title: str,
    roster: Roster | None = None,
    column: str | None = None,
) -> LmsFile:
    """One assignment's marks for Canvas: Grades, Import.

    Canvas knows a student by ``ID``, else by ``SIS User ID`` or
    ``SIS Login ID``, else by name, and an assignment by ``Title (number)`` or by
    its title; one that it does not know it offers to make.  The second row has
    the points.  `roster` is the file that Canvas exports, whose first columns
    are kept as they are.  Without one a student's name stands as login.

    References
    ----------
    https://teaching.resources.osu.edu/toolsets/carmencanvas/guides/calculating-final-grades/import-csv-file-carmen-grades
    https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb
    """
    if roster is None:
        names, left = _writable(marks)
        rows = [[name, "", "", name, "", number(marks[name])] for name in names]
        points = [CANVAS_POINTS, "", "", "", "", number(out_of)]
        text = _csv([[*CANVAS_HEAD, title], points, *rows])
        return LmsFile(text, len(rows), left)
    n = _about_students(roster.head)
    header = next((name for name in roster.head[n:] if _is_about(name, title)), title)
    people = [row for row in roster.rows if "points possible" not in row[0].casefold()]
    listed = Roster(roster.head[:n], tuple(row[:n] for row in people))
    found = match(marks, listed, column)
    rows = [[*listed.rows[at], number(marks[who])] for who, at in found.rows.items()]
    points = [CANVAS_POINTS, *[""] * (n - 1), number(out_of)]
    text = _csv([[*listed.head, header], points, *rows])
    return _file(text, found, listed)


def _about_students(head: Sequence[str]) -> int:
    """How many of the first columns say who somebody is, up to the section."""
    if "Section" in head:
        return list(head).index("Section") + 1
    return len([name for name in head if name in CANVAS_HEAD])


def _is_about(header: str, title: str) -> bool:
    return header == title or bool(re.fullmatch(re.escape(title) + r" \(\d+\)", header))


def moodle_csv(
    marks: Mapping[str, float],
    title: str,
    roster: Roster | None = None,
    column: str | None = None,
) -> LmsFile:
    """One grade item's marks for Moodle: Grades, Import, CSV file.

    On its next page "Map from" and "Map to" are the first column and what that
    is (username, ID number, email address), and the second column is mapped to
    a grade item or to a new one.  Moodle gives up the whole file at one person
    whom it does not know: a `roster`, the file that Moodle exports, keeps
    strangers out.  Without one the first column has the names of folders.

    An assignment's grading worksheet as `roster` comes back with its grades filled
    in, to be uploaded where it came from.

    References
    ----------
    https://docs.moodle.org/311/en/Grade_import
    https://github.com/moodle/moodle/blob/main/mod/assign/feedback/offline/importgradeslib.php
    https://github.com/moodle/moodle/blob/main/grade/import/csv/classes/load_data.php
    """
    if roster is None:
        names, left = _writable(marks)
        rows = [[name, number(marks[name])] for name in names]
        return LmsFile(_csv([["username", title], *rows]), len(rows), left)
    found = match(marks, roster, column)
    at = roster.head.index(found.column)
    if set(roster.head) >= WORKSHEET:
        grade = roster.head.index("Grade")
        sheet: list[Sequence[str]] = [roster.head]
        for who, i in found.rows.items():
            # A dash is no time; an empty cell is none either, and no formula.
            row = ["" if cell == "-" else cell for cell in roster.rows[i]]
            sheet.append([*row[:grade], number(marks[who]), *row[grade + 1 :]])
        return _file(_csv(sheet), found, roster)
    rows = [[roster.rows[i][at], number(marks[who])] for who, i in found.rows.items()]
    return _file(_csv([[found.column, title], *rows]), found, roster)


def _writable(names: Collection[str]) -> tuple[list[str], tuple[str, ...]]:
    """Names that a spreadsheet leaves alone, and those that would be formulas.

    Made harmless, a name would be nobody's.
    """
    safe = [name for name in names if spreadsheet_cell(name) == name]
    return safe, tuple(sorted(set(names) - set(safe)))


def _file(text: str, found: Matched, roster: Roster) -> LmsFile:
    at = roster.head.index(found.column)
    idle = tuple(
        roster.rows[place][at] or roster.rows[place][0] for place in found.idle
    )
    return LmsFile(text, len(found.rows), found.lacking, idle, found.column)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([spreadsheet_cell(cell) for cell in row] for row in rows)
    return text.getvalue()
