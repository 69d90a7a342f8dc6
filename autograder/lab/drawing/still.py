"""An interactive figure's picture where nothing moves it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from IPython.display import display

from autograder.lab.drawing import themes
from autograder.language import _

__all__ = ["Fixed", "Picture", "Still", "show_still"]

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


class Fixed(NamedTuple):
    """A number that no slider moves."""

    value: float


class Still:
    """The picture for the numbers that a cell names."""

    def __init__(self, draw: Callable[..., Picture], controls: Mapping[str, Fixed]):
        self.picture = draw(**{name: fixed.value for name, fixed in controls.items()})

    def _ipython_display_(self):
        show_still(self.picture)
        print(
            _(
                "This picture stands still: sliders need ipywidgets 8. To see it for "
                "other numbers, change the value of a slider in the cell and run it "
                "again."
            )
        )


def show_still(picture: Picture) -> None:
    """Display a picture as an image, because sanitisers of HTML remove inline SVG."""
    data = base64.b64encode(picture.svg.encode()).decode()
    still = (
        f'<img class="autograder-still {themes.FOLLOWS}" alt="{escape(picture.words)}" '
        f'style="max-width:100%" src="data:image/svg+xml;base64,{data}">'
        f"<style>{_STILL}</style>{themes.STYLE}"
    )
    display({"text/html": still, "text/plain": picture.words}, raw=True)
