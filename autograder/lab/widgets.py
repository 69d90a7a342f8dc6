"""Interactive figures: labelled controls that redraw one SVG picture.

Each control is a number box with a label of its own, which screen readers
announce and arrow keys change, and next to it a slider for the same number.
Where no kernel runs, a figure shows its first picture: that one is an output of
its own, which the live figure hides.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

import ipywidgets
import numpy as np
from IPython.display import display
from traitlets import link

from autograder.lab.drawing import svg
from autograder.lab.drawing.colours import GREY, line_styles
from autograder.lab.landscapes import Landscape

__all__ = ["Explorer", "Picture", "explore", "slider", "trajectory_and_loss"]


# The handle of ipywidgets' sliders has a role and a value, and no option gives it
# a name.  So each control carries a style sheet, empty, that names the handle when
# it is loaded and whenever the slider is made anew.  Where a page forbids such
# handlers, the number box next to the slider still has its label.
_NAMING = """
const control = this.closest('.autograder-control'), name = this.dataset.name;
const say = () => control.querySelectorAll('[role=slider]').forEach(
  (handle) => handle.setAttribute('aria-label', name));
say();
new MutationObserver(say).observe(control, { childList: true, subtree: true });
"""

# A figure without its kernel is an empty place, or an error.  The first picture
# stands above it in an output of its own, until the next output is alive.
_STILL = """
.jp-OutputArea-child:has(+ .jp-OutputArea-child .autograder-figure) { display: none }
.jp-OutputArea-child:has(.autograder-still) + .jp-OutputArea-child >
  .jp-OutputArea-output.jupyter-widgets:not(:has(*)) { display: none }
"""


class Picture(NamedTuple):
    """An SVG picture and the same in words."""

    svg: str
    words: str


def slider(label: str, low: float, high: float, value: float, step: float = 0.01):
    """A labelled number between bounds, for `explore`.

    Returns
    -------
    control : ipywidgets.HBox
        A number box that carries the label, and a slider; `control.value` is
        their common value.
    """
    return _Control(label, low, high, value, step)


class _Control(ipywidgets.HBox):
    """A number box and a slider that move together."""

    def __init__(self, label, low, high, value, step):
        bounds = {"min": low, "max": high, "step": step, "value": value}
        self.box = ipywidgets.BoundedFloatText(
            description=label,
            tooltip=f"{label}, from {low:g} to {high:g}",
            style={"description_width": "170px"},
            layout={"width": "270px"},
            **bounds,
        )
        self.handle = ipywidgets.FloatSlider(
            readout=False, tooltip=label, layout={"width": "300px"}, **bounds
        )
        digits = max(0, math.ceil(-math.log10(step) - 1e-9))
        # A slider moved to 0.79 says 0.7900000000000001.
        rounded = (lambda typed: typed, lambda moved: round(moved, digits))
        link((self.box, "value"), (self.handle, "value"), transform=rounded)
        name = ipywidgets.HTML(
            f'<style data-name="{escape(label)}" onload="{escape(_NAMING)}">'
            "/**/</style>",
            layout={"display": "none"},
        )
        super().__init__([self.box, self.handle, name])
        self.add_class("autograder-control")

    @property
    def value(self):
        return self.box.value


class Explorer(ipywidgets.VBox):
    """Controls above a picture that `draw` makes from their values."""

    def __init__(self, draw: Callable[..., Picture], controls: Mapping[str, _Control]):
        self._draw = draw
        self.controls = dict(controls)
        self.picture = self.redraw()
        self._html = ipywidgets.HTML(self.picture.svg)
        for control in self.controls.values():
            control.box.observe(self._follow, "value")
        super().__init__([*self.controls.values(), self._html])
        self.add_class("autograder-figure")

    def redraw(self) -> Picture:
        """The picture for the present values."""
        return self._draw(**{name: c.value for name, c in self.controls.items()})

    def _follow(self, change):
        try:
            self.picture = self.redraw()
            self._html.value = self.picture.svg
        except Exception as error:  # noqa: BLE001 -- draw holds a learner's code
            # A widget's callback has no cell to show a traceback in.
            words = f"{type(error).__name__}: {error}"
            self._html.value = f'<pre role="alert">{escape(words)}</pre>'

    def _ipython_display_(self):
        # As an image, because sanitisers of HTML remove inline SVG.
        data = base64.b64encode(self.picture.svg.encode()).decode()
        still = (
            f'<img class="autograder-still" alt="{escape(self.picture.words)}" '
            f'style="max-width:100%" src="data:image/svg+xml;base64,{data}">'
            f"<style>{_STILL}</style>"
        )
        display({"text/html": still, "text/plain": self.picture.words}, raw=True)
        live = self._repr_mimebundle_() or {}
        live["text/plain"] = "Its sliders move where a kernel runs."
        display(live, raw=True)


def explore(draw: Callable[..., Picture], **controls) -> Explorer:
    """An interactive figure, the last line of its cell.

    Parameters
    ----------
    draw : callable
        Takes one number per control, by name, and returns a `Picture`.
    **controls : slider
        One `slider` for each parameter of `draw`.
    """
    return Explorer(draw, controls)


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
        (50, 52, 400, 200), (x_low, x_high), ylim, "parameter x", "parameter y"
    )
    decay = svg.Panel(
        (530, 52, 205, 200), (0, n - 1), (1e-12, 1e4), "step", "f(θ) − f(θ*)", log=True
    )
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
        words.append(f"{name}: loss {loss[-1]:.2g} after {len(path) - 1} steps.")
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
