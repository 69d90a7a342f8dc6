"""A class's results summed up: what a teacher has to know, as plain data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from autograder.exercises import chapter_of, find
from autograder.exercises.spec import Misconception
from autograder.grading.behaviour import RIGHT, Unexplained
from autograder.grading.marks import ClassResult, Graded, Row
from autograder.grading.result import OWN_FAILURE, UNREADABLE
from autograder.grading.walls import NONE

__all__ = [
    "ChapterSummary",
    "ExerciseSummary",
    "Group",
    "Mistake",
    "Trouble",
    "exercise_number",
    "mark_of",
    "summarise",
]

STOPPED = {
    "timed-out": "did not end in time",
    "out-of-memory": "asked for too much memory",
    "crashed": "ended Python",
    "too-much-output": "returned far too much",
}
"""By verdict code: what a function did that had to be stopped."""

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
    """Wrong answers that do the same and are no known mistake.

    Attributes
    ----------
    students : tuple of str
    code : str
        The verdict on the first of them.
    example : Unexplained or None
        One answer, to be read; None if none was kept.
    passes : bool
        Whether they are right in every public case: only fresh ones differ.
    """

    exercise: str
    behaviour: str
    students: tuple[str, ...]
    code: str
    example: Unexplained | None
    passes: bool


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


def summarise(result: ClassResult) -> tuple[ChapterSummary, ...]:
    """Sum up a class, chapter by chapter."""
    by_chapter: dict[str, list[Graded]] = defaultdict(list)
    for graded in result.graded:
        by_chapter[graded.chapter].append(graded)
    return tuple(
        _chapter(result, name, by_chapter[name]) for name in sorted(by_chapter)
    )


def mark_of(graded: Graded) -> float | None:
    """The gradebook's mark, or the points of functions where there is none."""
    if graded.mark is not None:
        return max(0.0, graded.mark)
    failed = any(row.code == OWN_FAILURE for row in graded.rows)
    return None if failed else graded.score


def exercise_number(exercise: str) -> str:
    """The exercise's number as the chapter's headings give it."""
    chapter = chapter_of(exercise)
    place = [known.name for known in chapter.exercises].index(exercise) + 1
    return f"{chapter.number}.{place}"


def _chapter(
    result: ClassResult, name: str, graded: Sequence[Graded]
) -> ChapterSummary:
    chapter = result.course.chapter(name)
    rows: dict[str, list[Row]] = defaultdict(list)
    for one in graded:
        for row in one.rows:
            rows[row.exercise].append(row)
    order = [known.name for known in chapter.exercises if known.name in rows]
    marks = [mark for one in graded if (mark := mark_of(one)) is not None]
    return ChapterSummary(
        name,
        chapter.title,
        chapter.number,
        tuple(graded),
        tuple(_exercise(exercise, rows[exercise]) for exercise in order),
        tuple(sorted(marks)),
        max((one.out_of or one.points for one in graded), default=0.0),
        sum(one.waiting for one in graded),
        tuple(_troubles(result, name, graded)),
    )


def _exercise(name: str, rows: Sequence[Row]) -> ExerciseSummary:
    counts = dict.fromkeys(OUTCOMES, 0)
    for row in rows:
        if row.code not in (UNREADABLE, OWN_FAILURE):
            counts[_outcome(row)] += 1
    return ExerciseSummary(
        name,
        exercise_number(name),
        find(name).points,
        counts,
        tuple(_mistakes(name, rows)),
        tuple(_groups(name, rows)),
    )


def _outcome(row: Row) -> str:
    if row.code == "passed":
        return "right"
    if row.code in STOPPED:
        return "stopped"
    if row.code in ("not-written", "not-defined"):
        return "not written"
    return "partly right" if row.score else "wrong"


def _mistakes(name: str, rows: Iterable[Row]) -> list[Mistake]:
    exercise = find(name)
    known = {mistake.name: mistake for mistake in exercise.misconceptions}
    made: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for mistake in row.misconceptions:
            made[mistake].append(row)
    found = []
    for mistake, those in made.items():
        # One that the registry no longer has is still counted, by its name.
        there = known.get(mistake) or Misconception(mistake, exercise.reference, "", "")
        found.append(
            Mistake(
                name,
                mistake,
                there.form or mistake.replace("_", " "),
                there.why,
                exercise.read,
                tuple(row.student for row in those),
                sum(len(row.misconceptions) > 1 for row in those),
            )
        )
    return sorted(found, key=lambda m: (-len(m.students), m.name))


def _groups(name: str, rows: Iterable[Row]) -> list[Group]:
    alike: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.unexplained is not None:
            alike[row.unexplained.behaviour].append(row)
    found = []
    for behaviour, those in alike.items():
        examples = [r.unexplained for r in those if r.unexplained]
        example = next((e for e in examples if e.source), None)
        students = tuple(row.student for row in those)
        passes = behaviour == RIGHT
        found.append(Group(name, behaviour, students, those[0].code, example, passes))
    return sorted(found, key=lambda g: (-len(g.students), g.behaviour))


def _troubles(
    result: ClassResult, chapter: str, graded: Sequence[Graded]
) -> list[Trouble]:
    found = [
        Trouble("Graded without a box", (one.student,))
        for one in graded
        if one.box == NONE
    ]
    for one in graded:
        for row in one.rows:
            if row.code in STOPPED:
                what = f"`{row.exercise}` {STOPPED[row.code]}"
                found.append(Trouble(what, (one.student,)))
    for trouble in result.problems:
        if trouble.chapter == chapter and trouble.student is not None:
            what = _kind_of_problem(graded, trouble.student)
            found.append(Trouble(what, (trouble.student,), trouble.text))
    return _together(found)


def _kind_of_problem(graded: Sequence[Graded], student: str) -> str:
    """A problem in words that hold nothing of the student's."""
    codes = {r.code for one in graded if one.student == student for r in one.rows}
    if OWN_FAILURE in codes:
        return "We failed to judge it: no mark yet, a person has to look"
    if UNREADABLE in codes:
        return "The submission could not be read"
    return "Not entered into the gradebook"


def _together(troubles: Iterable[Trouble]) -> list[Trouble]:
    """One entry for each kind and detail, the most frequent first."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for trouble in troubles:
        alike[trouble.what, trouble.detail].extend(trouble.students)
    return sorted(
        (Trouble(what, tuple(who), detail) for (what, detail), who in alike.items()),
        key=lambda t: (-len(t.students), t.what, t.detail),
    )
