"""A page of results: who was taken for whom, and the pictures of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from autograder.lab import figures as _style  # noqa: F401 -- applies the style sheet
from autograder.lab.drawing import naming, svg
from autograder.lab.widgets import Picture
from autograder.language import _

__all__ = ["chances", "confusion", "confusions", "gallery"]

_COLOURS = ("#0072B2", "#A63603")


def confusions(right: np.ndarray, found: np.ndarray) -> np.ndarray:
    """How often each digit was taken for each: (10, 10), the right one by rows."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (right, found), 1)
    return counts


def confusion(counts: np.ndarray, *, title: str) -> Figure:
    """Counts as a table; only mistakes are coloured.

    Parameters
    ----------
    counts : ndarray of int, shape (10, 10)
        From `confusions`.
    title : str
        A finding.
    """
    figure = Figure(figsize=(5.0, 4.2))
    naming.head(figure, title)
    axes = figure.subplots()
    mistakes = counts - np.diag(np.diag(counts))
    axes.imshow(mistakes, cmap="Oranges", vmin=0, vmax=max(3, mistakes.max()))
    for (row, column), n in np.ndenumerate(counts):
        if n:
            grey = "#777777" if row == column else "#000000"
            axes.text(column, row, str(n), ha="center", va="center", color=grey)
    axes.set(xlabel=_("digit that was said"), ylabel=_("digit that it is"))
    axes.set(xticks=range(10), yticks=range(10))
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def gallery(images: np.ndarray, names: Sequence[str], *, title: str) -> Figure:
    """Digits as pictures, each with a line of text below.

    Parameters
    ----------
    images : ndarray of shape (n_images, 64)
        One to eight of them are shown.
    names : sequence of str
        One line for each.
    title : str
        A finding.
    """
    figure = Figure(figsize=(8.0, 1.9))
    naming.head(figure, title)
    columns = figure.subplots(1, 8)
    for axes in columns:
        axes.set_axis_off()
    for axes, image, name in zip(columns, images, names, strict=False):
        axes.add_patch(Rectangle((-0.5, -0.5), 8, 8, fill=False, ec="#999999", lw=0.8))
        axes.imshow(image.reshape(8, 8), cmap="Greys", vmin=0, vmax=1)
        axes.set_title(name, y=-0.45, fontsize=8, loc="center")
    return figure


def chances(curves: Mapping[str, np.ndarray], *, note: str) -> Picture:
    """For an interactive figure: the right class's probability, step by step.

    Parameters
    ----------
    curves : mapping of str to ndarray
        The probability after 0, 1, 2… steps, by the name of the loss.
    note : str
        One sentence on what these settings do, with a number.
    """
    longest = max(len(curve) for curve in curves.values())
    panel = svg.Panel(
        (70, 52, 630, 200),
        (0, longest - 1),
        (1e-10, 2),
        _("step"),
        _("right class's probability"),
        log=True,
    )
    looks, words = {}, [note]
    for turn, (name, curve) in enumerate(curves.items()):
        colour, dash = _COLOURS[turn % 2], ("", "7 2")[turn % 2]
        looks[name] = {"colour": colour, "dash": dash}
        panel.line(np.column_stack([np.arange(len(curve)), curve]), colour, dash=dash)
        said = _("{name}: {probability:.3g} after {n} steps.")
        words.append(said.format(name=name, probability=curve[-1], n=len(curve) - 1))
    heading = f'<text x="12" y="20" font-weight="bold">{escape(note)}</text>'
    parts = [heading, svg.key(60, 38, looks), panel]
    return Picture(svg.document(750, 300, parts, " ".join(words)), " ".join(words))
