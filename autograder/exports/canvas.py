"""Marks for Canvas: Grades, Import."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from autograder.exports.class_files import number
from autograder.exports.formats import Wanted
from autograder.exports.lms import LmsFile, export_marks, filled_in, writable
from autograder.exports.roster import Roster, match
from autograder.text import csv_text

__all__ = ["canvas_csv", "export"]

HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "    Points Possible"


def export(wanted: Wanted) -> Iterator[str]:
    """Write the gradebook's marks, a file for each chapter."""
    return export_marks(wanted, lambda _, *more: canvas_csv(*more))


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
        names, left = writable(marks)
        rows = [[name, "", "", name, "", number(marks[name])] for name in names]
        points = [POINTS, "", "", "", "", number(out_of)]
        text = csv_text([*HEAD, title], [points, *rows])
        return LmsFile(text, len(rows), left)
    n = _about_students(roster.head)
    header = next((name for name in roster.head[n:] if _is_about(name, title)), "")
    people = [row for row in roster.rows if "points possible" not in row[0].casefold()]
    listed = Roster(roster.head[:n], tuple(row[:n] for row in people))
    found = match(marks, listed, column)
    rows = [[*listed.rows[at], number(marks[who])] for who, at in found.rows.items()]
    points = [POINTS, *[""] * (n - 1), number(out_of)]
    text = csv_text([*listed.head, header or title], [points, *rows])
    new = () if header else _new_assignment(title, roster.head[n:])
    return filled_in(text, found, listed, (*roster.notes, *new))


def _about_students(head: Sequence[str]) -> int:
    """How many of the first columns say who somebody is, up to the section."""
    if "Section" in head:
        return list(head).index("Section") + 1
    return len([name for name in head if name in HEAD])


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
