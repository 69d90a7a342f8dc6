"""The part of a report to teach from: known mistakes, and what is none of them."""

from __future__ import annotations

import ast
import warnings

from autograder.report.rendering import Html, element, prose
from autograder.report.summary import ChapterSummary, Group, Mistake
from autograder.report.words import Style, article, more, named, names, people

__all__ = ["groups_part", "mistakes_part"]

MISTAKES, GROUPS, MORE_GROUPS = 8, 5, 40
"""Shown at once, shown at once, and shown on request; the rest is in the files."""

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


def mistakes_part(chapter: ChapterSummary, style: Style) -> Html:
    """The mistakes that the class makes, with what to say about them."""
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
        more(articles[MISTAKES:], "more mistake"),
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
    return article(
        mistake.students,
        judged,
        prose(mistake.form[:1].upper() + mistake.form[1:]),
        element("p", prose(mistake.why)) if mistake.why else None,
        element(
            "p",
            named(mistake.exercise),
            f" · {mistake.read} · ",
            element("code", mistake.name),
            class_="soft",
        ),
        shared,
        None if style.anonymous else names(mistake.students),
    )


def groups_part(chapter: ChapterSummary, style: Style) -> Html | None:
    """Wrong answers that no known mistake explains, equals together."""
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
        more(articles[len(first) :][:MORE_GROUPS], "more group"),
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
    return article(
        group.students,
        judged,
        prose(what.removesuffix(".")),
        element("p", named(group.exercise), class_="soft"),
        passes if group.passes else None,
        None if style.anonymous else names(group.students),
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
