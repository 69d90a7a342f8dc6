"""Contours of a landscape, over whatever part of it a panel shows."""

from __future__ import annotations

from typing import Any

import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection

from autograder.lab.drawing.colours import GREY
from autograder.lab.landscapes import Landscape

__all__ = ["Contours", "points_over"]

_N_POINTS = 101
"""Across a panel, and as many from its top to its bottom."""


class Contours(LineCollection):
    """Contour lines that are found when they are drawn.

    With equal units a panel may show more than the landscape's region, and how much
    more is known when it is laid out.

    Parameters
    ----------
    landscape : Landscape
        Of two parameters.
    """

    def __init__(self, landscape: Landscape):
        super().__init__([], colors=GREY, linewidths=0.7, zorder=1)
        self.set_in_layout(False)
        self._landscape = landscape
        self._found_for: tuple[float, ...] = ()

    def draw(self, renderer: Any) -> None:
        """Draw them, over what the panel shows now."""
        panel: Any = self.axes
        shown = (*panel.get_xlim(), *panel.get_ylim())
        if shown != self._found_for:
            self.set_segments(self._lines(shown))
            self._found_for = shown
        super().draw(renderer)

    def _lines(self, region: tuple[float, ...]) -> list[Any]:
        points = points_over(region, _N_POINTS)
        values = self._landscape.f(points)
        lines = contour_generator(points[..., 0], points[..., 1], values).lines
        return [line for level in self._levels() for line in lines(level)]

    def _levels(self) -> np.ndarray:
        # Roots of the levels are evenly spaced: contours of a bowl then are, too.
        low = self._landscape.f(self._landscape.optimum)
        high = self._landscape.f(points_over(self._landscape.region, 61)).max()
        return low + (high - low) * np.linspace(0.1, 2, 22) ** 2


def points_over(
    region: tuple[float, ...], n: int, n_rows: int | None = None
) -> np.ndarray:
    """Points of shape (n_rows, n, 2) over a region: x from, to, and y from, to."""
    x_low, x_high, y_low, y_high = region
    x, y = np.linspace(x_low, x_high, n), np.linspace(y_low, y_high, n_rows or n)
    return np.stack(np.meshgrid(x, y), axis=-1)
