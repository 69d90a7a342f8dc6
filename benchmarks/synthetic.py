"""The results of a class that nobody graded: it is known what is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.classroom.class_result import ClassResult, Graded, Row, Trouble
from autograder.course import Course
from autograder.exercises.spec import Exercise
from autograder.grading.behaviour import Unexplained

__all__ = ["Known", "empty_course", "synthetic_class"]

CHAPTER = "03_momentum"
GROUPS = 6
"""Different answers to each exercise that are no known mistake."""


@dataclass(frozen=True)
class Known:
    """What a report of the class must say.

    Attributes
    ----------
    passed : Counter
        By exercise.
    mistakes : Counter
        By exercise and mistake.
    groups : Counter
        By exercise and behaviour.
    stopped : Counter
        By exercise: answers that did not end.
    """

    passed: Counter[str] = field(default_factory=Counter)
    mistakes: Counter[tuple[str, str]] = field(default_factory=Counter)
    groups: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)


def empty_course(root: Path) -> Course:
    """A course that is only folders."""
    grading = root / "grading"
    return Course(
        root,
        "synthetic",
        {},
        grading,
        grading / "submitted",
        grading / "autograded",
        grading / "feedback",
        "sqlite://",
    )


def synthetic_class(
    course: Course, n_students: int, chapter: str = CHAPTER
) -> tuple[ClassResult, Known]:
    """A class in which the first known mistake of an exercise is the commonest."""
    known = Known()
    exercises = course.chapter(chapter).exercises
    answers = [list(_answers(e, n_students, known)) for e in exercises]
    graded, problems = [], []
    for at in range(n_students):
        student = f"student{at:05}"
        # Another part of the class makes the mistakes of each exercise.
        rows = tuple(
            _row(student, chapter, exercise, *those[(at + 37 * i) % n_students])
            for i, (exercise, those) in enumerate(zip(exercises, answers, strict=True))
        )
        mark = round(sum(row.score for row in rows), 2)
        out_of = float(sum(row.points for row in rows))
        graded.append(Graded(student, chapter, rows, None, (), mark, out_of, at % 2))
    problems.append(Trouble("The folder '?' has a name that no student can have."))
    return ClassResult(course, tuple(graded), tuple(problems)), known


_Answer = tuple[str, float, tuple[str, ...], Unexplained | None]


def _answers(exercise: Exercise, n: int, known: Known) -> Iterator[_Answer]:
    """One answer for each of `n` students, counted in `known`."""
    left = n
    for i, mistake in enumerate(exercise.misconceptions):
        times = min(left, n // (6 * (i + 1)))
        left -= times
        known.mistakes[exercise.name, mistake.name] += times
        part = 0.0 if i % 3 else exercise.points / 2
        yield from [("wrong-values", part, (mistake.name,), None)] * times
    for i in range(GROUPS):
        times = min(left, n // (40 * (i + 1)))
        left -= times
        known.groups[exercise.name, f"b{i}"] += times
        source = f"def {exercise.name}(*arguments):\n    return {i}\n"
        told = f"-- WRONG TYPE -- {exercise.name}\n\n`{exercise.name}` returns {i}.\n"
        found = Unexplained(f"b{i}", source, told)
        yield from [("wrong-type", 0.0, (), found)] * times
    slow = min(left, n // 100)
    known.stopped[exercise.name] += slow
    yield from [("timed-out", 0.0, (), None)] * slow
    known.passed[exercise.name] += left - slow
    yield from [("passed", float(exercise.points), (), None)] * (left - slow)


def _row(
    student: str,
    chapter: str,
    exercise: Exercise,
    code: str,
    score: float,
    mistakes: tuple[str, ...],
    found: Unexplained | None,
) -> Row:
    points = exercise.points
    return Row(student, chapter, exercise.name, code, score, points, mistakes, found)
