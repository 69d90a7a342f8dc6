"""Right numbers in another shape, order or precision, in every case alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from autograder.checking.cases import Case

__all__ = ["ARRANGEMENTS", "IN_DIGITS", "Rows", "equal", "in_all"]

Rows = list[tuple[np.ndarray, np.ndarray, Case]]
"""Of each case: what came, what should come, the case."""


def equal(a: np.ndarray, b: np.ndarray, near: float = 1e-8) -> bool:
    """Whether two arrays have one shape and, but for rounding, the same numbers."""
    if a.shape != b.shape:
        return False
    size = np.abs(b).max(initial=0.0)
    return bool(np.allclose(a, b, rtol=near, atol=near * 1e-3 * size, equal_nan=True))


def in_all(rows: Rows, same: Callable[[np.ndarray, np.ndarray], bool]) -> bool:
    """Whether something holds in every case."""
    return all(same(a, b) for a, b, _ in rows)


def _axis_of_one(name: str, rows: Rows) -> str:
    def squeezed(a: np.ndarray, b: np.ndarray) -> bool:
        return a.shape != b.shape and equal(a.squeeze(), b.squeeze())

    if not in_all(rows, squeezed):
        return ""
    a, b, _ = rows[0]
    more = "one axis of length 1 too many" if a.ndim > b.ndim else "an axis too few"
    return f"The numbers of `{name}` are right; its shape has {more}."


def _transposed(name: str, rows: Rows) -> str:
    if any(a.ndim > 1 for a, _, _ in rows) and in_all(
        rows, lambda a, b: equal(np.transpose(a), b)
    ):
        return f"`{name}` is right but for one thing: it is transposed."
    return ""


def _flattened(name: str, rows: Rows) -> str:
    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return a.size == b.size and equal(a.ravel(), b.ravel())

    if in_all(rows, same):
        return f"The numbers of `{name}` are right, in another shape."
    return ""


def _reversed(name: str, rows: Rows) -> str:
    if in_all(rows, lambda a, b: a.ndim > 0 and equal(a[::-1], b)):
        return f"`{name}` is right but for one thing: its order is reversed."
    return ""


def _in_part(name: str, rows: Rows) -> str:
    """One entry too many or too few, at an end."""
    for words, made in (
        ("lacks its first row", lambda a, b: equal(a, b[1:])),
        ("lacks its last row", lambda a, b: equal(a, b[:-1])),
        ("has one row too many at its start", lambda a, b: equal(a[1:], b)),
        ("has one row too many at its end", lambda a, b: equal(a[:-1], b)),
    ):
        in_rows = all(a.ndim and b.ndim and a.size and b.size for a, b, _ in rows)
        if in_rows and in_all(rows, made):
            return f"`{name}` is right but for one thing: it {words}."
    return ""


def _shifted(name: str, rows: Rows) -> str:
    if not all(a.ndim and a.shape == b.shape and len(a) > 2 for a, b, _ in rows):
        return ""
    for step, words in ((1, "later"), (-1, "earlier")):
        inner = slice(1, None) if step == 1 else slice(None, -1)
        other = slice(None, -1) if step == 1 else slice(1, None)
        if in_all(rows, partial(_along, inner, other)):
            return f"Every entry of `{name}` stands one place {words} than it should."
    return ""


def _the_same_everywhere(name: str, rows: Rows) -> str:
    """Every entry is what the right entries come to together."""
    if not any(b.size > 1 for _, b, _ in rows):
        return ""
    for words, made in (("sum", np.sum), ("mean", np.mean)):
        if all(
            a.ndim and equal(a, np.full(a.shape, made(b)), 1e-5) and not equal(a, b)
            for a, b, _ in rows
        ):
            return f"Every entry of `{name}` is the {words} of the right ones."
    return ""


def _rounded(name: str, rows: Rows) -> str:
    for k in range(1, 13):
        if in_all(rows, partial(_to_decimals, k)):
            return (
                f"`{name}` is right but for one thing: it is rounded to {k} decimals. "
                "Nothing is to be rounded."
            )
    return ""


def _single(name: str, rows: Rows) -> str:
    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return a.shape == b.shape and equal(a, b, 2e-6) and not equal(a, b)

    if in_all(rows, same):
        return (
            f"`{name}` is right to about six digits only, as where something small is "
            "added or numbers are kept in single precision."
        )
    return ""


def _one_wrong_value(name: str, rows: Rows) -> str:
    """All wrong entries hold one number, and all should hold one other."""
    found: set[tuple[float, float]] = set()
    n_wrong = 0
    for a, b, _ in rows:
        if a.shape != b.shape or not a.ndim:
            return ""
        wrong = a != b
        n_wrong += int(wrong.sum())
        found |= set(zip(a[wrong].tolist(), b[wrong].tolist(), strict=True))
        if len(found) > 1:
            return ""
    if n_wrong < 3 or len(found) != 1:
        return ""
    ((mine, right),) = found
    return f"Every wrong entry of `{name}` is {mine:g} and should be {right:g}."


def _along(inner: slice, other: slice, a: np.ndarray, b: np.ndarray) -> bool:
    return equal(a[inner], b[other])


def _to_decimals(k: int, a: np.ndarray, b: np.ndarray) -> bool:
    return equal(a, np.asarray(np.round(b, k)))


Law = Callable[[str, Rows], str]
"""From a result's name and its values to a sentence; empty if it does not hold."""

ARRANGEMENTS: tuple[Law, ...] = (
    _axis_of_one,
    _transposed,
    _reversed,
    _flattened,
    _in_part,
    _shifted,
    _the_same_everywhere,
)

IN_DIGITS: tuple[Law, ...] = (_rounded, _one_wrong_value, _single)
