"""Differences of kind and shape, found before any value is compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.calling.calls import Foreign
from autograder.calling.drivers import WHEN
from autograder.calling.inputs import FOREIGN
from autograder.checking.finding import Finding
from autograder.checking.words.phrases import in_language
from autograder.language import N_, _
from autograder.limits import MAX_DESCRIPTION

__all__ = ["an", "describe", "items", "moment_of", "structure", "when"]


def structure(name: str, expected: Any, got: Any) -> Finding | None:
    """Differences of kind and shape, by shape alone and never by broadcasting."""
    if isinstance(expected, list | dict | tuple):
        return _structure_of_many(name, expected, got)
    if not _same_kind(expected, got):
        return _wrong_kind(name, got, _wanted(expected))
    if isinstance(expected, Foreign | str | bool) or expected is None:
        return None
    if np.shape(got) != np.shape(expected):
        return _wrong_shape(name, np.shape(got), np.shape(expected))
    return None


def _same_kind(expected: Any, got: Any) -> bool:
    if isinstance(expected, Foreign):
        return isinstance(got, Foreign) and got == expected
    if expected is None or isinstance(expected, str | bool):
        if isinstance(expected, bool) and _is_array(got, "b") and got.ndim == 0:
            return True
        return type(got) is type(expected)
    if isinstance(got, bool) or not isinstance(got, int | float | complex | np.ndarray):
        return False
    allowed = {"b": "b", "c": "fiuc"}.get(np.asarray(expected).dtype.kind, "fiu")
    return np.asarray(got).dtype.kind in allowed


def _wanted(expected: Any) -> str:
    if isinstance(expected, np.ndarray):
        return _("an array of shape {shape}").format(shape=expected.shape)
    return describe(expected)


def an(name: str, message: str, before_a_vowel: str) -> str:
    """The message with the article that goes with a name, which English asks for."""
    return before_a_vowel if name[:1] in "aeiou" else message


def moment_of(name: str) -> tuple[str, str]:
    """What was seen, and after what of the driving; after nothing of a result."""
    part, _after, moment = name.partition(" after ")
    return part, moment


def when(moment: str) -> str:
    """After what of the driving, in the language that is spoken."""
    return in_language(moment, WHEN)


def _wrong_kind(name: str, got: Any, wanted: str) -> Finding:
    part, moment = moment_of(name)
    told = N_(
        "`{name}` returns the wrong kind of `{result}`: {found}. It should be {wanted}."
    )
    if moment:
        told = N_(
            "After {moment}, `{result}` is of the wrong kind: {found}. It should be "
            "{wanted}."
        )
    given = {
        "result": part if moment else name,
        "moment": when(moment),
        "found": describe(got),
        "wanted": wanted,
    }
    return Finding("wrong-type", N_("WRONG TYPE"), told, given=given)


def _wrong_shape(name: str, shape: tuple, wanted: tuple) -> Finding:
    part, moment = moment_of(name)
    if moment and not shape:
        told = N_(
            "After {moment}, `{result}` is a single number; it should have shape "
            "{wanted}."
        )
    elif moment and not wanted:
        told = N_(
            "After {moment}, `{result}` has shape {shape}; it should be a single "
            "number."
        )
    elif moment:
        told = N_(
            "After {moment}, `{result}` has shape {shape}; it should have shape "
            "{wanted}."
        )
    elif not shape:
        told = N_(
            "`{name}` returns a single number as `{result}`; it should have shape "
            "{wanted}."
        )
    elif not wanted:
        told = an(
            name,
            N_(
                "`{name}` returns a `{result}` of shape {shape}; it should be a single "
                "number."
            ),
            N_(
                "`{name}` returns an `{result}` of shape {shape}; it should be a "
                "single number."
            ),
        )
    else:
        told = an(
            name,
            N_(
                "`{name}` returns a `{result}` of shape {shape}; it should have shape "
                "{wanted}."
            ),
            N_(
                "`{name}` returns an `{result}` of shape {shape}; it should have shape "
                "{wanted}."
            ),
        )
    given = {
        "result": part if moment else name,
        "moment": when(moment),
        "shape": shape,
        "wanted": wanted,
    }
    return Finding("wrong-shape", N_("SHAPE MISMATCH"), told, given=given)


def _is_array(value: Any, kinds: str) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in kinds


def _structure_of_many(name: str, expected: Any, got: Any) -> Finding | None:
    sequence = isinstance(expected, list | tuple)
    kind = list | tuple if sequence else dict
    if not isinstance(got, kind):
        wanted = _("a list") if sequence else describe(expected)
        return _wrong_kind(name, got, wanted)
    if sequence and len(got) != len(expected):
        return Finding(
            "wrong-shape",
            N_("SHAPE MISMATCH"),
            N_("`{name}` returns {n} items in `{result}`; it should return {wanted}."),
            given={"result": name, "n": len(got), "wanted": len(expected)},
        )
    if not sequence and set(got) != set(expected):
        return Finding(
            "wrong-type",
            N_("WRONG TYPE"),
            N_("`{name}` returns in `{result}` {found}. It should be {wanted}."),
            given={
                "result": name,
                "found": describe(got),
                "wanted": describe(expected),
            },
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
    """A value in a few words."""
    words = _kind_of(value)
    if len(words) > MAX_DESCRIPTION:
        words = words[: MAX_DESCRIPTION - 1] + "…"
    return words


_ARRAYS = {
    "c": N_("one complex array of shape {shape}"),
    "b": N_("one Boolean array of shape {shape}"),
    "i": N_("one integer array of shape {shape}"),
}


def _kind_of(value: Any) -> str:
    match value:
        case None:
            return "None"
        case Foreign():
            name = value.type_name
            if " " in name:
                return in_language(name, FOREIGN)
            return _("an object of type {type}").format(type=name)
        case np.ndarray():
            told = _ARRAYS.get(value.dtype.kind, N_("one array of shape {shape}"))
            return _(told).format(shape=value.shape)
        case tuple():
            return _("a tuple of {n}").format(n=len(value))
        case list():
            return _("a list of {n}").format(n=len(value))
        case bool():
            return _("the truth value {value}").format(value=value)
        case str():
            return _("a string")
        case complex():
            return _("a complex number")
        case int() | float():
            return _("a single number")
        case dict():
            keys = ", ".join(map(repr, value)) or _("(none)")
            return _("a dict with the keys {keys}").format(keys=keys)
    return _("a {type}").format(type=type(value).__name__)
