"""The laws that an answer keeps in addition to right values, and why they are laws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
from autograder.checking.cases import Question, but_for_seeds
from autograder.checking.finding import Finding
from autograder.checking.words.phrases import listed_with_and, times
from autograder.language import N_

__all__ = ["REPEATED", "WHY_A_LAW", "broken_law", "repeated_case"]

WHY_A_LAW = {
    "argument-changed": N_(
        "Whoever called the function still holds the old array and finds it changed. "
        "Write `a = a + b` instead of `a += b`: it makes a new array."
    ),
    "global-random": N_(
        "`np.random.seed` and the functions of `np.random` belong to a generator that "
        "the whole program shares. Use the methods of `rng`."
    ),
}
"""By code of the verdict: said of each known mistake that says nothing itself."""

MIN_RANDOM = 20
"""Entries, or indices in a shuffled order, that no two generators make alike."""

REPEATED = Finding(
    "generator-unused",
    N_("GENERATOR NOT USED"),
    N_(
        "`{name}` returns what could be right, but the same numbers for two different "
        "generators. Every random number comes from the generator it is given."
    ),
)


def broken_law(expected: Outcome, got: Outcome) -> Finding | None:
    """The first law that a call with right values breaks; None if it keeps all."""
    if set(got.changed) - set(expected.changed):
        return Finding(
            "argument-changed",
            N_("ARGUMENT CHANGED"),
            N_(
                "`{name}` returns the right values, but changes its argument "
                "{arguments} in place."
            ),
            given={"arguments": listed_with_and([f"`{n}`" for n in got.changed])},
        )
    if got.global_random and not expected.global_random:
        return Finding(
            "global-random",
            N_("GLOBAL RANDOM STATE USED"),
            N_(
                "`{name}` returns the right values, but draws from or reseeds NumPy's "
                "global generator. Every random number comes from the `rng` it is "
                "given."
            ),
        )
    for name in expected.drew:
        if name not in got.drew:
            return Finding(
                "generator-unused",
                N_("GENERATOR NOT USED"),
                N_(
                    "`{name}` returns what could be right, but draws nothing from "
                    "`{generator}`. Every random number comes from the generator it "
                    "is given."
                ),
                given={"generator": name},
            )
    for name, n in expected.calls.items():
        seen = got.calls.get(name, 0)
        if seen != n:
            too_many = N_(
                "`{name}` returns the right values, but calls `{function}` {often}; "
                "{enough} is enough."
            )
            too_few = N_(
                "`{name}` returns the right values, but calls `{function}` {often} "
                "instead of {enough}."
            )
            return Finding(
                "wrong-calls",
                N_("WRONG NUMBER OF CALLS"),
                too_many if seen > n else too_few,
                given={"function": name, "often": times(seen), "enough": times(n)},
            )
    return None


def repeated_case(question: Question, outcomes: Sequence[Outcome]) -> int | None:
    """The case with the random numbers of one before: then no generator made them.

    None if there is no such case, or if the answer is not a random one.
    """
    if question.observer is None:
        return None
    seen: dict[bytes, list[np.ndarray]] = {}
    for number, (case, got) in enumerate(zip(question.cases, outcomes, strict=True)):
        array = _in_one_array(got.returned)
        if array is None or array.size < MIN_RANDOM:
            continue
        others = seen.setdefault(but_for_seeds(case.arguments), [])
        if any(np.array_equal(array, other) for other in others):
            return number
        others.append(array)
    return None


def _in_one_array(returned: Any) -> np.ndarray | None:
    """An array as it is, a list of arrays end to end, None for all else."""
    if isinstance(returned, np.ndarray):
        return returned
    if not isinstance(returned, list | tuple) or not returned:
        return None
    if not all(isinstance(item, np.ndarray) for item in returned):
        return None
    return np.concatenate([item.ravel() for item in returned])
