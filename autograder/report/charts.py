"""Charts of a report as inline SVG: they need no script, no font, no network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.report.rendering import render

__all__ = ["Bin", "bins_of", "histogram", "stacked_bar"]

N_BINS = 24
WIDTH, HEIGHT = 640, 210
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 34, 26


@dataclass(frozen=True)
class Bin:
    """Marks from `low` up to, but not including, `high`; how many there are."""

    low: float
    high: float
    count: int


def bins_of(marks: Sequence[float], out_of: float) -> tuple[Bin, ...]:
    """Marks from 0 to `out_of`, or to the best, in bins of a round width.

    Where the width divides `out_of`, full marks have the last bin for themselves.
    """
    top = max([out_of, *marks, 1.0])
    width = _width(top)
    n = math.floor(top / width + 1e-9) + 1
    counts = [0] * n
    for mark in marks:
        counts[math.floor(mark / width + 1e-9)] += 1
    return tuple(Bin(i * width, (i + 1) * width, counts[i]) for i in range(n))


def _width(top: float) -> float:
    """The least of 1, 2, 5, 10, … that gives few enough bins."""
    scale = 1.0
    while True:
        for step in (1, 2, 5):
            if top / (step * scale) < N_BINS:
                return step * scale
        scale *= 10


def histogram(marks: Sequence[float], out_of: float, median: float) -> Markup:
    """How many have which mark, with the median; says the same in words."""
    bins = bins_of(marks, out_of)
    highest = max(one.count for one in bins)
    step = (WIDTH - LEFT - RIGHT) / len(bins)
    floor = HEIGHT - BOTTOM
    drawn = []
    for at, one in enumerate(bins):
        x, tall = LEFT + at * step, (floor - TOP) * one.count / highest
        drawn.append(
            {
                "count": one.count,
                "x": x + 1,
                "y": floor - tall,
                "width": step - 2,
                "height": tall,
                "middle": x + step / 2,
                "tick": None if one.low == out_of else f"{one.low:g}",
            }
        )
    return render(
        "histogram.svg",
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        floor=floor,
        bins=drawn,
        median=f"{round(median, 2):g}",
        median_x=LEFT + median / bins[-1].high * (WIDTH - LEFT - RIGHT),
        words=_in_words(marks, bins, out_of, median),
    )


def _in_words(
    marks: Sequence[float], bins: Sequence[Bin], out_of: float, median: float
) -> str:
    most = max(bins, key=lambda one: one.count)
    where = "with all points" if most.low == out_of else f"from {most.low:g}"
    if most.low != out_of:
        where += f" to under {most.high:g}"
    return (
        f"Histogram of {len(marks)} marks out of {out_of:g}: lowest {min(marks):g}, "
        f"median {round(median, 2):g}, highest {max(marks):g}. "
        f"The highest bar: {most.count} {where}."
    )


def stacked_bar(counts: dict[str, int]) -> Markup:
    """Shares of one whole, side by side; the numbers stand beside it in words."""
    total = sum(counts.values())
    parts, x = [], 0.0
    for name, count in counts.items():
        width = 100 * count / total if total else 0.0
        if count:
            parts.append({"kind": name.replace(" ", "-"), "x": x, "width": width})
        x += width
    return render("stacked_bar.svg", parts=parts)
