"""Calls of a changed answer in the cases of its question, and what came of them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.calling.calls import ErrorNote, Outcome, as_called, plain
from autograder.calling.global_random import global_random_kept
from autograder.calling.inputs import materialise
from autograder.calling.quietness import quiet
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import differs
from autograder.diagnosis.near import Near
from autograder.diagnosis.program import Change, OfCall, Program, Stopped
from autograder.limits import MAX_CHANGES_TRIED, MAX_HOOKS

__all__ = ["Trials", "unnoticed"]


@contextlib.contextmanager
def unnoticed() -> Iterator[None]:
    """Let nothing that a trial prints, warns of or draws be noticed."""
    with quiet(), global_random_kept():
        yield


class Trials:
    """A learner's function, called again and again with changes in it.

    Parameters
    ----------
    question : Question
    outcomes : sequence of Outcome
        What the function did, unchanged.
    program : Program
    seconds : float
        Of processor time, after which there is no further trial.
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
        self.until = time.process_time() + seconds
        self._seconds = seconds
        self.n_trials = 0
        self.at = 0
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
        self.in_words = _seen_in_words(question)
        self.is_choice = all(
            isinstance(case.expected.returned, bool | np.bool_ | str)
            for case in question.cases
            if case.expected.error is None
        )
        self._arrays = [
            [name for name, value in case.arguments.items() if _is_array(value)]
            for case in question.cases
        ]
        self._made = [
            [name for name, value in case.arguments.items() if _is_made(value)]
            for case in question.cases
        ]
        self._by_place, self._by_name = [], []
        for case in question.cases:
            arguments = {name: name for name in case.arguments}
            by_place, by_name = as_called(
                program.function, arguments, question.parameters
            )
            self._by_place.append(by_place)
            self._by_name.append(list(by_name))
        self._most_seen = MAX_HOOKS
        self.probe = -1

    def prepare(self) -> None:
        """Choose the case that is tried first, which tells the most answers apart.

        Where known mistakes are called for that, this is hardly time of a trial.
        """
        start, cases = time.process_time(), self.question.cases
        small = sorted(self.wrong, key=lambda at: self._effort(cases[at]))
        tried = {at: Near(self.question, cases[at]) for at in small[:3] or [0]}
        self.probe = max(tried, key=lambda at: tried[at].n_different)
        self.near = tried[self.probe]
        self.lengthen(time.process_time() - start)
        if self.in_words:  # little is told apart, and each call takes long
            self.until -= self._seconds / 2
        for at in self.asked:  # to see how much it asks for in any of them
            self.returned({}, at, noted=True)
        self._unchanged = self.near.row_of(self.returned({}, self.probe, noted=True))
        # A changed loop may go on for long, and the probe is tried most.
        self._most_seen = min(MAX_HOOKS, 10 * self.program.n_seen + 100)
        self.program.noted = None

    def lengthen(self, spent: float) -> None:
        """Take time for what is only made once off the time of trials, but not all."""
        self.until += min(spent, self._seconds / 3)

    @staticmethod
    def _effort(case: Case) -> int:
        return sum(np.size(v) for v in case.arguments.values() if _is_array(v))

    @property
    def tells_little(self) -> bool:
        """Whether many answers are alike, so that a known mistake is hit by chance."""
        return self.is_choice or self.in_words

    @property
    def over(self) -> bool:
        """Whether the time is up, or enough has been tried."""
        return self.n_trials > MAX_CHANGES_TRIED or time.process_time() > self.until

    def returned(
        self,
        changes: Mapping[int, Change | OfCall],
        at: int,
        function: Callable | None = None,
        noted: bool = False,
    ) -> Any:
        """What the answer returns in one case with `changes` in it, or its error."""
        program, case = self.program, self.question.cases[at]
        self.at = at
        program.changes = changes
        program.noted = {} if noted else None
        program.n_seen = 0
        program.most_seen = self._most_seen if at == self.probe else MAX_HOOKS
        self.n_trials += 1
        fresh = dict(case.arguments)
        for name in self._arrays[at]:
            fresh[name] = fresh[name].copy()
        for name in self._made[at]:
            fresh[name] = materialise(name, fresh[name])
        if function is None:
            function = program.function if noted else program.hooked(changes)
        given = [fresh[name] for name in self._by_place[at]]
        by_name = {name: fresh[name] for name in self._by_name[at]}
        try:
            return function(*given, **by_name)
        except (Exception, SystemExit, Stopped) as error:  # noqa: BLE001
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
        row = self.near.row_of(returned)
        if row is None or _same(row, self._unchanged):
            return None
        for name in self.near.alike(row):
            if all(
                self._is(name, at, self.outcome(changes, at, function))
                for at in (self.probe, *self.asked)
            ):
                return name
        return None

    def spoils(self, name: str) -> bool:
        """Whether a known mistake is wrong in a case in which the answer was right.

        A change that leads there has not mended one mistake and left another one.
        """
        return any(
            differs(self.question, case, case.expected, case.mistaken[name])
            for case, right in zip(self.question.cases, self.was_right, strict=True)
            if right
        )

    def _is(self, name: str, at: int, got: Outcome) -> bool:
        if not name:
            return self.right(at, got)
        case = self.question.cases[at]
        exact = case.tolerance.for_mistakes
        return differs(self.question, case, case.mistaken[name], got, exact) is None


def _same(one: np.ndarray, other: np.ndarray | None) -> bool:
    return other is not None and np.array_equal(one, other, equal_nan=True)


def _seen_in_words(question: Question) -> bool:
    """Whether nothing but words is seen in a right answer."""
    observe = question.observer
    if observe is None or any(case.fixed for case in question.cases):
        return False
    case = next(case for case in question.cases if case.expected.error is None)
    arguments = {**case.arguments, **case.fixed}
    seen = case.expected.observed or observe(case.expected.returned, arguments)
    return all(isinstance(value, str) for value in seen.values())


def _is_made(value: Any) -> bool:
    """Whether an argument has to be made anew for each call."""
    return not isinstance(value, np.ndarray | int | float | str | None)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)
