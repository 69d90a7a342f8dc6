"""Which answers a result is near to: the right one, or a known mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
from autograder.checking.cases import Case, Question
from autograder.limits import MAX_GROWTH, MIN_GROWTH

__all__ = ["Near", "numbers_of"]


class Near:
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

    @property
    def n_different(self) -> int:
        """How many answers can be told apart by this case."""
        return sum(
            len(np.unique(np.round(rows, 9), axis=0)) for rows in self.rows.values()
        )

    def _all(self, question: Question, case: Case) -> Iterator[tuple[str, Outcome]]:
        yield "", case.expected
        for name in question.forms:
            yield name, case.mistaken[name]

    def _seen(self, outcome: Outcome) -> np.ndarray | None:
        if outcome.error is not None:
            return _as_error(outcome.error.kind)
        return self._row(outcome.returned, outcome.observed)

    def _row(self, value: Any, observed: Any = None) -> np.ndarray | None:
        most = MAX_GROWTH * _size(self.case.expected.returned) + MIN_GROWTH
        try:  # a list may hold itself
            if _size(value) > most:
                return None
            if self.observe is not None:
                arguments = {**self.case.arguments, **self.case.fixed}
                value = observed or self.observe(value, arguments)
            return numbers_of(value)
        except Exception:  # noqa: BLE001
            return None

    def row_of(self, returned: Any) -> np.ndarray | None:
        """What came back, or an error, as a row of numbers."""
        if isinstance(returned, BaseException):
            return _as_error(type(returned).__name__)
        return self._row(returned)

    def alike(self, seen: np.ndarray) -> list[str]:
        """Names of what may be the same, the right one first."""
        if len(seen) not in self.rows:
            return []
        rows = self.rows[len(seen)]
        size = np.abs(seen)
        least = 1e-7 * size[np.isfinite(size)].max(initial=0.0)
        near = np.abs(rows - seen) <= 1e-5 * size + least
        same = near | (rows == seen) | (np.isnan(rows) & np.isnan(seen))
        return [self.names[len(seen)][i] for i in np.flatnonzero(same.all(axis=1))]

    def gives_back(self, name: str) -> bool:
        """Whether a known mistake returns an argument as it is here, or stops.

        Much leads to that, so that it says little of what led there.
        """
        mistaken = self.case.mistaken[name]
        if mistaken.error is not None:
            return True
        returned = mistaken.returned
        parts = returned if isinstance(returned, tuple) else (returned,)
        right = self.case.expected.returned
        wanted = right if isinstance(right, tuple) else (right,)
        given = [v for v in self.case.arguments.values() if _is_array(v)]
        given += [v for v in self.case.arguments.values() if isinstance(v, float)]
        return any(
            np.array_equal(part, value)
            for part in parts
            for value in given
            if not any(np.array_equal(one, value) for one in wanted)
        )


def _as_error(kind: str) -> np.ndarray:
    return np.array([-7.0, float(sum(map(ord, kind)))])


def _size(value: Any) -> int:
    """How many numbers there are in a result."""
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    return int(np.size(value)) if isinstance(value, np.ndarray) else 1


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


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)
