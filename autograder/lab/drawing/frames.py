"""Figures of empty panels, of which some can be made ahead.

Panels and their ticks take Matplotlib longer than most of what is drawn into them.
Who forks a process for each notebook makes them once, for all of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

__all__ = ["frame", "make_frames", "measured_once"]

_SIZES = {1: (5.0, 3.1), 2: (8.0, 3.1)}
"""Of figures, in inches, by how many panels they have."""
_TICKS = 11
"""On each axis of those made ahead; whatever needs more makes more."""
_ready: dict[int, list[Figure]] = {n_panels: [] for n_panels in _SIZES}
_made_in: dict[str, Any] = {}
"""The style in which they were made."""


class _Panel(Axes):
    """Axes around which a layout may measure once, for all of its passes."""

    measures: list[Any] | None = None
    """While it does: how far what is around them reaches, once that is known."""

    def get_tightbbox(self, *how: Any, **more: Any) -> Any:
        """As in `Axes`: the box around them and all that is written at their sides."""
        if self.measures is None:
            return super().get_tightbbox(*how, **more)
        inside = np.array(self.get_window_extent().extents)
        if not self.measures:
            around = super().get_tightbbox(*how, **more)
            if around is None:
                return None  # as long as they are not visible
            self.measures.append(np.array(around.extents) - inside)
        return Bbox.from_extents(inside + self.measures[0])


@contextmanager
def measured_once(figure: Figure) -> Iterator[None]:
    """While a figure is laid out: its panels move, and what is around them stays."""
    panels = [axes for axes in figure.axes if isinstance(axes, _Panel)]
    for panel in panels:
        panel.measures = []
    try:
        yield
    finally:
        for panel in panels:
            panel.measures = None


def frame(n_panels: int, sharey: bool = False) -> Figure:
    """A figure of one panel, or of two side by side, with nothing in it."""
    ready = _ready[n_panels]
    figure = ready.pop() if ready and _style() == _made_in else _new(n_panels)
    if sharey:
        left, right = figure.axes
        right.sharey(left)
        right.label_outer()
    return figure


def make_frames(singles: int, pairs: int) -> None:
    """Make so many figures ahead, for as long as nobody changes the style."""
    _made_in.update(_style())
    for n_panels, n in ((1, singles), (2, pairs)):
        _ready[n_panels] += [_with_ticks(_new(n_panels)) for _ in range(n)]


def _new(n_panels: int) -> Figure:
    figure = Figure(figsize=_SIZES[n_panels])
    figure.subplots(1, n_panels, subplot_kw={"axes_class": _Panel})
    for axes in figure.axes:
        axes.set_title("", y=1.0)  # nothing is above that it would have to avoid
        for spine in axes.spines.values():
            spine.set_in_layout(False)  # what is at their sides reaches further
    return figure


def _with_ticks(figure: Figure) -> Figure:
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_major_ticks(_TICKS)
    return figure


def _style() -> dict[str, Any]:
    """All but the backend, which draws no figure that is made without pyplot."""
    return {key: rcParams[key] for key in rcParams if key != "backend"}
