"""How what came back is related to what should, in every case alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import differs
from autograder.checking.verdict import Statement
from autograder.checking.words.phrases import listed_with_and
from autograder.diagnosis.arrangements import (
    ARRANGEMENTS,
    IN_DIGITS,
    Rows,
    equal,
    in_all,
)
from autograder.diagnosis.choices_and_chance import (
    error_returned,
    of_choices,
    of_statistics,
)
from autograder.diagnosis.factors import common_factor
from autograder.language import N_, _, ngettext

__all__ = ["relations"]

Pair = tuple[Case, Outcome]


def relations(question: Question, pairs: Sequence[Pair]) -> list[Statement]:
    """What holds in every case between a wrong result and the right one."""
    told = _of_numbers(question, pairs)
    if not told:
        words = _default(question, pairs) or _without_effect(question, pairs)
        told = [Statement("relation", words)] if words else []
    return told


def _of_numbers(question: Question, pairs: Sequence[Pair]) -> list[Statement]:
    if question.observer is not None:
        return of_statistics(question, pairs)
    words = of_choices(pairs) or error_returned(pairs)
    if words:
        return [Statement("relation", words)]
    valued = [
        (case, got)
        for case, got in pairs
        if case.expected.error is None and got.error is None
    ]
    if len(valued) < 2:
        return []
    whole = _alone(question, valued) or _exchanged(question, valued)
    if whole:
        return [Statement("relation", whole)]
    told = []
    for name, rows in _by_result(question, valued):
        if all(equal(a, b) for a, b, _ in rows):
            continue
        words = next(filter(None, (law(name, rows) for law in _LAWS)), "")
        if words:
            told.append(Statement("relation", words))
    return told


def _default(question: Question, pairs: Sequence[Pair]) -> str:
    """Which argument has a wrong default: it is wrong where that is left out alone."""
    right = [differs(question, c, c.expected, got) is None for c, got in pairs]
    for name in question.parameters:
        given = [name in case.arguments for case, _ in pairs]
        if given == right and len(set(right)) == 2:
            return _(
                "It is right wherever `{name}` is given, and wrong wherever it is "
                "left out: look at its default, in the first line of the function."
            ).format(name=name)
    return ""


def _by_result(
    question: Question, valued: Sequence[Pair]
) -> Iterator[tuple[str, Rows]]:
    names = question.returns
    for at, name in enumerate(names):
        rows: Rows = []
        for case, got in valued:
            mine, right = got.returned, case.expected.returned
            if len(names) > 1:
                if not isinstance(mine, tuple) or len(mine) != len(names):
                    break
                mine, right = mine[at], right[at]
            a, b = _numbers(mine), _numbers(right)
            if a is None or b is None:
                break
            rows.append((a, b, case))
        else:
            yield name, rows


def _numbers(value: Any) -> np.ndarray | None:
    if isinstance(value, bool | str) or value is None:
        return None
    if isinstance(value, list | tuple | dict):
        return None
    array = np.asarray(value)
    return array.astype(float) if array.dtype.kind in "fiu" else None


def _is_argument(name: str, rows: Rows) -> str:
    for argument in rows[0][2].arguments:
        same = all(
            (value := _numbers_of(case, argument)) is not None and equal(a, value)
            for a, _, case in rows
        )
        if same:
            words = _("`{name}` is the argument `{argument}`, as it was given.")
            return words.format(name=name, argument=argument)
    return ""


def _numbers_of(case: Case, argument: str) -> np.ndarray | None:
    value = case.arguments.get(argument)
    plain = isinstance(value, int | float | np.ndarray)
    return _numbers(value) if plain else None


def _factor(name: str, rows: Rows) -> str:
    factor = common_factor(rows)
    if not factor:
        return ""
    return _(
        "`{name}` is right but for one factor: it is {factor} times what it should be."
    ).format(name=name, factor=factor)


def _opposite(name: str, rows: Rows) -> str:
    if in_all(rows, lambda a, b: equal(a, -b)):
        words = _("`{name}` has the opposite sign, and is right but for that.")
        return words.format(name=name)
    return ""


def _upside_down(name: str, rows: Rows) -> str:
    if in_all(rows, lambda a, b: a.shape == b.shape and equal(a, 1 / b)):
        words = _("`{name}` is upside down: it is 1 divided by what it should be.")
        return words.format(name=name)
    return ""


def _power(name: str, rows: Rows) -> str:
    for words, made in (
        (N_("`{name}` is the square of what it should be."), lambda b: b**2),
        (N_("`{name}` is the root of what it should be."), np.sqrt),
    ):
        if all(equal(a, made(b)) for a, b, _case in rows):
            return _(words).format(name=name)
    return ""


def _mirrored(name: str, rows: Rows) -> str:
    """The step from an argument goes the other way, or is not long enough."""
    for argument in rows[0][2].arguments:
        moves: Rows = []
        for a, b, case in rows:
            start = _numbers_of(case, argument)
            if start is None or start.shape != b.shape or start.shape != a.shape:
                break
            moves.append((a - start, b - start, case))
        if len(moves) < len(rows) or any(not np.any(b) for _a, b, _case in moves):
            continue
        if in_all(moves, lambda a, b: equal(a, -b, 1e-6)):
            return _(
                "`{name}` is moved from `{argument}` by the right amount in the "
                "opposite direction."
            ).format(name=name, argument=argument)
        if in_all(moves, lambda a, b: equal(a, b, 1e-6)):
            continue
        factor = common_factor(moves, 1e-6)
        if factor:
            return _(
                "`{name}` is moved from `{argument}` in the right direction, {factor} "
                "times as far as it should be."
            ).format(name=name, argument=argument, factor=factor)
    return ""


def _constant(name: str, rows: Rows) -> str:
    """What is added is the same in all entries, and is an argument or a number."""
    if not all(a.shape == b.shape for a, b, _ in rows):
        return ""
    gaps = [a - b for a, b, _ in rows]
    if any(np.ptp(gap) > 1e-9 * (1 + np.abs(gap).max()) for gap in gaps if gap.size):
        return ""
    first = [float(gap.ravel()[0]) for gap in gaps if gap.size]
    if np.allclose(first, first[0], rtol=1e-8, atol=0) and abs(first[0]) > 1e-9:
        return _(
            "`{name}` is right but for one thing: it is {amount} too large."
        ).format(name=name, amount=f"{first[0]:+.4g}")
    return ""


def _alone(question: Question, valued: Sequence[Pair]) -> str:
    """One of several results comes back by itself."""
    names = question.returns
    if len(names) < 2 or any(isinstance(got.returned, tuple) for _, got in valued):
        return ""
    for at, name in enumerate(names):
        pairs = [
            (_numbers(got.returned), _numbers(case.expected.returned[at]))
            for case, got in valued
        ]
        if all(a is not None and b is not None and equal(a, b) for a, b in pairs):
            others = [f"`{other}`" for other in names if other != name]
            return ngettext(
                "What comes back is the right `{name}`; {others} is not returned.",
                "What comes back is the right `{name}`; {others} are not returned.",
                len(others),
            ).format(name=name, others=listed_with_and(others))
    return ""


def _exchanged(question: Question, valued: Sequence[Pair]) -> str:
    names = question.returns
    if len(names) < 2:
        return ""
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            same = True
            for case, got in valued:
                mine, right = got.returned, case.expected.returned
                if not isinstance(mine, tuple) or len(mine) != len(names):
                    return ""
                a, b = _numbers(mine[i]), _numbers(mine[j])
                c, d = _numbers(right[i]), _numbers(right[j])
                if a is None or b is None or c is None or d is None:
                    same = False
                    break
                same = same and equal(a, d) and equal(b, c) and not equal(a, c)
            if same:
                words = _("`{one}` and `{other}` are right, and exchanged.")
                return words.format(one=names[i], other=names[j])
    return ""


def _without_effect(question: Question, pairs: Sequence[Pair]) -> str:
    """A result that is the same whatever the case."""
    valued = [
        (case, got)
        for case, got in pairs
        if case.expected.error is None and got.error is None
    ]
    if len(valued) < 2 or question.observer is not None:
        return ""
    if len({str(got.returned) for _, got in valued}) == 1:
        expected = {str(case.expected.returned) for case, _ in valued}
        if len(expected) > 1:
            return _("It returns the same in every case, whatever the arguments are.")
    return ""


_LAWS = (
    _opposite,
    *ARRANGEMENTS,
    _is_argument,
    _upside_down,
    *IN_DIGITS[:1],
    _factor,
    _mirrored,
    _power,
    _constant,
    *IN_DIGITS[1:],
)
