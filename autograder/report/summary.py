"""What a teacher has to know of a class, as plain data: the parts of a summary."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean, median

from autograder.classroom.class_result import Graded
from autograder.exercises import chapter_of
from autograder.grading.behaviour import Unexplained
from autograder.grading.result import WAITING

__all__ = [
    "ChapterSummary",
    "ExerciseSummary",
    "Group",
    "Mistake",
    "Trouble",
    "exercise_number",
    "mark_of",
]

OUTCOMES = ("right", "partly right", "wrong", "not written", "stopped")
"""What becomes of an answer that was judged, the best first."""


@dataclass(frozen=True)
class Mistake:
    """A known mistake that the class makes.

    Attributes
    ----------
    form, why, read : str
        Which form it is, why that is wrong, where the chapter explains it.
    students : tuple of str
    shared : int
        How many of their answers fit another known mistake just as well.
    """

    exercise: str
    name: str
    form: str
    why: str
    read: str
    students: tuple[str, ...]
    shared: int = 0


@dataclass(frozen=True)
class Group:
    """Wrong answers of which the same is told, or that do the same; no known mistake.

    Attributes
    ----------
    students : tuple of str
    code : str
        The verdict on the first of them.
    example : Unexplained or None
        One answer, to be read; None if none was kept.
    passes : bool
        Whether they are right in every public case: only fresh ones differ.
    meaning : str
        What is told of all of them; empty if nothing is.
    """

    exercise: str
    behaviour: str
    students: tuple[str, ...]
    code: str
    example: Unexplained | None
    passes: bool
    meaning: str = ""


@dataclass(frozen=True)
class ExerciseSummary:
    """What became of one exercise in a class.

    Attributes
    ----------
    number : str
        As in the chapter's headings: 3.1.
    counts : dict of str to int
        By each of `OUTCOMES`, how many answers.
    """

    name: str
    number: str
    points: int
    counts: dict[str, int]
    mistakes: tuple[Mistake, ...]
    groups: tuple[Group, ...]

    @property
    def judged(self) -> int:
        """How many answers there are, without those that could not be judged."""
        return sum(self.counts.values())

    @property
    def pass_rate(self) -> float:
        """Share of right answers."""
        return self.counts["right"] / self.judged if self.judged else 0.0


@dataclass(frozen=True)
class Trouble:
    """Something to look at: what it is, of whom, and whether it can be told."""

    what: str
    students: tuple[str, ...]
    detail: str = ""


@dataclass(frozen=True)
class ChapterSummary:
    """What became of one chapter in a class.

    Attributes
    ----------
    marks : tuple of float
        Of all submissions that have one, in rising order.
    out_of : float
        What can be earned.
    waiting : int
        Answers that a person has still to read.
    """

    name: str
    title: str
    number: int
    graded: tuple[Graded, ...]
    exercises: tuple[ExerciseSummary, ...]
    marks: tuple[float, ...]
    out_of: float
    waiting: int
    troubles: tuple[Trouble, ...]

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Of all exercises, the most frequent first."""
        found = [m for exercise in self.exercises for m in exercise.mistakes]
        return tuple(sorted(found, key=lambda m: -len(m.students)))

    @property
    def groups(self) -> tuple[Group, ...]:
        """Of all exercises, the largest first."""
        found = [g for exercise in self.exercises for g in exercise.groups]
        return tuple(sorted(found, key=lambda g: -len(g.students)))

    @property
    def median(self) -> float | None:
        """The median mark."""
        return median(self.marks) if self.marks else None

    @property
    def mean(self) -> float | None:
        """The mean mark."""
        return mean(self.marks) if self.marks else None

    @property
    def full(self) -> int:
        """How many have every point."""
        return sum(mark >= self.out_of for mark in self.marks)


def mark_of(graded: Graded) -> float | None:
    """The gradebook's mark, or the points of functions where there is none."""
    if graded.mark is not None:
        return max(0.0, graded.mark)
    failed = any(row.code in WAITING for row in graded.rows)
    return None if failed else graded.score


def exercise_number(exercise: str) -> str:
    """The exercise's number as the chapter's headings give it."""
    chapter = chapter_of(exercise)
    place = [known.name for known in chapter.exercises].index(exercise) + 1
    return f"{chapter.number}.{place}"
