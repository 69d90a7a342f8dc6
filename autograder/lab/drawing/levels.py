"""A line at a height that other lines are seen against."""

from __future__ import annotations

from autograder.lab.drawing import naming

__all__ = ["level"]

COLOUR = "#BBBBBB"


def level(axes, height):
    """Draw a grey line across the panel, behind all others; names keep off it.

    Parameters
    ----------
    axes : matplotlib axes
        With its limits set.
    height : float
        On the y axis.
    """
    axes.axhline(height, color=COLOUR, zorder=0)
    naming.keep_free(axes, [(across, height) for across in axes.get_xlim()])
