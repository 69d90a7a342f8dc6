"""A page of answers that are alike, side by side: a help for a person, no verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.classroom.class_result import ClassResult, Row
from autograder.classroom.grade_class import find_submissions
from autograder.report.class_report import REPORT, policy
from autograder.report.likeness import Handed, Pair, alike
from autograder.report.rendering import asset, render
from autograder.submissions.bindings import binds, is_stub
from autograder.submissions.notebook import Cell, Problem, parse_notebook
from autograder.writing import write_whole

__all__ = ["write_likeness"]

PAGE = "likeness.html"

MOST = 40
"""Pairs of a chapter that are shown."""


def write_likeness(result: ClassResult) -> Path:
    """Write the page beside the class report.

    It reads what was handed in, and of the stored results what wrong answers did.
    """
    css = asset("report.css")
    page = render(
        "likeness.html",
        css=css,
        policy=policy(css),
        course=result.course.name,
        chapters=[chapter for chapter in _chapters(result) if chapter["n"] > 2],
    )
    path = result.course.grading / REPORT / PAGE
    write_whole(path, page.encode(), if_changed=True, private=True)
    return path


def _chapters(result: ClassResult) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in result.rows:
        rows[row.chapter, row.student].append(row)
    found, _ = find_submissions(result.course)
    handed: dict[str, list[Handed]] = defaultdict(list)
    released = {name: _released(result, name) for name in result.course.releases}
    for one in found:
        data = one.read(result.course).data
        if data is not None:
            cells = _cells(data)
            mine = rows[one.chapter, one.student]
            handed[one.chapter].append(
                _handed(one.student, cells, released[one.chapter], mine)
            )
    return [
        _shown(result, name, handed[name], alike(handed[name], set(released[name])))
        for name in sorted(handed)
    ]


def _released(result: ClassResult, chapter: str) -> dict[str, str]:
    """The text of each cell of a release, with the name of the answer in it."""
    cells = _cells(result.course.release(chapter))
    return {cell.source: cell.grade_id for cell in cells}


def _cells(data: bytes) -> list[Cell]:
    try:
        return parse_notebook(data)
    except Problem:  # grading has told it
        return []


def _handed(
    student: str,
    cells: Sequence[Cell],
    released: Mapping[str, str],
    rows: Sequence[Row],
) -> Handed:
    own = [cell for cell in cells if cell.source not in released]
    answers: dict[str, str] = {}
    written: list[str] = []
    for row in rows:
        name = row.exercise
        code = [c.source for c in own if c.kind == "code" and binds(c.source, name)]
        if code and not is_stub(code[-1], name):
            answers[name] = code[-1]
    for cell in own:
        if cell.kind == "markdown":
            name = cell.grade_id or f"text {len(written) + 1}"
            answers[name] = cell.source
            written.append(name)
    wrong = {row.exercise: did for row in rows if (did := _did(row))}
    return Handed(student, answers, written, wrong)


def _did(row: Row) -> str:
    """What a wrong answer did, the same for equal ones; empty where nobody knows."""
    if row.unexplained is not None:
        return row.unexplained.behaviour
    return " ".join(row.misconceptions)


def _shown(
    result: ClassResult, name: str, handed: Sequence[Handed], pairs: Sequence[Pair]
) -> dict[str, Any]:
    chapter = result.course.chapter(name)
    answers = {one.student: one.answers for one in handed}
    return {
        "name": name,
        "title": f"{chapter.number} · {chapter.title}",
        "n": len(handed),
        "pairs": [_pair(pair, answers) for pair in pairs[:MOST]],
        "n_left": max(0, len(pairs) - MOST),
    }


def _pair(pair: Pair, answers: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    first, second = (answers[student] for student in pair.students)
    names = [*pair.wrong, *(name for name in pair.lines if name not in pair.wrong)]
    nothing: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    return {
        "students": pair.students,
        "n_wrong": len(pair.wrong),
        "n_lines": sum(len(lines) for lines, _ in pair.lines.values()),
        "answers": [
            {
                "name": name,
                "n_same": pair.wrong.get(name),
                "sides": [
                    _lines(side.get(name, ""), lines)
                    for side, lines in zip(
                        (first, second), pair.lines.get(name, nothing), strict=True
                    )
                ],
            }
            for name in names
        ],
    }


def _lines(text: str, alike: frozenset[int]) -> list[tuple[bool, str]]:
    """Lines of an answer, and whether each lies in a shared stretch."""
    return [(at in alike, line) for at, line in enumerate(text.splitlines(), 1)]
