"""What a learner predicted, drawn into the figure that shows what came."""

from __future__ import annotations

import numpy as np

from autograder.lab.drawing import naming

__all__ = ["guessed"]

COLOUR = "#882255"


def guessed(axes, x=None, y=None, name="your guess"):
    """Draw a guess: a point, a line through points, or a level along one axis.

    Parameters
    ----------
    axes : matplotlib axes
    x, y : float or sequence of float, optional
        Of the guess; with one of them alone it is a line across the panel.
    name : str
        What is written next to it.
    """
    look = {"color": COLOUR, "linestyle": ":", "linewidth": 2, "zorder": 5}
    if x is None or y is None:
        (axes.axhline if x is None else axes.axvline)(y if x is None else x, **look)
        bounds = axes.get_xlim() if x is None else axes.get_ylim()
        middle = bounds[0] + 0.4 * (bounds[1] - bounds[0])
        end = (middle, y) if x is None else (x, middle)
    else:
        x, y = np.atleast_1d(x), np.atleast_1d(y)
        axes.plot(x, y, marker="o" if x.size == 1 else "", **look)
        end = x[-1], y[-1]
    naming.name_near(axes, name, end, COLOUR)
