"""Which two known mistakes can have been made at once, before any two are tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
from autograder.calling.global_random import global_random_kept
from autograder.calling.inputs import Driven, Later
from autograder.calling.quietness import quiet
from autograder.checking.cases import Case, Question

__all__ = ["likely_pairs"]

_LOOKED_AT = 3
"""Cases in which it is seen which results a mistake spoils."""


def likely_pairs(
    question: Question, pairs: Sequence[tuple[Case, Outcome]]
) -> Iterator[str]:
    """Names of two misconceptions that compose and can have given these results.

    A wrong result is one that one of the two spoils; a right one is spoilt by
    neither, or by both, which may cancel.
    """
    if question.pair is None:
        return
    some = [pair for pair in pairs if pair[0].expected.error is None][:_LOOKED_AT]
    wrong = _spoilt(question, [(case, got) for case, got in some])
    spoilt = {
        name: _spoilt(question, [(case, case.mistaken[name]) for case, _ in some])
        for name in question.forms
    }
    names = []
    for one, other in combinations(question.forms, 2):
        a, b = spoilt[one], spoilt[other]
        if wrong is None or a is None or b is None or a ^ b <= wrong <= a | b:
            names.append(f"{one}+{other}")
    with quiet(), global_random_kept():
        names = [name for name in names if _may_give(name, some)]
    yield from (name for name in names if question.pair(name) is not None)


def _may_give(name: str, some: Sequence[tuple[Case, Outcome]]) -> bool:
    """Whether the two give about what came in the first case.

    To call them and watch how they behave takes several times as long.
    """
    case, got = some[0] if some else (None, None)
    look = getattr(case.mistaken, "at_a_glance", None) if case is not None else None
    if case is None or got is None or got.error is not None or look is None:
        return True
    if any(isinstance(value, Later | Driven) for value in case.arguments.values()):
        return True
    try:
        return _about_the_same(look(name), got.returned)
    except (Exception, SystemExit):  # noqa: BLE001
        return False  # they stop, or do not go together


def _about_the_same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        alike = zip(one, other, strict=False)
        return len(one) == len(other) and all(_about_the_same(x, y) for x, y in alike)
    if not all(isinstance(v, np.ndarray | float) for v in (one, other)):
        return True
    if np.shape(one) != np.shape(other):
        return False
    return bool(np.allclose(one, other, rtol=1e-3, atol=1e-6, equal_nan=True))


def _spoilt(
    question: Question, pairs: Sequence[tuple[Case, Outcome]]
) -> frozenset[str] | None:
    """The results that are not right in one of these cases; None if unclear."""
    names = question.returns
    if len(names) < 2 or question.observe is not None:
        return None
    found = set()
    for case, got in pairs:
        mine, right = got.returned, case.expected.returned
        if not isinstance(mine, tuple) or len(mine) != len(names):
            return None
        for name, x, y in zip(names, mine, right, strict=True):
            if name in (question.order or names) and not _alike(x, y):
                found.add(name)
    return frozenset(found)


def _alike(x: Any, y: Any) -> bool:
    if not isinstance(x, np.ndarray) or not isinstance(y, np.ndarray):
        return False
    if x.shape != y.shape or x.dtype.kind + y.dtype.kind != "ff":
        return False
    with np.errstate(all="ignore"):
        apart = np.abs(x - y).max(initial=0.0)
    return bool(apart <= 1e-9 * np.abs(y).max(initial=0.0))
