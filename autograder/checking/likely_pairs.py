"""Which two known mistakes can have been made at once, before any two are tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
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
    for one, other in combinations(question.forms, 2):
        a, b = spoilt[one], spoilt[other]
        may_be = wrong is None or a is None or b is None or a ^ b <= wrong <= a | b
        if may_be and question.pair(f"{one}+{other}") is not None:
            yield f"{one}+{other}"


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
