"""A learner's guesses before an experiment, and what came of them.

A guess stands in its cell as the learner wrote it, and is kept nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from types import EllipsisType
from typing import Any

from autograder.desk.needs import shown_line

__all__ = ["compare", "predict"]

Guess = float | str | tuple[str, ...]


@dataclass(frozen=True)
class _Prediction:
    """A guess, or None where it was skipped, and how to say it."""

    guess: Guess | None
    unit: str


_predictions: dict[str, _Prediction] = {}


def predict(
    name: str,
    guess: float | str | Sequence[str] | EllipsisType = ...,
    *,
    unit: str = "",
    among: Sequence[str] = (),
    order: Sequence[str] = (),
) -> None:
    """Keep a guess until its experiment runs; with `...` there is none.

    Parameters
    ----------
    name : str
        Which question.
    guess : number, str, or sequence of str
        A number; one of `among`; or all of `order`, the first one first.
    unit : str
        Of the number.
    among : sequence of str
        What there is to choose from.
    order : sequence of str
        What is to be put in order.
    """
    if isinstance(guess, EllipsisType):
        _predictions.pop(name, None)
        return
    understood = _understood(guess, among, order)
    if understood is None:
        asked = _asked(among, order)
        shown_line(f"That is no guess yet: write {asked} in its place.")
        return
    _predictions[name] = _Prediction(understood, unit)
    shown_line(f"Your prediction: {_said(understood, unit)}.")


class _Drawn(float):
    """A guess for a figure; a cell that ends with it shows nothing more."""

    def _ipython_display_(self) -> None:
        return


def compare(
    name: str, value: float | str | Sequence[str], unit: str = ""
) -> float | None:
    """Say what came next to what was predicted, and give the guess for the figure.

    Parameters
    ----------
    name : str
        Which question.
    value : number, str, or sequence of str
        What the experiment shows.
    unit : str
        Of the number, where nothing was predicted.

    Returns
    -------
    float or None
        The guess; None if there is none, or if it is no number.
    """
    came: Guess
    if isinstance(value, str):
        came = value
    elif isinstance(value, Sequence):
        came = tuple(value)
    else:
        came = float(value)
    prediction = _predictions.get(name, _Prediction(None, unit))
    guess, unit = prediction.guess, prediction.unit or unit
    said = _said(came, unit)
    if guess is None:
        line = f"It is {said}."
    elif _said(guess, unit) == said:
        line = f"You predicted {said}, and so it is."
    else:
        line = f"You predicted {_said(guess, unit)}, it is {said}."
    shown_line(line, {"predicted": guess, "came": came, "question": name})
    return _Drawn(guess) if isinstance(guess, float) else None


def _understood(guess: Any, among: Sequence[str], order: Sequence[str]) -> Guess | None:
    """The guess in one form; None if it is no answer to the question."""
    plain = {word.casefold().replace(" ", ""): word for word in (*among, *order)}

    def known(text: Any) -> str | None:
        return plain.get(str(text).casefold().replace(" ", ""))

    if order:
        listed = isinstance(guess, Sequence) and not isinstance(guess, str)
        words = tuple(filter(None, map(known, guess))) if listed else ()
        return words if sorted(words) == sorted(order) else None
    if among:
        return known(guess)
    number = isinstance(guess, Real) and not isinstance(guess, bool)
    return float(guess) if number and isfinite(guess) else None


def _asked(among: Sequence[str], order: Sequence[str]) -> str:
    if order:
        return f"all of {list(order)}, the first one first,".replace("'", '"')
    return " or ".join(f'"{choice}"' for choice in among) or "a number"


def _said(value: Guess, unit: str) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, tuple):
        return ", ".join(value)
    plain = f"{value:,.0f}" if 1e3 <= abs(value) < 1e7 else f"{value:.3g}"
    return f"{plain}{unit}"
