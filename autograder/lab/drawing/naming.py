"""Writes the names of lines into a figure once its layout is known.

While a figure is drawn, names are only noted down.  `settle` lets Matplotlib
lay the figure out, measures every name in hundredths of an inch, and gives the
measures to `autograder.lab.drawing.labels`, which finds places without overlap.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib import patheffects
from matplotlib.lines import Line2D
from matplotlib.transforms import Affine2D

from autograder.lab.drawing.colours import GREY, readable
from autograder.lab.drawing.frames import measured_once
from autograder.lab.drawing.labels import place, spread
from autograder.lab.drawing.numerals import write_plainly
from autograder.lab.drawing.scripts import find_letters, pieces

__all__ = ["equal_units", "head", "keep_free", "name_at_end", "name_near", "settle"]

_HALO = [patheffects.withStroke(linewidth=2.5, foreground="white")]


@dataclass
class _Notes:
    """What is to be written into one panel."""

    at_end: list[tuple[Any, tuple]] = field(default_factory=list)
    near: list[tuple[Any, np.ndarray]] = field(default_factory=list)
    obstacles: list[np.ndarray] = field(default_factory=list)
    equal_units: bool = False


_notes: WeakKeyDictionary = WeakKeyDictionary()


def head(figure, title):
    """Give the figure its title, to be broken into lines by `settle`."""
    figure.suptitle(title, x=0.008, ha="left")


def name_at_end(axes, name, end, colour):
    """Note a line's name for the column at the right of the panel."""
    text = axes.text(
        1.03, 0.5, name, color=readable(colour), va="center", transform=axes.transAxes
    )
    _notes.setdefault(axes, _Notes()).at_end.append((text, end))


def name_near(axes, name, end, colour):
    """Note a name to be written inside the panel, close to the point `end`."""
    text = axes.text(
        *end, name, color=readable(colour), ha="center", va="center", zorder=6
    )
    text.set_path_effects(_HALO)
    text.set_in_layout(False)
    _notes.setdefault(axes, _Notes()).near.append((text, np.asarray(end, dtype=float)))


def keep_free(axes, path):
    """Ask for names to stay off a path, of shape (n, 2) in the panel's units."""
    path = np.asarray(path, dtype=float)
    _notes.setdefault(axes, _Notes()).obstacles.append(path)


def equal_units(axes):
    """Ask for one length for one unit of x and of y: right angles look right."""
    _notes.setdefault(axes, _Notes()).equal_units = True


def settle(figure):
    """Lay the figure out and put every noted name in its place."""
    find_letters(figure)
    _break_title(figure)
    write_plainly(figure)
    _lay_out(figure)
    for axes in figure.axes:
        notes = _notes.pop(axes, _Notes())
        if notes.equal_units:
            _equalise(axes)
        if notes.at_end:
            _write_column(axes, notes.at_end)
        if notes.near:
            _write_inside(axes, notes)
    figure.set_layout_engine("none")


def _lay_out(figure):
    """Settle where panels and limits are, as drawing would, but without drawing."""
    layout = figure.get_layout_engine()
    if layout is not None and figure.axes:
        with measured_once(figure):
            layout.execute(figure)
    for axes in figure.axes:
        axes.get_xlim()  # works out limits that still follow the data
        locate = axes.get_axes_locator()
        axes.apply_aspect(locate(axes, None) if locate else None)


def _break_title(figure):
    """Break the title into as few lines as fit into the figure's width."""
    title = figure._suptitle
    if title is None:
        return
    room, rest, lines = 0.98 * figure.bbox.width, pieces(title.get_text()), []

    def width(n):
        title.set_text("".join(rest[:n]).rstrip())
        return title.get_window_extent().width

    while rest:
        n = len(rest)
        if width(n) > room:
            n = max(1, bisect_right(range(1, n), room, key=width))
        lines.append("".join(rest[:n]).rstrip())
        rest = rest[n:]
    title.set_text("\n".join(lines))


def _equalise(axes):
    """Widen the limits of x or of y, so that the panel is filled."""
    # Matplotlib's own equal aspect shrinks the panel and leaves a blank strip.
    size = np.array(axes.get_window_extent().size)
    limits = np.array([axes.get_xlim(), axes.get_ylim()])
    unit = np.ptp(limits, axis=1) / size
    half = size * unit.max() / 2
    centre = limits.mean(axis=1)
    axes.set_xlim(centre[0] - half[0], centre[0] + half[0])
    axes.set_ylim(centre[1] - half[1], centre[1] + half[1])


def _write_column(axes, names):
    """Names at the right edge, at their lines' heights or as near as they fit."""
    texts = [text for text, _ in names]
    scale = _hundredths(axes)
    panel = axes.get_window_extent().transformed(scale)
    extents = [text.get_window_extent().transformed(scale) for text in texts]
    heights = np.array([extent.height + 2 for extent in extents])
    ends = (axes.transData + scale).transform([end for _, end in names])
    low, high = panel.y0, panel.y1
    wanted = np.clip(np.nan_to_num(ends[:, 1], nan=high), low, high)
    centres = (spread(wanted, heights, low, high) - low) / panel.height
    ends = (axes.transAxes + scale).inverted().transform(ends)
    for text, (x, y), centre in zip(texts, ends, centres, strict=True):
        text.set_y(centre)
        _leader(axes, (min(x, 1.0), np.clip(y, 0, 1)), (1.02, centre))


def _write_inside(axes, notes):
    """Names inside the panel: near their points, off lines, off each other."""
    scale = _hundredths(axes)
    there = axes.transData + scale
    panel = axes.get_window_extent().transformed(scale)
    extents = [text.get_window_extent().transformed(scale) for text, _ in notes.near]
    sizes = [(extent.width + 6, extent.height + 2) for extent in extents]
    ends = there.transform([end for _, end in notes.near])
    ends = np.clip(ends, panel.min, panel.max)
    obstacles = [_dense(there.transform(path)) for path in notes.obstacles]
    inside = np.concatenate([np.empty((0, 2)), *obstacles])
    inside = inside[np.all((inside >= panel.min) & (inside <= panel.max), axis=1)]
    centres = place(ends, sizes, inside, panel.min + 2, panel.max - 2)
    back, to_axes = there.inverted(), (axes.transAxes + scale).inverted()
    for (text, _), end, centre, size in zip(
        notes.near, ends, centres, sizes, strict=True
    ):
        text.set_position(back.transform(centre))
        edge = np.clip(end, centre - np.array(size) / 2, centre + np.array(size) / 2)
        if np.linalg.norm(edge - end) > 14:
            _leader(axes, *to_axes.transform([end, edge]))


def _hundredths(axes):
    """From dots of whatever resolution to hundredths of an inch."""
    return Affine2D().scale(100 / axes.figure.dpi)


def _leader(axes, start, stop):
    """A thin line from a line's end to its name."""
    x, y = zip(start, stop, strict=True)
    line = Line2D(x, y, color=GREY, linewidth=0.7, transform=axes.transAxes, zorder=2)
    line.set_clip_on(False)
    axes.add_artist(line)


def _dense(path, spacing=4.0):
    """A path with points at most `spacing` apart."""
    path = np.atleast_2d(path)
    path = path[np.all(np.isfinite(path), axis=1)]
    parts = [path]
    for start, stop in pairwise(path):
        n = int(min(np.linalg.norm(stop - start) / spacing, 500))
        parts.append(start + (stop - start) * np.linspace(0, 1, n + 1)[:, None])
    return np.concatenate(parts)
