"""Who in a list of a class is which student of ours.

Names come in every spelling, so nothing is guessed: a student whom no row, or
more than one row, may be is listed, and so is a row without a mark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.exports.roster_file import NoRoster, Roster, composed, read_roster

__all__ = ["NAMES", "Matched", "NoRoster", "Roster", "keys", "match", "read_roster"]

PARTICIPANT = re.compile(r"[^\W\d]+ (\d+)")
"""Moodle's name for one who hands in, in any language; its zip has the number."""

NAMES = (("First name", "Last name"), ("First name", "Surname"))
"""Two columns of Moodle's that are one name."""


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
    without_zeros : tuple of str
        Students whose number has lost its leading zeros in the list.
    """

    column: str
    rows: dict[str, int]
    lacking: tuple[str, ...]
    idle: tuple[int, ...]
    without_zeros: tuple[str, ...] = ()


def match(
    students: Iterable[str], roster: Roster, column: str | None = None
) -> Matched:
    """Find each student under `column`, or under the heading where most are found.

    A row is found by what stands there, by the part of it before an ``@``, by
    the number of Moodle's ``Participant 4711``, or by "Ada Lovelace" where
    "Lovelace, Ada" stands; capitals do not matter, nor how accents are encoded.
    A spreadsheet drops the zeros before a number: 123 is student 00123 if
    nobody else is.

    Raises
    ------
    NoRoster
        If there is no such column, or nobody is found in any.
    """
    wanted = list(students)
    if column is not None and composed(column) not in roster.head:
        known = ", ".join(roster.head)
        raise NoRoster(f"There is no column {column}; there are {known}.")
    names = [composed(column)] if column is not None else list(roster.head)
    tried = [
        _match(wanted, [row[roster.head.index(name)] for row in roster.rows], name)
        for name in dict.fromkeys(names)
        if name
    ]
    if column is None:
        tried += _by_two_columns(wanted, roster)
    best = max(tried, key=lambda found: len(found.rows), default=None)
    if best is None or (wanted and not best.rows):
        raise NoRoster(
            "No column of the list holds our students' names, which are those of "
            "their folders. Is it the list of this class?"
        )
    return best


def keys(value: str) -> set[str]:
    """By what a cell of a list may be known, without capitals."""
    value = composed(value).casefold().strip()
    numbered = PARTICIPANT.fullmatch(value)
    found = {value, value.partition("@")[0], numbered[1] if numbered else ""}
    if value.count(",") == 1:
        last, first = value.split(",")
        found.add(f"{first.strip()} {last.strip()}")
    return found - {""}


def _by_two_columns(students: Sequence[str], roster: Roster) -> Iterator[Matched]:
    for pair in NAMES:
        if set(pair) <= set(roster.head):
            first, last = map(roster.head.index, pair)
            values = [f"{row[first]} {row[last]}" for row in roster.rows]
            # The column is one of the list's, whose cells are written back.
            yield _match(students, values, pair[0])


def _match(students: Sequence[str], values: Sequence[str], column: str) -> Matched:
    exact = _places(keys(value) for value in values)
    short = _places({_without_zeros(value)} for value in values)
    alike = Counter(_without_zeros(student) for student in students)
    rows: dict[str, int] = {}
    lacking, shortened = [], []
    for student in students:
        known = composed(student).casefold()
        number = _without_zeros(student)
        found = exact.get(known, set())
        if not found and number and alike[number] == 1:
            found = short.get(number, set())
            shortened.append(student)
        if len(found) == 1:
            rows[student] = next(iter(found))
        else:
            lacking.append(student)
    taken = Counter(rows.values())
    # Two students in one row: neither can be told from the other.
    lacking += [student for student, place in rows.items() if taken[place] > 1]
    rows = {s: place for s, place in rows.items() if taken[place] == 1}
    used = set(rows.values())
    idle = tuple(place for place in range(len(values)) if place not in used)
    told = tuple(sorted(set(shortened) & set(rows)))
    return Matched(column, rows, tuple(sorted(lacking)), idle, told)


def _places(found: Iterable[set[str]]) -> dict[str, set[int]]:
    places: dict[str, set[int]] = {}
    for place, names in enumerate(found):
        for key in names - {""}:
            places.setdefault(key, set()).add(place)
    return places


def _without_zeros(value: str) -> str:
    """A number as a spreadsheet leaves it; empty for what is none."""
    return value.lstrip("0") if value.isascii() and value.isdigit() else ""
