"""Labelled controls that redraw one SVG picture, with ipywidgets 8 or later."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from html import escape

import ipywidgets
from IPython.display import display
from traitlets import link

from autograder.lab.drawing import themes
from autograder.lab.drawing.still import Picture, show_still
from autograder.language import _

__all__ = ["Control", "Explorer"]

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


class Control(ipywidgets.HBox):
    """A number box and a slider that move together."""

    def __init__(self, label, low, high, value, step):
        bounds = {"min": low, "max": high, "step": step, "value": value}
        self.box = ipywidgets.BoundedFloatText(
            description=label,
            tooltip=_("{label}, from {low:g} to {high:g}").format(
                label=label, low=low, high=high
            ),
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
        """The number of both."""
        return self.box.value


class Explorer(ipywidgets.VBox):
    """Controls above a picture that `draw` makes from their values."""

    def __init__(self, draw: Callable[..., Picture], controls: Mapping[str, Control]):
        self._draw = draw
        self.controls = dict(controls)
        self.picture = self.redraw()
        self._html = ipywidgets.HTML(self.picture.svg)
        for control in self.controls.values():
            control.box.observe(self._follow, "value")
        self._html.add_class(themes.FOLLOWS)
        theme = ipywidgets.HTML(themes.STYLE, layout={"display": "none"})
        super().__init__([theme, *self.controls.values(), self._html])
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
        show_still(self.picture)
        live = self._repr_mimebundle_() or {}
        live["text/plain"] = _("Its sliders move where a kernel runs.")
        display(live, raw=True)
