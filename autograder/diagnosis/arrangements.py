"""Right numbers in another shape, order or precision, in every case alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from autograder.checking.cases import Case
from autograder.language import N_, _

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
    return all(same(a, b) for a, b, _case in rows)


def _axis_of_one(name: str, rows: Rows) -> str:
    def squeezed(a: np.ndarray, b: np.ndarray) -> bool:
        return a.shape != b.shape and equal(a.squeeze(), b.squeeze())

    if not in_all(rows, squeezed):
        return ""
    a, b, _case = rows[0]
    words = _("The numbers of `{name}` are right; its shape has an axis too few.")
    if a.ndim > b.ndim:
        words = _(
            "The numbers of `{name}` are right; its shape has one axis of length 1 "
            "too many."
        )
    return words.format(name=name)


def _transposed(name: str, rows: Rows) -> str:
    if any(a.ndim > 1 for a, _b, _case in rows) and in_all(
        rows, lambda a, b: equal(np.transpose(a), b)
    ):
        words = _("`{name}` is right but for one thing: it is transposed.")
        return words.format(name=name)
    return ""


def _flattened(name: str, rows: Rows) -> str:
    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return a.size == b.size and equal(a.ravel(), b.ravel())

    if in_all(rows, same):
        words = _("The numbers of `{name}` are right, in another shape.")
        return words.format(name=name)
    return ""


def _reversed(name: str, rows: Rows) -> str:
    if in_all(rows, lambda a, b: a.ndim > 0 and equal(a[::-1], b)):
        words = _("`{name}` is right but for one thing: its order is reversed.")
        return words.format(name=name)
    return ""


def _in_part(name: str, rows: Rows) -> str:
    """One entry too many or too few, at an end."""
    for words, made in _PARTS:
        in_rows = all(a.ndim and b.ndim and a.size and b.size for a, b, _case in rows)
        if in_rows and in_all(rows, made):
            return _(words).format(name=name)
    return ""


_PARTS: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], bool]], ...] = (
    (
        N_("`{name}` is right but for one thing: it lacks its first row."),
        lambda a, b: equal(a, b[1:]),
    ),
    (
        N_("`{name}` is right but for one thing: it lacks its last row."),
        lambda a, b: equal(a, b[:-1]),
    ),
    (
        N_(
            "`{name}` is right but for one thing: it has one row too many at its start."
        ),
        lambda a, b: equal(a[1:], b),
    ),
    (
        N_("`{name}` is right but for one thing: it has one row too many at its end."),
        lambda a, b: equal(a[:-1], b),
    ),
)


def _shifted(name: str, rows: Rows) -> str:
    in_rows = (a.ndim and a.shape == b.shape and len(a) > 2 for a, b, _case in rows)
    if not all(in_rows):
        return ""
    for step, words in (
        (1, N_("Every entry of `{name}` stands one place later than it should.")),
        (-1, N_("Every entry of `{name}` stands one place earlier than it should.")),
    ):
        inner = slice(1, None) if step == 1 else slice(None, -1)
        other = slice(None, -1) if step == 1 else slice(1, None)
        if in_all(rows, partial(_along, inner, other)):
            return _(words).format(name=name)
    return ""


def _the_same_everywhere(name: str, rows: Rows) -> str:
    """Every entry is what the right entries come to together."""
    if not any(b.size > 1 for _a, b, _case in rows):
        return ""
    for words, made in (
        (N_("Every entry of `{name}` is the sum of the right ones."), np.sum),
        (N_("Every entry of `{name}` is the mean of the right ones."), np.mean),
    ):
        if all(
            a.ndim and equal(a, np.full(a.shape, made(b)), 1e-5) and not equal(a, b)
            for a, b, _case in rows
        ):
            return _(words).format(name=name)
    return ""


def _rounded(name: str, rows: Rows) -> str:
    for k in range(1, 13):
        if in_all(rows, partial(_to_decimals, k)):
            return _(
                "`{name}` is right but for one thing: it is rounded to {n} decimals. "
                "Nothing is to be rounded."
            ).format(name=name, n=k)
    return ""


def _single(name: str, rows: Rows) -> str:
    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return a.shape == b.shape and equal(a, b, 2e-6) and not equal(a, b)

    if in_all(rows, same):
        return _(
            "`{name}` is right to about six digits only, as where something small is "
            "added or numbers are kept in single precision."
        ).format(name=name)
    return ""


def _one_wrong_value(name: str, rows: Rows) -> str:
    """All wrong entries hold one number, and all should hold one other."""
    found: set[tuple[float, float]] = set()
    n_wrong = 0
    for a, b, _case in rows:
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
    words = _("Every wrong entry of `{name}` is {mine} and should be {right}.")
    return words.format(name=name, mine=f"{mine:g}", right=f"{right:g}")


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
