"""Marks for Moodle: Grades, Import, CSV file, or a grading worksheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autograder.exports.class_files import number
from autograder.exports.formats import Wanted
from autograder.exports.lms import LmsFile, export_marks, filled_in, writable
from autograder.exports.roster import Roster, match
from autograder.text import csv_text

__all__ = ["export", "moodle_csv"]

WORKSHEET = {"Identifier", "Grade", "Last modified (grade)"}
"""What Moodle asks of a grading worksheet."""


def export(wanted: Wanted) -> Iterator[str]:
    """Write the gradebook's marks, a file for each chapter."""
    return export_marks(wanted, lambda marks, _, *more: moodle_csv(marks, *more))


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
        names, left = writable(marks)
        rows = [[name, number(marks[name])] for name in names]
        return LmsFile(csv_text(["username", title], rows), len(rows), left)
    found = match(marks, roster, column)
    at = roster.head.index(found.column)
    if set(roster.head) >= WORKSHEET:
        grade = roster.head.index("Grade")
        sheet = []
        for who, i in found.rows.items():
            # A dash is no time; an empty cell is none either, and no formula.
            row = ["" if cell == "-" else cell for cell in roster.rows[i]]
            sheet.append([*row[:grade], number(marks[who]), *row[grade + 1 :]])
        return filled_in(csv_text(roster.head, sheet), found, roster)
    rows = [[roster.rows[i][at], number(marks[who])] for who, i in found.rows.items()]
    return filled_in(csv_text([found.column, title], rows), found, roster)
