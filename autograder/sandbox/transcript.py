"""What student code did, kept: who asks the same again gets it without a box.

A question is the same after the same cells, with what these showed.  So whatever has
changed is found in the questions themselves, and only what is asked anew is run.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np

from autograder.calling.calls import Outcome
from autograder.calling.packing import BadPacket, pack, unpack
from autograder.checking.finding import Statement
from autograder.limits import MAX_REPLY
from autograder.sandbox.answers import Accident, CellReport, Missing, Names
from autograder.sandbox.run import Run

__all__ = ["Transcript"]

_ACCOUNT = "account"

_T = TypeVar("_T")


class Transcript:
    """A run, as `Run`, which asks only what it has not been told before.

    Accidents are not kept: what a machine had no time or memory for is run again.

    Parameters
    ----------
    open_run : callable
        Opens a box for the cells that it is given, when it is needed.
    kept : bytes
        What `to_bytes` gave when the same notebook ran before, in the same files,
        limits and code; empty if it did not.
    evidence : str
        Stands for the code that looks for places in the box.
    """

    def __init__(
        self,
        open_run: Callable[[Sequence[str]], Run],
        kept: bytes,
        evidence: str = "",
    ):
        self._open_run = open_run
        self._evidence = evidence
        self._kept = _read(kept)
        self._told: dict[str, bytes] = {}
        self._run: Run | None = None
        self._likely: Sequence[str] = ()
        self._moves: list[tuple[str, tuple]] = []
        self._state = b""

    def __enter__(self) -> Transcript:
        return self

    def __exit__(self, *exception: Any) -> None:
        if self._run is not None:
            self._run.__exit__(*exception)

    @property
    def account(self) -> str:
        """What bounds all of it together, or did when it was run."""
        if self._run is not None:
            return self._run.account
        return self._kept.get(_ACCOUNT, b"").decode("utf-8", "replace")

    def to_bytes(self) -> bytes:
        """All that was answered, new or not; empty if that is too much to keep."""
        told = {**self._told, _ACCOUNT: self.account.encode()}
        packed = pack({k: np.frombuffer(told[k], np.uint8) for k in sorted(told)})
        data = zlib.compress(packed, 6)
        return data if max(len(data), len(packed) // 8) <= MAX_REPLY else b""

    def prepare_for(self, sources: Sequence[str]) -> None:
        """Say which cells are likely to run: a box can be made ready for them."""
        self._likely = sources

    def anew(self) -> None:
        """Forget all cells, as `Run` does."""
        self._move("anew", ())

    def end_within(self, seconds: float) -> None:
        """Let what is still to come take no more than that."""
        self._move("end_within", (seconds,))

    def end_if_idle(self) -> None:
        """Let what is still to come sleep for a moment only."""
        self._move("end_if_idle", ())

    def names(self, sources: Sequence[str]) -> list[Names]:
        """Names that each of `sources` binds and needs."""
        return self._ask("names", (list(sources),), _names_kept, _names)

    def cell(self, number: int, source: str) -> CellReport:
        """What became of one cell."""
        arguments = number, source
        return self._ask("cell", arguments, _cell_kept, _cell, moves=True)

    def call(
        self,
        name: str,
        cases: Sequence[bytes],
        parameters: tuple[str, ...],
        seconds: float,
    ) -> list[Outcome | Accident] | Missing:
        """What the function `name` did in every case, of packed arguments."""
        about = name, [_digest(case) for case in cases], parameters, seconds
        arguments = name, cases, parameters, seconds
        return self._ask("call", arguments, _call_kept, _call, about)

    def places(self, name: str, question: bytes) -> list[Statement]:
        """What small changes of the function `name` prove."""
        about = (name, self._evidence, _digest(question))
        return self._ask("places", (name, question), _places_kept, _places, about)

    def defined(self, names: Sequence[str]) -> list[str]:
        """Which of `names` are functions now."""
        return self._ask("defined", (list(names),), lambda answer: answer, list)

    def _ask(
        self,
        method: str,
        arguments: tuple,
        keep: Callable[[_T], Any],
        read: Callable[[Any], _T],
        about: tuple | None = None,
        moves: bool = False,
    ) -> _T:
        """The answer of `method`, kept or new; `keep` gives None for an accident."""
        asked = pack([method, list(about or arguments)])
        key = _digest(self._state + asked)
        kept = self._kept.get(key)
        if kept is not None:
            try:
                answer = read(unpack(kept))
            except (BadPacket, KeyError, TypeError, ValueError):
                kept = None  # damaged
        if kept is None:
            answer = getattr(self._opened(), method)(*arguments)
            told = keep(answer)
            kept = pack(told) if told is not None else repr(answer).encode()
            if told is not None:
                self._told[key] = kept
        else:
            self._told[key] = kept
            if moves and self._run is not None:
                getattr(self._run, method)(*arguments)
        if moves:
            self._moved(method, arguments, asked + kept)
        return answer

    def _move(self, method: str, arguments: tuple) -> None:
        if self._run is not None:
            getattr(self._run, method)(*arguments)
        self._moved(method, arguments, pack([method, list(arguments)]))

    def _moved(self, method: str, arguments: tuple, what: bytes) -> None:
        self._moves.append((method, arguments))
        self._state = hashlib.sha256(self._state + what).digest()

    def _opened(self) -> Run:
        """The run itself, in which all has happened that happened so far."""
        if self._run is None:
            self._run = self._open_run(self._likely)
            for method, arguments in self._moves:
                getattr(self._run, method)(*arguments)
        return self._run


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(data: bytes) -> dict[str, bytes]:
    try:
        packed = zlib.decompressobj().decompress(data, 9 * MAX_REPLY)
        return {k: v.tobytes() for k, v in unpack(packed).items()} if data else {}
    except (zlib.error, BadPacket, AttributeError):
        return {}  # it is run again


def _names_kept(answer: list[Names]) -> Any:
    found = [[sorted(one.bound), sorted(one.needed)] for one in answer]
    return found if any(bound or needed for bound, needed in found) else None


def _names(kept: Any) -> list[Names]:
    return [Names(frozenset(bound), frozenset(needed)) for bound, needed in kept]


def _cell_kept(answer: CellReport) -> Any:
    if answer.accident is not None:
        return None
    return {"outputs": list(answer.outputs), "error": answer.error}


def _cell(kept: Any) -> CellReport:
    return CellReport(tuple(kept["outputs"]), kept["error"])


def _call_kept(answer: list[Outcome | Accident] | Missing) -> Any:
    if isinstance(answer, Missing):
        return {"missing": answer.kind}
    accident = any(isinstance(one, Accident) for one in answer)
    return None if accident else {"outcomes": answer}


def _call(kept: Any) -> list[Outcome | Accident] | Missing:
    return Missing(kept["missing"]) if "missing" in kept else kept["outcomes"]


def _places_kept(answer: list[Statement]) -> Any:
    return [asdict(one) for one in answer]


def _places(kept: Any) -> list[Statement]:
    return [Statement(**one) for one in kept]
