"""What the sections of a report are made of: tables, articles, names, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.report.rendering import Html, element, join
from autograder.report.summary import exercise_number

__all__ = [
    "NAMES",
    "Style",
    "article",
    "cell",
    "more",
    "named",
    "names",
    "people",
    "plain_number",
    "table",
]

FEW, NAMES = 12, 100
"""Names beside a mistake, and names on request; the rest is in the files."""


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


def people(n: int, one: str = "student") -> str:
    """A count in words: 1 student, 2 students."""
    return f"{n:,} {one}" if n == 1 else f"{n:,} {one}s"


def plain_number(value: float | None) -> str:
    """A mark as a person writes it; a dash for none."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def named(exercise: str) -> Html:
    """An exercise with its number: 3.1 `momentum_step`."""
    return join([f"{exercise_number(exercise)}\u00a0", element("code", exercise)])


def cell(value: int | str) -> Html:
    """A table's cell with a number in it."""
    told = f"{value:,}" if isinstance(value, int) else value
    return element("td", told, class_="number")


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


def article(
    students: Sequence[str], judged: int, title: str, *content: Html | None
) -> Html:
    """Something that some of the students did, of so many who were judged."""
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


def more(articles: Sequence[Html], what: str) -> Html | None:
    """Articles that are shown on request; nothing if there are none."""
    if not articles:
        return None
    told = people(len(articles), what)
    return element("details", element("summary", told), *articles)


def names(students: Sequence[str]) -> Html:
    """Who: a few at once, many on request."""
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
