"""Differences of kind and shape, found before any value is compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.calling.calls import Foreign
from autograder.checking.finding import Finding
from autograder.limits import MAX_DESCRIPTION

__all__ = ["a_result", "describe", "escaped", "items", "moment_of", "structure"]


def structure(name: str, expected: Any, got: Any) -> Finding | None:
    """Differences of kind and shape, by shape alone and never by broadcasting."""
    if isinstance(expected, list | dict | tuple):
        return _structure_of_many(name, expected, got)
    wanted = describe(expected).removeprefix("one ")
    if isinstance(expected, np.ndarray):
        wanted = f"an array of shape {expected.shape}"
    wrong_type = _wrong_kind(name, got, wanted)
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
            f"{_of_shape(name, np.shape(got))}; "
            f"it should {_have_shape(np.shape(expected))}.",
        )
    return None


def a_result(name: str) -> str:
    """A result's name as code, with its article."""
    return f"{'an' if name[:1] in 'aeiou' else 'a'} `{name}`"


def moment_of(name: str) -> tuple[str, str]:
    """What was seen, and after what of the driving; after nothing of a result."""
    part, _, moment = name.partition(" after ")
    return part, moment


def _wrong_kind(name: str, got: Any, wanted: str) -> Finding:
    part, moment = moment_of(name)
    told = f"`{{name}}` returns the wrong kind of `{name}`: {describe(got)}."
    if moment:
        told = f"After {moment}, `{part}` is of the wrong kind: {describe(got)}."
    return Finding("wrong-type", "WRONG TYPE", f"{told} It should be {wanted}.")


def _of_shape(name: str, shape: tuple[int, ...]) -> str:
    part, moment = moment_of(name)
    if moment:
        told = f"has shape {shape}" if shape else "is a single number"
        return f"After {moment}, `{part}` {told}"
    if not shape:
        return f"`{{name}}` returns a single number as `{name}`"
    return f"`{{name}}` returns {a_result(name)} of shape {shape}"


def _have_shape(shape: tuple[int, ...]) -> str:
    return f"have shape {shape}" if shape else "be a single number"


def _is_array(value: Any, kinds: str) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in kinds


def _structure_of_many(name: str, expected: Any, got: Any) -> Finding | None:
    sequence = isinstance(expected, list | tuple)
    kind = list | tuple if sequence else dict
    if not isinstance(got, kind):
        return _wrong_kind(name, got, "a list" if sequence else describe(expected))
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
            f"`{{name}}` returns in `{name}` {describe(got)}. "
            f"It should be {describe(expected)}.",
        )
    for item_name, right, value in items(name, expected, got):
        finding = structure(item_name, right, value)
        if finding:
            return finding
    return None


def items(name: str, expected: Any, got: Any) -> Iterator[tuple[str, Any, Any]]:
    """The parts of two lists, tuples or dicts, each with its name, side by side."""
    if isinstance(expected, dict):
        for key, right in expected.items():
            part = key if moment_of(key)[1] else f'{name}["{key}"]'
            yield part, right, got[key]
    else:
        for i, (right, value) in enumerate(zip(expected, got, strict=True)):
            yield f"{name}[{i}]", right, value


def describe(value: Any) -> str:
    """A value in a few words; what a learner named may hold braces."""
    words = _kind_of(value)
    if len(words) > MAX_DESCRIPTION:
        words = words[: MAX_DESCRIPTION - 1] + "…"
    return escaped(words)


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


def escaped(text: str) -> str:
    """Text of which no brace means anything in a headline."""
    return text.replace("{", "{{").replace("}", "}}")
