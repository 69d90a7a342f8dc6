"""Wrong answers of a class, to teach from: known mistakes, and what is none of them."""

from __future__ import annotations

import ast
import warnings
from typing import Any

from autograder.report.summary import ChapterSummary, Group

__all__ = ["group_values", "mistake_values"]

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


def mistake_values(chapter: ChapterSummary, anonymous: bool) -> dict[str, Any]:
    """The mistakes that the class makes, with what to say about them."""
    judged = {one.name: one.judged for one in chapter.exercises}
    told = [
        {
            "n_students": len(one.students),
            "judged": judged[one.exercise],
            "form": one.form[:1].upper() + one.form[1:],
            "why": one.why,
            "exercise": one.exercise,
            "read": one.read,
            "name": one.name,
            "shared": one.shared,
            "students": None if anonymous else one.students,
        }
        for one in chapter.mistakes
    ]
    return {"first": told[:MISTAKES], "later": told[MISTAKES:]}


def group_values(chapter: ChapterSummary, anonymous: bool) -> dict[str, Any]:
    """Wrong answers that no known mistake explains, equals together."""
    judged = {one.name: one.judged for one in chapter.exercises}
    told = [
        {
            "n_students": len(one.students),
            "judged": judged[one.exercise],
            "title": _title(one, anonymous),
            "exercise": one.exercise,
            "passes": one.passes,
            "students": None if anonymous else one.students,
            "example": None if anonymous else _example(one),
        }
        for one in chapter.groups
    ]
    # One that nobody else gave waits behind the others.
    n = min(GROUPS, sum(len(one.students) > 1 for one in chapter.groups))
    later = told[n:]
    return {
        "first": told[:n],
        "later": later[:MORE_GROUPS],
        "n_left": max(0, len(later) - MORE_GROUPS),
    }


def _title(group: Group, anonymous: bool) -> str:
    if group.passes:
        return "Right in every public case and wrong in fresh ones"
    if not anonymous and group.meaning:
        return group.meaning.removesuffix(".")
    if not anonymous and group.example and group.example.told:
        return _headline(group.example.told).removesuffix(".")
    return ANSWERS.get(group.code, group.code)


def _example(group: Group) -> dict[str, str] | None:
    """One of the answers, and what a check says of it."""
    if group.example is None:
        return None
    told = "" if group.passes else group.example.told
    return {"source": _without_docstring(group.example.source), "told": told}


def _headline(told: str) -> str:
    """The first sentence of a check's message, after its title."""
    paragraphs = told.split("\n\n")
    return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else told


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
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            told = node.body[0]
            alone = told.lineno > node.lineno and len(node.body) > 1
            if alone and node.body[1].lineno > (told.end_lineno or 0):
                del lines[told.lineno - 1 : told.end_lineno]
    return "\n".join(lines)
