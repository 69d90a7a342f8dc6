"""Marks as files that a learning management system imports.

One file for each chapter, and in it only students who have a mark: what is not
in the file stays as it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from autograder.course import Course, NotACourse
from autograder.exports.formats import Wanted
from autograder.exports.roster import Matched, Roster, read_roster
from autograder.exports.settled import left_out, told_left_out
from autograder.gradebook.gradebook import Mark, class_marks
from autograder.report.words import people
from autograder.submissions.releases import gradable
from autograder.text import spreadsheet_cell
from autograder.writing import write_whole

__all__ = ["LmsFile", "export_marks", "filled_in", "writable"]


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


def export_marks(
    wanted: Wanted,
    make: Callable[
        [str, dict[str, float], float, str, Roster | None, str | None], LmsFile
    ],
) -> Iterator[str]:
    """Write the gradebook's marks, a file for each chapter.

    Parameters
    ----------
    wanted : Wanted
    make : callable
        Makes a file of the chapter, marks by student, what can be earned, the
        assignment's title, the roster and its column of names.
    """
    only, roster = wanted.chapter, wanted.roster
    listed = read_roster(roster) if roster else None
    marks, waits = class_marks(wanted.course), left_out(wanted.course)
    chapters = sorted({chapter for chapter, _ in marks if only in (None, chapter)})
    if not chapters:
        which = f"of {only} " if only else ""
        raise NotACourse(f"The gradebook has no marks {which}yet: grade first.")
    if wanted.title is not None and len(chapters) > 1:
        raise NotACourse("A title is for one chapter: say which, with --chapter NAME.")
    for chapter in chapters:
        entries = {
            who: mark
            for (of, who), mark in sorted(marks.items())
            if of == chapter and mark.given and not waits(chapter, who)
        }
        missing = [w for of, w in sorted(marks) if of == chapter and w not in entries]
        if not entries:
            yield f"{chapter}: no file, nobody has a mark that counts yet."
            yield from told_left_out(missing)
            continue
        out_of = _newest_points(wanted.course, chapter, entries)
        earned = {
            who: max(0.0, _of_points(mark, out_of)) for who, mark in entries.items()
        }
        other = sum(mark.out_of != out_of for mark in entries.values())
        if other:
            told = f"of another release: as marks out of {out_of:g}"
            yield f"{chapter}: {people(other, 'mark')} {told}."
        title = wanted.title or chapter
        made = make(chapter, earned, out_of, title, listed, wanted.match)
        path = wanted.path("csv", chapter)
        yield from made.notes
        write_whole(path, made.text.encode(), private=True)
        yield wanted.written(path, people(made.written, "mark"))
        yield from _not_matched(made)
        yield from told_left_out(missing)
        waiting = sum(mark.waiting > 0 for mark in entries.values())
        if waiting:
            told = people(waiting, "mark") + " may still rise"
            yield f"  {told}: written answers wait to be read."


def _newest_points(course: Course, chapter: str, entries: Mapping[str, Mark]) -> float:
    """What can be earned over there: all points of the newest release."""
    if chapter in course.frozen:
        return sum(gradable(course.releases[chapter]).values())
    return max(mark.out_of for mark in entries.values())


def _of_points(mark: Mark, out_of: float) -> float:
    """A mark out of as many points as all others; one of the newest as it is."""
    if mark.out_of in (0, out_of):
        return mark.mark
    return round(mark.mark * out_of / mark.out_of, 2)


def _not_matched(made: LmsFile) -> Iterator[str]:
    if made.column:
        yield f"  Students were found under {made.column!r}."
    if made.lacking:
        why = "not in the list, or there twice" if made.column else "no safe cell"
        yield f"  With a mark, and not in the file ({why}):"
        yield from (f"    {name}" for name in made.lacking)
    if made.idle:
        yield "  In the list, and without a mark:"
        yield from (f"    {name}" for name in made.idle)


def writable(names: Collection[str]) -> tuple[list[str], tuple[str, ...]]:
    """Names that a spreadsheet leaves alone, and those that would be formulas.

    Made harmless, a name would be nobody's.
    """
    safe = [name for name in names if spreadsheet_cell(name) == name]
    return safe, tuple(sorted(set(names) - set(safe)))


def filled_in(
    text: str, found: Matched, roster: Roster, notes: tuple[str, ...]
) -> LmsFile:
    """A roster with marks, and who of it has none."""
    at = roster.head.index(found.column)
    idle = tuple(
        roster.rows[place][at] or roster.rows[place][0] for place in found.idle
    )
    if found.without_zeros:
        who = ", ".join(found.without_zeros)
        notes += (f"The list has lost the zeros before these numbers: {who}.",)
    return LmsFile(text, len(found.rows), found.lacking, idle, found.column, notes)
