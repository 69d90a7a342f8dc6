"""How long a learner waits for a check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from statistics import median

from autograder import CheckFailed, check
from autograder.checking.cases import public_question_in
from autograder.exercises import EXERCISES
from autograder.exercises.spec import Exercise
from benchmarks.measuring import Row, seconds


def rows() -> Iterator[Row]:
    first = {e.name: 1e3 * first_check(e) for e in EXERCISES}
    right = {e.name: 1e3 * later_check(e, e.reference, 9) for e in EXERCISES}
    wrong = {
        f"{e.name}, {mistake.name}": 1e3 * later_check(e, mistake.mutant, 3)
        for e in EXERCISES
        for mistake in e.misconceptions
    }
    n = len(EXERCISES)
    yield Row(f"check of a right answer, median of {n}", mid(right), "ms", limit=20)
    yield Row(f"  slowest: {slowest(right)}", max(right.values()), "ms")
    yield Row(f"check of a mistake, median of {len(wrong)}", mid(wrong), "ms", limit=20)
    yield Row(f"  slowest: {slowest(wrong)}", max(wrong.values()), "ms")
    yield Row(f"first check, draws its cases, median of {n}", mid(first), "ms")
    yield Row(f"  slowest: {slowest(first)}", max(first.values()), "ms")


def mid(times: dict[str, float]) -> float:
    """The median time."""
    return median(times.values())


def slowest(times: dict[str, float]) -> str:
    """Name of what takes longest."""
    return max(times, key=times.__getitem__)


def first_check(exercise: Exercise) -> float:
    """Seconds of the first check in a session: cases are drawn and answered."""
    public_question_in.cache_clear()
    return seconds(lambda: check(exercise.reference, exercise.name))


def later_check(exercise: Exercise, function: Callable, repeats: int) -> float:
    """Seconds of any later check of `function`, the message included."""

    def work() -> None:
        with suppress(CheckFailed):
            repr(check(function, exercise.name))

    work()
    return median(seconds(work) for _ in range(repeats))
