"""A factor that is the same in every case: a number, or one made of the arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.checking.cases import Case

__all__ = ["common_factor"]


def common_factor(
    rows: Sequence[tuple[np.ndarray, np.ndarray, Case]], near: float = 1e-8
) -> str:
    """By what every entry is too large, as code or as a number; empty if by none."""
    factors = []
    for a, b, _ in rows:
        factor = _factor(a, b, near)
        if factor is None:
            return ""
        factors.append(factor)
    if np.allclose(factors, 1, rtol=near, atol=0):
        return ""
    if np.allclose(factors, factors[0], rtol=near, atol=0):
        return f"{factors[0]:.4g}"
    cases = [case for _, _, case in rows]
    found = [dict(_candidates(case.arguments)) for case in cases]
    for words in found[0]:
        values = [one.get(words, np.nan) for one in found]
        if np.allclose(values, factors, rtol=near, atol=0):
            return f"`{words}`"
    return ""


def _factor(a: np.ndarray, b: np.ndarray, near: float) -> float | None:
    """The one number that `b` is multiplied by; None if there is none."""
    if a.shape != b.shape or not a.size:
        return None
    flat, right = a.ravel(), b.ravel()
    if not (np.isfinite(flat).all() and np.isfinite(right).all()):
        return None
    largest = int(np.argmax(np.abs(right)))
    if right[largest] == 0:
        return None
    factor = float(flat[largest] / right[largest])
    size = abs(factor * right[largest])
    if factor == 0:
        return None
    same = np.allclose(flat, factor * right, rtol=near, atol=near * 1e-3 * size)
    return factor if same else None


def _candidates(arguments: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Numbers that one may have multiplied or divided by, as code."""
    basic: list[tuple[str, float]] = []
    for name, value in arguments.items():
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float) and value:
            basic.append((name, float(value)))
            basic.append((f"(1 - {name})", 1 - float(value)))
        elif isinstance(value, np.ndarray) and value.ndim:
            basic.append((f"len({name})", float(len(value))))
            if value.ndim > 1:
                basic.append((f"{name}.shape[1]", float(value.shape[1])))
                basic.append((f"{name}.size", float(value.size)))
    for words, value in basic:
        if value == 0:
            continue
        yield words, value
        yield f"1 / {words}", 1 / value
        yield f"-{words}", -value
        yield f"-1 / {words}", -1 / value
        yield f"2 * {words}", 2 * value
        yield f"2 / {words}", 2 / value
        yield f"{words} / 2", value / 2
        yield f"{words}**2", value**2
        if value > 0:
            yield f"sqrt({words})", float(np.sqrt(value))
            yield f"1 / sqrt({words})", float(1 / np.sqrt(value))
        if value > 1:
            yield f"{words} / ({words} - 1)", value / (value - 1)
            yield f"({words} - 1) / {words}", (value - 1) / value
    for i, (first, one) in enumerate(basic):
        for second, other in basic[i + 1 :]:
            if one and other:
                yield f"{first} / {second}", one / other
                yield f"{second} / {first}", other / one
                yield f"{first} * {second}", one * other
