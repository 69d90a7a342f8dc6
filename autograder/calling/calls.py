"""One call of one function, and everything about it that can be judged.

The same code runs in a learner's notebook and inside the box, so that both
see the same things.  It decides nothing.
"""

from __future__ import annotations

import linecache
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.calling.drivers import NO_ANSWER, NoAnswer, called_again, drive
from autograder.calling.global_random import global_random_kept
from autograder.calling.inputs import (
    HUGE_INT,
    LONG_STR,
    OTHER_DTYPE,
    TOO_LARGE,
    CountedFunction,
    Driven,
    Foreign,
    Function,
    Later,
    WrongCall,
    materialise,
)
from autograder.calling.quietness import quiet
from autograder.limits import MAX_LINE, MAX_RETURNED_ITEMS, MAX_TEXT

__all__ = [
    "NO_ANSWER",
    "ErrorNote",
    "Foreign",
    "Outcome",
    "as_called",
    "call",
    "plain",
]


@dataclass(frozen=True)
class ErrorNote:
    """An exception: its class with all base classes, its text, the learner's line."""

    kinds: tuple[str, ...]
    text: str
    line_number: int | None = None
    line: str = ""

    @property
    def kind(self) -> str:
        """Name of the exception's own class."""
        return self.kinds[0]


@dataclass(frozen=True)
class Outcome:
    """What one call returned or raised, and what it did besides.

    Attributes
    ----------
    returned : object
        A tree of arrays, numbers, strings, tuples, lists and dicts;
        anything else in it is a `Foreign`.
    error : ErrorNote or None
        Set when the call raised; `returned` is then None.
    changed : tuple of str
        Names of the arguments that the call changed in place.
    calls : mapping of str to int
        How often each function argument was called, but for those whose
        number of calls is left free.
    global_random : bool
        Whether NumPy's global random state was used or reseeded.
    drew : tuple of str
        Names of the generators among the arguments that the call drew from.
    observed : mapping, optional
        What an observation sees in `returned`, where the recorded outcome of a
        known kernel holds that in the place of its values.
    """

    returned: Any = None
    error: ErrorNote | None = None
    changed: tuple[str, ...] = ()
    calls: Mapping[str, int] = field(default_factory=dict)
    global_random: bool = False
    drew: tuple[str, ...] = ()
    observed: Mapping[str, Any] | None = None


def call(
    function: Callable,
    arguments: Mapping[str, Any],
    parameters: tuple[str, ...] | None = None,
) -> Outcome:
    """Call `function` with fresh copies of `arguments` and observe it.

    `parameters` are the names in the exercise's signature.  Arguments go by
    position as far as the signature has no gap, so that a learner may rename
    parameters, and by name after that; all by name where the function has
    these names in another order, since messages show the call by name.

    Where the arguments contain a `Later`, the answer is a function: it is
    called with these in turn, and what it returns is what is observed.  With a
    `Driven`, what is made is driven, and what is seen then is observed.
    """
    fresh = {name: materialise(name, value) for name, value in arguments.items()}
    later = [n for n, value in arguments.items() if isinstance(value, Later)]
    driven = [n for n, value in arguments.items() if isinstance(value, Driven)]
    at_once = {n: value for n, value in fresh.items() if n not in (*later, *driven)}

    def answer(**more: Any) -> Any:
        positional, by_name = as_called(function, {**more, **at_once}, parameters)
        return function(*positional, **by_name)

    returned, error = None, None
    with quiet(), global_random_kept() as watched:
        try:
            returned = None if driven else answer()
            for name in driven:
                returned = drive(arguments[name].driver, answer, fresh[name])
            if later:
                returned = called_again(returned, [fresh[name] for name in later])
        except (Exception, SystemExit) as raised:  # noqa: BLE001
            error = _note(raised, function)
    return Outcome(
        returned=plain(returned),
        error=error,
        changed=tuple(
            name
            for name, now, value in _given(fresh, arguments)
            if not isinstance(value, Function) and _differs(now, name, value)
        ),
        calls={
            name: value.n_calls
            for name, value in fresh.items()
            if isinstance(value, CountedFunction) and arguments[name].calls is not None
        },
        global_random=watched.used,
        drew=tuple(
            name
            for name, value in fresh.items()
            if isinstance(value, np.random.Generator)
            and _state(value) != _state(materialise(name, arguments[name]))
        ),
    )


def plain(value: Any) -> Any:
    """`value` with plain arrays and numbers only; what cannot be one is `Foreign`."""
    return _plain(value, budget=[MAX_RETURNED_ITEMS], depth=0)


def _plain(value: Any, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if depth > 4 or budget[0] < 0:
        return Foreign(TOO_LARGE)
    kind = type(value)
    if value is None or kind in (bool, float, complex):
        return value
    if kind is int:
        return value if abs(value) < 2**63 else Foreign(HUGE_INT)
    if kind is str:
        return value if len(value) <= MAX_TEXT else Foreign(LONG_STR)
    if kind is np.ndarray:
        if value.dtype.kind in "fiubc" and value.dtype.itemsize <= 16:
            return value.copy()
        return Foreign(OTHER_DTYPE.format(dtype=value.dtype))
    if isinstance(value, np.generic) and kind.__module__ == "numpy":
        return value.item() if value.dtype.kind in "fiubcU" else Foreign(kind.__name__)
    if kind is list:
        return [_plain(item, budget, depth + 1) for item in value]
    if isinstance(value, tuple):
        # np.linalg.eigh and others return tuples with names.
        items = tuple.__iter__(value)
        return tuple(_plain(item, budget, depth + 1) for item in items)
    if kind is dict and all(type(key) is str for key in value):
        return {key: _plain(item, budget, depth + 1) for key, item in value.items()}
    return Foreign(kind.__name__)


def _reordered(function: Callable, arguments: Mapping[str, Any]) -> bool:
    """Whether `function` has parameters of these names, in another order."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, types.CodeType):
        return False
    names = code.co_varnames[code.co_posonlyargcount : code.co_argcount]
    found = [name for name in names if name in arguments]
    return len(found) == len(arguments) and found != list(arguments)


def as_called(
    function: Callable, fresh: dict[str, Any], parameters: tuple[str, ...] | None
) -> tuple[list[Any], dict[str, Any]]:
    """Arguments by position up to the first gap in the signature, then by name.

    All by name where `function` has these names in another order.
    """
    if parameters is None or _reordered(function, fresh):
        return [], fresh
    positional = []
    for name in parameters:
        if name not in fresh:
            break
        positional.append(fresh[name])
    by_name = {n: v for n, v in fresh.items() if n not in parameters[: len(positional)]}
    return positional, by_name


def _given(
    fresh: Mapping[str, Any], arguments: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Each thing that an answer was given: its name, as it is now, and as data."""
    for name, value in arguments.items():
        if isinstance(value, Driven):
            for part, data in value.given.items():
                yield part, fresh[name][part], data
        else:
            yield name, fresh[name], value


def _differs(now: Any, name: str, data: Any) -> bool:
    """Whether an argument is no longer what the case's data says it was."""
    if isinstance(now, np.random.Generator):
        return False
    there = data if isinstance(data, np.ndarray) else materialise(name, data)
    return not _identical(now, there)


def _identical(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_identical, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(_identical(a[key], b[key]) for key in a)
    return isinstance(a, CountedFunction) or bool(a == b)


def _state(generator: np.random.Generator) -> tuple:
    """What a draw from the generator changes, or a generator made from it."""
    bits = generator.bit_generator
    return bits.state, getattr(bits.seed_seq, "n_children_spawned", 0)


def _code_of(function: Callable) -> Any:
    """The code of a function, or of a class's first method."""
    inside = vars(function).values() if isinstance(function, type) else [function]
    codes = (getattr(one, "__code__", None) for one in inside)
    return next((code for code in codes if code is not None), None)


def _note(raised: BaseException, function: Callable) -> ErrorNote:
    """Describe `raised`, with the last line that lies in the learner's own code."""
    kinds = tuple(k.__name__ for k in type(raised).__mro__ if k is not object)
    text = str(raised)[:MAX_TEXT]
    if isinstance(raised, WrongCall):
        kinds = ("WrongCall", *kinds[1:])
    if isinstance(raised, NoAnswer):
        return ErrorNote((f"{NO_ANSWER}: {raised.what}", NO_ANSWER), text)
    code = _code_of(function)
    number, line = None, ""
    if isinstance(code, types.CodeType):
        for frame in traceback.extract_tb(raised.__traceback__):
            if frame.filename == code.co_filename and frame.lineno is not None:
                number = frame.lineno
                line = linecache.getline(frame.filename, frame.lineno).strip()
    return ErrorNote(kinds, text, number, line[:MAX_LINE])
