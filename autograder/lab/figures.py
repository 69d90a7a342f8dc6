"""The course's pictures: one trajectory map, named lines, fields, and `show`.

Importing this module applies the style sheet `course.mplstyle` to the session.
Figures are made without pyplot, so they need no screen and stay out of the
learner's own plots.  Every function returns a figure, or draws into `axes`
when given one (from `pair`); `show` then displays it with its alt text.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.lab.drawing import frames, naming
from autograder.lab.drawing.colours import GREY, line_styles
from autograder.lab.drawing.contours import Contours, points_over
from autograder.lab.drawing.guesses import guessed
from autograder.lab.drawing.levels import level
from autograder.lab.drawing.showing import picture, show
from autograder.lab.landscapes import Landscape
from autograder.language import _

__all__ = [
    "ball_on_curve",
    "field",
    "guessed",
    "level",
    "lines",
    "pair",
    "picture",
    "portrait",
    "show",
    "single",
    "trajectories",
]

style.use(Path(__file__).with_name("course.mplstyle"))


# -- frames ------------------------------------------------------------------


def single(title: str):
    """A figure of one panel under `title`: (figure, axes)."""
    figure = frames.frame(1)
    naming.head(figure, title)
    return figure, figure.axes[0]


def pair(title: str, sharey: bool = False):
    """Two panels side by side under `title`: (figure, (left, right))."""
    figure = frames.frame(2, sharey)
    naming.head(figure, title)
    return figure, tuple(figure.axes)


def _frame(axes, title):
    """The figure to draw into; `title` heads it, or one panel of a pair."""
    if axes is None:
        return single(title)
    axes.set_title(title, y=1.0)
    return axes.figure, axes


# -- pictures ----------------------------------------------------------------


def trajectories(
    landscape: Landscape, paths: Mapping[str, np.ndarray], *, title: str, axes=None
):
    """The picture of the course: paths on the contours of a landscape.

    Parameters
    ----------
    landscape : Landscape
        Of two parameters; its `region` is what is shown.
    paths : mapping of str to ndarray of shape (n_steps + 1, 2)
        The points that each method visits, by the name of the method.
    title : str
        A finding, with what the paths share: start, number of steps.
    axes : matplotlib axes, optional
        A panel of `pair`.
    """
    figure, axes = _frame(axes, title)
    _contours(axes, landscape)
    styles = line_styles(paths)
    for name, path in paths.items():
        path = np.asarray(path)
        look = styles[name]
        axes.plot(*path.T, **look, zorder=3)
        naming.name_near(axes, name, path[-1], look["color"])
        naming.keep_free(axes, path)
    return figure


def ball_on_curve(
    landscape: Landscape, path, *, name: str, title: str, method: str = "", axes=None
):
    """One method's steps on the curve of a landscape of one parameter, as dots."""
    figure, axes = _frame(axes, title)
    low, high = landscape.region
    x = np.linspace(low, high, 400)
    axes.plot(x, landscape.f(x), color=GREY, linewidth=1.2, zorder=1)
    path = np.asarray(path)
    look = line_styles([name], method)[name] | {"linestyle": "", "alpha": 0.75}
    axes.plot(path, landscape.f(path), **look, zorder=3)
    end = np.array([path[-1], landscape.f(path[-1])])
    curve = np.column_stack([x, landscape.f(x)])
    naming.name_near(axes, name, end, look["color"])
    naming.keep_free(axes, curve)
    _star(axes, (landscape.optimum, landscape.f(landscape.optimum)))
    axes.set(xlabel=_("parameter x"), ylabel=_("loss f(x)"), xlim=landscape.region)
    return figure


def portrait(landscape: Landscape, *, title: str):
    """A landscape twice: as a wire frame, and as contours with arrows of -∇f."""
    figure = Figure(figsize=(8.0, 3.1))
    naming.head(figure, title)
    left = figure.add_subplot(1, 2, 1, projection="3d", computed_zorder=False)
    right = figure.add_subplot(1, 2, 2)
    points = points_over(landscape.region, 25)
    left.plot_wireframe(
        points[..., 0], points[..., 1], landscape.f(points), color="#555555", lw=0.5
    )
    marks: tuple[tuple[Any, dict[str, Any]], ...] = (
        (landscape.start, {"marker": "o", "color": "#D55E00"}),
        (landscape.optimum, {"marker": "*", "color": "white", "mec": "black"}),
    )
    for point, mark in marks:
        height = landscape.f(np.asarray(point))
        left.plot([point[0]], [point[1]], [height], markersize=8, zorder=9, **mark)
    left.set(xlabel="x", ylabel="y", zlabel=_("loss f"))
    left.set_title(_("the surface"))
    left.view_init(elev=35, azim=-65)
    left.set_box_aspect((2, 1.2, 0.8), zoom=1.1)
    figure.set_layout_engine("constrained", wspace=0.1)
    for axis in (left.xaxis, left.yaxis, left.zaxis):
        axis.set_major_locator(MaxNLocator(4))
    _contours(right, landscape)
    x_low, x_high, y_low, y_high = landscape.region
    dx, dy = (x_high - x_low) / 8, (y_high - y_low) / 6
    inner = (x_low + dx / 2, x_high - dx / 2, y_low + dy / 2, y_high - dy / 2)
    points = points_over(inner, 8, 6).reshape(-1, 2)
    # The start has an arrow of its own: none is drawn so near that it lies under it.
    apart = np.abs(points - landscape.start) / np.array([dx, dy])
    points = points[np.any(apart > 0.75, axis=1)]
    arrows = -landscape.gradient(points)
    scale = np.linalg.norm(arrows, axis=1).max() / (0.85 * dy)
    look: dict[str, Any] = {"color": "#444444", "width": 0.006, "zorder": 3}
    right.quiver(
        *points.T, *arrows.T, angles="xy", scale_units="xy", scale=scale, **look
    )
    push = -landscape.gradient(landscape.start)
    look = look | {"color": "#D55E00", "zorder": 4}
    right.quiver(
        *landscape.start, *push, angles="xy", scale_units="xy", scale=scale, **look
    )
    right.plot(*landscape.start, "o", color="#D55E00", markersize=6, zorder=4)
    way = np.array([landscape.start, landscape.optimum])
    right.plot(*way.T, color="#D55E00", linewidth=1.2, linestyle=(0, (5, 2)), zorder=3)
    turn = np.arctan2(*push[::-1]), np.arctan2(*(way[1] - way[0])[::-1])
    angles = np.linspace(*turn, 30)
    arc = way[0] + 0.45 * dy * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    right.plot(*arc.T, color="#D55E00", linewidth=1.2, zorder=4)
    outside = way[0] + 1.6 * (arc[15] - way[0])
    angle = f"{abs(np.degrees(np.diff(turn)[0])):.0f}°"
    naming.name_near(right, angle, outside, "#D55E00")
    naming.keep_free(right, way)
    naming.name_near(right, _("start"), landscape.start, "#D55E00")
    for tail, arrow in zip(points, arrows, strict=True):
        naming.keep_free(right, [tail, tail + arrow / scale])
    naming.keep_free(right, [landscape.start, landscape.start + push / scale])
    right.set_title(_("contours, and arrows of −∇f"))
    return figure


def lines(
    curves: Mapping[str, object],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    xscale: str = "linear",
    yscale: str = "linear",
    method: str = "",
    dots: bool = False,
    axes=None,
):
    """Lines that carry their names at their right ends.

    Parameters
    ----------
    curves : mapping
        By name: y over 0, 1, 2…; a pair (x, y); or y of shape (n_seeds, n),
        drawn as thin lines with their median.
    title, xlabel, ylabel : str
        A finding; quantities with their units.
    xscale, yscale : str
        Matplotlib's names: "linear", "log", "symlog".
    method : str
        Whose colour lines get if their names begin with no method.
    dots : bool
        Mark each value.
    axes : matplotlib axes, optional
        A panel of `pair`.
    """
    figure, axes = _frame(axes, title)
    axes.set(xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
    styles, ends = line_styles(curves, method), []
    for name, curve in curves.items():
        x, y = curve if isinstance(curve, tuple) else (None, curve)
        y = np.asarray(y, dtype=float)
        x = np.arange(y.shape[-1]) if x is None else np.asarray(x)
        look = styles[name] | ({} if dots else {"marker": ""})
        if y.ndim == 2:
            axes.plot(x, y.T, **look | {"linewidth": 0.5, "alpha": 0.4, "marker": ""})
            y = np.median(y, axis=0)
        axes.plot(x, y, **look)
        seen = np.flatnonzero(np.isfinite(y))
        ends.append((name, x[seen], y[seen], look["color"]))
    if xscale == "linear" and all(x.dtype.kind == "i" for name, x, y, colour in ends):
        axes.xaxis.get_major_locator().set_params(integer=True)  # no half steps
    right = max(x[-1] for name, x, y, colour in ends)
    for name, x, y, colour in ends:
        naming.keep_free(axes, np.column_stack([x, y]))
        # A line that ends early is named where it ends.
        naming_place = naming.name_at_end if x[-1] == right else naming.name_near
        naming_place(axes, name, (x[-1], y[-1]), colour)
    return figure


def field(
    x, y, z, *, title, xlabel, ylabel, zlabel, marks=None, signed=False, axes=None
):
    """A field z of shape (len(y), len(x)) in colour, with contours and marks.

    Parameters
    ----------
    marks : mapping of str to (x, y), optional
        Points to mark with a cross and a name.
    signed : bool
        Use red and blue around 0 instead of one scale.
    """
    figure, axes = _frame(axes, title)
    bound = np.nanmax(np.abs(z))
    scale = {"cmap": "RdBu_r", "vmin": -bound, "vmax": bound} if signed else {}
    mesh = axes.pcolormesh(x, y, z, shading="nearest", rasterized=True, **scale)
    axes.contour(x, y, z, levels=8, colors="white", linewidths=0.5)
    figure.colorbar(mesh, ax=axes, label=zlabel)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    for name, point in (marks or {}).items():
        axes.plot(*point, "X", markersize=8, color="white", mec="black", clip_on=False)
        naming.name_near(axes, name, point, "#000000")
        naming.keep_free(axes, [point])
    return figure


def _contours(axes, landscape):
    x_low, x_high, y_low, y_high = landscape.region
    axes.add_collection(Contours(landscape), autolim=False)
    _star(axes, landscape.optimum)
    axes.set(xlabel=_("parameter x"), ylabel=_("parameter y"))
    axes.set(xlim=(x_low, x_high), ylim=(y_low, y_high))
    naming.equal_units(axes)


def _star(axes, point):
    axes.plot(*point, marker="*", markersize=11, color="white", mec="black", zorder=4)
    naming.keep_free(axes, [point])
