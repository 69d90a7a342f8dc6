"""Calls of a changed answer in the cases of its question, and what came of them."""

from __future__ import annotations

import contextlib
import io
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.calling.calls import ErrorNote, Outcome, as_called, plain
from autograder.calling.inputs import Dataset, Function, Seed, materialise
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import differs
from autograder.diagnosis.program import Change, OfCall, Program

__all__ = ["Trials", "numbers_of", "quiet"]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let nothing that a trial prints, warns of or draws be noticed."""
    before = np.random.get_state()
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            np.random.set_state(before)


class Trials:
    """A learner's function, called again and again with changes in it.

    Parameters
    ----------
    question : Question
    outcomes : sequence of Outcome
        What the function did, unchanged.
    program : Program
    seconds : float
        After which there is no further trial.
    """

    def __init__(
        self,
        question: Question,
        outcomes: Sequence[Outcome],
        program: Program,
        seconds: float,
    ):
        self.question = question
        self.program = program
        self.until = time.perf_counter() + seconds
        self.n_trials = 0
        self.was_right = [
            differs(question, case, case.expected, got) is None
            for case, got in zip(question.cases, outcomes, strict=True)
        ]
        self.asked = [
            at
            for at, (case, got) in enumerate(zip(question.cases, outcomes, strict=True))
            if case.expected.error is None
            or self.was_right[at]
            or got.error is not None
        ]
        wrong = [at for at in self.asked if not self.was_right[at]]
        self.only_errors = not wrong
        if not wrong:  # what is wrong is an error that is not raised
            self.asked = list(range(len(question.cases)))
            wrong = [at for at in self.asked if not self.was_right[at]]
        self.wrong = wrong
        small = sorted(wrong[:6], key=lambda at: self._effort(question.cases[at]))
        self.probe = small[min(1, len(small) - 1)] if small else 0
        self.is_choice = all(
            isinstance(case.expected.returned, bool | np.bool_ | str)
            for case in question.cases
            if case.expected.error is None
        )
        self._made = [
            [name for name, value in case.arguments.items() if _is_data(value)]
            for case in question.cases
        ]
        self.near = _Near(question, question.cases[self.probe])

    @staticmethod
    def _effort(case: Case) -> int:
        return sum(np.size(v) for v in case.arguments.values() if _is_array(v))

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.perf_counter() > self.until

    def returned(
        self,
        changes: Mapping[int, Change | OfCall],
        at: int,
        function: Callable | None = None,
        noted: bool = False,
    ) -> Any:
        """What the answer returns in one case with `changes` in it, or its error."""
        program, case = self.program, self.question.cases[at]
        program.changes = changes
        program.noted = {} if noted else None
        program.n_seen = 0
        self.n_trials += 1
        fresh = {
            name: value.copy() if isinstance(value, np.ndarray) else value
            for name, value in case.arguments.items()
        }
        for name in self._made[at]:
            fresh[name] = materialise(name, fresh[name])
        done = function or program.function
        given, by_name = as_called(done, fresh, self.question.parameters)
        try:
            return done(*given, **by_name)
        except (Exception, SystemExit) as error:  # noqa: BLE001
            return error

    def outcome(
        self, changes: Mapping[int, Change | OfCall], at: int, function: Any
    ) -> Outcome:
        """The same as an `Outcome`."""
        returned = self.returned(changes, at, function)
        if isinstance(returned, BaseException):
            kinds = tuple(k.__name__ for k in type(returned).__mro__)
            return Outcome(error=ErrorNote(kinds, str(returned)))
        return Outcome(returned=plain(returned))

    def right(self, at: int, got: Outcome) -> bool:
        """Whether this is right in case `at`."""
        case = self.question.cases[at]
        return differs(self.question, case, case.expected, got) is None

    def alike(
        self, changes: Mapping[int, Change | OfCall], function: Callable | None = None
    ) -> str | None:
        """What a changed answer is alike in every case that is asked for.

        The empty name stands for right; None for nothing that is known.
        """
        returned = self.returned(changes, self.probe, function)
        for name in self.near.alike(returned):
            if all(
                self._is(name, at, self.outcome(changes, at, function))
                for at in (self.probe, *self.asked)
            ):
                return name
        return None

    def _is(self, name: str, at: int, got: Outcome) -> bool:
        if not name:
            return self.right(at, got)
        case = self.question.cases[at]
        exact = case.tolerance.for_mistakes
        return differs(self.question, case, case.mistaken[name], got, exact) is None


class _Near:
    """What the right answer and the known mistakes return in one case, side by side."""

    def __init__(self, question: Question, case: Case):
        self.observe = question.observer
        self.case = case
        found: dict[int, list[tuple[str, np.ndarray]]] = {}
        for name, outcome in self._all(question, case):
            numbers = self._seen(outcome)
            if numbers is not None:
                found.setdefault(len(numbers), []).append((name, numbers))
        self.names = {n: [name for name, _ in pairs] for n, pairs in found.items()}
        self.rows = {
            n: np.array([row for _, row in pairs]) for n, pairs in found.items()
        }

    def _all(self, question: Question, case: Case) -> Iterator[tuple[str, Outcome]]:
        yield "", case.expected
        for name in question.forms:
            yield name, case.mistaken[name]

    def _seen(self, outcome: Outcome) -> np.ndarray | None:
        if outcome.error is not None:
            return _as_error(outcome.error.kind)
        return self._row(outcome.returned, outcome.observed)

    def _row(self, value: Any, observed: Any = None) -> np.ndarray | None:
        try:
            if self.observe is not None:
                arguments = {**self.case.arguments, **self.case.fixed}
                value = observed or self.observe(value, arguments)
            return numbers_of(value)
        except Exception:  # noqa: BLE001
            return None

    def alike(self, returned: Any) -> list[str]:
        """Names of what may be the same, the right one first."""
        if isinstance(returned, BaseException):
            seen: np.ndarray | None = _as_error(type(returned).__name__)
        else:
            seen = self._row(returned)
        if seen is None or len(seen) not in self.rows:
            return []
        rows = self.rows[len(seen)]
        near = 1e-7 * np.abs(seen).max(initial=0.0)
        far = np.abs(rows - seen) > 1e-5 * np.abs(seen) + near
        return [self.names[len(seen)][i] for i in np.flatnonzero(~far.any(axis=1))]


def _as_error(kind: str) -> np.ndarray:
    return np.array([-7.0, float(sum(map(ord, kind)))])


def numbers_of(value: Any) -> np.ndarray | None:
    """A tree of numbers as one row; words by a number of their own."""
    parts: list[np.ndarray] = []
    if not _collect(value, parts):
        return None
    return np.concatenate(parts) if parts else np.zeros(0)


def _collect(value: Any, parts: list[np.ndarray]) -> bool:
    if isinstance(value, Mapping):
        return all(_collect(value[key], parts) for key in sorted(value))
    if isinstance(value, list | tuple):
        return all(_collect(item, parts) for item in value)
    if isinstance(value, str):
        parts.append(np.array([float(sum(map(ord, value)))]))
        return True
    if value is None:
        return False
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        return False
    parts.append(array.astype(float).ravel())
    return True


def _is_data(value: Any) -> bool:
    return isinstance(value, Function | Seed | Dataset)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)
