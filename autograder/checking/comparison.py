"""Whether one outcome is another, and where they first differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.calling.calls import Foreign, Outcome
from autograder.calling.drivers import SEEN
from autograder.checking.cases import Case, Question
from autograder.checking.errors import compare_errors
from autograder.checking.finding import Finding
from autograder.checking.structure import (
    an,
    describe,
    items,
    moment_of,
    structure,
    when,
)
from autograder.checking.words.observed import observation
from autograder.checking.words.phrases import in_language
from autograder.exercises.spec import Tolerance
from autograder.language import N_

__all__ = [
    "compare",
    "differs",
    "far_apart",
    "is_returned",
    "measured",
    "not_finite",
    "wrong_entries",
]


def differs(
    question: Question,
    case: Case,
    expected: Outcome,
    got: Outcome,
    tolerance: Tolerance | None = None,
) -> Finding | None:
    """Where `got` first differs from `expected`, as its question looks at it."""
    return compare(
        expected,
        got,
        question.returns,
        question.order,
        tolerance or case.tolerance,
        question.observer,
        {**case.arguments, **case.fixed},
    )


def compare(
    expected: Outcome,
    got: Outcome,
    returns: tuple[str, ...],
    order: tuple[str, ...],
    tolerance: Tolerance,
    observe: Callable[[Any, Mapping[str, Any]], dict[str, Any]] | None,
    arguments: Mapping[str, Any],
) -> Finding | None:
    """Where `got` first differs from `expected`; None if it does not."""
    if got.error is not None or expected.error is not None:
        return compare_errors(expected, got)
    named_expected = _named(expected.returned, returns)
    if isinstance(named_expected, Finding):
        # `expected` is a mistake's outcome that has no parts to compare.
        return _whole(expected.returned, got.returned)
    named = _named(got.returned, returns)
    if isinstance(named, Finding):
        return named
    pairs = [(name, named_expected[name], named[name]) for name in order or returns]
    for name, right, value in pairs:
        finding = structure(name, right, value)
        if finding:
            return finding
    if observe is not None:
        if isinstance(expected.returned, np.ndarray):
            finding = _not_finite(returns[0], expected.returned, got.returned)
            if finding:
                return finding
        seen = observe(got.returned, arguments)
        pairs = [
            (name, right, seen.get(name))
            for name, right in _observed(expected, observe, arguments).items()
        ]
    for name, right, value in pairs:
        finding = _values(name, right, value, tolerance)
        if finding:
            return finding
    return None


def far_apart(
    question: Question, one: Outcome, other: Outcome, tolerance: Tolerance
) -> bool:
    """Whether a glance shows two outcomes to differ; `differs` takes a look."""
    if (one.error is None) != (other.error is None):
        return True
    if tolerance.atol or max(tolerance.rtol, tolerance.floor) > _GLANCE:
        return False
    if question.observe is not None:
        return False
    a, b = one.returned, other.returned
    if len(question.returns) == 1:
        return _far(a, b)
    if not isinstance(a, tuple) or not isinstance(b, tuple) or len(a) != len(b):
        return False
    looked_at = set(question.order or question.returns)
    parts = zip(question.returns, a, b, strict=False)
    return any(_far(x, y) for name, x, y in parts if name in looked_at)


def _far(x: Any, y: Any) -> bool:
    """Whether the last entries of two arrays are far apart."""
    if not isinstance(x, np.ndarray) or not isinstance(y, np.ndarray):
        return False
    if x.shape != y.shape or not x.size or x.dtype.kind + y.dtype.kind != "ff":
        return False
    last = x.flat[-1]
    gap = abs(last - y.flat[-1])
    return bool(gap > _GLANCE * abs(last) and gap > _GLANCE * np.abs(x).max())


_GLANCE = 1e-3
"""How far apart numbers are of which a glance is enough, as a part of the largest."""


def _observed(
    expected: Outcome,
    observe: Callable[[Any, Mapping[str, Any]], dict[str, Any]],
    arguments: Mapping[str, Any],
) -> Mapping[str, Any]:
    if expected.observed is not None:
        return expected.observed
    return observe(expected.returned, arguments)


def _named(returned: Any, returns: tuple[str, ...]) -> dict[str, Any] | Finding:
    """What came back, by name; a `Finding` if it has not that many parts."""
    if returned is None:
        return Finding(
            "wrong-type",
            N_("WRONG TYPE"),
            N_("`{name}` returns None: is the `return` line missing?"),
        )
    if len(returns) == 1:
        return {returns[0]: returned}
    if isinstance(returned, tuple) and len(returned) == len(returns):
        return dict(zip(returns, returned, strict=True))
    return Finding(
        "wrong-type",
        N_("WRONG TYPE"),
        N_(
            "`{name}` returns {found}; it should return a tuple of {n}: "
            "`return {results}`."
        ),
        given={
            "found": describe(returned),
            "n": len(returns),
            "results": ", ".join(returns),
        },
    )


def _whole(expected: Any, got: Any) -> Finding | None:
    """Compare two returned values of which `expected` lacks the right parts."""
    same = type(expected) is type(got) and structure("value", expected, got) is None
    if same and _values("value", expected, got, Tolerance()) is None:
        return None
    told = N_("`{name}` returns something else.")
    return Finding("wrong-type", N_("WRONG TYPE"), told)


def _values(name: str, expected: Any, got: Any, tolerance: Tolerance) -> Finding | None:
    if isinstance(expected, list | tuple | dict):
        for item_name, right, value in items(name, expected, got):
            finding = _values(item_name, right, value, tolerance)
            if finding:
                return finding
        return None
    if expected is None or isinstance(expected, str | bool | Foreign):
        right_value = bool(got == expected)
        return None if right_value else _mismatch(name, got, expected)
    right, value = np.asarray(expected), np.asarray(got)
    finding = _not_finite(name, expected, got)
    if finding:
        return finding
    if _close(right, value, tolerance):
        return None
    loose = {"float32": 1e-5, "float16": 1e-2}.get(str(value.dtype), 0.0)
    if loose and _close(right, value, Tolerance(rtol=loose, floor=loose)):
        return Finding(
            "wrong-type",
            N_("WRONG TYPE"),
            N_(
                "`{name}` returns `{result}` as {dtype}. The arguments are float64, "
                "and so is the answer: nothing is to be converted."
            ),
            given={"result": name, "dtype": value.dtype},
        )
    return _mismatch(name, got, expected)


def _not_finite(name: str, expected: Any, got: Any) -> Finding | None:
    """What is told of a value with nan or infinity where all should be finite."""
    if np.isfinite(got).all() or not np.isfinite(expected).all():
        return None
    return Finding(
        "wrong-values",
        N_("NOT FINITE"),
        not_finite(name),
        returned=got,
        expected=expected,
        shows_values=True,
        part=name,
        given={"result": name},
    )


def not_finite(name: str) -> str:
    """The headline on a result that holds nan or infinity."""
    return an(
        name,
        N_("`{name}` returns a `{result}` that is not finite."),
        N_("`{name}` returns an `{result}` that is not finite."),
    )


def _mismatch(name: str, got: Any, expected: Any) -> Finding:
    part, moment = moment_of(name)
    told = N_("`{name}` gives the wrong {result}.")
    given = {"result": measured(name)}
    if is_returned(name):
        told = N_("`{name}` returns the wrong `{result}`.")
        given = {"result": name}
    if moment:
        told = N_("After {moment}, `{result}` of `{name}` is wrong.")
        given = {"result": in_language(part, SEEN), "moment": when(moment)}
    return Finding(
        "wrong-values",
        N_("VALUE MISMATCH"),
        told,
        returned=got,
        expected=expected,
        shows_values=True,
        part=name,
        given=given,
    )


def is_returned(name: str) -> bool:
    """Whether that is a result's name, and not what an observation calls something."""
    return bool(moment_of(name)[1]) or " " not in name.partition("[")[0]


def measured(name: str) -> str:
    """What an observation looks at, without its remark, in the language spoken."""
    return observation(name.partition(",")[0])


def _close(right: np.ndarray, value: np.ndarray, tolerance: Tolerance) -> bool:
    return not _apart(right, value, tolerance).any()


def wrong_entries(finding: Finding, tolerance: Tolerance) -> np.ndarray | None:
    """Which entries of a wrong array are wrong; None if that cannot be said."""
    right, value = np.asarray(finding.expected), np.asarray(finding.returned)
    kinds = right.dtype.kind + value.dtype.kind
    if right.shape != value.shape or not set(kinds) <= set("fiubc"):
        return None
    return _apart(right, value, tolerance)


@np.errstate(all="ignore")
def _apart(right: np.ndarray, value: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    """Which entries differ by more than is allowed; what is not finite, at all."""
    same = (right == value) | ((right != right) & (value != value))
    if right.dtype.kind in "iub" and value.dtype.kind in "iub":
        return ~same
    finite = np.isfinite(right)
    size = np.abs(np.where(finite, right, 0)).astype(float)
    most = size.max(initial=0.0)
    allowed = tolerance.rtol * size + tolerance.floor * most + tolerance.atol
    near = finite & np.isfinite(value) & (np.abs(right - value) <= allowed)
    return ~(same | near)
