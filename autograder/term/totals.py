"""What a student's chapters come to: weights, further work, the lowest dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.term.rules import Rules

__all__ = ["Part", "percentage", "total"]


@dataclass(frozen=True)
class Part:
    """One chapter of one student's.

    Attributes
    ----------
    mark : float
        With written answers, manual grades and late penalties.
    out_of, further : float
        All points of the chapter, and how many of these are further work's.
    """

    chapter: str
    mark: float
    out_of: float
    further: float = 0.0


def percentage(part: Part, rules: Rules) -> float:
    """Hundredths of a chapter, by how the class counts further work."""
    if rules.bonus_cap is None:
        return 100 * part.mark / part.out_of if part.out_of else 0.0
    core = part.out_of - part.further
    found = 100 * part.mark / core if core else 0.0
    return min(found, 100 + rules.bonus_cap)


def total(parts: Iterable[Part], rules: Rules) -> float | None:
    """The weighted mean of the percentages that count; None if none does.

    Those of the lowest percentage are dropped whatever their weight, and one at
    least is kept.
    """
    counted = [
        (percentage(part, rules), weight)
        for part in parts
        if (weight := rules.weights.get(part.chapter, 1.0))
    ]
    kept = sorted(counted)[min(rules.drop_lowest, max(len(counted) - 1, 0)) :]
    if not kept:
        return None
    return sum(p * w for p, w in kept) / sum(w for _, w in kept)
