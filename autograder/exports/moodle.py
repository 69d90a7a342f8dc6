"""Marks for Moodle: Grades, Import, CSV file, or a grading worksheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from autograder.exports.class_files import number
from autograder.exports.comments import comments_of, is_ours
from autograder.exports.formats import Wanted
from autograder.exports.lms import LmsFile, export_marks, filled_in, writable
from autograder.exports.roster import Matched, NoRoster, Roster, match
from autograder.text import csv_text

__all__ = ["export", "moodle_csv"]

GRADE_ITEM = re.compile(r": .|\((Real|Percentage|Letter)\)$")
"""How Moodle's export calls a column of marks: "Assignment: Momentum (Real)"."""
NAME_COLUMNS = ("Full name", "First name", "Last name", "Surname", "Student")
COMMENTS = "Feedback comments"
NO_COMMENTS = (
    f"The worksheet has no column “{COMMENTS}”, which would get what was found: switch "
    "them on in the assignment's feedback types."
)
WORKSHEET = {"Identifier", "Grade", "Last modified (grade)"}
"""What Moodle asks of a grading worksheet."""


def export(wanted: Wanted) -> Iterator[str]:
    """Write the gradebook's marks, a file for each chapter."""
    comments = comments_of(wanted.course)

    def make(
        chapter: str,
        marks: Mapping[str, float],
        _: float,
        title: str,
        roster: Roster | None,
        column: str | None,
    ) -> LmsFile:
        return moodle_csv(marks, title, roster, column, comments.get(chapter, {}))

    return export_marks(wanted, make)


def moodle_csv(
    marks: Mapping[str, float],
    title: str,
    roster: Roster | None = None,
    column: str | None = None,
    comments: Mapping[str, str] = MappingProxyType({}),
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
    in, to be uploaded where it came from, and with `comments` by student where it
    has feedback comments that nobody else wrote.

    References
    ----------
    https://docs.moodle.org/311/en/Grade_import
    https://github.com/moodle/moodle/blob/main/mod/assign/feedback/offline/importgradeslib.php
    https://github.com/moodle/moodle/blob/main/grade/import/csv/classes/load_data.php
    """
    if roster is None:
        names, left = writable(marks)
        rows = [[name, number(marks[name])] for name in names]
        return LmsFile(csv_text(["username", title], rows), len(rows), left)
    found = match(marks, roster, column)
    if set(roster.head) >= WORKSHEET:
        grade = roster.head.index("Grade")
        told = roster.head.index(COMMENTS) if COMMENTS in roster.head else None
        sheet = []
        for who, i in found.rows.items():
            # A dash is no time; an empty cell is none either, and no formula.
            row = ["" if cell == "-" else cell for cell in roster.rows[i]]
            row[grade] = number(marks[who])
            if told is not None and (not row[told] or is_ours(row[told])):
                row[told] = comments.get(who, row[told])
            sheet.append(row)
        notes = roster.notes
        if comments and told is None:
            notes += (NO_COMMENTS,)
        return filled_in(csv_text(roster.head, sheet), found, roster, notes)
    heading = _looked_up(found, roster)
    at = roster.head.index(heading)
    rows = []
    for who, i in found.rows.items():
        key = who if who in found.without_zeros else roster.rows[i][at]
        rows.append([key, number(marks[who])])
    notes = (*roster.notes, *_no_such_item(title, roster))
    return filled_in(csv_text([heading, title], rows), found, roster, notes)


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
