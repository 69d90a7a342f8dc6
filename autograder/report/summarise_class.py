"""A class's results summed up: how many made what of each exercise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from autograder.checking.laws import WHY_A_LAW
from autograder.classroom.class_result import ClassResult, Graded, Row
from autograder.exercises import find
from autograder.exercises.pairs import find_mistake
from autograder.grading.behaviour import RIGHT
from autograder.grading.result import OURS, UNJUDGED
from autograder.report.summary import (
    OUTCOMES,
    ChapterSummary,
    ExerciseSummary,
    Group,
    Mistake,
    Trouble,
    exercise_number,
    mark_of,
)

__all__ = ["summarise"]

STOPPED = {
    "timed-out": "did not end in time",
    "out-of-memory": "asked for too much memory",
    "crashed": "ended Python",
    "too-much-output": "returned far too much",
}
"""By verdict code: what a function did that had to be stopped."""


def summarise(result: ClassResult) -> tuple[ChapterSummary, ...]:
    """Sum up a class, chapter by chapter."""
    by_chapter: dict[str, list[Graded]] = defaultdict(list)
    for graded in result.graded:
        by_chapter[graded.chapter].append(graded)
    return tuple(
        _chapter(result, name, by_chapter[name]) for name in sorted(by_chapter)
    )


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
        if row.code not in UNJUDGED:
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
    made: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for mistake in row.misconceptions:
            made[mistake].append(row)
    found = []
    for mistake, those in made.items():
        # One that the registry no longer has is still counted, by its name.
        known = find_mistake(exercise, mistake)
        found.append(
            Mistake(
                name,
                mistake,
                known.form if known else mistake.replace("_", " "),
                (known and known.why) or WHY_A_LAW.get(those[0].code, ""),
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
            alike[row.unexplained.meaning or row.unexplained.behaviour].append(row)
    found = []
    for those in alike.values():
        examples = [r.unexplained for r in those if r.unexplained]
        example = next((e for e in examples if e.source), None)
        students = tuple(row.student for row in those)
        behaviour, meaning = examples[0].behaviour, examples[0].meaning
        code, passes = those[0].code, behaviour == RIGHT
        group = Group(name, behaviour, students, code, example, passes, meaning)
        found.append(group)
    return sorted(found, key=lambda g: (-len(g.students), g.behaviour))


def _troubles(
    result: ClassResult, chapter: str, graded: Sequence[Graded]
) -> list[Trouble]:
    found = [
        Trouble("Graded without a box", (one.student,))
        for one in graded
        if one.unconfined
    ]
    for one in graded:
        for row in one.rows:
            if row.code in STOPPED:
                what = f"`{row.exercise}` {STOPPED[row.code]}"
                found.append(Trouble(what, (one.student,)))
    for trouble in result.problems:
        if trouble.chapter == chapter and trouble.student is not None:
            what = _kind_of_problem(graded, trouble.student, trouble.unsettled)
            found.append(Trouble(what, (trouble.student,), trouble.text))
    return _together(found)


def _kind_of_problem(graded: Sequence[Graded], student: str, unsettled: bool) -> str:
    """A problem in words that hold nothing of the student's."""
    codes = {r.code for one in graded if one.student == student for r in one.rows}
    if codes & OURS:
        return "We failed to judge it: no mark yet, a person has to look"
    if codes & UNJUDGED:
        return "The submission could not be read"
    if unsettled:
        return "Not accounted for: a person has to look"
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
