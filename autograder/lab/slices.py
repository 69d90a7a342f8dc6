"""Cuts through a landscape along a direction, with the eigen-directions drawn in."""

from __future__ import annotations

from html import escape

import numpy as np
from matplotlib import patheffects

from autograder.lab import figures
from autograder.lab.drawing import naming, svg
from autograder.lab.landscapes import Landscape
from autograder.lab.widgets import Picture
from autograder.language import _

__all__ = ["DOWN", "FLAT", "UP", "eigen_slices", "turned_landscape"]

UP, FLAT, DOWN = "#B2182B", "#777777", "#2166AC"
"""Colours of positive, zero and negative curvature: the ends of RdBu."""

_OUTLINE = [patheffects.withStroke(linewidth=4.5, foreground="white")]


def eigen_slices(landscape: Landscape, *, title: str):
    """A landscape's values around the origin, and cuts along its eigen-directions.

    Left the loss as a field, blue where it is lower than at the origin and red
    where it is higher; right the loss along each eigenvector of the Hessian.
    """
    figure, (left, right) = figures.pair(title)
    x_low, x_high, y_low, y_high = landscape.region
    x, y = np.linspace(x_low, x_high, 121), np.linspace(y_low, y_high, 121)
    here = landscape.f(np.zeros(2))
    change = landscape.f(np.stack(np.meshgrid(x, y), axis=-1)) - here
    # What lies much higher than anything lies below is drawn in one colour.
    bound = min(np.abs(change).max(), 4 * np.abs(change.min()))
    look = {"cmap": "RdBu_r", "vmin": -bound, "vmax": bound, "shading": "nearest"}
    mesh = left.pcolormesh(x, y, change, rasterized=True, **look)
    left.contour(x, y, change, levels=[0.0], colors="white", linewidths=0.8)
    extend = "max" if change.max() > bound else "neither"
    figure.colorbar(mesh, ax=left, label=_("change of f"), extend=extend)
    left.set(xlabel=_("parameter x"), ylabel=_("parameter y"), aspect="equal")
    reach = 0.75 * min(-x_low, x_high, -y_low, y_high)
    t = np.linspace(-reach, reach, 101)
    for value, vector in zip(*_eigen(landscape), strict=True):
        colour = _colour(value)
        line = t[:, None] * vector
        left.plot(*line.T, color=colour, linewidth=2.2, path_effects=_OUTLINE)
        # Black, because a colour of its own would be lost on the field's.
        naming.name_near(left, f"λ = {_shown(value)}", line[-1], "#000000")
        naming.keep_free(left, line)
        curve = landscape.f(line)
        right.plot(t, curve, color=colour)
        naming.name_at_end(right, f"λ = {_shown(value)}", (t[-1], curve[-1]), colour)
    right.set(xlabel=_("distance along the eigenvector"), ylabel=_("loss f"))
    return figure


def turned_landscape(landscape: Landscape, direction: float, view: float) -> Picture:
    """The surface seen from an angle, and its cut along a direction, as SVG.

    Parameters
    ----------
    landscape : Landscape
        Of two parameters; looked at around the origin.
    direction : float
        Angle of the cut to the x axis, in degrees.
    view : float
        Angle from which the surface is seen, in degrees.
    """
    angle = np.radians(direction)
    v = np.array([np.cos(angle), np.sin(angle)])
    curvature = float(v @ landscape.hessian(np.zeros(2)) @ v)
    values, vectors = _eigen(landscape)
    note = _(
        "Curvature along {direction:.0f}°: {curvature}; eigenvalues {first} and "
        "{second}."
    ).format(
        direction=direction,
        curvature=_shown(curvature),
        first=_shown(values[0]),
        second=_shown(values[1]),
    )
    reach = landscape.region[1]
    t = np.linspace(-reach, reach, 61)
    surface = _Surface(landscape, reach, view)
    for s in np.linspace(-reach, reach, 15):
        surface.line(np.column_stack([t, np.full(61, s)]), "#CCCCCC", 0.8)
        surface.line(np.column_stack([np.full(61, s), t]), "#CCCCCC", 0.8)
    for value, vector in zip(values, vectors, strict=True):
        surface.line(t[:, None] * vector, _colour(value), 2.5)
    surface.line(t[:, None] * v, "#000000", 2.0, "6 3")
    cut = landscape.f(t[:, None] * v)
    xlabel = _("distance along {direction:.0f}°").format(direction=direction)
    ylim = _heights(landscape, t)
    box = (470, 52, 265, 210)
    panel = svg.Panel(box, (-reach, reach), ylim, xlabel, _("loss f"))
    start, slope = landscape.f(np.zeros(2)), landscape.gradient(np.zeros(2)) @ v
    model = start + slope * t + curvature * t**2 / 2
    panel.line(np.column_stack([t, model]), FLAT, 2.0, "2 2")
    panel.line(np.column_stack([t, cut]), "#000000", 2.0, "6 3")
    looks = {
        _("the cut"): {"colour": "#000000", "dash": "6 3"},
        _("quadratic model of the cut"): {"colour": FLAT, "dash": "2 2"},
        _("first eigen-direction"): {"colour": _colour(values[0])},
        _("second eigen-direction"): {"colour": _colour(values[1])},
    }
    heading = f'<text x="12" y="20" font-weight="bold">{escape(note)}</text>'
    parts = [heading, svg.key(12, 40, looks), surface, panel]
    said = _(
        "Left the surface with its two eigen-directions, right the loss along the cut: "
        "from {low:.2f} to {high:.2f}."
    )
    words = f"{note} {said.format(low=cut.min(), high=cut.max())}"
    return Picture(svg.document(750, 310, parts, words), words)


class _Surface:
    """A surface in perspective-free projection, turned about the vertical."""

    def __init__(self, landscape, reach, view, box=(20, 60, 400, 230)):
        self._f, self._lines = landscape.f, []
        self._turn = np.radians(view)
        corners = np.linspace(-reach, reach, 41)
        heights = landscape.f(np.stack(np.meshgrid(corners, corners), axis=-1))
        self._low, self._height = heights.min(), max(np.ptp(heights), 1e-9)
        self._reach, self._box = reach, box

    def line(self, points, colour, width, dash=""):
        """A curve over points of shape (n, 2), lifted onto the surface."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in self._pixels(points))
        self._lines.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" '
            f'stroke-width="{width}" stroke-dasharray="{dash}" '
            f'stroke-linejoin="round"/>'
        )

    def _pixels(self, points):
        left, top, width, height = self._box
        c, s = np.cos(self._turn), np.sin(self._turn)
        across, away = ((points / self._reach) @ np.array([[c, s], [-s, c]])).T
        lift = (self._f(points) - self._low) / self._height
        x = left + width / 2 + across * width / 2.9
        y = top + height - 55 - away * 38 - lift * (height - 110)
        return np.column_stack([x, y])

    def __str__(self):
        return "".join(self._lines)


def _eigen(landscape):
    """Eigenvalues at the origin, the highest first, and eigenvectors as rows.

    Zeros that rounding has spoiled are made zero again.
    """
    values, vectors = np.linalg.eigh(landscape.hessian(np.zeros(2)))
    values = np.where(np.abs(values) < 1e-12, 0.0, values)
    return values[::-1], vectors.T[::-1]


def _heights(landscape, t):
    """Bounds for the loss along every cut, so that the axis stays as it is."""
    angles = np.linspace(0, np.pi, 37)
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=-1)[:, None] * t[:, None]
    values = landscape.f(rays)
    room = 0.05 * np.ptp(values)
    return float(values.min() - room), float(values.max() + room)


def _colour(value):
    return UP if value > 0 else DOWN if value < 0 else FLAT


def _shown(value):
    """A number with its sign, and a minus as long as a plus."""
    value = round(float(value), 2)
    return f"{value:+g}".replace("-", "−") if value else "0"
