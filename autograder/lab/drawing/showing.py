"""Shows a figure as an image that carries its description."""

from __future__ import annotations

import base64
import io
import os
import sys
from html import escape

import numpy as np
from IPython.display import display
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image  # comes with Matplotlib

from autograder.lab.drawing import WORDS_ONLY, naming, themes

__all__ = ["picture", "show"]


def picture(figure) -> bytes:
    """The figure as PNG, at twice the size at which it is shown."""
    shown, buffer = figure.dpi, io.BytesIO()
    # `savefig` would lay the figure out and draw it once more.
    figure.dpi = rcParams["savefig.dpi"]
    canvas = FigureCanvasAgg(figure)
    try:
        naming.settle(figure)
        canvas.draw()
    finally:
        figure.dpi = shown
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    # The usual level, 6, takes longer and saves next to nothing in drawings of lines.
    drawn.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def show(figure, *, alt: str = "") -> None:
    """Display a figure with its alt text, then let it go.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        From `autograder.lab.figures`, or one of pyplot's.
    alt : str
        What a reader who cannot see the figure needs to know: what is drawn
        and what it shows.

    Raises
    ------
    ValueError
        If `alt` is missing or blank.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError('say what the figure shows: figures.show(figure, alt="…")')
    display(_Shown(figure, " ".join(alt.split())))
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)


class _Shown:
    """A picture with words for those who cannot see it."""

    def __init__(self, figure, alt):
        self._alt = alt
        self._width = round(figure.get_figwidth() * 100)
        drawn = b"" if os.environ.get(WORDS_ONLY) else picture(figure)
        self._data = base64.b64encode(drawn).decode()

    def __repr__(self):
        return self._alt

    def _repr_html_(self):
        if not self._data:
            return None
        return (
            f'<img class="{themes.FOLLOWS}" alt="{escape(self._alt)}" '
            f'width="{self._width}" style="max-width:100%;height:auto" '
            f'src="data:image/png;base64,{self._data}">{themes.STYLE}'
        )
