"""Values that right answers pass through, by case: numbers, and no code."""

from __future__ import annotations

import ast
import importlib.util
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autograder.calling.packing import pack, unpack
from autograder.checking.cases import Question
from autograder.diagnosis.instrument import instrumented
from autograder.diagnosis.program import Program
from autograder.diagnosis.trials import Trials, unnoticed
from autograder.limits import (
    MAX_BANK_ENTRIES,
    MAX_BANK_EVALUATIONS,
    MAX_BANK_SIZE,
)

__all__ = [
    "BANKS",
    "Bank",
    "Entry",
    "bank_of",
    "entries_of",
    "give",
    "made_bank",
    "record_bank",
    "recorded_bank",
]

BANKS = "banks"
"""Folder of this package that holds a learner's recorded banks."""


@dataclass(frozen=True)
class Entry:
    """One value that a right answer passes through.

    Attributes
    ----------
    label : str
        What the reference calls it, if it has a name there.
    values : tuple of tuple of ndarray
        By case, in the order in which they come; none where it does not come.
    """

    label: str
    values: tuple[tuple[np.ndarray, ...], ...]


class Bank:
    """All such values of one question."""

    def __init__(self, entries: Sequence[Entry], n_cases: int):
        self.entries = tuple(entries)
        self._tables: list[dict[tuple[int, ...], np.ndarray]] = []
        for at in range(n_cases):
            found: dict[tuple[int, ...], list[np.ndarray]] = {}
            for entry in self.entries:
                for value in entry.values[at]:
                    found.setdefault(value.shape, []).append(value.ravel())
            self._tables.append({s: np.array(rows) for s, rows in found.items()})

    def holds(self, at: int, value: Any) -> bool:
        """Whether a right answer passes through this value in case `at`."""
        array = as_numbers(value)
        if array is None:
            return False
        rows = self._tables[at].get(array.shape)
        if rows is None:
            return False
        flat = array.ravel()
        size = np.abs(flat).max(initial=0.0)
        far = np.abs(rows - flat) > 1e-8 * np.abs(flat) + 1e-11 * size
        return bool((~far).all(axis=1).any())


def as_numbers(value: Any) -> np.ndarray | None:
    """A number or an array as floats; None for all else."""
    if isinstance(value, list | tuple | str | dict) or value is None:
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "fiub" or not np.isfinite(array).all():
        return None
    return array.astype(float)


def bank_of(trials: Trials) -> Bank | None:
    """The bank of the public question that is tried; None if there is none.

    Reading or making it is hardly counted as time of a trial.
    """
    start = time.process_time()
    bank = _bank(trials.question.name, len(trials.question.cases))
    trials.lengthen(time.process_time() - start)
    return bank


@cache
def _bank(name: str, n_cases: int) -> Bank | None:
    entries = _GIVEN[name] if name in _GIVEN else entries_of(name)
    return Bank(entries, n_cases) if entries else None


_GIVEN: dict[str, tuple[Entry, ...]] = {}
"""Where a process has neither registry nor files, what it was sent."""


def give(name: str, entries: tuple[Entry, ...]) -> None:
    """Take these for what right answers to an exercise pass through."""
    _GIVEN[name] = entries


def entries_of(name: str) -> tuple[Entry, ...]:
    """What right answers to an exercise pass through, made or read."""
    if importlib.util.find_spec("autograder.kernels") is not None:
        from autograder.checking.cases import public_question
        from autograder.exercises import find

        exercise = find(name)
        forms = (exercise.reference, *exercise.equivalents)
        return made_bank(public_question(name), forms)
    from importlib import resources

    file = resources.files("autograder.diagnosis") / BANKS / f"{name}.bank"
    if not file.is_file():
        return ()
    return recorded_bank(file.read_bytes())


def record_bank(entries: Sequence[Entry]) -> bytes:
    """Entries as bytes, for an installation that has no registry.

    All numbers are one array, and their shapes another: thousands of small
    arrays take a hundred times as long to read.
    """
    layout: list[int] = []
    numbers = [np.zeros(0)]
    for entry in entries:
        layout.append(len(entry.values))
        for values in entry.values:
            layout.append(len(values))
            for value in values:
                layout += [value.ndim, *value.shape]
                numbers.append(value.ravel())
    labels = [entry.label for entry in entries]
    return pack((labels, np.array(layout, dtype=int), np.concatenate(numbers)))


def recorded_bank(data: bytes) -> tuple[Entry, ...]:
    """The entries that `record_bank` made bytes of."""
    labels, layout, numbers = unpack(data)
    sizes, rest = iter(layout.tolist()), numbers

    def value() -> np.ndarray:
        nonlocal rest
        shape = tuple(next(sizes) for _ in range(next(sizes)))
        size = math.prod(shape)
        mine, rest = rest[:size], rest[size:]
        return mine.reshape(shape)

    def values() -> tuple[np.ndarray, ...]:
        return tuple(value() for _ in range(next(sizes)))

    return tuple(
        Entry(label, tuple(values() for _ in range(next(sizes)))) for label in labels
    )


def made_bank(question: Question, forms: Sequence[Callable]) -> tuple[Entry, ...]:
    """What `forms`, the reference first, pass through in the question's cases."""
    if question.bands:
        return ()
    found: dict[bytes, Entry] = {}
    with unnoticed(), _nothing_uninitialised():
        for number, form in enumerate(forms):
            for entry in _passed_through(question, form, named=number == 0):
                found.setdefault(_key(entry), entry)
                if len(found) >= MAX_BANK_ENTRIES:
                    return tuple(found.values())
    return tuple(found.values())


@contextmanager
def _nothing_uninitialised() -> Iterator[None]:
    """Let new arrays hold no number that somebody else left in memory."""
    library: Any = np
    made = library.empty, library.empty_like

    def without_numbers(make: Callable) -> Callable:
        def empty(*args: Any, **named: Any) -> np.ndarray:
            array = make(*args, **named)
            if array.dtype.kind in "fc":
                array.fill(np.nan)
            return array

        return empty

    library.empty, library.empty_like = map(without_numbers, made)
    try:
        yield
    finally:
        library.empty, library.empty_like = made


def _passed_through(question: Question, form: Callable, named: bool) -> Iterator[Entry]:
    program = instrumented(form)
    if program is None:
        return
    trials = Trials(question, [c.expected for c in question.cases], program, math.inf)
    noted: list[dict[int, list[Any]]] = []
    for at in range(len(question.cases)):
        trials.returned({}, at, noted=True)
        noted.append(program.noted or {})
    labels = _labels(program) if named else {}
    for node in program.nodes:
        values = [_numeric(one.get(node.number, [])) for one in noted]
        if any(value is None for value in values) or not any(values):
            continue
        kept = tuple(value or () for value in values)
        yield Entry(labels.get(node.number, ""), kept)


def _numeric(values: Sequence[Any]) -> tuple[np.ndarray, ...] | None:
    """Values as arrays; None if one is no number, or there is too much of it."""
    if len(values) > MAX_BANK_EVALUATIONS:
        return None
    arrays = [as_numbers(value) for value in values]
    if any(array is None or array.size > MAX_BANK_SIZE for array in arrays):
        return None
    return tuple(array for array in arrays if array is not None)


def _key(entry: Entry) -> bytes:
    """The same for entries that differ by rounding alone."""
    parts = []
    for values in entry.values:
        for value in values:
            rounded = np.array([float(f"{x:.8e}") for x in value.ravel()])
            parts += [repr(value.shape).encode(), rounded.tobytes()]
        parts.append(b"|")
    return b"".join(parts)


def _labels(program: Program) -> dict[int, str]:
    """Names that the first function gives to values."""
    numbers = {node.tree: node.number for node in program.nodes}
    return {
        numbers[statement.value]: statement.targets[0].id
        for statement in ast.walk(program.trees[0])
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and statement.value in numbers
    }
