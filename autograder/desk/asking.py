"""The form in which a guess is given where a kernel runs: a box, choices, an order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets
from IPython.display import display

from autograder.language import N_, _

if TYPE_CHECKING:
    from autograder.desk.predictions import Question

__all__ = ["Form", "ask"]

EMPTY = "—"
INSTEAD = N_("Write your guess instead of the three dots, or leave them to skip.")
_LOOK = {"style": {"description_width": "110px"}}


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
        super().__init__(self.controls)

    def _changed(self, _change: Any) -> None:
        values = [control.value for control in self.controls]
        if {"", EMPTY} & set(values):
            self._given(None)
        else:
            self._given(values if len(values) > 1 else values[0])


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
