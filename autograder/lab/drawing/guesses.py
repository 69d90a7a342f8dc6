"""What a learner predicted, drawn into the figure that shows what came."""

from __future__ import annotations

import numpy as np

from autograder.lab.drawing import naming
from autograder.language import _

__all__ = ["guessed"]

COLOUR = "#882255"
ACROSS = object()


def guessed(axes, x=ACROSS, y=ACROSS, name=""):
    """Draw a guess: a point, a line through points, or a level along one axis.

    Parameters
    ----------
    axes : matplotlib axes
    x, y : float, sequence of float, or None
        Of the guess; with one of them alone it is a line across the panel.
        Where one is None nothing was predicted, and nothing is drawn; nor is a
        line so far outside that what came could not be seen any more.
    name : str
        What is written next to it; by default that it is a guess.
    """
    if x is None or y is None:
        return
    look = {"color": COLOUR, "linestyle": ":", "linewidth": 2, "zorder": 5}
    if x is ACROSS:
        if not _in_sight(y, axes.get_ylim(), axes.get_yscale()):
            return
        axes.axhline(y, **look)
        path = np.array([(across, y) for across in axes.get_xlim()])
        end = _at(axes.get_xlim(), axes.get_xscale()), y
    elif y is ACROSS:
        if not _in_sight(x, axes.get_xlim(), axes.get_xscale()):
            return
        axes.axvline(x, **look)
        path = np.array([(x, across) for across in axes.get_ylim()])
        end = x, _at(axes.get_ylim(), axes.get_yscale())
    else:
        x, y = np.atleast_1d(x), np.atleast_1d(y)
        axes.plot(x, y, marker="o" if x.size == 1 else "", clip_on=False, **look)
        path = np.column_stack([x, y])
        end = x[-1], y[-1]
    naming.keep_free(axes, path)
    naming.name_near(axes, name or _("your guess"), end, COLOUR)


def _in_sight(value, bounds, scale):
    """Whether a value is no farther outside an axis than twice its length."""
    if scale == "log":
        if value <= 0:
            return False
        value, bounds = np.log(value), np.log(bounds)
    low, high = sorted(bounds)
    return abs(value - (low + high) / 2) <= 2.5 * (high - low)


def _at(bounds, scale, part=0.4):
    """A place on an axis where a line's name stands."""
    low, high = np.log(bounds) if scale == "log" else bounds
    place = low + part * (high - low)
    return np.exp(place) if scale == "log" else place
