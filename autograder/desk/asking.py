"""The form in which a guess is given: a box, choices, an order, or a sketch.

It is there where a kernel runs.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
from IPython.display import display

from autograder.desk.predictions import INSTEAD, Question
from autograder.language import N_, _

__all__ = ["Form", "ask"]

if not hasattr(ipywidgets.Widget, "_repr_mimebundle_"):
    raise ImportError("A form needs ipywidgets 8; Colab pins an older one.")

EMPTY = "—"
_LOOK = {"style": {"description_width": "110px"}}
SKETCHED = N_("your sketch")
STEPS = 20
"""Of the arrow keys in a sketch's box, from its lowest place to its highest."""
SKETCH_HEIGHT = 170


class Form(ipywidgets.VBox):
    """One question's controls; `given` gets what is in them, or None if not all is."""

    def __init__(self, question: Question, kept: Any, given: Callable[[Any], None]):
        self._given = given
        if question.order:
            places = kept or [EMPTY] * len(question.order)
            self.controls = [
                _choice(ipywidgets.Dropdown, question.order, place, f"{number}.")
                for number, place in enumerate(places, 1)
            ]
        elif question.among:
            radio = ipywidgets.RadioButtons
            self.controls = [_choice(radio, question.among, kept, _("Your guess"))]
        elif question.at:
            self.controls = _heights(question, kept)
        else:
            unit, label = question.unit.strip(), _("Your guess")
            if unit:
                label = _("Your guess, {unit}").format(unit=unit)
            box = ipywidgets.Text(
                value="" if kept is None else f"{kept:g}",
                placeholder=_("a number"),
                description=label,
                continuous_update=False,
                **_LOOK,
            )
            self.controls = [box]
        for control in self.controls:
            control.observe(self._changed, "value")
        super().__init__(
            [Sketch(question, self.controls)] if question.at else self.controls
        )

    def _changed(self, _change: Any) -> None:
        values = [control.value for control in self.controls]
        if {"", EMPTY} & set(values):
            self._given(None)
        else:
            self._given(values if len(values) > 1 else values[0])


class Sketch(ipywidgets.VBox):
    """An empty plot, and a box for the curve's height at each of its places.

    Boxes and no sliders: those of ipywidgets have no name for a screen reader.
    """

    def __init__(self, question: Question, boxes: Sequence[Any]):
        self._question, self._boxes = question, boxes
        self._plot = ipywidgets.HTML()
        self._draw()
        for box in boxes:
            box.observe(self._draw, "value")
        row = ipywidgets.HBox(boxes, layout={"flex_flow": "row wrap"})
        super().__init__([self._plot, row])

    def _draw(self, _change: Any = None) -> None:
        self._plot.value = _plot(self._question, [box.value for box in self._boxes])


def _heights(question: Question, kept: Sequence[float] | None) -> list[Any]:
    low, high = question.between
    return [
        ipywidgets.BoundedFloatText(
            value=height,
            min=low,
            max=high,
            step=(high - low) / STEPS,
            description=_("at {place}").format(place=f"{place:g}"),
            style={"description_width": "60px"},
            layout={"width": "140px"},
        )
        for place, height in zip(
            question.at, kept or [low] * len(question.at), strict=True
        )
    ]


def _plot(question: Question, heights: Sequence[float]) -> str:
    """The sketch as a picture in the page's own colours; places are evenly spaced."""
    low, high = question.between
    width, left = 52 * len(heights), 40
    top, bottom = 10, SKETCH_HEIGHT - 24
    across = [left + 26 + 52 * k for k in range(len(heights))]
    down = [bottom - (bottom - top) * (h - low) / (high - low) for h in heights]
    points = " ".join(f"{x},{y:.1f}" for x, y in zip(across, down, strict=True))
    ticks = "".join(
        f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{place:g}</text>'
        for x, place in zip(across, question.at, strict=True)
    )
    ends = "".join(
        f'<text x="{left - 5}" y="{y + 4}" text-anchor="end">{value:g}</text>'
        for y, value in ((bottom, low), (top, high))
    )
    return (
        f'<svg role="img" aria-label="{html.escape(_(SKETCHED))}" '
        f'width="{left + width}" height="{SKETCH_HEIGHT}" '
        'font-size="12" fill="currentColor" '
        'style="color:var(--jp-content-font-color1,currentColor)">'
        f'<path d="M{left},{top}V{bottom}H{left + width}" fill="none" '
        'stroke="currentColor"/>'
        f"{ticks}{ends}"
        f'<polyline points="{points}" fill="none" stroke="#AA4499" stroke-width="2.5" '
        'stroke-dasharray="2 4"/></svg>'
    )


def _choice(kind: Any, words: Sequence[str], value: Any, label: str) -> Any:
    options = [EMPTY, *words]
    return kind(options=options, value=value or EMPTY, description=label, **_LOOK)


def ask(
    question: Question,
    kept: Any,
    keep: Callable[[Any], tuple[dict, dict]],
    line: tuple[dict, dict],
) -> None:
    """Show a form, and below it a line that is saved with the notebook.

    Parameters
    ----------
    question : Question
    kept : float, str, sequence of str or None
        What was guessed before.
    keep : callable
        Takes what is given, or None; returns what is said of it, as the line.
    line : pair of dict
        What is said at first: an output's data and its metadata.
    """

    def given(guess: Any) -> None:
        data, metadata = keep(guess)
        shown.update(data, metadata=metadata, raw=True)

    live = Form(question, kept, given)._repr_mimebundle_() or {}
    display({**live, "text/plain": _(INSTEAD)}, raw=True)
    data, metadata = line
    shown = display(data, metadata=metadata, raw=True, display_id=True)
