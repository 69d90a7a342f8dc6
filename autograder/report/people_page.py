"""The part of a report about single students: what to look at, and all marks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from autograder.classroom.class_result import Graded, Row
from autograder.grading.result import UNJUDGED
from autograder.report.markup import Html, element, join, prose
from autograder.report.parts import (
    NAMES,
    Style,
    cell,
    names,
    people,
    plain_number,
    table,
)
from autograder.report.summary import ChapterSummary, exercise_number, mark_of

__all__ = ["students_part", "troubles_part"]

STUDENTS = 400
"""Rows in the table of students; the rest is in the files."""


def troubles_part(chapter: ChapterSummary, style: Style) -> Html | None:
    """Time-outs and problems, and whose they are."""
    if not chapter.troubles:
        return None
    rows = []
    if style.anonymous:
        counts: dict[str, int] = {}
        for trouble in chapter.troubles:
            counts[trouble.what] = counts.get(trouble.what, 0) + len(trouble.students)
        for what, n in counts.items():
            rows.append(element("tr", element("th", prose(what), scope="row"), cell(n)))
        body = table("Time-outs and problems", ["What", " Students"], rows)
    else:
        for trouble in chapter.troubles:
            what = join([prose(trouble.what), "."])
            if trouble.detail:
                what = join([what, " ", trouble.detail])
            rows.append(
                element(
                    "tr",
                    element("th", what, scope="row"),
                    cell(len(trouble.students)),
                    element("td", names(trouble.students)),
                )
            )
        rows, left = rows[:NAMES], len(rows) - NAMES
        caption = "Time-outs and problems"
        if left > 0:
            caption += f"; {left:,} more kinds in the files"
        body = table(caption, ["What", " Students", "Who"], rows)
    return element("div", element("h3", "To look at"), body)


def students_part(chapter: ChapterSummary, style: Style) -> Html:
    """Every student's mark and points, on request."""
    ordered = sorted(chapter.graded, key=lambda g: (mark_of(g) or 0.0, g.student))
    shown = ordered[:STUDENTS]
    caption = "Lowest marks first. Points for each exercise; a dash: not judged."
    if len(shown) < len(ordered):
        caption += f" The other {len(ordered) - len(shown):,} are in marks.csv."
    names = [exercise.name for exercise in chapter.exercises]
    head = ["Student", " Mark", *(f" {exercise_number(name)}" for name in names)]
    rows = list(_rows(shown, names, style))
    return element(
        "div",
        element("h3", "Students"),
        element(
            "details",
            element("summary", f"{people(len(ordered))}, one by one"),
            table(caption, head, rows, data_sortable=""),
        ),
    )


def _rows(
    shown: Sequence[Graded], names: Sequence[str], style: Style
) -> Iterator[Html]:
    for graded in shown:
        student: str = graded.student
        if graded.page is not None:
            place = os.path.relpath(graded.page, style.folder).replace(os.sep, "/")
            student = element("a", student, href=quote(place))
        rows = {row.exercise: row for row in graded.rows}
        yield element(
            "tr",
            element("th", student, scope="row"),
            cell(plain_number(mark_of(graded))),
            *(cell(_points(rows.get(name))) for name in names),
        )


def _points(row: Row | None) -> str:
    if row is None or row.code in UNJUDGED:
        return "–"
    return plain_number(row.score)
