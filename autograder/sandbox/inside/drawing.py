"""What draws, Matplotlib above all: loaded when a notebook is likely to need it.

It takes much time and memory, and most notebooks that are graded draw nothing: their
experiments are not run.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from importlib.util import LazyLoader, find_spec, module_from_spec

from autograder import lab

__all__ = ["DRAWING", "draw_ahead", "load_drawing", "put_drawing_off"]

DRAWING = ("figures", "grids", "layers", "results", "slices")
"""The modules of `autograder.lab` that need Matplotlib."""
_FRAMES = {"singles": 12, "pairs": 7}
"""As many figures as a chapter shows at most."""


def put_drawing_off() -> None:
    """Have each of them loaded by whoever looks into it first."""
    for name in DRAWING:
        whole = f"{lab.__name__}.{name}"
        spec = find_spec(whole)
        if spec is None or spec.loader is None or whole in sys.modules:
            continue
        spec.loader = LazyLoader(spec.loader)
        module = module_from_spec(spec)
        sys.modules[whole] = module
        spec.loader.exec_module(module)
        setattr(lab, name, module)


def load_drawing() -> None:
    """Load them, and what the first picture takes."""
    for name in DRAWING:
        with contextlib.suppress(Exception):  # a notebook that wants it will say so
            dir(importlib.import_module(f"{lab.__name__}.{name}"))
    with contextlib.suppress(Exception):
        widgets = importlib.import_module(f"{lab.__name__}.widgets")
        widgets.slider("", 0.0, 1.0, 0.5)  # loads ipywidgets, if that is here
    with contextlib.suppress(Exception):
        import matplotlib.pyplot  # noqa: F401 -- most drawings of one's own want it

        from autograder.lab import figures

        figure, axes = figures.single("fonts")
        axes.contour([[0, 1], [1, 0]])
        figures.picture(figure)  # fonts, contours, PNG


def draw_ahead() -> None:
    """Make panels that are still to be drawn into, for notebooks that come later."""
    with contextlib.suppress(Exception):  # then they make them themselves
        from autograder.lab.drawing.frames import make_frames

        make_frames(**_FRAMES)
