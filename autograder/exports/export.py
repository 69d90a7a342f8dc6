"""`autograder export`: a class's marks, or a chapter, for another system."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course, NotACourse, load_secret, write_whole
from autograder.exports.lms import LmsFile, canvas_csv, moodle_csv
from autograder.exports.roster import Roster, read_roster
from autograder.report.parts import people
from autograder.report.results_file import NoResults, read_results
from autograder.submissions.submission import NOT_OPENED

if TYPE_CHECKING:
    from autograder.gradebook.gradebook import Mark

__all__ = ["export"]

EXPORTS = "exports"
"""Folder beside the marks."""


def export(
    course: Course,
    format: str,
    chapter: str | None = None,
    roster: Path | None = None,
    match: str | None = None,
    title: str | None = None,
    box: str = "auto",
) -> Iterator[str]:
    """Write what another system takes; gives lines that say what was written.

    Parameters
    ----------
    course : Course
    format : str
        ``canvas``, ``moodle``, ``nbgrader``, ``gradescope`` or ``github``.
    chapter : str, optional
        Only this one; ``gradescope`` and ``github`` need it.
    roster : path, optional
        The class as Canvas or Moodle exports it.
    match : str, optional
        The roster's column that holds our students' names.
    title : str, optional
        What the assignment is called there; as the chapter by default.
    box : str
        What walls student code off inside Gradescope's container.

    Raises
    ------
    NotACourse
        If something that the format needs is missing.
    NoRoster
        If the roster cannot be read, or fits nobody.
    GradebookFailed
        If the gradebook cannot be read.
    """
    folder = course.grading / EXPORTS
    match format:
        case "canvas" | "moodle":
            listed = read_roster(roster) if roster else None
            yield from _lms(course, format, folder, chapter, listed, match, title)
        case "nbgrader":
            yield from _nbgrader(course, folder / "nbgrader.csv")
        case "gradescope":
            yield from _gradescope(course, folder, _given(chapter, format), box)
        case "github":
            yield from _github(course, folder, _given(chapter, format))


def _given(chapter: str | None, format: str) -> str:
    if chapter is None:
        raise NotACourse(f"For which chapter? {format} needs --chapter NAME.")
    return chapter


def _lms(
    course: Course,
    format: str,
    folder: Path,
    only: str | None,
    roster: Roster | None,
    match: str | None,
    title: str | None,
) -> Iterator[str]:
    from autograder.gradebook.gradebook import class_marks

    marks, left_out = class_marks(course), _left_out(course)
    chapters = sorted({chapter for chapter, _ in marks if only in (None, chapter)})
    if not chapters:
        which = f"of {only} " if only else ""
        raise NotACourse(f"The gradebook has no marks {which}yet: grade first.")
    if title is not None and len(chapters) > 1:
        raise NotACourse("A title is for one chapter: say which, with --chapter NAME.")
    for chapter in chapters:
        entries = {
            who: mark
            for (of, who), mark in sorted(marks.items())
            if of == chapter and mark.given and not left_out(chapter, who)
        }
        missing = [w for of, w in sorted(marks) if of == chapter and w not in entries]
        if not entries:
            yield f"{chapter}: no file, nobody has a mark that counts yet."
            yield from _not_settled(missing)
            continue
        earned = {who: max(0.0, mark.mark) for who, mark in entries.items()}
        called = title or chapter
        if format == "canvas":
            out_of = max(mark.out_of for mark in entries.values())
            made = canvas_csv(earned, out_of, called, roster, match)
        else:
            made = moodle_csv(earned, called, roster, match)
        path = folder / f"{format}-{chapter}.csv"
        write_whole(path, made.text.encode())
        yield _written(course, path, people(made.written, "mark"))
        yield from _not_matched(made)
        yield from _not_settled(missing)
        waiting = sum(mark.waiting > 0 for mark in entries.values())
        if waiting:
            told = people(waiting, "mark") + " may still rise"
            yield f"  {told}: written answers wait to be read."


def _left_out(course: Course) -> Callable[[str, str], bool]:
    """Says whose marks wait, since not all that they handed in is accounted for."""
    try:
        unsettled = read_results(course).unsettled
    except NoResults:
        unsettled = ()
    waiting = {(trouble.chapter, trouble.student) for trouble in unsettled}
    closed = {t.student for t in unsettled if t.code == NOT_OPENED and not t.chapter}
    return lambda chapter, who: (chapter, who) in waiting or who in closed


def _not_settled(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield (
            "  Left out, until what stands first under Problems is settled "
            "(`autograder grade` shows it):"
        )
        yield from (f"    {name}" for name in names)


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


def _nbgrader(course: Course, path: Path) -> Iterator[str]:
    """nbgrader's own exporter, on its own gradebook."""
    from nbgrader.plugins import CsvExportPlugin

    from autograder.gradebook.gradebook import class_marks, open_gradebook

    path.parent.mkdir(parents=True, exist_ok=True)
    with open_gradebook(course) as gradebook:
        CsvExportPlugin(to=str(path)).export(gradebook)
    missing = _without(path, _left_out(course), class_marks(course))
    yield _written(course, path, "as `nbgrader export` does")
    yield from _not_settled(missing)


def _without(
    path: Path,
    left_out: Callable[[str, str], bool],
    marks: Mapping[tuple[str, str], Mark],
) -> list[str]:
    """Take the rows out of nbgrader's file that are no marks yet; gives whose."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def waits(row: dict[str, str]) -> bool:
        place = row["assignment"], row["student_id"]
        mark = marks.get(place)
        return left_out(*place) or (mark is not None and not mark.given)

    missing = [
        f"{row['student_id']}, {row['assignment']}" for row in rows if waits(row)
    ]
    if missing:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for row in rows if not waits(row))
    return missing


def _gradescope(course: Course, folder: Path, chapter: str, box: str) -> Iterator[str]:
    from autograder.exports.gradescope_zip import gradescope_zip

    path = folder / f"gradescope-{chapter}.zip"
    write_whole(path, gradescope_zip(course, chapter, load_secret(course), box))
    yield _written(course, path, "for Configure Autograder, base image Ubuntu 24.04")
    yield "  It holds the reference kernels: it is for instructors only."


def _github(course: Course, folder: Path, chapter: str) -> Iterator[str]:
    from autograder.exports.github import WORKFLOW, classroom_workflow

    if chapter not in course.releases:
        known = ", ".join(course.releases)
        raise NotACourse(f"There is no released chapter {chapter}; there are {known}.")
    path = folder / f"github-{chapter}.yml"
    notebook = f"notebooks/{chapter}/{chapter}.ipynb"
    text = classroom_workflow(course.chapter(chapter), notebook)
    write_whole(path, text.encode())
    yield _written(course, path, f"to be {WORKFLOW} in the students' template")
    yield f"  The rest of that repository is what `autograder bundle {chapter}` makes."


def _written(course: Course, path: Path, what: str) -> str:
    return f"{path.relative_to(course.root).as_posix()}: {what}"
