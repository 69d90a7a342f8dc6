"""One chapter of the class report: marks, exercises, mistakes, what to look at."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autograder.grading.marks import Graded, Row
from autograder.reports.charts import bins_of, histogram, stacked_bar
from autograder.reports.markup import Html, element, join, prose
from autograder.reports.summary import (
    OUTCOMES,
    ChapterSummary,
    ExerciseSummary,
    Group,
    Mistake,
    exercise_number,
    mark_of,
)

__all__ = ["Style", "chapter_section", "people", "plain_number", "table"]

MISTAKES, GROUPS, MORE_GROUPS = 8, 5, 40
"""Shown at once, shown at once, and shown on request; the rest is in the files."""
FEW, NAMES, STUDENTS = 12, 100, 400
"""Names beside a mistake, names on request, rows in the table of students."""

ANSWERS = {
    "wrong-values": "Wrong values",
    "wrong-shape": "A wrong shape",
    "wrong-type": "A wrong type",
    "argument-changed": "Right values, but an argument is changed",
    "global-random": "Right values, from the global random state",
    "generator-unused": "Right values, without the generator given",
    "wrong-calls": "Right values, with a wrong number of calls",
    "raised": "An error",
}


@dataclass(frozen=True)
class Style:
    """How a report is made.

    Attributes
    ----------
    anonymous : bool
        Whether it can be shown in class: no name and nothing that a student
        wrote.
    folder : path
        Where the page lies, so that it can link to feedback.
    """

    anonymous: bool
    folder: Path


def chapter_section(chapter: ChapterSummary, style: Style) -> Html:
    """Everything about one chapter."""
    return element(
        "section",
        element("h2", f"{chapter.number} · {chapter.title}", id=chapter.name),
        _facts(chapter),
        _in_short(chapter),
        _marks(chapter),
        _exercises(chapter),
        _mistakes(chapter, style),
        _groups(chapter, style),
        _troubles(chapter, style),
        None if style.anonymous else _students(chapter, style),
    )


def people(n: int, one: str = "student") -> str:
    """A count in words: 1 student, 2 students."""
    return f"{n:,} {one}" if n == 1 else f"{n:,} {one}s"


def plain_number(value: float | None) -> str:
    """A mark as a person writes it; a dash for none."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def table(
    caption: str | Html, head: Sequence[str | Html], rows: Sequence[Html], **more: str
) -> Html:
    """A table with a caption; the heads of numbers begin with a space."""
    heads = [
        element(
            "th",
            one if isinstance(one, Html) else one.strip(),
            scope="col",
            class_="number" if one.startswith(" ") else None,
        )
        for one in head
    ]
    # A table that is wider than the page scrolls, with the keyboard too.
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", *heads)),
            element("tbody", *rows),
            **more,
        ),
        class_="wide",
        tabindex="0",
        role="group",
        aria_label="Table",
    )


def _facts(chapter: ChapterSummary) -> Html:
    marks = f" of {plain_number(chapter.out_of)}"
    facts = [
        ("submissions", f"{len(chapter.graded):,}", ""),
        ("median mark", plain_number(chapter.median), marks),
        ("mean mark", plain_number(chapter.mean), marks),
        ("with all points", f"{chapter.full:,}", ""),
    ]
    if chapter.waiting:
        facts.append(("written answers to read", f"{chapter.waiting:,}", ""))
    return element(
        "dl",
        *(
            element(
                "div",
                element("dt", term),
                element("dd", value, element("small", unit) if unit else None),
            )
            for term, value, unit in facts
        ),
        class_="facts",
    )


def _in_short(chapter: ChapterSummary) -> Html | None:
    """The two things to take along, in a sentence each."""
    judged = [one for one in chapter.exercises if one.judged]
    if not judged:
        return None
    hardest = min(judged, key=lambda one: one.pass_rate)
    told: list[str] = [
        "Hardest: ",
        _named(hardest.name),
        f", right for {hardest.counts['right']:,} of {hardest.judged:,}. ",
    ]
    if chapter.mistakes:
        most = chapter.mistakes[0]
        told += ["Most frequent mistake: ", prose(most.form), ", in "]
        told += [_named(most.exercise), f" ({people(len(most.students))})."]
    return element("p", *told)


def _named(exercise: str) -> Html:
    return join([f"{exercise_number(exercise)}\u00a0", element("code", exercise)])


def _marks(chapter: ChapterSummary) -> Html | None:
    if not chapter.marks or chapter.median is None:
        return element("p", "There is no mark yet.", class_="soft")
    told = f"Students by mark, out of {plain_number(chapter.out_of)}."
    if chapter.waiting:
        told += " Written answers that wait count as 0 until they are read."
    lacking = len(chapter.graded) - len(chapter.marks)
    if lacking:
        told += f" Without a mark: {lacking}."
    rows = [
        element(
            "tr",
            element("th", f"{one.low:g} to under {one.high:g}", scope="row"),
            _cell(one.count),
        )
        for one in bins_of(chapter.marks, chapter.out_of)
    ]
    return element(
        "figure",
        histogram(chapter.marks, chapter.out_of, chapter.median),
        element("figcaption", told),
        element(
            "details",
            element("summary", "The same as a table"),
            table("Students by mark", ["Marks", " Students"], rows),
        ),
    )


def _cell(value: int | str) -> Html:
    told = f"{value:,}" if isinstance(value, int) else value
    return element("td", told, class_="number")


def _exercises(chapter: ChapterSummary) -> Html:
    key = [
        join([element("span", "", class_=f"key {one.replace(' ', '-')}"), f"{one}  "])
        for one in OUTCOMES
    ]
    return element(
        "div",
        element("h3", "Exercises"),
        table(
            join(["What became of each answer: ", *key]),
            [
                "Exercise",
                " Points",
                " Pass rate",
                "Shares",
                *(f" {one.capitalize()}" for one in OUTCOMES),
            ],
            [_exercise(one) for one in chapter.exercises],
            data_sortable="",
        ),
    )


def _exercise(exercise: ExerciseSummary) -> Html:
    rate = f"{100 * exercise.pass_rate:.0f} %" if exercise.judged else "–"
    return element(
        "tr",
        element("th", _named(exercise.name), scope="row", class_="name"),
        _cell(exercise.points),
        _cell(rate),
        element("td", stacked_bar(exercise.counts)),
        *(_cell(exercise.counts[one]) for one in OUTCOMES),
    )


def _mistakes(chapter: ChapterSummary, style: Style) -> Html:
    judged = {one.name: one.judged for one in chapter.exercises}
    articles = [_mistake(m, judged[m.exercise], style) for m in chapter.mistakes]
    if not articles:
        said = "No answer had the numbers of a known mistake."
    else:
        said = (
            "A mistake is named only where an answer does exactly the same as it in "
            "every case. The explanation is what the student has read."
        )
    return element(
        "div",
        element("h3", "Mistakes to talk about"),
        element("p", said, class_="soft"),
        *articles[:MISTAKES],
        _more(articles[MISTAKES:], "more mistake"),
    )


def _mistake(mistake: Mistake, judged: int, style: Style) -> Html:
    shared = None
    if mistake.shared:
        shared = element(
            "p",
            f"{people(mistake.shared, 'answer')} among them could be another known "
            "mistake as well.",
            class_="soft",
        )
    return _article(
        mistake.students,
        judged,
        prose(mistake.form[:1].upper() + mistake.form[1:]),
        element("p", prose(mistake.why)) if mistake.why else None,
        element(
            "p",
            _named(mistake.exercise),
            f" · {mistake.read} · ",
            element("code", mistake.name),
            class_="soft",
        ),
        shared,
        None if style.anonymous else _names(mistake.students),
    )


def _article(
    students: Sequence[str], judged: int, title: str, *content: Html | None
) -> Html:
    return element(
        "article",
        element(
            "div",
            f"{len(students):,}",
            element("small", f"of {people(judged)}"),
            class_="count",
        ),
        element("div", element("h4", title), *content),
    )


def _more(articles: Sequence[Html], what: str) -> Html | None:
    if not articles:
        return None
    told = people(len(articles), what)
    return element("details", element("summary", told), *articles)


def _names(students: Sequence[str]) -> Html:
    if len(students) <= FEW:
        return element("p", ", ".join(students))
    shown = [element("li", name) for name in students[:NAMES]]
    if len(students) > NAMES:
        shown.append(element("li", f"and {len(students) - NAMES:,} more in the files"))
    return element(
        "details",
        element("summary", "Who"),
        element("ul", *shown, class_="names"),
    )


def _groups(chapter: ChapterSummary, style: Style) -> Html | None:
    if not chapter.groups:
        return None
    judged = {one.name: one.judged for one in chapter.exercises}
    # One that nobody else gave waits behind the others.
    first = [g for g in chapter.groups if len(g.students) > 1][:GROUPS]
    later = chapter.groups[len(first) :]
    articles = [_group(g, judged[g.exercise], style) for g in chapter.groups]
    left = len(later) - MORE_GROUPS
    return element(
        "div",
        element("h3", "Wrong, and no known mistake"),
        element(
            "p",
            "Answers that do the same in every public case stand together. One that "
            "many give is worth a new entry in the registry: then the next class "
            "reads what it is.",
            class_="soft",
        ),
        *articles[: len(first)],
        _more(articles[len(first) :][:MORE_GROUPS], "more group"),
        element("p", f"{left:,} more in the files.", class_="soft")
        if left > 0
        else None,
    )


def _group(group: Group, judged: int, style: Style) -> Html:
    what = ANSWERS.get(group.code, group.code)
    if not style.anonymous and group.example and group.example.told:
        what = _headline(group.example.told)
    if group.passes:
        what = "Right in every public case and wrong in fresh ones"
    passes = element(
        "p",
        "Written for the cases that are shown, or a case of this kind is missing "
        "among them.",
    )
    return _article(
        group.students,
        judged,
        prose(what.removesuffix(".")),
        element("p", _named(group.exercise), class_="soft"),
        passes if group.passes else None,
        None if style.anonymous else _names(group.students),
        None if style.anonymous else _example(group),
    )


def _headline(told: str) -> str:
    """The first sentence of a check's message, after its title."""
    paragraphs = told.split("\n\n")
    return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else told


def _example(group: Group) -> Html | None:
    example = group.example
    if example is None:
        return None
    told = None
    if example.told and not group.passes:
        told = element("pre", example.told, tabindex="0")
    return element(
        "details",
        element("summary", "One of these answers, and what a check says of it"),
        element("pre", _without_docstring(example.source), tabindex="0"),
        told,
    )


def _without_docstring(source: str) -> str:
    """What the student wrote, without the text that stood in the stub."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    lines = source.splitlines()
    for node in reversed(parsed.body):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            told = node.body[0]
            alone = told.lineno > node.lineno and len(node.body) > 1
            if alone and node.body[1].lineno > (told.end_lineno or 0):
                del lines[told.lineno - 1 : told.end_lineno]
    return "\n".join(lines)


def _troubles(chapter: ChapterSummary, style: Style) -> Html | None:
    if not chapter.troubles:
        return None
    rows = []
    if style.anonymous:
        counts: dict[str, int] = {}
        for trouble in chapter.troubles:
            counts[trouble.what] = counts.get(trouble.what, 0) + len(trouble.students)
        for what, n in counts.items():
            rows.append(
                element("tr", element("th", prose(what), scope="row"), _cell(n))
            )
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
                    _cell(len(trouble.students)),
                    element("td", _names(trouble.students)),
                )
            )
        rows, left = rows[:NAMES], len(rows) - NAMES
        caption = "Time-outs and problems"
        if left > 0:
            caption += f"; {left:,} more kinds in the files"
        body = table(caption, ["What", " Students", "Who"], rows)
    return element("div", element("h3", "To look at"), body)


def _students(chapter: ChapterSummary, style: Style) -> Html:
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
            _cell(plain_number(mark_of(graded))),
            *(_cell(_points(rows.get(name))) for name in names),
        )


def _points(row: Row | None) -> str:
    if row is None or row.code in ("unreadable", "own-failure"):
        return "–"
    return plain_number(row.score)
