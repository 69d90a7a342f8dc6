"""What came back next to what should, with the wrong entries marked."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from autograder.checking.values import N_SHOWN, format_value
from autograder.checking.words.columns import columns, padded
from autograder.checking.words.phrases import listed
from autograder.language import _

__all__ = ["PRE", "Comparison", "beside"]

PRE = (
    "background:none;border:0;padding:0;color:inherit;font-size:inherit;"
    "line-height:1.4;white-space:pre-wrap;word-break:normal"
)
"""Style of preformatted text: pages of Jupyter and nbgrader each have their own."""

_ENTRY = re.compile(r"[^\s\[\],]+")
_NAMED = 4
"""Places that are named one by one; more are counted."""


@dataclass(frozen=True)
class Comparison:
    """Values with labels, and notes on them.

    Attributes
    ----------
    values, notes : tuple of (str, str)
        Labels, and values as text: the first one is what came back.
    marks : tuple of (int, int, int)
        Line, first column and end of each wrong entry in the first value.
    """

    values: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...] = ()
    marks: tuple[tuple[int, int, int], ...] = ()

    def lines(self, width: int) -> list[str]:
        """As plain text: in columns if a value takes lines, and if they fit."""
        cells = [(pair[0], self._cell(i)) for i, pair in enumerate(self.values)]
        stacked = [
            (label, cell if i == 0 else value.splitlines())
            for i, ((label, value), (_label, cell)) in enumerate(
                zip(self.values, cells, strict=True)
            )
        ]
        notes = [(label, value.splitlines()) for label, value in self.notes]
        table = [[label, *cell] for label, cell in cells]
        widths = [max(map(columns, column)) for column in table]
        if not self._tall or sum(widths) + 2 * len(widths) - 2 > width:
            return _rows(stacked + notes)
        grid = [
            "  ".join(padded(cell, w) for cell, w in zip(row, widths, strict=True))
            for row in zip_longest(*table, fillvalue="")
        ]
        return [line.rstrip() for line in grid] + (["", *_rows(notes)] if notes else [])

    @property
    def _tall(self) -> bool:
        return any("\n" in value for _label, value in self.values)

    def _cell(self, index: int) -> list[str]:
        """Lines of a value, and below each the carets that mark what is wrong."""
        lines = self.values[index][1].splitlines() or [""]
        if len(self.marks) == len(_ENTRY.findall(self.values[0][1])):
            return lines  # where all is wrong, marks say nothing
        cell = []
        for number, line in enumerate(lines):
            cell.append(line)
            marks = [(a, b) for at, a, b in self.marks if at == number]
            if marks:
                carets = [" "] * max(b for _a, b in marks)
                for a, b in marks:
                    carets[a:b] = "^" * (b - a)
                cell.append("".join(carets) if index == 0 else "")
        return cell

    def html(self) -> str:
        """As HTML: next to each other where there is room for it."""
        tall = self._tall
        outer = "display:flex;flex-wrap:wrap;gap:.4em 2em" if tall else _GRID
        parts = [f'<dl style="{outer};margin:.6em 1em">']
        for i, (label, value) in enumerate(self.values):
            shown = self._marked() if i == 0 else html.escape(value)
            pair = f"{_term(label)}{_told(shown)}"
            parts.append(f"<div>{pair}</div>" if tall else pair)
        if tall and self.notes:
            parts.append(f'</dl><dl style="{_GRID};margin:.6em 1em">')
        for label, value in self.notes:
            parts.append(_term(label) + _told(html.escape(value)))
        return "".join(parts) + "</dl>"

    def _marked(self) -> str:
        lines = self.values[0][1].splitlines() or [""]
        marked = []
        for number, line in enumerate(lines):
            parts, done = [], 0
            for start, stop in sorted(
                (a, b) for at, a, b in self.marks if at == number
            ):
                wrong = html.escape(line[start:stop])
                parts += [html.escape(line[done:start]), _MARK.format(wrong)]
                done = stop
            marked.append("".join(parts) + html.escape(line[done:]))
        return "\n".join(marked)


_GRID = (
    "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0 1em;"
    "align-items:baseline"
)
_PLAIN = "float:none;width:auto;margin:0;padding:0"
"""JupyterLab lets such labels float, and gives them a fifth of the width."""
_MARK = '<b style="text-decoration:underline 2px #D55E00">{}</b>'


def _term(label: str) -> str:
    return f'<dt style="{_PLAIN};font-weight:normal">{html.escape(label)}</dt>'


def _told(markup: str) -> str:
    pre = f'<pre style="{PRE};margin:0">{markup}</pre>'
    return f'<dd style="{_PLAIN}">{pre}</dd>'


def _rows(pairs: list[tuple[str, list[str]]]) -> list[str]:
    width = max((columns(label) for label, _lines in pairs), default=0)
    return [
        f"{padded(label if i == 0 else '', width)}  {line}".rstrip()
        for label, lines in pairs
        for i, line in enumerate(lines)
    ]


def beside(returned: Any, expected: Any, wrong: np.ndarray | None = None) -> Comparison:
    """Two values, with enough digits to tell them apart, and their difference.

    Parameters
    ----------
    returned, expected : object
        What came back, what should.
    wrong : ndarray of bool, optional
        Which entries are wrong, if both are arrays of one shape.
    """
    if wrong is not None and wrong.size > N_SHOWN and wrong.any():
        return _first_difference(np.asarray(returned), np.asarray(expected), wrong)
    for digits in (4, 8, 17):
        left, right = format_value(returned, digits), format_value(expected, digits)
        if _are_apart(left, right, wrong):
            break
    values = [(_("it returned"), left), (_("it should return"), right)]
    if _subtractable(returned, expected):
        difference = np.asarray(returned) - np.asarray(expected)
        if wrong is not None and wrong.any():
            difference = np.where(wrong | (difference != difference), difference, 0)
        shown = difference if np.ndim(difference) else float(difference)
        values.append((_("difference"), format_value(shown)))
    if wrong is None or wrong.ndim == 0 or not wrong.any():
        return Comparison(tuple(values))
    notes = ((_("wrong entries"), _which(wrong)),)
    return Comparison(tuple(values), notes, _marks(left, wrong))


def _are_apart(left: str, right: str, wrong: np.ndarray | None) -> bool:
    """Whether two values look different, in a wrong entry if these are known."""
    mine, other = _ENTRY.findall(left), _ENTRY.findall(right)
    if wrong is None or not len(mine) == len(other) == wrong.size:
        return left != right
    chosen = zip(mine, other, wrong.ravel(), strict=True)
    return any(bad and a != b for a, b, bad in chosen)


def _first_difference(a: np.ndarray, b: np.ndarray, wrong: np.ndarray) -> Comparison:
    """Of large arrays, the first wrong entry alone."""
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    pair = beside(a[index].item(), b[index].item())
    first = (_("first wrong entry"), _("at {place}").format(place=list(index)))
    return Comparison((first, *pair.values), ((_("wrong entries"), _which(wrong)),))


def _subtractable(returned: Any, expected: Any) -> bool:
    kinds = {np.asarray(v).dtype.kind for v in (returned, expected) if _numeric(v)}
    return (
        _numeric(returned)
        and _numeric(expected)
        and np.shape(returned) == np.shape(expected)
        and kinds <= set("fiu")
    )


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float | np.ndarray) and not isinstance(value, bool)


def _which(wrong: np.ndarray) -> str:
    """How many entries are wrong, and which, if that is quickly said."""
    n = int(wrong.sum())
    if n == wrong.size:
        return _("all {n}").format(n=n) if n > 1 else _("the only one")
    if n <= _NAMED:
        told = _("{n} of {total}, at {places}")
        return told.format(n=n, total=wrong.size, places=_places(wrong))
    if wrong.size - n <= _NAMED:
        told = _("{n} of {total}, all but {places}")
        return told.format(n=n, total=wrong.size, places=_places(~wrong))
    return _("{n} of {total}").format(n=n, total=wrong.size)


def _places(chosen: np.ndarray) -> str:
    return listed([str(index) for index in np.argwhere(chosen).tolist()])


def _marks(shown: str, wrong: np.ndarray) -> tuple[tuple[int, int, int], ...]:
    """Where the wrong entries stand in an array's text; none if it is not clear."""
    entries = [
        (number, *entry.span())
        for number, line in enumerate(shown.splitlines())
        for entry in _ENTRY.finditer(line)
    ]
    if len(entries) != wrong.size:
        return ()
    return tuple(e for e, bad in zip(entries, wrong.ravel(), strict=True) if bad)
