"""What a written answer earns points for: the list below a model answer.

Its author writes ``- [0.5] Row 3 should have $v = 2.71$.``, a line for each point of
the rubric, as the last lines of the answer's cell, which learners do not get.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["MOST", "RubricPoint", "model_and_rubric"]

MOST = 9
"""Points of a rubric: each has a key with a digit."""

_POINT = re.compile(r"- \[(\d+(?:\.\d+)?)\] (\S.*)")


@dataclass(frozen=True)
class RubricPoint:
    """Something that a right answer says, and what it earns."""

    points: float
    text: str


def model_and_rubric(source: str) -> tuple[str, tuple[RubricPoint, ...]]:
    """The model answer, and the rubric that stands below it; it may be empty."""
    lines = source.rstrip().split("\n")
    found: list[RubricPoint] = []
    while lines and (point := _POINT.fullmatch(lines[-1].rstrip())):
        found.insert(0, RubricPoint(float(point[1]), point[2].rstrip()))
        lines.pop()
    return "\n".join(lines).rstrip(), tuple(found)
