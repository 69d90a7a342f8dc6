"""Lists of a class from elsewhere, and who in them is which student of ours.

Names come in every spelling, so nothing is guessed: a student whom no row, or
more than one row, may be is listed, and so is a row without a mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.limits import MAX_ROSTER

__all__ = ["Matched", "NoRoster", "Roster", "match", "read_roster"]

PARTICIPANT = re.compile(r"[^\W\d]+ (\d+)")
"""Moodle's name for one who hands in, in any language; its zip has the number."""


class NoRoster(Exception):
    """A list cannot be read or fits nobody; the text says why."""


@dataclass(frozen=True)
class Roster:
    """A list of a class: its heading, and one row for each person."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Matched:
    """Which row is which student.

    Attributes
    ----------
    column : str
        The heading under which the students were found.
    rows : dict of str to int
        By student, the row's position.
    lacking : tuple of str
        Students whom no row is, or more than one.
    idle : tuple of int
        Positions of the rows that are none of the students.
    """

    column: str
    rows: dict[str, int]
    lacking: tuple[str, ...]
    idle: tuple[int, ...]


def read_roster(path: Path) -> Roster:
    """The list in a CSV file, with commas or semicolons between its columns.

    Raises
    ------
    NoRoster
        If there is none.
    """
    try:
        data = path.read_bytes()
        if len(data) > MAX_ROSTER:
            raise NoRoster(f"{path} has more than {MAX_ROSTER >> 20} MB.")
        text = data.decode("utf-8-sig")
        first = text.partition("\n")[0]
        separator = ";" if first.count(";") > first.count(",") else ","
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except OSError as error:
        raise NoRoster(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NoRoster(f"{path} is not text in UTF-8.") from error
    except csv.Error as error:
        raise NoRoster(f"{path} is no CSV file: {error}.") from error
    rows = [[cell.strip() for cell in row] for row in rows if any(map(str.strip, row))]
    if len(rows) < 2:
        raise NoRoster(f"{path} lists nobody.")
    width = len(rows[0])
    padded = [tuple((row + [""] * width)[:width]) for row in rows]
    return Roster(padded[0], tuple(padded[1:]))


def match(
    students: Iterable[str], roster: Roster, column: str | None = None
) -> Matched:
    """Find each student under `column`, or under the heading where most are found.

    A row is found by what stands there, by the part of it before an ``@``, or by
    the number of Moodle's ``Participant 4711``; capitals do not matter.

    Raises
    ------
    NoRoster
        If there is no such column, or nobody is found in any.
    """
    wanted = list(students)
    if column is not None and column not in roster.head:
        known = ", ".join(roster.head)
        raise NoRoster(f"There is no column {column}; there are {known}.")
    names = [column] if column is not None else list(dict.fromkeys(roster.head))
    tried = [_match(wanted, roster, name) for name in names if name]
    best = max(tried, key=lambda found: len(found.rows), default=None)
    if best is None or (wanted and not best.rows):
        raise NoRoster(
            "No column of the list holds our students' names, which are those of "
            "their folders. Is it the list of this class?"
        )
    return best


def _match(students: Sequence[str], roster: Roster, column: str) -> Matched:
    at = roster.head.index(column)
    places: dict[str, set[int]] = {}
    for place, row in enumerate(roster.rows):
        value = row[at].casefold()
        numbered = PARTICIPANT.fullmatch(value)
        keys = {value, value.partition("@")[0], numbered[1] if numbered else ""}
        for key in keys - {""}:
            places.setdefault(key, set()).add(place)
    rows, lacking = {}, []
    for student in students:
        found = places.get(student.casefold(), set())
        if len(found) == 1:
            rows[student] = next(iter(found))
        else:
            lacking.append(student)
    taken: dict[int, int] = {}
    for place in rows.values():
        taken[place] = taken.get(place, 0) + 1
    # Two students in one row: neither can be told from the other.
    lacking += [student for student, place in rows.items() if taken[place] > 1]
    rows = {s: place for s, place in rows.items() if taken[place] == 1}
    idle = tuple(i for i in range(len(roster.rows)) if i not in set(rows.values()))
    return Matched(column, rows, tuple(sorted(lacking)), idle)
