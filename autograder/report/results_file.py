"""A class's results in a file, and back again: what every report is made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.classroom.class_result import (
    ClassResult,
    Graded,
    Row,
    Trouble,
    in_order,
)
from autograder.course import Course
from autograder.grading.behaviour import Unexplained
from autograder.language import ENGLISH

__all__ = [
    "RESULTS",
    "NoResults",
    "merged",
    "read_results",
    "results_json",
    "with_current_marks",
]

RESULTS = "results.json"


class NoResults(Exception):
    """There are no stored results, or they cannot be read; the text says which."""


def results_json(result: ClassResult) -> str:
    """Every verdict and every problem, in a fixed order and without times.

    Of answers that no known mistake explains and that do the same, the first
    one's source is kept.
    """
    examples: dict[tuple[str, str], dict[str, str]] = {}
    for row in result.rows:
        found = row.unexplained
        if found is not None and found.source:
            where = {"exercise": row.exercise, "student": row.student}
            examples.setdefault((row.exercise, found.behaviour), where | vars(found))
    tree = {
        "results": [_row_tree(row) for row in result.rows],
        "submissions": [_submission_tree(graded) for graded in result.graded],
        "unexplained": [examples[key] for key in sorted(examples)],
        "problems": [
            {
                "student": trouble.student,
                "chapter": trouble.chapter,
                "code": trouble.code,
                "problem": trouble.text,
            }
            for trouble in result.problems
        ],
        "notes": [
            {"student": graded.student, "chapter": graded.chapter, "note": note}
            for graded in result.graded
            for note in graded.notes
        ],
    }
    parts = [f'"{name}": {_lines(entries)}' for name, entries in tree.items()]
    return "{" + ",\n".join(parts) + "}\n"


def _lines(entries: Iterable[Mapping[str, Any]]) -> str:
    """A list as JSON, an entry a line; with indents, writing it takes far longer."""
    lines = [json.dumps(entry, ensure_ascii=False) for entry in entries]
    return "[\n" + ",\n".join(lines) + "\n]"


def _row_tree(row: Row) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "student": row.student,
        "chapter": row.chapter,
        "exercise": row.exercise,
        "code": row.code,
        "score": row.score,
        "points": row.points,
        "misconceptions": list(row.misconceptions),
    }
    if row.unexplained is not None:
        tree["behaviour"] = row.unexplained.behaviour
        if row.unexplained.meaning:
            tree["meaning"] = row.unexplained.meaning
    return tree


def _submission_tree(graded: Graded) -> dict[str, Any]:
    return {
        "student": graded.student,
        "chapter": graded.chapter,
        "problem": graded.problem,
        "mark": graded.mark,
        "out_of": graded.out_of,
        "waiting": graded.waiting,
        "box": graded.box,
        "account": graded.account,
        "language": graded.language,
    }


def read_results(course: Course) -> ClassResult:
    """What was stored when the class was graded last.

    Raises
    ------
    NoResults
        If nothing is there, or something else.
    """
    path = course.grading / RESULTS
    try:
        return _class_result(course, json.loads(path.read_bytes()))
    except FileNotFoundError:
        raise NoResults(
            f"There is no {_shown(course, path)}: grade first, with `autograder grade`."
        ) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoResults(
            f"{_shown(course, path)} holds no results of this version "
            f"({type(error).__name__}: {error}). Grade again: `autograder grade`."
        ) from error


def _shown(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()


def _class_result(course: Course, tree: dict[str, Any]) -> ClassResult:
    kept = {
        (one["exercise"], one["behaviour"], one["student"]): Unexplained(
            one["behaviour"], one["source"], one["told"], one.get("meaning", "")
        )
        for one in tree["unexplained"]
    }
    rows: dict[tuple[str, str], list[Row]] = {}
    for one in tree["results"]:
        found = None
        if "behaviour" in one:
            found = kept.get(
                (one["exercise"], one["behaviour"], one["student"]),
                Unexplained(one["behaviour"], "", "", one.get("meaning", "")),
            )
        row = Row(
            one["student"],
            one["chapter"],
            one["exercise"],
            one["code"],
            float(one["score"]),
            int(one["points"]),
            tuple(one["misconceptions"]),
            found,
        )
        rows.setdefault((row.student, row.chapter), []).append(row)
    notes: dict[tuple[str, str], list[str]] = {}
    for one in tree["notes"]:
        notes.setdefault((one["student"], one["chapter"]), []).append(one["note"])
    graded = [_graded(course, one, rows, notes) for one in tree["submissions"]]
    problems = [
        Trouble(one["problem"], one["student"], one["chapter"], one["code"])
        for one in tree["problems"]
    ]
    return ClassResult(course, tuple(graded), tuple(problems))


def _graded(
    course: Course,
    one: dict[str, Any],
    rows: dict[tuple[str, str], list[Row]],
    notes: dict[tuple[str, str], list[str]],
) -> Graded:
    student, chapter = one["student"], one["chapter"]
    page = course.feedback / student / chapter / f"{chapter}.html"
    return Graded(
        student,
        chapter,
        tuple(rows.get((student, chapter), ())),
        one["problem"],
        tuple(notes.get((student, chapter), ())),
        one["mark"],
        one["out_of"],
        int(one["waiting"]),
        page if page.is_file() else None,
        one["box"],
        one.get("account", ""),
        one.get("language", ENGLISH),
    )


def merged(result: ClassResult, chapter: str | None) -> ClassResult:
    """`result` of one chapter, with what is stored of the other chapters.

    Without `chapter`, everything was graded and nothing else is kept.
    """
    if chapter is None:
        return result
    try:
        stored = read_results(result.course)
    except NoResults:
        return result
    graded = [*_others(stored.graded, chapter), *result.graded]
    problems = [*_others(stored.problems, chapter), *result.problems]
    return replace(
        result,
        graded=tuple(sorted(graded, key=lambda g: (g.chapter, g.student))),
        problems=in_order(problems),
    )


def _others(those: Iterable[Any], chapter: str) -> list[Any]:
    """What belongs to another chapter; what belongs to none is found each time."""
    return [one for one in those if one.chapter not in (chapter, None)]


def with_current_marks(result: ClassResult) -> ClassResult:
    """`result` with the marks that the gradebook has now.

    Written answers may have been read and marks changed since the class was graded.
    """
    from autograder.gradebook.gradebook import GradebookFailed, class_marks

    try:
        marks = class_marks(result.course)
    except GradebookFailed as failure:
        told = f"The marks are those of the last grading: {failure}"
        return replace(result, problems=(Trouble(told), *result.problems))
    graded = []
    for one in result.graded:
        mark = marks.get((one.chapter, one.student))
        recorded = one.mark is not None or one.out_of is not None
        if mark is not None and mark.given and recorded:
            one = replace(one, mark=mark.mark, out_of=mark.out_of, waiting=mark.waiting)
        graded.append(one)
    return replace(result, graded=tuple(graded))
