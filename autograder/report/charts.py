"""Charts of a report as inline SVG: they need no script, no font, no network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.report.markup import Html, element, join

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


def histogram(marks: Sequence[float], out_of: float, median: float) -> Html:
    """How many have which mark, with the median; says the same in words."""
    bins = bins_of(marks, out_of)
    highest = max(one.count for one in bins)
    step = (WIDTH - LEFT - RIGHT) / len(bins)
    floor = HEIGHT - BOTTOM
    parts = []
    for at, one in enumerate(bins):
        x, tall = LEFT + at * step, (floor - TOP) * one.count / highest
        if one.count:
            parts += [
                element(
                    "rect",
                    x=f"{x + 1:.1f}",
                    y=f"{floor - tall:.1f}",
                    width=f"{step - 2:.1f}",
                    height=f"{tall:.1f}",
                    class_="bar",
                ),
                _label(str(one.count), x + step / 2, floor - tall - 5, "middle"),
            ]
        full = one.low == out_of
        parts.append(
            _label("all", x + step / 2, HEIGHT - 8, "middle")
            if full
            else _label(f"{one.low:g}", x + 1, HEIGHT - 8, "start")
        )
    parts.append(_line("axis", LEFT, floor, WIDTH - RIGHT, floor))
    parts += _median(median, LEFT + median / (bins[-1].high) * (WIDTH - LEFT - RIGHT))
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=_in_words(marks, bins, out_of, median),
        class_="histogram",
    )


def _label(text: str, x: float, y: float, anchor: str) -> Html:
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Html:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    rounded = {name: f"{value:.1f}" for name, value in ends.items()}
    return element("line", class_=kind, **rounded)


def _median(median: float, x: float) -> list[Html]:
    left = x > WIDTH - 100
    return [
        _line("median", x, 16, x, HEIGHT - BOTTOM),
        _label(
            f"median {round(median, 2):g}",
            x - 4 if left else x + 4,
            14,
            "end" if left else "start",
        ),
    ]


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


def stacked_bar(counts: dict[str, int]) -> Html:
    """Shares of one whole, side by side; the numbers stand beside it in words."""
    total = sum(counts.values())
    parts, x = [], 0.0
    for name, count in counts.items():
        width = 100 * count / total if total else 0.0
        if count:
            kind = name.replace(" ", "-")
            shown = {"x": f"{x:.2f}", "width": f"{width:.2f}", "height": "10"}
            parts.append(element("rect", class_=f"part {kind}", **shown))
        x += width
    return element(
        "svg",
        join(parts),
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        aria_hidden="true",
        class_="stacked",
    )
