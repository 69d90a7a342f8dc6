"""How near a learner's predictions came, read from the saved notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from autograder.desk.marks import marks
from autograder.language import N_

__all__ = ["HOW_NEAR", "Nearness", "nearness", "nearness_of_guesses"]

TENTH = 0.1
QUARTER = 0.25
TWICE = 2.0


class Nearness(Enum):
    """Of one prediction, in words."""

    RIGHT = "right"
    NEAR = "near"
    SURPRISE = "surprising"


HOW_NEAR = N_(
    "A predicted number is right within a tenth and near within a factor of two, a "
    "sketch within a tenth and a quarter of the curve's height; predictions count for "
    "nothing."
)


def nearness(predicted: Any, came: Any) -> Nearness:
    """How near a guess is to what came: numbers, words, or an order of words.

    A number is right within a tenth of what came, and near if it has the sign and
    at least half and at most twice the size; an order is near if its first is.  A
    sketch is right or near by its mean distance from the curve, against the distance
    between the curve's lowest and highest place.
    """
    if isinstance(came, str) or isinstance(predicted, str):
        return Nearness.RIGHT if predicted == came else Nearness.SURPRISE
    if isinstance(came, list | tuple) and not any(isinstance(w, str) for w in came):
        pairs = zip(predicted, came, strict=True)
        miss = sum(abs(mine - right) for mine, right in pairs) / len(came)
        part = miss / ((max(came) - min(came)) or 1.0)
        if part <= TENTH:
            return Nearness.RIGHT
        return Nearness.NEAR if part <= QUARTER else Nearness.SURPRISE
    if isinstance(came, list | tuple):
        if list(predicted) == list(came):
            return Nearness.RIGHT
        same = list(predicted)[:1] == list(came)[:1]
        return Nearness.NEAR if same else Nearness.SURPRISE
    if abs(predicted - came) <= TENTH * abs(came):
        return Nearness.RIGHT
    if came and 1 / TWICE <= predicted / came <= TWICE:
        return Nearness.NEAR
    return Nearness.SURPRISE


def nearness_of_guesses(cells: Iterable[Mapping[str, Any]]) -> tuple[Nearness, ...]:
    """Of each prediction that was made, by the saved outputs of the experiments."""
    found = {}
    for mark in marks(cells):
        predicted, came = mark.get("predicted"), mark.get("came")
        if predicted is not None and came is not None:
            try:
                found[str(mark.get("question"))] = nearness(predicted, came)
            except (TypeError, ValueError):  # somebody's own edit of the file
                continue
    return tuple(found.values())
