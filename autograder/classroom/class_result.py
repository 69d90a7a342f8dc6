"""What became of a class, as plain data: for tables, files and programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.grading.behaviour import Unexplained
from autograder.grading.result import WAITING
from autograder.language import ENGLISH
from autograder.sandbox.boxes import is_unconfined
from autograder.submissions.submission import TIME_UNCLEAR, UNACCOUNTED

__all__ = ["UNSETTLED", "ClassResult", "Graded", "Row", "Trouble", "in_order"]

UNSETTLED = WAITING | {UNACCOUNTED, TIME_UNCLEAR}
"""Codes of what no mark may be given out for before a person has looked."""


@dataclass(frozen=True)
class Row:
    """The verdict on one function of one student.

    `unexplained` is set where the answer is wrong and no known mistake.
    """

    student: str
    chapter: str
    exercise: str
    code: str
    score: float
    points: int
    misconceptions: tuple[str, ...]
    unexplained: Unexplained | None = None


@dataclass(frozen=True)
class Graded:
    """What became of one submission.

    Attributes
    ----------
    rows : tuple of Row
        One for each function, in the notebook's order.
    mark, out_of : float or None
        What nbgrader's gradebook says in the end, with written answers, manual
        grades and late penalties; None if it was not recorded.
    waiting : int
        How many answers a person has still to read.
    page : path or None
        The feedback page.
    box : str
        What kept the student's code in; empty if nothing ran.
    account : str
        What bounded all that it used together; see `Result`.
    language : str
        In which it is answered.
    """

    student: str
    chapter: str
    rows: tuple[Row, ...]
    problem: str | None
    notes: tuple[str, ...]
    mark: float | None = None
    out_of: float | None = None
    waiting: int = 0
    page: Path | None = None
    box: str = ""
    account: str = ""
    language: str = ENGLISH

    @property
    def unconfined(self) -> bool:
        """Whether the student's code could read and change what the grader can."""
        return is_unconfined(self.box)

    @property
    def score(self) -> float:
        """Points earned by functions."""
        return round(sum(row.score for row in self.rows), 2)

    @property
    def points(self) -> int:
        """Points that functions can earn."""
        return sum(row.points for row in self.rows)


@dataclass(frozen=True)
class Trouble:
    """Something that a person should know of, about one submission or the class.

    Attributes
    ----------
    code : str
        What it is, for programs; see `UNSETTLED`.
    """

    text: str
    student: str | None = None
    chapter: str | None = None
    code: str = ""

    @property
    def unsettled(self) -> bool:
        """Whether something is not accounted for, and a mark has to wait."""
        return self.code in UNSETTLED


def in_order(troubles: Iterable[Trouble]) -> tuple[Trouble, ...]:
    """What keeps marks waiting first, then by chapter and student."""
    return tuple(
        sorted(
            troubles,
            key=lambda t: (not t.unsettled, t.chapter or "", t.student or ""),
        )
    )


@dataclass(frozen=True)
class ClassResult:
    """What came of grading a class, ordered by chapter and student."""

    course: Course
    graded: tuple[Graded, ...]
    problems: tuple[Trouble, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All verdicts."""
        return tuple(row for graded in self.graded for row in graded.rows)

    @property
    def unsettled(self) -> tuple[Trouble, ...]:
        """What is not accounted for: marks that wait for a person."""
        return tuple(trouble for trouble in self.problems if trouble.unsettled)
