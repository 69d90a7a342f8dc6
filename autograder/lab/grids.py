"""Rows of small grids in which some cells are filled."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from autograder.lab.drawing import naming

__all__ = ["grids"]

_EMPTY, _FILLED, _MARKED = "#EEEEEE", "#56B4E9", "#D55E00"


def grids(
    filled: Mapping[str, np.ndarray],
    *,
    marked: tuple[int, int],
    title: str,
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Grids side by side, each under its name.

    Parameters
    ----------
    filled : mapping of str to ndarray of bool, all of one shape
        The cells to fill, row by row.
    marked : tuple of int
        Row and column of the cell that all the others are seen from.
    title, xlabel, ylabel : str
        A finding; what columns and rows are.
    """
    figure = Figure(figsize=(8.0, 2.2))
    naming.head(figure, title)
    panels = figure.subplots(1, len(filled), sharey=True)
    for axes, (name, cells) in zip(panels, filled.items(), strict=True):
        shades = np.asarray(cells).astype(int)
        shades[marked] = 2
        n_rows, n_columns = shades.shape
        axes.pcolormesh(
            shades,
            cmap=ListedColormap([_EMPTY, _FILLED, _MARKED]),
            vmin=0,
            vmax=2,
            edgecolors="white",
            linewidth=2,
        )
        axes.set_title(name)
        axes.set(xlabel=xlabel, aspect="equal")
        axes.set_xticks(np.arange(n_columns) + 0.5, [str(k) for k in range(n_columns)])
        axes.set_yticks(np.arange(n_rows) + 0.5, [str(k) for k in range(n_rows)])
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
    panels[0].set_ylabel(ylabel)
    panels[0].invert_yaxis()  # shared by all
    return figure
