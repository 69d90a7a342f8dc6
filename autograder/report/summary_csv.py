"""A summary's numbers as CSV, with nothing left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from autograder.classroom.class_result import ClassResult
from autograder.report.summary import OUTCOMES, ChapterSummary
from autograder.text import csv_text

__all__ = ["summary_files"]

_for_people = partial(csv_text, for_people=True)


def summary_files(
    result: ClassResult, chapters: Sequence[ChapterSummary], anonymous: bool
) -> dict[str, str]:
    """By file name, the text of each table.

    With `anonymous`, only those that name nobody and hold nothing that a
    student wrote.
    """
    files = {
        "exercises.csv": _exercises(chapters),
        "mistakes.csv": _mistakes(chapters),
        "unexplained.csv": _unexplained(chapters, anonymous),
    }
    if not anonymous:
        files["answers.csv"] = _answers(result)
        files["problems.csv"] = _problems(chapters, result)
    return files


def _exercises(chapters: Sequence[ChapterSummary]) -> str:
    return _for_people(
        ["chapter", "exercise", "number", "points", "judged", "pass_rate", *OUTCOMES],
        (
            [
                chapter.name,
                one.name,
                one.number,
                one.points,
                one.judged,
                f"{one.pass_rate:.4f}",
                *(one.counts[outcome] for outcome in OUTCOMES),
            ]
            for chapter in chapters
            for one in chapter.exercises
        ),
    )


def _mistakes(chapters: Sequence[ChapterSummary]) -> str:
    return _for_people(
        ["chapter", "exercise", "mistake", "students", "shared", "form", "why", "read"],
        (
            [
                chapter.name,
                one.exercise,
                one.name,
                len(one.students),
                one.shared,
                one.form,
                one.why,
                one.read,
            ]
            for chapter in chapters
            for one in chapter.mistakes
        ),
    )


def _unexplained(chapters: Sequence[ChapterSummary], anonymous: bool) -> str:
    head = ["chapter", "exercise", "behaviour", "students", "code"]
    return _for_people(
        head if anonymous else [*head, "example", "told"],
        (
            [
                chapter.name,
                one.exercise,
                one.behaviour,
                len(one.students),
                one.code,
                *(
                    []
                    if anonymous
                    else [one.example.source, one.example.told]
                    if one.example
                    else ["", ""]
                ),
            ]
            for chapter in chapters
            for one in chapter.groups
        ),
    )


def _answers(result: ClassResult) -> str:
    """Every answer that is not right: who, what, and which mistake or group."""
    return _for_people(
        ["student", "chapter", "exercise", "code", "score", "mistakes", "behaviour"],
        (
            [
                row.student,
                row.chapter,
                row.exercise,
                row.code,
                f"{row.score:g}",
                " ".join(row.misconceptions),
                row.unexplained.behaviour if row.unexplained else "",
            ]
            for row in result.rows
            if row.code != "passed"
        ),
    )


def _problems(chapters: Sequence[ChapterSummary], result: ClassResult) -> str:
    rows: list[list[object]] = [
        ["", "", trouble.text, ""]
        for trouble in result.problems
        if trouble.student is None
    ]
    rows += [
        [chapter.name, student, trouble.what, trouble.detail]
        for chapter in chapters
        for trouble in chapter.troubles
        for student in trouble.students
    ]
    return _for_people(["chapter", "student", "what", "detail"], rows)
