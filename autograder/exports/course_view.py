"""The whole class at once: everybody's chapters, when they came, and the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from autograder.classroom.class_result import ClassResult, Graded
from autograder.course import Course, NotACourse
from autograder.exports.roster import NoRoster, match, read_roster
from autograder.exports.roster_file import composed
from autograder.term.attempts import number_of_attempts
from autograder.term.rules import Rules
from autograder.term.totals import Part, percentage, total

if TYPE_CHECKING:
    from autograder.gradebook.reading import Times

__all__ = ["HEAD", "NOT_HANDED_IN", "TOTAL", "Line", "course_view", "on_roster"]

HEAD = ("handed_in", "due", "hours_late", "taken_off", "attempts", "percent")
"""Columns of `marks.csv` that a class with rules has besides the others."""

TOTAL = "total"
NOT_HANDED_IN = "not handed in"


@dataclass(frozen=True)
class Line:
    """One student's chapter, or all of them together.

    Attributes
    ----------
    chapter : str
        `TOTAL` for all of them.
    mark, out_of : float or None
        Of the total, hundredths.
    graded : Graded or None
        None if nothing was handed in.
    cells : tuple of str
        What stands under `HEAD`.
    """

    student: str
    chapter: str
    mark: float | None
    out_of: float | None
    graded: Graded | None
    cells: tuple[str, ...]


def on_roster(course: Course, rules: Rules, students: list[str]) -> list[str]:
    """Everybody on the class's roster who is none of `students`, as it names them.

    Raises
    ------
    NotACourse
        If it cannot be read, or has no such column.
    """
    if not rules.roster:
        return []
    try:
        roster = read_roster(course.grading / rules.roster)
    except NoRoster as error:
        raise NotACourse(f"grading/class.toml names a roster: {error}") from error
    if rules.column and composed(rules.column) not in roster.head:
        known = ", ".join(roster.head)
        told = f"there is no column {rules.column} in {rules.roster}; there are {known}"
        raise NotACourse(f"grading/class.toml: {told}.")
    try:
        found = match(students, roster, rules.column or None)
    except NoRoster:  # nobody on it has handed in
        at, idle = roster.head.index(composed(rules.column or roster.head[0])), None
    else:
        at, idle = roster.head.index(found.column), set(found.idle)
    rows = (
        row for place, row in enumerate(roster.rows) if idle is None or place in idle
    )
    return [row[at] or row[0] for row in rows]


def course_view(
    result: ClassResult,
    rules: Rules,
    seen: Mapping[tuple[str, str], Times],
    due: Mapping[str, datetime | None],
    now: datetime,
) -> Iterator[Line]:
    """Lines for everybody, by student: each chapter, then the total.

    A chapter whose mark waits is left out of the total.  What was not handed in is
    0 when it is past due; of a chapter without a due date, as soon as anybody has
    handed it in.

    Parameters
    ----------
    result : ClassResult
    rules : Rules
    seen : mapping
        By chapter and student.
    due : mapping
        By chapter, for those without an extension.
    now : datetime
    """
    from autograder.gradebook.reading import Times  # whose database takes a while

    by_place = {(one.student, one.chapter): one for one in result.graded}
    begun = {one.chapter for one in result.graded}
    begun |= {chapter for chapter, end in due.items() if end is not None and end <= now}
    out_of = {
        one.chapter: one.out_of for one in result.graded if one.out_of is not None
    }
    further = {name: _further(result.course, name) for name in begun}
    here = sorted({one.student for one in result.graded})
    for student in sorted([*here, *on_roster(result.course, rules, here)]):
        parts = []
        for chapter in sorted(begun):
            graded = by_place.get((student, chapter))
            end = rules.due_for(student, chapter) or due.get(chapter)
            mark = graded.mark if graded is not None else None
            if graded is None and (end is None or end <= now):
                mark = 0.0
            whole = out_of.get(chapter) or _points(result.course, chapter)
            part = None
            if mark is not None:
                part = Part(chapter, max(mark, 0.0), whole, further[chapter])
                parts.append(part)
            times = seen.get((chapter, student)) or Times(None, end, 0.0, 0.0)
            cells = (
                _shown(times.handed_in, rules),
                _shown(times.due, rules),
                _plain(times.seconds_late / 3600),
                _plain(times.taken_off),
                str(_attempts(result.course, rules, student, chapter)),
                "" if part is None else _plain(percentage(part, rules)),
            )
            yield Line(student, chapter, mark, whole, graded, cells)
        found = total(parts, rules)
        blank = ("",) * (len(HEAD) - 1)
        told = "" if found is None else _plain(found)
        yield Line(student, TOTAL, found, 100.0, None, (*blank, told))


def _attempts(course: Course, rules: Rules, student: str, chapter: str) -> int:
    members = rules.group_of(student)
    return sum(number_of_attempts(course, one, chapter) for one in members)


def _further(course: Course, name: str) -> float:
    exercises = course.chapter(name).exercises
    return float(sum(one.points for one in exercises if one.bonus))


def _points(course: Course, name: str) -> float:
    chapter = course.chapter(name)
    points = [one.points for one in chapter.exercises]
    return float(sum(points + [one.points for one in chapter.written]))


def _shown(time: datetime | None, rules: Rules) -> str:
    if time is None:
        return ""
    zone = ZoneInfo(rules.zone) if rules.zone else UTC
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M}"


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
