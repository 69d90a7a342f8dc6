"""The class report as one page: no network, no script needed to read it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources

from autograder.classroom.class_result import ClassResult
from autograder.report.chapter_page import chapter_section
from autograder.report.markup import Html, element, join, prose
from autograder.report.parts import Style, people, plain_number, table
from autograder.report.summary import ChapterSummary

__all__ = ["report_page"]

MOST = 50
"""Problems of the class as a whole that are shown."""


def report_page(
    result: ClassResult, chapters: Sequence[ChapterSummary], style: Style
) -> str:
    """The page's text."""
    css, script = _asset("report.css"), _asset("report.js")
    # Whatever slips through escaping still runs nothing and loads nothing.
    policy = (
        f"default-src 'none'; style-src {_digest(css)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"Class report: {result.course.name}"),
        element("style", Html(css)),
    )
    main = element(
        "main",
        *_opening(result, chapters, style),
        *(chapter_section(chapter, style) for chapter in chapters),
        _files(style),
    )
    body = element("body", main, element("script", Html(script)))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _opening(
    result: ClassResult, chapters: Sequence[ChapterSummary], style: Style
) -> list[Html | None]:
    students = len({graded.student for graded in result.graded})
    counted = f"{people(students)}, {people(len(result.graded), 'submission')}"
    lead = f"Course {result.course.name}: {counted}."
    if style.anonymous:
        lead += " Without names, to be shown in class."
    return [
        element("h1", "Class report"),
        element("p", lead, class_="lead"),
        _boxless(result),
        _folder_problems(result, style),
        _overview(chapters) if len(chapters) > 1 else None,
    ]


def _boxless(result: ClassResult) -> Html | None:
    n = sum(graded.unconfined for graded in result.graded)
    if not n:
        return None
    return element(
        "p",
        element("strong", f"{people(n, 'submission')} graded without a box: "),
        "nothing kept that code from this machine's files or from the network.",
    )


def _folder_problems(result: ClassResult, style: Style) -> Html | None:
    """What concerns no one student: folders that cannot be anybody's."""
    found = [trouble.text for trouble in result.problems if trouble.student is None]
    if not found:
        return None
    if style.anonymous:
        return element("p", f"{people(len(found), 'problem')} of the class as a whole.")
    listed = element("ul", *(element("li", text) for text in found[:MOST]))
    return join([element("p", "Left out, in the folder of submissions:"), listed])


def _overview(chapters: Sequence[ChapterSummary]) -> Html:
    rows = []
    for chapter in chapters:
        link = element(
            "a", f"{chapter.number} · {chapter.title}", href=f"#{chapter.name}"
        )
        most = chapter.mistakes[0] if chapter.mistakes else None
        told = join([prose(most.form), f" ({len(most.students):,})"]) if most else "–"
        median = f"{plain_number(chapter.median)} of {plain_number(chapter.out_of)}"
        rows.append(
            element(
                "tr",
                element("th", link, scope="row"),
                element("td", f"{len(chapter.graded):,}", class_="number"),
                element("td", median, class_="number"),
                element("td", f"{chapter.full:,}", class_="number"),
                element("td", told),
            )
        )
    head = [
        "Chapter",
        " Submissions",
        " Median",
        " All points",
        "Most frequent mistake",
    ]
    return element("nav", table("Chapters", head, rows), aria_label="Chapters")


def _files(style: Style) -> Html:
    files = ["exercises.csv", "mistakes.csv", "unexplained.csv"]
    told = "Beside this page, for a spreadsheet: "
    if not style.anonymous:
        files += ["answers.csv", "problems.csv"]
    listed = [join([element("code", name), ", "]) for name in files[:-1]]
    return element(
        "footer",
        element("p", told, *listed, element("code", files[-1]), "."),
    )
