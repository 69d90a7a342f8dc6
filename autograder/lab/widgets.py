"""Interactive figures: labelled controls that redraw one SVG picture.

Each control is a number box with a label of its own, which screen readers
announce and arrow keys change, and next to it a slider for the same number.
Where no kernel runs, a figure shows its first picture: that one is an output of
its own, which the live figure hides.  Where ipywidgets is not there, or as old as
in Colab, it is all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from importlib import import_module, metadata
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from autograder.lab.drawing import svg
from autograder.lab.drawing.colours import GREY, line_styles
from autograder.lab.drawing.still import Fixed, Picture, Still
from autograder.lab.landscapes import Landscape
from autograder.language import _

if TYPE_CHECKING:
    from autograder.lab.drawing.live import Explorer

__all__ = ["Picture", "explore", "slider", "trajectory_and_loss"]


def slider(label: str, low: float, high: float, value: float, step: float = 0.01):
    """A labelled number between bounds, for `explore`.

    Returns
    -------
    control : Control
        A number box that carries the label, and a slider; `control.value` is
        their common value.  Where nothing moves, the value alone.
    """
    if live := _live():
        return live.Control(label, low, high, value, step)
    return Fixed(value)


def explore(draw: Callable[..., Picture], **controls) -> Explorer | Still:
    """An interactive figure, the last line of its cell.

    Parameters
    ----------
    draw : callable
        Takes one number per control, by name, and returns a `Picture`.
    **controls : slider
        One `slider` for each parameter of `draw`.
    """
    if live := _live():
        return live.Explorer(draw, controls)
    return Still(draw, controls)


@cache
def _live() -> ModuleType | None:
    """What moves, if ipywidgets is here in a version that has all it needs."""
    try:
        version = metadata.version("ipywidgets")
    except metadata.PackageNotFoundError:
        return None
    if int(version.partition(".")[0]) < 8:
        return None
    return import_module("autograder.lab.drawing.live")


def trajectory_and_loss(
    landscape: Landscape, paths: Mapping[str, np.ndarray], *, note: str
) -> Picture:
    """The course's trajectory picture next to the loss of each step.

    Parameters
    ----------
    landscape : Landscape
        Of two parameters.
    paths : mapping of str to ndarray of shape (n_steps + 1, 2)
        The points that each method visits; they may run off to infinity.
    note : str
        One sentence on what these settings do, with a number.
    """
    paths = {name: np.asarray(path) for name, path in paths.items()}
    n = max(len(path) for path in paths.values())
    x_low, x_high, *ylim = landscape.region
    plane = svg.Panel(
        (50, 52, 400, 200), (x_low, x_high), ylim, _("parameter x"), _("parameter y")
    )
    frame = (530, 52, 205, 200), (0, n - 1), (1e-12, 1e4)
    decay = svg.Panel(*frame, _("step"), "f(θ) − f(θ*)", log=True)
    plane.contours(landscape.f, GREY)
    least = landscape.f(landscape.optimum)
    looks, words = {}, [note]
    styles = line_styles(paths)
    for turn, (name, path) in enumerate(paths.items()):
        colour, dash = styles[name]["color"], ("", "7 2", "2 2")[turn % 3]
        looks[name] = {"colour": colour, "dash": dash}
        with np.errstate(over="ignore", invalid="ignore"):
            loss = landscape.f(path) - least
        seen = path[: _leaves(path, landscape.region)]
        plane.line(seen, colour, dash=dash)
        plane.dots(seen, colour)
        decay.line(np.column_stack([np.arange(len(loss)), loss]), colour, dash=dash)
        said = _("{name}: loss {loss:.2g} after {n} steps.")
        words.append(said.format(name=name, loss=loss[-1], n=len(path) - 1))
    plane.star(landscape.optimum)
    heading = f'<text x="12" y="20" font-weight="bold">{escape(note)}</text>'
    parts = [heading, svg.key(50, 38, looks), plane, decay]
    return Picture(svg.document(750, 300, parts, " ".join(words)), " ".join(words))


def _leaves(path, region):
    """How many points to draw: all, or up to the first one far outside."""
    x_low, x_high, y_low, y_high = region
    low, high = np.array([x_low, y_low]), np.array([x_high, y_high])
    outside = ~np.all(np.abs(path - (low + high) / 2) < high - low, axis=1)
    return np.argmax(outside) + 1 if outside.any() else len(path)
