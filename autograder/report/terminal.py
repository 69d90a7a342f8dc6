"""A class's results in the terminal: who got what, and what went wrong most."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, Group, JustifyMethod, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from autograder.classroom.class_result import ClassResult, Graded, Row
from autograder.classroom.grade_class import Progress as Callback
from autograder.exercises import find
from autograder.exercises.pairs import find_mistake
from autograder.report.grid import Cell, Grid
from autograder.report.summary import exercise_number
from autograder.report.words import people
from autograder.text import one_line

__all__ = ["SHORT", "progress_bar", "report"]

SHORT = {
    "passed": "",
    "wrong-values": "value",
    "wrong-shape": "shape",
    "wrong-type": "type",
    "argument-changed": "inpl",
    "global-random": "rand",
    "generator-unused": "rng",
    "wrong-calls": "calls",
    "raised": "error",
    "not-written": "-",
    "not-defined": "undef",
    "timed-out": "slow",
    "out-of-memory": "mem",
    "crashed": "died",
    "too-much-output": "flood",
    "unreadable": "file",
    "no-notebook": "none",
    "other-chapter": "other",
    "other-release": "older",
    "newer-python": "newer",
    "not-opened": "OURS",
    "own-failure": "OURS",
}
"""By verdict code: the word in the table; a right answer shows its points alone."""

MEANING = {
    "value": "wrong values",
    "shape": "wrong shape",
    "type": "wrong type",
    "inpl": "changes its argument",
    "rand": "uses the global random state",
    "rng": "does not use the generator that it is given",
    "calls": "wrong number of calls",
    "error": "stops with an error",
    "-": "not written",
    "undef": "not defined",
    "slow": "does not end",
    "mem": "out of memory",
    "died": "ends Python",
    "flood": "returns too much",
    "file": "unreadable, for a person to look at",
    "none": "nothing handed in",
    "other": "another chapter's notebook",
    "older": "of another release, for a person to look at",
    "newer": "needs a newer Python",
    "OURS": "our failure, for a person to look at",
}
MOST = 8
"""Mistakes that are listed."""


@contextmanager
def progress_bar(console: Console) -> Iterator[Callback]:
    """A bar with the time left; gives the function that moves it."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=console,
    ) as bar:
        task = bar.add_task("Grading", total=None)

        def advance(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def report(result: ClassResult, console: Console, files: Sequence[Path] = ()) -> None:
    """Print a class's results; `files` are the exports that were written."""
    for chapter in dict.fromkeys(graded.chapter for graded in result.graded):
        graded = [one for one in result.graded if one.chapter == chapter]
        exercises = list(dict.fromkeys(r.exercise for one in graded for r in one.rows))
        for table in _tables(chapter, graded, exercises, console):
            console.print(table)
        numbered = ", ".join(f"{exercise_number(name)} {name}" for name in exercises)
        console.print()
        console.print(Text(f"{numbered}.", style="dim"))
    console.print(_legend(result.rows))
    for section in _sections(result, files):
        console.print()
        console.print(section)


def _tables(
    chapter: str, graded: list[Graded], exercises: list[str], console: Console
) -> list[Grid]:
    """Students by exercises, in as many tables as the width needs."""
    for n_tables in range(1, len(exercises) + 1):
        size = -(-len(exercises) // n_tables)
        starts = range(0, len(exercises), size)
        tables = [
            _table(chapter, graded, exercises[i : i + size], i + size >= len(exercises))
            for i in starts
        ]
        if max(table.width for table in tables) <= console.width:
            break
    return tables


def _table(
    chapter: str, graded: list[Graded], exercises: list[str], last: bool
) -> Grid:
    points = {row.exercise: row.points for one in graded for row in one.rows}
    heads = [("student", "")]
    heads += [(exercise_number(name), f"of {points[name]}") for name in exercises]
    out_of = max((one.out_of or 0 for one in graded), default=0)
    if last:
        heads += [
            ("score", f"of {sum(points.values())}"),
            ("mark", f"of {out_of:g}"),
        ]
    rows = []
    for one in graded:
        by_name = {row.exercise: row for row in one.rows}
        cells = [_cell(by_name.get(exercise)) for exercise in exercises]
        if last:
            cells += [(f"{one.score:g}", ""), _mark(one, out_of)]
        rows.append([(one_line(one.student), ""), *cells])
    right = frozenset(range(len(heads) - 2, len(heads)) if last else ())
    return Grid(chapter, heads, rows, right)


def _cell(row: Row | None) -> Cell:
    if row is None:
        return "", ""
    word = SHORT.get(row.code, row.code)
    if not word:
        return f"{row.score:g}", "green"
    style = "dim" if word == "-" else "bold magenta" if word == "OURS" else "red"
    points = f"{row.score:g} " if row.score else ""
    return points + word, style


def _mark(one: Graded, out_of: float) -> Cell:
    if one.mark is None:
        return "?", "bold magenta"
    other = "" if one.out_of in (None, out_of) else f"/{one.out_of:g}"
    return f"{one.mark:g}{other}" + ("*" if one.waiting else " "), ""


def _legend(rows: Sequence[Row]) -> Text:
    words = dict.fromkeys(SHORT.get(row.code, row.code) for row in rows)
    told = [f"{word} = {MEANING[word]}" for word in words if word in MEANING]
    told.append("mark = with written answers and late penalties (* some wait)")
    return Text("; ".join(told) + ".", style="dim")


def _sections(result: ClassResult, files: Sequence[Path]) -> Iterator[RenderableType]:
    yield _summary(result)
    boxes = _boxes(result.graded)
    if boxes:
        yield boxes
    mistakes = _mistakes(result.rows)
    if mistakes.row_count:
        yield Group(Text("Most frequent mistakes", style="bold"), mistakes)
    problems = _people([(t.student, t.chapter, t.text) for t in result.problems])
    if result.unsettled:
        told = f"Not accounted for: {len(result.unsettled)}, the first under Problems."
        yield Text(told, style="bold red")
    if problems.row_count:
        yield Group(Text("Problems", style="bold red"), problems)
    for heading, costly in (
        ("Noticed in what is not all right", True),
        ("Noticed, and no points lost by it", False),
    ):
        notes = _people(
            [
                (one.student, one.chapter, note)
                for one in result.graded
                for note in one.notes
                if _may_have_cost(one, note) is costly
            ]
        )
        if notes.row_count:
            yield Group(Text(heading, style="bold"), notes)
    yield _places(result, files)


def _may_have_cost(graded: Graded, note: str) -> bool:
    """Whether a function that a note is about is not right; any, if it names none."""
    named = [row for row in graded.rows if re.search(rf"\b{row.exercise}\b", note)]
    return any(row.score < row.points for row in named or graded.rows)


def _summary(result: ClassResult) -> Text:
    students = len({one.student for one in result.graded})
    scores = [one.score / one.points for one in result.graded if one.points]
    mean = f"{100 * sum(scores) / len(scores):.0f} %" if scores else "none"
    full = sum(score == 1 for score in scores)
    waiting = sum(one.waiting for one in result.graded)
    return Text(
        f"{people(students)}, "
        f"{people(len(result.graded), 'submission')}: {mean} of the points "
        f"on average, {full} with all of them. Written answers that wait for a "
        f"person: {waiting}."
    )


def _boxes(graded: Sequence[Graded]) -> Text:
    """Where student code ran; none is a word of warning."""
    boxes = sorted({one.box for one in graded if one.box})
    without = sum(one.unconfined for one in graded)
    if without:
        return Text(
            f"Graded without a box: {without}. Whoever wrote these notebooks could "
            "read and change what you can, marks too.",
            style="bold red",
        )
    accounts = sorted({one.account for one in graded if one.account})
    how = f", counted by {' and '.join(accounts)}" if accounts else ""
    ran = f"Student code ran in {' and '.join(boxes)}{how}."
    return Text(ran) if boxes else Text()


def _mistakes(rows: Sequence[Row]) -> Table:
    """The class's most frequent known mistakes, with what they are."""
    count = Counter((row.exercise, name) for row in rows for name in row.misconceptions)
    grid = _grid("right", "left", "left")
    ranked = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    for (exercise, name), times in ranked[:MOST]:
        known = find_mistake(find(exercise), name)
        grid.add_row(f"{times}x", exercise, Text(known.form if known else name))
    if len(ranked) > MOST:
        grid.add_row("", Text(f"and {len(ranked) - MOST} more", style="dim"))
    return grid


def _people(told: Sequence[tuple[str | None, str | None, str]]) -> Table:
    grid = _grid("left", "left")
    for student, chapter, text in told:
        named = filter(None, (student and one_line(student), chapter))
        who = ", ".join(named) or "the class"
        grid.add_row(Text(who), Text(text))
    return grid


def _grid(*columns: JustifyMethod) -> Table:
    """Rows whose long texts stay in their column."""
    grid = Table.grid(padding=(0, 1, 0, 2))
    for justify in columns:
        grid.add_column(justify=justify)
    return grid


def _places(result: ClassResult, files: Sequence[Path]) -> Group:
    """Where everything is, from where the user is."""
    feedback = os.path.relpath(result.course.feedback)
    lines = [f"{'Feedback':<10} {feedback}/STUDENT/CHAPTER/CHAPTER.html"]
    lines += [f"{file.stem.capitalize():<10} {os.path.relpath(file)}" for file in files]
    return Group(*(Text(line, overflow="fold") for line in lines))
