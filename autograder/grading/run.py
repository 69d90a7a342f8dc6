"""One notebook's way through a box, which is opened anew when it dies."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.checking.calling import ErrorNote, Foreign, Outcome
from autograder.checking.packing import pack
from autograder.grading.box import Box, BoxDied, Limits
from autograder.grading.plan import Names
from autograder.grading.text import clean

__all__ = ["Accident", "CellReport", "Missing", "Run"]

MAX_RESTARTS = 4
_MIN_REPLY = 1 << 20
_PICTURE = re.compile(r"[A-Za-z0-9+/=\n]{1,1000000}")
_CODES = ("timed-out", "crashed", "too-much-output", "out-of-memory")


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


class Run:
    """Runs cells and calls functions; remembers the cells, to replay them.

    Parameters
    ----------
    limits : Limits
    folder : path, optional
        Where the cells run; a fresh empty folder by default.
    pictures : bool
        Whether figures are drawn and kept.
    module : str
        What ``__name__`` is while cells run; a notebook's by default.
    """

    def __init__(
        self,
        limits: Limits,
        folder: Path | None = None,
        pictures: bool = False,
        module: str = "",
    ):
        self._limits = limits
        self._open = lambda: Box(limits, folder, pictures)
        self._module = module
        self._end = time.monotonic() + limits.total_seconds
        self._done: list[tuple[int, str]] = []
        self._restarts = 0
        self._box: Box | None = self._open()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def names(self, sources: Sequence[str]) -> list[Names]:
        """Names that each of `sources` binds and needs, before anything runs."""
        try:
            answer = self._ask({"do": "names", "sources": list(sources)}, 10)
            return [Names(frozenset(b), frozenset(n)) for b, n in answer["names"]]
        except (BoxDied, KeyError, TypeError, ValueError):
            self._close()
            return [Names(frozenset(), frozenset())] * len(sources)

    def cell(self, number: int, source: str) -> CellReport:
        """Run one cell."""
        if not self._ready():
            return CellReport(accident=self._gone())
        try:
            report = self._run(number, source)
        except BoxDied as death:
            return CellReport(accident=self._died(death))
        # What had to be stopped is not replayed; the rest goes on without it.
        if report.accident is None:
            self._done.append((number, source))
        return report

    def call(
        self,
        name: str,
        cases: Sequence[Mapping[str, Any]],
        parameters: tuple[str, ...],
        seconds: float,
        expected: Sequence[Any],
    ) -> list[Outcome | Accident] | Missing:
        """Call the function `name` in every case.

        `expected` bounds the size of what is read back.
        """
        if not self._ready():
            return [self._gone()] * len(cases)
        largest = max((len(pack(value)) for value in expected), default=0)
        limit = _MIN_REPLY + 4 * largest
        request = {
            "do": "probe",
            "function": name,
            "cases": [dict(case) for case in cases],
            "parameters": parameters,
            "seconds": seconds,
            "limit": limit,
        }
        try:
            answer = self._ask(request, seconds * len(cases), limit * len(cases))
            return _calls(answer, len(cases))
        except BoxDied as death:
            return [self._died(death)] * len(cases)

    def defined(self, names: Sequence[str]) -> list[str]:
        """Which of `names` are functions now."""
        if not self._ready():
            return []
        try:
            answer = self._ask({"do": "defined", "names": list(names)}, 5)
        except BoxDied as death:
            self._died(death)
            return []
        found = answer.get("defined")
        return [n for n in names if isinstance(found, list) and n in found]

    def _run(self, number: int, source: str) -> CellReport:
        request = {
            "do": "run",
            "source": source,
            "number": number,
            "seconds": self._limits.cell_seconds,
            "module": self._module,
        }
        return _cell_report(self._ask(request, self._limits.cell_seconds))

    def _ask(
        self, request: dict[str, Any], seconds: float, limit: int = 1 << 23
    ) -> dict[str, Any]:
        assert self._box is not None
        left = self._end - time.monotonic()
        return self._box.ask(request, min(seconds, max(left, 0)), limit)

    def _ready(self) -> bool:
        """Whether there is a box, with all earlier cells replayed in it."""
        while self._box is None:
            if self._restarts >= MAX_RESTARTS or time.monotonic() >= self._end:
                return False
            self._restarts += 1
            self._box = self._open()
            for number, source in list(self._done):
                try:
                    self._run(number, source)
                except BoxDied:
                    self._done.remove((number, source))
                    self._close()
                    break
        return time.monotonic() < self._end

    def _gone(self) -> Accident:
        if time.monotonic() >= self._end:
            return Accident("timed-out", whole=True)
        return Accident("crashed", whole=True)

    def _died(self, death: BoxDied) -> Accident:
        """Close the box; what happened, in the words of a verdict."""
        self._close()
        code = {"timed-out": "timed-out", "flooded": "too-much-output"}
        late = time.monotonic() >= self._end
        return Accident(code.get(death.reason, "crashed"), death.status, whole=late)

    def _close(self) -> None:
        if self._box is not None:
            self._box.close()
        self._box = None


def _calls(answer: dict[str, Any], n_cases: int) -> list[Outcome | Accident] | Missing:
    """What came back from the calls, as far as it can be that."""
    if "missing" in answer:
        return Missing(clean(answer["missing"], 60))
    answers = answer.get("answers")
    if not isinstance(answers, list) or len(answers) != n_cases:
        raise BoxDied("garbled")
    return [_one_call(one) for one in answers]


def _one_call(one: Any) -> Outcome | Accident:
    if not isinstance(one, dict):
        return Accident("crashed")
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
        changed=tuple(clean(name, 60) for name in outcome.changed[:20]),
    )


def _bounded(value: Any) -> Any:
    """A returned value whose texts are clean and of a sensible length."""
    match value:
        case str():
            return clean(value)
        case Foreign():
            return Foreign(clean(value.type_name, 100))
        case list() | tuple():
            return type(value)(_bounded(item) for item in value)
        case dict():
            return {clean(k, 100): _bounded(item) for k, item in value.items()}
    return value


def _error(raw: Any) -> ErrorNote | None:
    """An error as the student's process tells it, bounded and cleaned."""
    if not isinstance(raw, dict):
        return None
    kinds = raw.get("kinds", (raw.get("kind"),))
    number = raw.get("line_number")
    return ErrorNote(
        tuple(clean(kind, 100) or "an error" for kind in kinds[:20]) or ("an error",),
        clean(raw.get("text")),
        number if type(number) is int and 0 <= number < 1 << 31 else None,
        clean(raw.get("line"), 200),
    )


def _cell_report(answer: dict[str, Any]) -> CellReport:
    entries = answer.get("outputs")
    entries = entries if isinstance(entries, list) else []
    outputs = [out for out in map(_output, entries[:100]) if out is not None]
    accident = Accident("timed-out") if answer.get("timed_out") is True else None
    return CellReport(tuple(outputs), _error(answer.get("error")), accident)


def _output(entry: Any) -> dict[str, Any] | None:
    """One thing that a cell showed: text or a picture, never HTML or script."""
    if not isinstance(entry, dict):
        return None
    if entry.get("kind") == "stream":
        name = "stderr" if entry.get("name") == "stderr" else "stdout"
        text = clean(entry.get("text"), 30_000)
        return {"output_type": "stream", "name": name, "text": text}
    bundle = {}
    plain, picture = clean(entry.get("plain"), 30_000), entry.get("png")
    if plain:
        bundle["text/plain"] = plain
    if isinstance(picture, str) and _PICTURE.fullmatch(picture):
        bundle["image/png"] = picture
    if not bundle:
        return None
    return {"output_type": "display_data", "data": bundle, "metadata": {}}
