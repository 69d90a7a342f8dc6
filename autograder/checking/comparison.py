"""Whether one outcome is another, and where they first differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.calling.calls import NO_ANSWER, Foreign, Outcome
from autograder.exercises.spec import Tolerance
from autograder.limits import MAX_DESCRIPTION

__all__ = ["Finding", "broken_law", "compare", "wrong_entries"]


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong in one outcome.

    Attributes
    ----------
    code : str
        Verdict code: ``wrong-values``, ``raised``, …
    title : str
        Heading of the message: ``VALUE MISMATCH``, ``CALL FAILED``, …
    headline : str
        One sentence that says what is wrong; ``{name}`` is the function.
    returned, expected : object
        The two things to show beside each other, if there are two.
    part : str
        Which thing that is: a returned one's name, or an observation's.
    """

    code: str
    title: str
    headline: str
    returned: Any = None
    expected: Any = None
    shows_values: bool = False
    part: str = ""


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
        return _compare_errors(expected, got)
    named_expected = _named(expected.returned, returns)
    if isinstance(named_expected, Finding):
        # `expected` is a mistake's outcome that has no parts to compare.
        return _whole(expected.returned, got.returned)
    named = _named(got.returned, returns)
    if isinstance(named, Finding):
        return named
    pairs = [(name, named_expected[name], named[name]) for name in order or returns]
    for name, right, value in pairs:
        finding = _structure(name, right, value)
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


def _observed(
    expected: Outcome,
    observe: Callable[[Any, Mapping[str, Any]], dict[str, Any]],
    arguments: Mapping[str, Any],
) -> Mapping[str, Any]:
    if expected.observed is not None:
        return expected.observed
    return observe(expected.returned, arguments)


def broken_law(expected: Outcome, got: Outcome) -> Finding | None:
    """The first law that a call with right values breaks; None if it keeps all."""
    if set(got.changed) - set(expected.changed):
        names = " and ".join(f"`{name}`" for name in got.changed)
        return Finding(
            "argument-changed",
            "ARGUMENT CHANGED",
            f"`{{name}}` returns the right values, but changes its argument {names} "
            "in place.",
        )
    if got.global_random and not expected.global_random:
        return Finding(
            "global-random",
            "GLOBAL RANDOM STATE USED",
            "`{name}` returns the right values, but draws from or reseeds NumPy's "
            "global generator. Every random number comes from the `rng` it is given.",
        )
    for name in expected.drew:
        if name not in got.drew:
            return Finding(
                "generator-unused",
                "GENERATOR NOT USED",
                f"`{{name}}` returns what could be right, but draws nothing from "
                f"`{name}`. Every random number comes from the generator it is given.",
            )
    for name, n in expected.calls.items():
        if got.calls.get(name, 0) != n:
            return Finding(
                "wrong-calls",
                "WRONG NUMBER OF CALLS",
                f"`{{name}}` returns the right values, but calls `{name}` "
                f"{_times(got.calls.get(name, 0))}; {_times(n)} is enough."
                if got.calls.get(name, 0) > n
                else f"`{{name}}` returns the right values, but calls `{name}` "
                f"{_times(got.calls.get(name, 0))} instead of {_times(n)}.",
            )
    return None


def _times(n: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")


def _compare_errors(expected: Outcome, got: Outcome) -> Finding | None:
    right, error = expected.error, got.error
    if error is not None and right is not None and right.kind in error.kinds:
        return None
    if error is not None and error.kind == "NotImplementedError":
        return Finding("not-written", "NOT WRITTEN YET", "`{name}` is not written yet.")
    if error is not None and error.kind == "WrongCall":
        return Finding(
            "raised", "CALL FAILED", f"In `{{name}}`: {_escaped(error.text)}"
        )
    if error is not None and NO_ANSWER in error.kinds:
        return Finding("wrong-type", "WRONG TYPE", f"`{{name}}` {_escaped(error.text)}")
    if error is not None:
        instead = f" It should raise {right.kind} here." if right is not None else ""
        return Finding(
            "raised", "CALL FAILED", f"`{{name}}` stops with an error.{instead}"
        )
    assert right is not None
    return Finding(
        "wrong-values",
        "ERROR EXPECTED",
        f"`{{name}}` should raise {right.kind} for these arguments, and returns a "
        "value.",
        returned=got.returned,
        shows_values=True,
    )


def _escaped(text: str) -> str:
    """Text of which no brace means anything in a headline."""
    return text.replace("{", "{{").replace("}", "}}")


def _named(returned: Any, returns: tuple[str, ...]) -> dict[str, Any] | Finding:
    """What came back, by name; a `Finding` if it has not that many parts."""
    if returned is None:
        return Finding(
            "wrong-type",
            "WRONG TYPE",
            "`{name}` returns None: is the `return` line missing?",
        )
    if len(returns) == 1:
        return {returns[0]: returned}
    if isinstance(returned, tuple) and len(returned) == len(returns):
        return dict(zip(returns, returned, strict=True))
    wanted = f"a tuple of {len(returns)}: `return {', '.join(returns)}`"
    return Finding(
        "wrong-type",
        "WRONG TYPE",
        f"`{{name}}` returns {_describe(returned)}; it should return {wanted}.",
    )


def _whole(expected: Any, got: Any) -> Finding | None:
    """Compare two returned values of which `expected` lacks the right parts."""
    same = type(expected) is type(got) and _structure("value", expected, got) is None
    if same and _values("value", expected, got, Tolerance()) is None:
        return None
    return Finding("wrong-type", "WRONG TYPE", "`{name}` returns something else.")


def _describe(value: Any) -> str:
    """A value in a few words; what a learner named may hold braces."""
    words = _kind_of(value)
    if len(words) > MAX_DESCRIPTION:
        words = words[: MAX_DESCRIPTION - 1] + "…"
    return _escaped(words)


def _kind_of(value: Any) -> str:
    match value:
        case None:
            return "None"
        case Foreign():
            name = value.type_name
            return name if " " in name else f"an object of type {name}"
        case np.ndarray():
            kinds = {"c": "complex array", "b": "Boolean array", "i": "integer array"}
            return f"one {kinds.get(value.dtype.kind, 'array')} of shape {value.shape}"
        case tuple() | list():
            article = "a tuple" if isinstance(value, tuple) else "a list"
            return f"{article} of {len(value)}"
        case bool():
            return f"the truth value {value}"
        case str():
            return "a string"
        case complex():
            return "a complex number"
        case int() | float():
            return "a single number"
        case dict():
            return f"a dict with the keys {', '.join(map(repr, value)) or '(none)'}"
    return f"a {type(value).__name__}"


def _structure(name: str, expected: Any, got: Any) -> Finding | None:
    """Differences of kind and shape, by shape alone and never by broadcasting."""
    if isinstance(expected, list | dict | tuple):
        return _structure_of_many(name, expected, got)
    wanted = _describe(expected).removeprefix("one ")
    if isinstance(expected, np.ndarray):
        wanted = f"an array of shape {expected.shape}"
    wrong_type = Finding(
        "wrong-type",
        "WRONG TYPE",
        f"`{{name}}` returns the wrong kind of `{name}`: {_describe(got)}. "
        f"It should be {wanted}.",
    )
    if isinstance(expected, Foreign):
        same = isinstance(got, Foreign) and got == expected
        return None if same else wrong_type
    if expected is None or isinstance(expected, str | bool):
        if isinstance(expected, bool) and _is_array(got, "b") and got.ndim == 0:
            return None
        return None if type(got) is type(expected) else wrong_type
    expected_kind = np.asarray(expected).dtype.kind
    if isinstance(got, bool) or not isinstance(got, int | float | complex | np.ndarray):
        return wrong_type
    kind = np.asarray(got).dtype.kind
    allowed = {"b": "b", "c": "fiuc"}.get(expected_kind, "fiu")
    if kind not in allowed:
        return wrong_type
    if np.shape(got) != np.shape(expected):
        return Finding(
            "wrong-shape",
            "SHAPE MISMATCH",
            f"`{{name}}` returns a `{name}` of shape {np.shape(got)}; "
            f"it should have shape {np.shape(expected)}.",
        )
    return None


def _is_array(value: Any, kinds: str) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in kinds


def _structure_of_many(name: str, expected: Any, got: Any) -> Finding | None:
    sequence = isinstance(expected, list | tuple)
    kind = list | tuple if sequence else dict
    if not isinstance(got, kind):
        wanted = "a list" if sequence else _describe(expected)
        return Finding(
            "wrong-type",
            "WRONG TYPE",
            f"`{{name}}` returns the wrong kind of `{name}`: {_describe(got)}. "
            f"It should be {wanted}.",
        )
    if sequence and len(got) != len(expected):
        return Finding(
            "wrong-shape",
            "SHAPE MISMATCH",
            f"`{{name}}` returns {len(got)} items in `{name}`; "
            f"it should return {len(expected)}.",
        )
    if not sequence and set(got) != set(expected):
        return Finding(
            "wrong-type",
            "WRONG TYPE",
            f"`{{name}}` returns in `{name}` {_describe(got)}. "
            f"It should be {_describe(expected)}.",
        )
    for item_name, right, value in _items(name, expected, got):
        finding = _structure(item_name, right, value)
        if finding:
            return finding
    return None


def _items(name: str, expected: Any, got: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, dict):
        for key, right in expected.items():
            yield f'{name}["{key}"]', right, got[key]
    else:
        for i, (right, value) in enumerate(zip(expected, got, strict=True)):
            yield f"{name}[{i}]", right, value


def _values(name: str, expected: Any, got: Any, tolerance: Tolerance) -> Finding | None:
    if isinstance(expected, list | tuple | dict):
        for item_name, right, value in _items(name, expected, got):
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
            "WRONG TYPE",
            f"`{{name}}` returns `{name}` as {value.dtype}. The arguments are float64, "
            "and so is the answer: nothing is to be converted.",
        )
    return _mismatch(name, got, expected)


def _not_finite(name: str, expected: Any, got: Any) -> Finding | None:
    """What is told of a value with nan or infinity where all should be finite."""
    if np.isfinite(got).all() or not np.isfinite(expected).all():
        return None
    return Finding(
        "wrong-values",
        "NOT FINITE",
        f"`{{name}}` returns a `{name}` that is not finite.",
        returned=got,
        expected=expected,
        shows_values=True,
        part=name,
    )


def _mismatch(name: str, got: Any, expected: Any) -> Finding:
    return Finding(
        "wrong-values",
        "VALUE MISMATCH",
        f"`{{name}}` returns the wrong `{name}`.",
        returned=got,
        expected=expected,
        shows_values=True,
        part=name,
    )


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
