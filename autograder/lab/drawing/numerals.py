"""Numbers on axes as plain text: 10⁻³ instead of a formula that says so.

Matplotlib writes the numbers of its axes as formulas and parses each of them
anew; that took half of the time of a figure.
"""

from __future__ import annotations

import re

from matplotlib.ticker import Formatter, LogFormatterSciNotation

__all__ = ["plain", "write_plainly"]

COMMON = (5e-4, 2e5)
"""Between these, 0.001 and 100000 included, digits are easier to read than powers."""

_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UPRIGHT = re.compile(r"\\mathdefault\{((?:[^{}]|\{[^{}]*\})*)\}")
_POWER = re.compile(r"\^\{([-−0-9]+)\}")


def plain(label: str) -> str:
    """`label` without markup if it is a number; anything else as it is."""
    if not (label.startswith("$") and label.endswith("$")):
        return label
    text = _UPRIGHT.sub(r"\1", label[1:-1]).replace(r"\times", "×")
    text = _POWER.sub(lambda power: power[1].translate(_RAISED), text)
    return label if set(text) & set("\\{}^_$") else text.replace("-", "−")


def write_plainly(figure) -> None:
    """Have all axes of a figure write their numbers as plain text.

    A logarithmic axis has 0.01, 6 and 300 where none of its numbers is tiny or huge.
    """
    for axes in figure.axes:
        for axis in axes._axis_map.values():
            common = _is_logarithmic_and_common(axis)
            kind = _Common if common else _Plain
            axis.set_major_formatter(kind(axis.get_major_formatter()))
            axis.set_minor_formatter(kind(axis.get_minor_formatter()))


def _is_logarithmic_and_common(axis) -> bool:
    low, high = sorted(axis.get_view_interval())
    formatter = axis.get_major_formatter()
    own = type(formatter) is not LogFormatterSciNotation
    return (
        axis.get_scale() == "log" and not own and COMMON[0] <= low < high <= COMMON[1]
    )


class _Plain(Formatter):
    """What another formatter writes, as plain text."""

    def __init__(self, inner):
        self._inner = inner

    def __call__(self, x, pos=None):
        return plain(self._inner(x, pos))

    def set_axis(self, axis):
        self._inner.set_axis(axis)

    def set_locs(self, locs):
        self._inner.set_locs(locs)

    def format_ticks(self, values):
        return [plain(label) for label in self._inner.format_ticks(values)]

    def get_offset(self):
        return plain(self._inner.get_offset())


class _Common(_Plain):
    """The same ticks, with their numbers in digits."""

    def __call__(self, x, pos=None):
        return f"{x:g}" if self._inner(x, pos) else ""

    def format_ticks(self, values):
        written = self._inner.format_ticks(values)
        return [
            f"{x:g}" if label else "" for x, label in zip(values, written, strict=True)
        ]
