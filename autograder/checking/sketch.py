"""Pictures that a message shows where they say more than numbers.

A `Sketch` holds numbers and is drawn when the message becomes HTML, so that a
stored result stays small.  The picture is an image, not markup: that is what
every sanitiser of notebooks lets through.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.language import _

__all__ = ["Sketch", "sketch"]

MOST_POINTS = 200
BINS = 30

_WEIGHTS = ("mean of", "standard deviation of", "distribution of", "largest weight")
"""Beginnings of what is observed of random weights and seen in a histogram."""


@dataclass(frozen=True)
class Sketch:
    """A picture of what came back and of what should.

    Attributes
    ----------
    kind : str
        ``path``, ``curve`` or ``histogram``.
    words : str
        What it shows, in a sentence that the text form has too.
    data : mapping
        Numbers, and lists of numbers, by name.
    """

    kind: str
    words: str
    data: Mapping[str, Any]

    def html(self) -> str:
        """The picture and its words."""
        from autograder.checking import drawings

        svg, alt = drawings.draw(self.kind, self.data)
        source = base64.b64encode(svg.encode()).decode()
        return (
            '<figure style="margin:.6em 1em">'
            f'<img alt="{html.escape(alt)}" style="max-width:100%;height:auto" '
            f'src="data:image/svg+xml;base64,{source}">'
            f"<figcaption>{html.escape(self.words)}</figcaption></figure>"
        )


def sketch(
    part: str,
    returned: Any,
    expected: Any,
    arguments: Mapping[str, Any],
    fixed: Mapping[str, Any],
) -> Sketch | None:
    """A picture of the wrong `part` of an answer; None if numbers say enough.

    Parameters
    ----------
    part : str
        What is wrong: a returned thing's name, or an observation's.
    returned, expected : object
        The thing itself; for an observation what it was made from.
    arguments, fixed : mapping
        The call's arguments, and what the definition of a random answer fixes.
    """
    if part.startswith(_WEIGHTS) and "std" in fixed:
        return _histogram(part, returned, fixed)
    if not (isinstance(returned, np.ndarray) and isinstance(expected, np.ndarray)):
        return None
    if returned.shape != expected.shape or returned.dtype.kind not in "fiu":
        return None
    if part == "path" and expected.ndim == 2 and expected.shape[1] == 2:
        return _path(returned, expected)
    t = np.asarray(arguments.get("t", 0))
    if expected.ndim == 1 and expected.size > 4 and t.shape == expected.shape:
        return _curve(t, returned, expected)
    return None


def _path(returned: np.ndarray, expected: np.ndarray) -> Sketch | None:
    apart = np.flatnonzero(~np.isclose(returned, expected).all(axis=1))
    if len(apart) == 0 or not np.isfinite(returned).all() or len(expected) < 3:
        return None
    words = _(
        "The returned path is off the right one from row {row} on, and ends at "
        "{end}; the right one ends at {right}."
    )
    if np.isclose(returned[-1], expected[-1]).all():
        words = _(
            "The returned path is off the right one at row {row} and ends where the "
            "right one does, at {right}."
        )
    words = words.format(
        row=apart[0], end=_point(returned[-1]), right=_point(expected[-1])
    )
    data = {"returned": _short(returned), "right": _short(expected)}
    return Sketch("path", words, data)


def _curve(t: np.ndarray, returned: np.ndarray, expected: np.ndarray) -> Sketch | None:
    apart = np.flatnonzero(~np.isclose(returned, expected))
    if len(apart) == 0 or not np.isfinite(returned).all():
        return None
    words = _(
        "Over t, the returned values are off the right ones from t = {t} on."
    ).format(t=f"{t[apart].min():g}")
    data = {"t": _short(t), "returned": _short(returned), "right": _short(expected)}
    return Sketch("curve", words, data)


def _histogram(part: str, W: Any, fixed: Mapping[str, Any]) -> Sketch | None:
    W = np.asarray(W)
    if W.dtype.kind != "f" or W.size < 100 or not np.isfinite(W).all():
        return None
    std, bound = float(fixed["std"]), float(fixed.get("bound", 0.0))
    largest = float(np.abs(W).max())
    edge = float(np.clip(largest, 3.2 * std, 12 * std))
    counts = np.histogram(W, BINS, (-edge, edge))[0]
    if part.startswith("distribution of"):
        words = _(
            "The largest of the {n} weights returned is {times} times their standard "
            "deviation; of so many normal weights it is more than 3 times."
        )
        if bound:
            words = _(
                "The largest of the {n} weights returned is {times} times their "
                "standard deviation; of so many uniform weights it is at most 1.73 "
                "times."
            )
        times = largest / max(float(W.std()), 1e-300)
        words = words.format(n=W.size, times=f"{times:.3g}")
    else:
        low, high = np.quantile(W, [0.05, 0.95])
        asked = 0.9 * bound or 1.645 * std
        words = _(
            "Nine in ten of the {n} weights returned lie between {low} and {high}; of "
            "the weights asked for, between {least} and {most}."
        ).format(
            n=W.size,
            low=f"{low:.3g}",
            high=f"{high:.3g}",
            least=f"{-asked:.3g}",
            most=f"{asked:.3g}",
        )
    data = {"edge": _digits(edge), "counts": counts.tolist(), "n": W.size}
    data |= {"std": _digits(std), "bound": _digits(bound)}
    return Sketch("histogram", words, data)


def _point(place: np.ndarray) -> str:
    return "(" + ", ".join(f"{x:.4g}" for x in place) + ")"


def _digits(x: float) -> float:
    return float(f"{x:.5g}")


def _short(numbers: np.ndarray) -> list[Any]:
    """As lists, of few digits: what a picture needs."""
    if numbers.ndim == 2:
        return [_short(row) for row in numbers[:MOST_POINTS]]
    return [_digits(float(x)) for x in numbers[:MOST_POINTS]]
