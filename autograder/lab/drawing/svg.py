"""Small plots as SVG text: fast enough to follow a slider.

A `Panel` is a frame with scales; `document` joins panels into one picture with
a text for screen readers.  Inside a panel everything is clipped to its frame
by a nested svg element, so nothing here needs an id.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from html import escape

import numpy as np

__all__ = ["Panel", "document", "key"]

_FAR = 5e3
"""Pixels beyond which a point is moved nearer: browsers dislike huge numbers."""


class Panel:
    """One plot: a frame at (left, top) of width and height in pixels.

    Parameters
    ----------
    box : tuple of float
        left, top, width, height of the frame; leave 50 px at its left
        (65 if `log`) and 40 px below for numbers and labels.
    xlim, ylim : tuple of float
        Values at the edges of the frame.
    xlabel, ylabel : str
        Quantities with their units.
    log : bool
        Whether y has a logarithmic scale.
    """

    def __init__(self, box, xlim, ylim, xlabel, ylabel, log=False):
        self.box, self.xlim, self.log = box, xlim, log
        self.ylim = tuple(np.log10(ylim)) if log else ylim
        self._labels = (xlabel, ylabel)
        self._inside: list[str] = []

    def line(self, points, colour, width=1.6, dash="", opacity=1.0):
        """A line through points of shape (n, 2)."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in self._pixels(points))
        self._inside.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" '
            f'stroke-width="{width}" stroke-dasharray="{dash}" '
            f'stroke-opacity="{opacity}" stroke-linejoin="round"/>'
        )

    def area(self, points, colour):
        """The inside of a line through points of shape (n, 2), filled."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in self._pixels(points))
        self._inside.append(f'<polygon points="{path}" fill="{colour}"/>')

    def dots(self, points, colour, radius=2.6):
        """A dot at each of points of shape (n, 2)."""
        self._inside += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'
            for x, y in self._pixels(points)
        ]

    def rings(self, points, colour, radius=5.0):
        """A ring around each of points of shape (n, 2)."""
        self._inside += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="none" '
            f'stroke="{colour}" stroke-width="1.6"/>'
            for x, y in self._pixels(points)
        ]

    def star(self, point):
        """The mark of an optimum."""
        (x, y), angles = self._pixels([point])[0], np.arange(10) * np.pi / 5
        radii = np.where(np.arange(10) % 2 == 0, 8.0, 3.4)
        corners = zip(
            x + radii * np.sin(angles), y - radii * np.cos(angles), strict=True
        )
        shape = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
        self._inside.append(
            f'<polygon points="{shape}" fill="white" stroke="black" '
            f'stroke-width="1.2"/>'
        )

    def contours(self, f, colour, n_levels=12, n=81):
        """Contour lines of f, a function of points of shape (..., 2)."""
        limits = tuple(self.xlim), tuple(self.ylim)
        self._inside.append(_contours(f, self.box, *limits, colour, n_levels, n))

    def __str__(self):
        left, top, width, height = self.box
        frame = f"M0,0 V{height} H{width}"
        xlabel, ylabel = self._labels
        return (
            f'<g transform="translate({left},{top})">'
            f'<svg width="{width}" height="{height}">{"".join(self._inside)}</svg>'
            f'<path d="{frame}" fill="none" stroke="#333333"/>{self._ticks()}'
            f"{_text(width / 2, height + 33, escape(xlabel), 'middle')}"
            f'<g transform="translate({self._label_at():.0f},{height / 2}) '
            f'rotate(-90)">'
            f"{_text(0, 0, escape(ylabel), 'middle')}</g></g>"
        )

    def _label_at(self):
        """Where the label of y stands: left of its numbers, inside the picture."""
        if self.log:
            return -50
        longest = max(len(_number(y)) for y in _round_values(*self.ylim))
        return -min(max(34, 14 + 7.7 * longest), self.box[0] - 14)

    def _pixels(self, points):
        """Points in the frame's pixels; those that are no numbers are left out."""
        points = np.array(points, dtype=float).reshape(-1, 2)
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                points[:, 1] = np.log10(points[:, 1])
            points[:, 1] = np.maximum(points[:, 1], self.ylim[0] - 1)
        points = points[np.all(np.isfinite(points), axis=1)]
        low = np.array([self.xlim[0], self.ylim[0]])
        span = np.array([self.xlim[1], self.ylim[1]]) - low
        part = (points - low) / span
        part = np.clip(part, -_FAR, _FAR)
        size = np.array(self.box[2:])
        return np.clip(np.array([0, size[1]]) + part * size * [1, -1], -_FAR, _FAR)

    def _ticks(self):
        width, height = self.box[2:]
        parts = []
        for x in _round_values(*self.xlim):
            at = (x - self.xlim[0]) / (self.xlim[1] - self.xlim[0]) * width
            parts.append(f'<path d="M{at:.1f},{height} v4" stroke="#333333"/>')
            parts.append(_text(at, height + 17, _number(x), "middle"))
        for y in _round_values(*self.ylim):
            at = height - (y - self.ylim[0]) / (self.ylim[1] - self.ylim[0]) * height
            name = _power(y) if self.log else _number(y)
            parts.append(f'<path d="M0,{at:.1f} h-4" stroke="#333333"/>')
            parts.append(_text(-7, at + 4, name, "end"))
        return "".join(parts)


@lru_cache(maxsize=16)
def _contours(f, box, xlim, ylim, colour, n_levels, n):
    """Kept, because most sliders move a path and not the landscape below it."""
    from contourpy import contour_generator

    panel = Panel(box, xlim, ylim, "", "")
    x, y = np.linspace(xlim[0], xlim[1], n), np.linspace(ylim[0], ylim[1], n)
    z = f(np.stack(np.meshgrid(x, y), axis=-1))
    lines = contour_generator(x, y, z).lines
    low, high = z.min(), z.max()
    for level in low + (high - low) * np.linspace(0.05, 1, n_levels) ** 2:
        for points in lines(level):
            # Every other point, some 6 pixels apart: half as much to send.
            panel.line(np.concatenate([points[:-1:2], points[-1:]]), colour, 0.8)
    return "".join(panel._inside)


def document(width: float, height: float, parts, words: str) -> str:
    """One SVG picture of panels and keys; `words` is read out in its place."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" style="max-width:100%;height:auto" role="img" '
        f'aria-label="{escape(words)}" font-family="DejaVu Sans, Verdana, sans-serif" '
        f'font-size="12" fill="#222222">'
        f'<rect width="{width}" height="{height}" fill="white"/>'
        f"{''.join(str(part) for part in parts)}</svg>"
    )


def key(left: float, top: float, looks: dict[str, dict]) -> str:
    """Names of lines in a row, each behind a piece of its line."""
    parts = []
    for name, look in looks.items():
        parts.append(
            f'<path d="M{left},{top} h22" stroke="{look["colour"]}" stroke-width="2" '
            f'stroke-dasharray="{look.get("dash", "")}"/>'
            + _text(left + 27, top + 4, escape(name), "start")
        )
        left += 27 + _length(name) + 16
    return "".join(parts)


def _text(x, y, words, anchor):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def _length(words):
    """Pixels that words may take; a letter that is as wide as it is high takes 12."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return 7.6 * len(words) + 4.4 * wide


def _round_values(low, high, n=6):
    """About n round values from low to high."""
    rough = (high - low) / n
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= 0.999 * rough)
    first = np.ceil(low / step - 1e-9)
    return [k * step + 0.0 for k in np.arange(first, np.floor(high / step + 1e-9) + 1)]


def _number(value):
    return f"{value:g}".replace("-", "−")


def _power(exponent):
    # Superscript digits of the font: a tspan would need room of its own.
    small = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    return "10" + f"{exponent:g}".translate(small)
