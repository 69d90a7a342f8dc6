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
from typing import Any, TypeGuard

from autograder.desk.marks import marks
from autograder.desk.needs import said_line, shown_line
from autograder.desk.standing import NotANotebook, read_cells
from autograder.language import N_, _

__all__ = ["Question", "compare", "predict"]

INSTEAD = N_("Write your guess instead of the three dots, or leave them to skip.")

Guess = float | str | tuple[str, ...] | tuple[float, ...]


@dataclass(frozen=True)
class Question:
    """What is asked: a number, a choice among words, an order of words, or a sketch."""

    name: str
    unit: str = ""
    among: Sequence[str] = ()
    order: Sequence[str] = ()
    at: Sequence[float] = ()
    between: tuple[float, float] = (0.0, 1.0)

    def understood(self, guess: Any) -> Guess | None:
        """The guess in one form; None if it is no answer to the question."""
        words = {_plain(word): word for word in (*self.among, *self.order)}
        if self.order:
            listed = isinstance(guess, Sequence) and not isinstance(guess, str)
            known = [words.get(_plain(word), "") for word in guess] if listed else []
            return tuple(known) if sorted(known) == sorted(self.order) else None
        if self.among:
            return words.get(_plain(guess))
        if self.at:
            listed = isinstance(guess, Sequence) and len(guess) == len(self.at)
            heights = [_number(height) for height in guess] if listed else [None]
            return (
                None if None in heights else tuple(h for h in heights if h is not None)
            )
        return _number(guess)

    def read(self, typed: str | Sequence[str]) -> Guess | None:
        """The same of what was given in a form, where numbers are text."""
        if self.among or self.order or self.at or not isinstance(typed, str):
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
        if self.at:
            asked = _("a list of {n} numbers, the curve's heights,")
            return asked.format(n=len(self.at))
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
    guess: float | str | Sequence[str] | Sequence[float] | EllipsisType = ...,
    *,
    unit: str = "",
    among: Sequence[str] = (),
    order: Sequence[str] = (),
    at: Sequence[float] = (),
    between: tuple[float, float] = (0.0, 1.0),
) -> None:
    """Keep a guess until its experiment runs; with `...` a form asks for one.

    Without a kernel there is no form, and no guess.

    Parameters
    ----------
    name : str
        Which question.
    guess : number, str, or sequence of str or of numbers
        A number; one of `among`; all of `order`, the first one first; or the height
        of a curve at each place of `at`.
    unit : str
        Of the number.
    among : sequence of str
        What there is to choose from.
    order : sequence of str
        What is to be put in order.
    at : sequence of float
        Where the height of a curve is asked for: a sketch.
    between : pair of float
        The lowest and the highest that can be sketched.
    """
    question = Question(name, unit, among, order, at, between)
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


class _Sketched(tuple[float, ...]):
    """The same of a sketch: its heights."""

    def _ipython_display_(self) -> None:
        return


def compare(
    name: str, value: float | str | Sequence[str] | Sequence[float], unit: str = ""
) -> float | tuple[float, ...] | None:
    """Say what came next to what was predicted, and give the guess for the figure.

    Parameters
    ----------
    name : str
        Which question.
    value : number, str, or sequence of str or of numbers
        What the experiment shows; of a sketch, the curve's heights at its places.
    unit : str
        Of the number, where nothing was predicted.

    Returns
    -------
    float, tuple of float or None
        The guess, or the heights that were sketched; None if there is none, or if
        it is no number.
    """
    came = _came(value)
    prediction = _predictions.get(name)
    guess = prediction.guess if prediction else None
    unit = (prediction.unit if prediction else "") or unit
    said = _said(came, unit)
    if guess is None:
        line = _("It is {came}.").format(came=said)
    elif _is_sketch(came) and _is_sketch(guess):
        line = _missed(guess, came, unit)
    elif _said(guess, unit) == said:
        line = _("You predicted {came}, and so it is.").format(came=said)
    else:
        line = _("You predicted {guess}, it is {came}.")
        line = line.format(guess=_said(guess, unit), came=said)
    kept = None if isinstance(came, float) and not isfinite(came) else came  # JSON's
    shown_line(line, {"predicted": guess, "came": kept, "question": name})
    if isinstance(guess, float):
        return _Drawn(guess)
    return _Sketched(guess) if _is_sketch(guess) else None


def _came(value: float | str | Sequence[str] | Sequence[float]) -> Guess:
    """What an experiment shows, in the form of a guess."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Sequence):
        return float(value)
    if any(isinstance(word, str) for word in value):
        return tuple(str(word) for word in value)
    return tuple(float(height) for height in value)


def _is_sketch(value: Any) -> TypeGuard[tuple[float, ...]]:
    return isinstance(value, tuple) and all(isinstance(v, float) for v in value)


def _missed(guess: tuple[float, ...], came: tuple[float, ...], unit: str) -> str:
    """How far a sketch is from the curve."""
    pairs = zip(guess, came, strict=True)
    miss = sum(abs(mine - right) for mine, right in pairs) / len(came)
    told = _(
        "Your sketch misses the curve by {miss} on average; the curve's heights here "
        "are from {low} to {high}."
    )
    low, high = _said(min(came), unit), _said(max(came), unit)
    return told.format(miss=_said(miss, unit), low=low, high=high)


def _ask(question: Question) -> None:
    """Show the form of a question, with the guess that was given in it before."""
    if not _has_kernel():
        return
    try:
        from autograder.desk.asking import ask
    except ImportError:  # no ipywidgets, or an old one
        shown_line(_(INSTEAD))
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


def _number(guess: Any) -> float | None:
    number = isinstance(guess, Real) and not isinstance(guess, bool)
    return float(guess) if number and isfinite(guess) else None


def _plain(word: Any) -> str:
    return str(word).casefold().replace(" ", "")


def _said(value: Guess, unit: str) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, tuple):
        words = (w if isinstance(w, str) else _said(w, unit) for w in value)
        return _(", ").join(words)
    plain = f"{value:,.0f}" if 1e3 <= abs(value) < 1e7 else f"{value:.3g}"
    return f"{plain}{unit}"
