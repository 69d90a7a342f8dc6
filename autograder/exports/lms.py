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
from difflib import get_close_matches

from autograder.exports.class_files import number
from autograder.exports.roster import Matched, NoRoster, Roster, match
from autograder.text import spreadsheet_cell

__all__ = ["LmsFile", "canvas_csv", "moodle_csv"]

CANVAS_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_POINTS = "    Points Possible"
GRADE_ITEM = re.compile(r": .|\((Real|Percentage|Letter)\)$")
"""How Moodle's export calls a column of marks: "Assignment: Momentum (Real)"."""
NAME_COLUMNS = ("Full name", "First name", "Last name", "Surname", "Student")
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
    notes : tuple of str
        What is to be known before the file is imported.
    """

    text: str
    written: int
    lacking: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    column: str = ""
    notes: tuple[str, ...] = ()


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
    header = next((name for name in roster.head[n:] if _is_about(name, title)), "")
    people = [row for row in roster.rows if "points possible" not in row[0].casefold()]
    listed = Roster(roster.head[:n], tuple(row[:n] for row in people))
    found = match(marks, listed, column)
    rows = [[*listed.rows[at], number(marks[who])] for who, at in found.rows.items()]
    points = [CANVAS_POINTS, *[""] * (n - 1), number(out_of)]
    text = _csv([[*listed.head, header or title], points, *rows])
    new = () if header else _new_assignment(title, roster.head[n:])
    return _file(text, found, listed, (*roster.notes, *new))


def _about_students(head: Sequence[str]) -> int:
    """How many of the first columns say who somebody is, up to the section."""
    if "Section" in head:
        return list(head).index("Section") + 1
    return len([name for name in head if name in CANVAS_HEAD])


def _is_about(header: str, title: str) -> bool:
    return header == title or bool(re.fullmatch(re.escape(title) + r" \(\d+\)", header))


def _new_assignment(title: str, heads: Sequence[str]) -> tuple[str, ...]:
    """Canvas makes what it does not know: nobody should learn of that afterwards."""
    titles = [re.sub(r" \(\d+\)$", "", head) for head in heads if head]
    near = get_close_matches(title, titles, 3, 0.5) or titles[:5]
    there = f" The list has {', '.join(map(repr, near))}." if near else ""
    return (
        f"No column of the list is called {title!r}: Canvas would make a new "
        f"assignment.{there} --title says which it is.",
    )


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

    People found by their names are written by what Moodle can look up: user name,
    number or address.

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
    if set(roster.head) >= WORKSHEET:
        grade = roster.head.index("Grade")
        sheet: list[Sequence[str]] = [roster.head]
        for who, i in found.rows.items():
            # A dash is no time; an empty cell is none either, and no formula.
            row = ["" if cell == "-" else cell for cell in roster.rows[i]]
            sheet.append([*row[:grade], number(marks[who]), *row[grade + 1 :]])
        return _file(_csv(sheet), found, roster, roster.notes)
    heading = _looked_up(found, roster)
    at = roster.head.index(heading)
    rows = []
    for who, i in found.rows.items():
        key = who if who in found.without_zeros else roster.rows[i][at]
        rows.append([key, number(marks[who])])
    text = _csv([[heading, title], *rows])
    return _file(text, found, roster, (*roster.notes, *_no_such_item(title, roster)))


def _looked_up(found: Matched, roster: Roster) -> str:
    """A heading by which Moodle finds people; it finds nobody by name."""
    if found.column not in NAME_COLUMNS:
        return found.column
    for heading in ("Username", "ID number", "Email address"):
        if heading in roster.head:
            at = roster.head.index(heading)
            if all(roster.rows[i][at] for i in found.rows.values()):
                return heading
    raise NoRoster(
        "Moodle finds people by user name, number or address, and the list has none "
        "of these for everybody: export it with “Email address”."
    )


def _no_such_item(title: str, roster: Roster) -> tuple[str, ...]:
    items = [head for head in roster.head if GRADE_ITEM.search(head)]
    if not items or any(title in head for head in items):
        return ()
    return (
        f"No column of the list is about {title!r}: on Moodle's next page, map the "
        "marks to the item that they are for, not to a new one.",
    )


def _writable(names: Collection[str]) -> tuple[list[str], tuple[str, ...]]:
    """Names that a spreadsheet leaves alone, and those that would be formulas.

    Made harmless, a name would be nobody's.
    """
    safe = [name for name in names if spreadsheet_cell(name) == name]
    return safe, tuple(sorted(set(names) - set(safe)))


def _file(text: str, found: Matched, roster: Roster, notes: tuple[str, ...]) -> LmsFile:
    at = roster.head.index(found.column)
    idle = tuple(
        roster.rows[place][at] or roster.rows[place][0] for place in found.idle
    )
    if found.without_zeros:
        who = ", ".join(found.without_zeros)
        notes += (f"The list has lost the zeros before these numbers: {who}.",)
    return LmsFile(text, len(found.rows), found.lacking, idle, found.column, notes)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([spreadsheet_cell(cell) for cell in row] for row in rows)
    return text.getvalue()
