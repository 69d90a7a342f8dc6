"""A moving average behind the batches that it is made of, as a slider's picture."""

from __future__ import annotations

from html import escape

import numpy as np

from autograder.lab.drawing import svg
from autograder.lab.drawing.colours import COLOURS, GREY
from autograder.lab.widgets import Picture
from autograder.language import _

__all__ = ["follow"]


def follow(batch_means, averages, truth, *, note: str) -> Picture:
    """Batch means as dots, their moving average, and the mean of all data.

    Parameters
    ----------
    batch_means, averages, truth : ndarray of shape (n_batches,)
        Of each batch: its mean, the average after it, what both stand for.
    note : str
        One sentence on what these settings do, with a number.
    """
    steps = np.arange(1, len(batch_means) + 1)
    middle, reach = np.mean(truth), 1.5 * np.ptp(truth) + 3
    panel = svg.Panel(
        (50, 52, 650, 210),
        (0, len(steps)),
        (middle - reach, middle + reach),
        _("batch"),
        _("mean of a feature"),
    )
    looks = {
        _("batch"): {"colour": GREY, "dash": "1 4"},
        _("all data"): {"colour": "#222222", "dash": "7 2"},
        _("running mean"): {"colour": COLOURS["batch norm"], "dash": ""},
    }
    panel.dots(np.column_stack([steps, batch_means]), GREY, radius=2)
    panel.line(np.column_stack([steps, truth]), "#222222", dash="7 2")
    panel.line(np.column_stack([steps, averages]), COLOURS["batch norm"], width=2.2)
    heading = f'<text x="12" y="20" font-weight="bold">{escape(note)}</text>'
    parts = [heading, svg.key(50, 38, looks), panel]
    said = _("The running mean ends at {end:.2f}, the data's mean is {mean:.2f} there.")
    words = f"{note} {said.format(end=averages[-1], mean=truth[-1])}"
    return Picture(svg.document(730, 310, parts, words), words)
