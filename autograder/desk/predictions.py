"""A learner's guesses before an experiment, and what came of them.

A guess stands in its cell as the learner wrote it, or, given in a form, in that
cell's saved output; it is kept nowhere else.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from pathlib import Path
from types import EllipsisType
from typing import Any

from autograder.desk.marks import marks
from autograder.desk.needs import said_line, shown_line
from autograder.desk.standing import NotANotebook, read_cells
from autograder.language import _

__all__ = ["Question", "compare", "predict"]

Guess = float | str | tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What is asked: a number, a choice among words, or an order of words."""

    name: str
    unit: str
    among: Sequence[str]
    order: Sequence[str]

    def understood(self, guess: Any) -> Guess | None:
        """The guess in one form; None if it is no answer to the question."""
        words = {_plain(word): word for word in (*self.among, *self.order)}
        if self.order:
            listed = isinstance(guess, Sequence) and not isinstance(guess, str)
            known = [words.get(_plain(word), "") for word in guess] if listed else []
            return tuple(known) if sorted(known) == sorted(self.order) else None
        if self.among:
            return words.get(_plain(guess))
        number = isinstance(guess, Real) and not isinstance(guess, bool)
        return float(guess) if number and isfinite(guess) else None

    def read(self, typed: str | Sequence[str]) -> Guess | None:
        """The same of what was given in a form, where numbers are text."""
        if self.among or self.order or not isinstance(typed, str):
            return self.understood(typed)
        try:
            number = typed.strip().removesuffix(self.unit.strip()).replace("−", "-")
            return self.understood(float(number))
        except ValueError:
            return None

    def asked(self) -> str:
        """What a guess looks like, in words."""
        if self.order:
            words = str(list(self.order)).replace("'", '"')
            return _("all of {words}, the first one first,").format(words=words)
        choices = _(" or ").join(f'"{choice}"' for choice in self.among)
        return choices or _("a number")


@dataclass(frozen=True)
class _Prediction:
    """A guess, how to say it, and whether it stands in the cell's code."""

    guess: Guess
    unit: str
    written: bool


_predictions: dict[str, _Prediction] = {}


def predict(
    name: str,
    guess: float | str | Sequence[str] | EllipsisType = ...,
    *,
    unit: str = "",
    among: Sequence[str] = (),
    order: Sequence[str] = (),
) -> None:
    """Keep a guess until its experiment runs; with `...` a form asks for one.

    Without a kernel there is no form, and no guess.

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
    question = Question(name, unit, among, order)
    if isinstance(guess, EllipsisType):
        if name in _predictions and _predictions[name].written:
            del _predictions[name]
        _ask(question)
        return
    understood = question.understood(guess)
    if understood is None:
        line = _("That is no guess yet: write {asked} in its place.")
        shown_line(line.format(asked=question.asked()))
        return
    _predictions[name] = _Prediction(understood, unit, written=True)
    shown_line(_("Your prediction: {guess}.").format(guess=_said(understood, unit)))


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
    prediction = _predictions.get(name)
    guess = prediction.guess if prediction else None
    unit = (prediction.unit if prediction else "") or unit
    said = _said(came, unit)
    if guess is None:
        line = _("It is {came}.").format(came=said)
    elif _said(guess, unit) == said:
        line = _("You predicted {came}, and so it is.").format(came=said)
    else:
        line = _("You predicted {guess}, it is {came}.")
        line = line.format(guess=_said(guess, unit), came=said)
    shown_line(line, {"predicted": guess, "came": came, "question": name})
    return _Drawn(guess) if isinstance(guess, float) else None


def _ask(question: Question) -> None:
    """Show the form of a question, with the guess that was given in it before."""
    if not _has_kernel():
        return
    try:
        from autograder.desk.asking import ask
    except ImportError:  # no ipywidgets: the dots are there to be replaced
        return
    if question.name not in _predictions:
        saved = _saved(question)
        if saved is not None:
            _predictions[question.name] = _Prediction(saved, question.unit, False)

    def keep(given: str | Sequence[str] | None) -> tuple[dict, dict]:
        guess = None if given is None else question.read(given)
        if guess is None:
            _predictions.pop(question.name, None)
        else:
            _predictions[question.name] = _Prediction(guess, question.unit, False)
        return _line(question, wrong=given is not None and guess is None)

    before = _predictions.get(question.name)
    kept = before.guess if before else None
    ask(question, kept, keep, _line(question, wrong=False))


def _has_kernel() -> bool:
    """Whether this is a notebook's kernel, and not another shell or none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def _line(question: Question, *, wrong: bool) -> tuple[dict, dict]:
    """What is said of a form's guess, and what the saved output says for programs."""
    made = _predictions.get(question.name)
    if made:
        guess = _said(made.guess, made.unit)
        line = _("Your prediction: {guess}.").format(guess=guess)
    elif wrong:
        asked = question.asked()
        line = _("That is no guess yet: it takes {asked}.").format(asked=asked)
    else:
        line = _("No guess yet. Go on without one if you like.")
    mark = {"asked": question.name, "guess": made.guess if made else None}
    return said_line(line, mark)


def _saved(question: Question) -> Guess | None:
    """The guess in a saved notebook of this folder."""
    for path in sorted(Path.cwd().glob("*.ipynb")):
        try:
            cells = read_cells(path)
        except NotANotebook:
            continue
        for mark in marks(cells):
            if mark.get("asked") == question.name:
                return question.understood(mark.get("guess"))
    return None


def _plain(word: Any) -> str:
    return str(word).casefold().replace(" ", "")


def _said(value: Guess, unit: str) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, tuple):
        return _(", ").join(value)
    plain = f"{value:,.0f}" if 1e3 <= abs(value) < 1e7 else f"{value:.3g}"
    return f"{plain}{unit}"
