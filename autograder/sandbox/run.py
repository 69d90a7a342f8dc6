"""One notebook's way through a box, which is opened anew when it dies."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
from autograder.checking.finding import Statement
from autograder.limits import (
    BOX_EVIDENCE_SECONDS,
    DEFINED_SECONDS,
    IDLE_SECONDS,
    MAX_ANSWER,
    MAX_CALL_ACCIDENTS,
    MAX_GREETING,
    MAX_REPLY,
    MAX_RESTARTS,
    NAMES_SECONDS,
)
from autograder.sandbox.answers import (
    Accident,
    CellReport,
    Missing,
    Names,
    Room,
    as_call,
    as_cell_report,
    as_statements,
)
from autograder.sandbox.box import Box, BoxDied, BoxFailed
from autograder.sandbox.inside.extra_time import Idling
from autograder.sandbox.options import RunOptions

__all__ = ["Run"]


class Run:
    """Runs cells and calls functions; remembers the cells, to replay them.

    Parameters
    ----------
    options, folder
        See `Box`.
    module : str
        What ``__name__`` is while cells run; a notebook's by default.
    files : mapping of str to bytes, optional
        Files that lie where cells run, so that they can be imported.

    Attributes
    ----------
    account : str
        What bounds all of it together.
    """

    def __init__(
        self,
        options: RunOptions,
        folder: Path | None = None,
        module: str = "",
        files: Mapping[str, bytes] | None = None,
    ):
        self._limits = options.bounds
        self._options, self._folder = options, folder
        self._files = {
            name: np.frombuffer(data, np.uint8) for name, data in (files or {}).items()
        }
        self._module = module
        self._done: list[tuple[int, str]] = []
        self._restarts = 0
        self._apart = False
        self._idling: Idling | None = None
        self._room = Room()
        self._used = 0.0
        self._box: Box | None = self._open()
        self._end = time.monotonic() + self._limits.total_seconds
        self.account = self._box.account

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _open(self) -> Box:
        """A box with what is left of the notebook's processor time."""
        left = max(self._limits.total_seconds - self._used, 1.0)
        limits = replace(self._limits, total_seconds=left)
        box = Box(replace(self._options, limits=limits), self._folder)
        if self._files:
            try:
                box.ask({"do": "files", "files": self._files}, NAMES_SECONDS)
            except BoxDied as death:
                raise BoxFailed(f"Its files could not be put there: {death}") from death
        return box

    def prepare_for(self, sources: Sequence[str]) -> None:
        """As `Transcript` does; this one is open already."""

    def anew(self) -> None:
        """Forget all cells: what follows runs as in a notebook just opened."""
        self._close()
        self._done.clear()

    def end_within(self, seconds: float) -> None:
        """Let what is still to come take no more than that."""
        self._end = min(self._end, time.monotonic() + seconds)

    def end_if_idle(self) -> None:
        """Let what is still to come sleep for a moment only: others wait meanwhile."""
        self._idling = Idling(IDLE_SECONDS)

    def names(self, sources: Sequence[str]) -> list[Names]:
        """Names that each of `sources` binds and needs, before anything runs."""
        try:
            answer = self._ask({"do": "names", "sources": list(sources)}, NAMES_SECONDS)
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
        return self._room.take(report)

    def call(
        self,
        name: str,
        cases: Sequence[bytes],
        parameters: tuple[str, ...],
        seconds: float,
    ) -> list[Outcome | Accident] | Missing:
        """Call the function `name` in every case, of packed arguments.

        Each case is sent when the one before has been answered: none can be answered
        by looking at another.  What ends the notebook's process is called once more,
        and everything after it, in forks of that.
        """
        one = partial(self._call, name, parameters, seconds)
        answers = self._in_turn(one, cases)
        if self._box is None and not self._apart and self._left():
            self._apart = True
            answers = self._in_turn(one, cases)
        return answers

    def _in_turn(
        self,
        one: Callable[[bytes, bool], Outcome | Accident | Missing],
        cases: Sequence[bytes],
    ) -> list[Outcome | Accident] | Missing:
        """What `one` call gives in each case; it is told which case is the first."""
        answers: list[Outcome | Accident] = []
        for case in cases:
            accidents = [found for found in answers if isinstance(found, Accident)]
            if len(accidents) >= MAX_CALL_ACCIDENTS or self._lost(accidents):
                answers.append(accidents[-1])
                continue
            answer = one(case, not answers)
            if isinstance(answer, Missing):
                if not answers:
                    return answer
                answer = Accident("crashed")  # it was there a moment ago
            answers.append(answer)
        return answers

    def _lost(self, accidents: Sequence[Accident]) -> bool:
        """Whether the function has ended the notebook's process: nothing is left."""
        return bool(accidents) and self._box is None

    def _call(
        self,
        name: str,
        parameters: tuple[str, ...],
        seconds: float,
        case: bytes,
        first: bool,
    ) -> Outcome | Accident | Missing:
        if not self._ready():
            return self._gone()
        request = {
            "do": "probe",
            "function": name,
            "case": np.frombuffer(case, np.uint8),
            "parameters": parameters,
            "seconds": min(seconds, self._left()),
            "first": first,
            "apart": self._apart,
        }
        try:
            return as_call(self._ask(request, seconds, MAX_ANSWER + MAX_GREETING))
        except BoxDied as death:
            return self._died(death)

    def places(self, name: str, question: bytes) -> list[Statement]:
        """What small changes of the function `name` prove; nothing if time is short."""
        if self._box is None or self._left() < 2 * BOX_EVIDENCE_SECONDS:
            return []
        request = {
            "do": "places",
            "function": name,
            "question": np.frombuffer(question, np.uint8),
            "seconds": BOX_EVIDENCE_SECONDS,
        }
        limit = MAX_ANSWER + MAX_GREETING
        try:
            return as_statements(self._ask(request, BOX_EVIDENCE_SECONDS, limit))
        except BoxDied as death:
            self._died(death)
            return []

    def defined(self, names: Sequence[str]) -> list[str]:
        """Which of `names` are functions now."""
        if not self._ready():
            return []
        try:
            answer = self._ask({"do": "defined", "names": list(names)}, DEFINED_SECONDS)
        except BoxDied as death:
            self._died(death)
            return []
        found = answer.get("defined")
        return [n for n in names if isinstance(found, list) and n in found]

    def _run(self, number: int, source: str) -> CellReport:
        seconds = min(self._limits.cell_seconds, self._left())
        request = {
            "do": "run",
            "source": source,
            "number": number,
            "seconds": seconds,
            "left": self._left(),
            "module": self._module,
        }
        return as_cell_report(self._ask(request, seconds))

    def _ask(
        self, request: dict[str, Any], seconds: float, limit: int = MAX_REPLY
    ) -> dict[str, Any]:
        assert self._box is not None
        seconds = min(seconds, self._left())
        return self._box.ask(request, seconds, limit, self._end, self._idling)

    def _left(self) -> float:
        return max(self._end - time.monotonic(), 0.0)

    def _ready(self) -> bool:
        """Whether there is a box, with all earlier cells replayed in it."""
        while self._box is None:
            if self._restarts >= MAX_RESTARTS or time.monotonic() >= self._end:
                return False
            self._restarts += 1
            self._box = self._open()
            for number, source in list(self._done):
                if not self._left():
                    self._close()
                    return False
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
        code = {"died": "crashed", "garbled": "crashed", "flooded": "too-much-output"}
        late = time.monotonic() >= self._end
        if self._idling is not None and self._idling.left <= 0:
            self.end_within(0)
        return Accident(code.get(death.reason, death.reason), death.status, whole=late)

    def _close(self) -> None:
        if self._box is not None:
            self._box.close()
            self._used += self._box.used
        self._box = None
