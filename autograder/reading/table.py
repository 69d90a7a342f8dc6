"""Points and comments that somebody wrote into a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.course import Course, NotACourse
from autograder.exports.roster_file import composed, read_roster
from autograder.limits import MAX_RENDERED_CELL
from autograder.reading.marks import Mark, Marks
from autograder.reading.question import Question
from autograder.text import clean

__all__ = ["enter_table"]

COLUMNS = ("student", "points", "comment")
"""Headings; the last one may be missing."""


def enter_table(course: Course, question: Question, path: Path) -> int:
    """Enter the points and comments of a CSV file; gives how many.

    Whoever has neither in it keeps what is there.  All of it is entered, or nothing.

    Raises
    ------
    NotACourse
        If a line cannot be entered; all of these are told.
    NoRoster
        If the file cannot be read.
    GradebookFailed
        If the gradebook cannot be written.
    """
    roster = read_roster(path)
    head = [cell.casefold() for cell in roster.head]
    if not {"student", "points"} <= set(head):
        known = ", ".join(roster.head)
        raise NotACourse(
            f"{path} needs the columns student and points; it has {known}."
        )
    marks = Marks(course, question.chapter, question.name)
    try:
        there = marks.read()
        given: dict[str, Mark] = {}
        wrong = []
        for number, row in enumerate(roster.rows, 2):
            cells = dict(zip(head, row, strict=True))
            who = composed(cells["student"])
            try:
                mark = _mark(cells, question)
                if mark is None:
                    continue
                if who not in there:
                    raise ValueError("has no answer in the gradebook")
                if given.get(who, mark) != mark:
                    raise ValueError("stands there twice")
                given[who] = mark
            except ValueError as error:
                wrong.append(f"  row {number}: {clean(who, 60)} {error}")
        if wrong:
            raise NotACourse("\n".join(["Nothing is entered:", *wrong]))
        marks.write(given)
    finally:
        marks.close()
    return len(given)


def _mark(cells: Mapping[str, str], question: Question) -> Mark | None:
    """What a row gives; None if nothing."""
    points = cells["points"].replace(",", ".")
    comment = cells.get("comment", "").strip()
    if not points and not comment:
        return None
    try:
        score = float(points)
    except ValueError:
        raise ValueError(f"has {clean(points, 20) or 'no'} points") from None
    if not 0 <= score <= question.points:
        raise ValueError(f"has {score:g} points of {question.points:g}")
    return Mark(score, clean(comment, MAX_RENDERED_CELL), False)
