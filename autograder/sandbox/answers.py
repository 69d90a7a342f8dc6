"""What the student's process answered, made of what it sent.

It sends whatever it likes.  Here that becomes values of known kinds and
sizes, or an accident.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

import numpy as np

from autograder.calling.calls import ErrorNote, Foreign, Outcome
from autograder.calling.inputs import HUGE_INT, TOO_LARGE
from autograder.checking.finding import Statement
from autograder.limits import (
    MAX_CELL_PICTURES,
    MAX_DEPTH_READ,
    MAX_ITEMS_READ,
    MAX_LINE,
    MAX_NAME,
    MAX_NAMES,
    MAX_NOTEBOOK_SHOWN,
    MAX_OUTPUT_TEXT_READ,
    MAX_OUTPUTS_READ,
    MAX_STATEMENTS,
    MAX_TYPE_NAME,
)
from autograder.sandbox.box import BoxDied
from autograder.text import clean

__all__ = [
    "Accident",
    "CellReport",
    "Missing",
    "Names",
    "Room",
    "as_call",
    "as_cell_report",
    "as_statements",
]

_TOO_MUCH = {
    "output_type": "stream",
    "name": "stderr",
    "text": "What this cell shows is left out: the notebook shows too much.\n",
}
_PICTURE = re.compile(rf"[A-Za-z0-9+/=\n]{{1,{MAX_CELL_PICTURES}}}")
_CODES = ("timed-out", "crashed", "too-much-output", "out-of-memory")

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _or_garbled(read: Callable[_P, _T]) -> Callable[_P, _T]:
    """Take an answer of which nothing can be made for what it is, no error of ours."""

    @functools.wraps(read)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(*args, **kwargs)
        except BoxDied:
            raise
        except Exception as error:
            raise BoxDied("garbled") from error

    return guarded


@dataclass(frozen=True)
class Accident:
    """A call that gave no outcome: it was killed, or it killed its process.

    Attributes
    ----------
    code : str
        ``timed-out``, ``crashed``, ``out-of-memory`` or ``too-much-output``.
    status : int or None
        Exit code of the process if that is known, negative for a signal.
    whole : bool
        Whether it is the submission that is out of time, not this call.
    """

    code: str
    status: int | None = None
    whole: bool = False


@dataclass(frozen=True)
class Missing:
    """There is no function of that name; `kind` is what there is instead."""

    kind: str = ""


@dataclass(frozen=True)
class CellReport:
    """What became of one cell.

    Attributes
    ----------
    outputs : tuple of dict
        What it showed, as a notebook holds it.
    error : ErrorNote or None
        The error with which it stopped.
    accident : Accident or None
        Set when it had to be stopped, or ended its process.
    """

    outputs: tuple[dict[str, Any], ...] = ()
    error: ErrorNote | None = None
    accident: Accident | None = None


class Room:
    """What a notebook may still show, all its cells together."""

    def __init__(self) -> None:
        self._left = MAX_NOTEBOOK_SHOWN

    def take(self, report: CellReport) -> CellReport:
        """The report, without what it shows once the notebook has shown too much."""
        size = sum(map(_size, report.outputs))
        if size <= self._left:
            self._left -= size
            return report
        self._left = 0
        return replace(report, outputs=(_TOO_MUCH,))


def _size(output: Mapping[str, Any]) -> int:
    """Characters in one output."""
    return len(output.get("text", "")) + sum(map(len, output.get("data", {}).values()))


@dataclass(frozen=True)
class Names:
    """Names that a cell binds at its top level, and names that it needs."""

    bound: frozenset[str]
    needed: frozenset[str]


@_or_garbled
def as_call(answer: dict[str, Any]) -> Outcome | Accident | Missing:
    """What came back from the call of a function in one case."""
    if "missing" in answer:
        return Missing(clean(answer["missing"], MAX_NAME))
    return _one_call(answer)


@_or_garbled
def as_statements(answer: dict[str, Any]) -> list[Statement]:
    """What was found out of a function, as whoever shares its process tells it."""
    entries = answer.get("told")
    entries = entries if isinstance(entries, list) else []
    return [_statement(one) for one in entries[:MAX_STATEMENTS]]


def _statement(one: dict[str, Any]) -> Statement:
    kind, line = one.get("kind"), one.get("line")
    return Statement(
        "mistake" if kind == "mistake" else "place",
        " ".join(clean(one.get("text")).split()),
        line if type(line) is int and 0 <= line < 1 << 31 else None,
        clean(one.get("expression"), MAX_LINE),
        one.get("proved") is True,
    )


def _one_call(one: dict[str, Any]) -> Outcome | Accident:
    outcome, status = one.get("outcome"), one.get("status")
    if not isinstance(outcome, Outcome):
        code = one.get("accident")
        return Accident(
            code if code in _CODES else "crashed",
            status if type(status) is int and abs(status) < 1 << 16 else None,
        )
    if outcome.error is not None and "MemoryError" in outcome.error.kinds:
        return Accident("out-of-memory")
    return replace(
        outcome,
        returned=_bounded(outcome.returned),
        error=None if outcome.error is None else _error(vars(outcome.error)),
        changed=tuple(clean(name, MAX_NAME) for name in outcome.changed[:MAX_NAMES]),
    )


def _bounded(value: Any) -> Any:
    """A returned value of known kinds, its texts clean and of a sensible length."""
    return _taken(value, [MAX_ITEMS_READ], 0)


def _taken(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    match value:
        case None | bool() | float() | complex() | np.ndarray():
            return value
        case int():
            return value if abs(value) < 1 << 63 else Foreign(HUGE_INT)
        case str():
            return clean(value)
        case Foreign():
            return Foreign(clean(value.type_name, MAX_TYPE_NAME))
        case list() | tuple() if depth < MAX_DEPTH_READ and len(value) <= left[0]:
            return type(value)(_taken(item, left, depth + 1) for item in value)
        case dict() if depth < MAX_DEPTH_READ and len(value) <= left[0]:
            return {
                clean(k, MAX_TYPE_NAME): _taken(item, left, depth + 1)
                for k, item in value.items()
            }
    return Foreign(TOO_LARGE)


def _error(raw: Any) -> ErrorNote | None:
    """An error as the student's process tells it, bounded and cleaned."""
    if not isinstance(raw, dict):
        return None
    kinds = raw.get("kinds", (raw.get("kind"),))
    number = raw.get("line_number")
    return ErrorNote(
        tuple(clean(kind, MAX_TYPE_NAME) or "an error" for kind in kinds[:MAX_NAMES])
        or ("an error",),
        clean(raw.get("text")),
        number if type(number) is int and 0 <= number < 1 << 31 else None,
        clean(raw.get("line"), MAX_LINE),
    )


@_or_garbled
def as_cell_report(answer: dict[str, Any]) -> CellReport:
    """What came back from one cell.

    Raises
    ------
    BoxDied
        If that is nothing that a cell report can be made of.
    """
    entries = answer.get("outputs")
    entries = entries if isinstance(entries, list) else []
    outputs = [
        out for out in map(_output, entries[:MAX_OUTPUTS_READ]) if out is not None
    ]
    accident = Accident("timed-out") if answer.get("timed_out") is True else None
    return CellReport(tuple(outputs), _error(answer.get("error")), accident)


def _output(entry: Any) -> dict[str, Any] | None:
    """One thing that a cell showed: text or a picture, never HTML or script."""
    if not isinstance(entry, dict):
        return None
    if entry.get("kind") == "stream":
        name = "stderr" if entry.get("name") == "stderr" else "stdout"
        text = clean(entry.get("text"), MAX_OUTPUT_TEXT_READ)
        return {"output_type": "stream", "name": name, "text": text}
    bundle, metadata = {}, {}
    plain, picture = clean(entry.get("plain"), MAX_OUTPUT_TEXT_READ), entry.get("png")
    if plain:
        bundle["text/plain"] = plain
    if isinstance(picture, str) and _PICTURE.fullmatch(picture):
        bundle["image/png"] = picture
        metadata["image/png"] = {"alt": plain}
    if not bundle:
        return None
    return {"output_type": "display_data", "data": bundle, "metadata": metadata}
