"""One colour and marker per method, through the whole course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from autograder.language import N_, _

__all__ = ["COLOURS", "GREY", "line_styles", "readable"]

COLOURS = {
    N_("gradient descent"): "#000000",
    # Purple: gradient descent on batches, next to the full batch in black.
    "SGD": "#6A51A3",
    N_("momentum"): "#0072B2",
    "Nesterov": "#56B4E9",
    "AdaGrad": "#E69F00",
    "RMSProp": "#D55E00",
    "Adam": "#009E73",
    "AdamW": "#CC79A7",
    # Yellow, darkened: #F0E442 itself is hardly seen as a line on white.
    "AMSGrad": "#9A8A00",
    # Brown: Newton's method meets gradient descent only.
    "Newton": "#8C510A",
    N_("theory"): "#777777",
    # Schedules of the learning rate: hues of Paul Tol's, which no method has.
    N_("step decay"): "#332288",
    N_("inverse root"): "#117733",
    N_("exponential decay"): "#882255",
    N_("cosine decay"): "#2A8C7E",
    N_("warmup"): "#AA4499",
    # Initial weights: they meet no optimiser but plain descent.
    "Kaiming": "#00796B",
    "Xavier": "#7E57C2",
    "std": "#A63603",
    # Normalisation between layers, against the same network without.
    N_("batch norm"): "#5E3C99",
}
"""Okabe and Ito's palette, by method.  A line is of the method its name begins with,
in English or in the language that is spoken.
"""

MARKERS = {
    "gradient descent": "o",
    "SGD": "o",
    "momentum": "o",
    "Nesterov": "s",
    "AdaGrad": "^",
    "RMSProp": "v",
    "Adam": "D",
    "AdamW": "P",
    "AMSGrad": "X",
    "Newton": "s",
    "theory": "",
}

GREY = "#BBBBBB"
"""Contours, curves, and what only supports the lines in colour."""

_DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))
_FIRST_DASH = {
    "theory": 1,
    "inverse root": 1,
    "exponential decay": 2,
    "cosine decay": 3,
}
"""Where a method's lines begin among the dashes: schedules often meet in one panel."""
_NEUTRAL = "#555555"


def line_styles(names: Iterable[str], method: str = "") -> dict[str, dict]:
    """Matplotlib keywords for each line: colour by method, shade and dash by turn.

    A name begins with its method: "momentum", "momentum β = 0.5".  Two lines
    of one method share its colour; the later ones are lighter and dashed.
    Other names are of `method`, or grey if that is empty.
    """
    seen: Counter = Counter()
    styles = {}
    for name in names:
        own = _method(name) or method
        turn = seen[own]
        seen[own] += 1
        styles[name] = {
            "color": _lighter(COLOURS.get(own, _NEUTRAL), 0.25 * min(turn, 2)),
            "linestyle": _DASHES[_dash(own, turn)],
            "marker": MARKERS.get(own, "o"),
            "markeredgewidth": 0,
        }
    return styles


def _dash(method, turn):
    """Which dash a method's line has that is number `turn` of its lines."""
    first = _FIRST_DASH.get(method, 0)
    return first if method == "theory" else (first + turn) % len(_DASHES)


def readable(colour: str) -> str:
    """The same hue, dark enough for text on white (contrast at least 4.5)."""
    r, g, b = _channels(colour)
    while _contrast_on_white(r, g, b) < 4.5:
        r, g, b = 0.95 * r, 0.95 * g, 0.95 * b
    return _hex(r, g, b)


def _method(name):
    """The longest method that `name` begins with, so that AdamW is not Adam."""
    begun = name.lower()
    fits = [m for m in COLOURS if begun.startswith((m.lower(), _(m).lower()))]
    return max(fits, key=len, default="")


def _lighter(colour, part):
    return _hex(*(channel + (1 - channel) * part for channel in _channels(colour)))


def _channels(colour):
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def _hex(*channels):
    return "#" + "".join(f"{round(255 * channel):02X}" for channel in channels)


def _contrast_on_white(*channels):
    """Contrast as in the Web Content Accessibility Guidelines 2.2."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)
