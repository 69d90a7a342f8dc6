"""The pictures of a message, as SVG."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.lab.drawing import svg
from autograder.language import _

__all__ = ["draw"]

RETURNED, RIGHT, PALE = "#B34700", "#0072B2", "#F3C9A9"
WIDTH, HEIGHT = 440, 222
_BOX = (66, 30, 360, 150)
_FEW = 60
"""Points that are marked one by one; more would hide each other."""


def draw(kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """A picture and its words for those who do not see it.

    Parameters
    ----------
    kind : {"path", "curve", "histogram"}
        What is drawn.
    data : mapping
        Its numbers, from `autograder.checking.sketch`.
    """
    panel, looks, alt = {"path": _path, "curve": _curve, "histogram": _histogram}[kind](
        data
    )
    parts = [svg.key(_BOX[0], 14, looks), panel]
    return svg.document(WIDTH, HEIGHT, parts, alt), alt


def _looks() -> dict[str, dict[str, str]]:
    return {
        _("returned"): {"colour": RETURNED, "dash": "7 3"},
        _("right"): {"colour": RIGHT, "dash": ""},
    }


def _path(data: Mapping[str, Any]) -> tuple[svg.Panel, dict, str]:
    right, returned = np.array(data["right"]), np.array(data["returned"])
    xlim, ylim = (_limits(right[:, i], returned[:, i]) for i in (0, 1))
    panel = svg.Panel(_BOX, xlim, ylim, "theta[0]", "theta[1]")
    _both(panel, returned, right)
    alt = _("The path returned, dashed with rings, and the right path.")
    return panel, _looks(), alt


def _curve(data: Mapping[str, Any]) -> tuple[svg.Panel, dict, str]:
    t, right, returned = (np.array(data[k]) for k in ("t", "right", "returned"))
    order = np.argsort(t, kind="stable")
    panel = svg.Panel(_BOX, _limits(t, t), _limits(right, returned), "t", _("value"))
    lines = (np.column_stack([t, values])[order] for values in (returned, right))
    _both(panel, *lines)
    alt = _("The values returned, dashed with rings, and the right ones, over t.")
    return panel, _looks(), alt


def _both(panel: svg.Panel, returned: np.ndarray, right: np.ndarray) -> None:
    panel.line(right, RIGHT, width=2.2)
    panel.line(returned, RETURNED, dash="7 3", width=2.2)
    if len(right) <= _FEW:
        panel.dots(right, RIGHT, radius=2.8)
        panel.rings(returned, RETURNED)


def _histogram(data: Mapping[str, Any]) -> tuple[svg.Panel, dict, str]:
    edge, std, bound = data["edge"], data["std"], data["bound"]
    edges = np.linspace(-edge, edge, len(data["counts"]) + 1)
    density = np.array(data["counts"]) / data["n"] / np.diff(edges)
    x = np.linspace(-edge, edge, 401)
    if bound:
        asked = np.where(np.abs(x) <= bound, 0.5 / bound, 0.0)
    else:
        asked = np.exp(-0.5 * (x / std) ** 2) / (std * np.sqrt(2 * np.pi))
    # A much too narrow histogram would flatten the density next to it.
    top = 1.1 * max(asked.max(), min(density.max(), 3 * asked.max()))
    panel = svg.Panel(_BOX, (-edge, edge), (0.0, top), _("weight"), _("density"))
    corners = np.column_stack([np.repeat(edges, 2)[1:-1], np.repeat(density, 2)])
    outline = np.concatenate([[[-edge, 0.0]], corners, [[edge, 0.0]]])
    panel.area(outline, PALE)
    panel.line(outline, RETURNED)
    panel.line(np.column_stack([x, asked]), RIGHT, width=2.2, dash="7 3")
    asked_for = _("asked for: uniform") if bound else _("asked for: normal")
    looks = {
        _("returned"): {"colour": RETURNED, "dash": ""},
        asked_for: {"colour": RIGHT, "dash": "7 3"},
    }
    alt = _(
        "Histogram of the weights returned, and the normal density asked for, dashed."
    )
    if bound:
        alt = _(
            "Histogram of the weights returned, and the uniform density asked for, "
            "dashed."
        )
    return panel, looks, alt


def _limits(right: np.ndarray, returned: np.ndarray) -> tuple[float, float]:
    """What to show: all of what is right, and so much of what is not."""
    low, high = float(right.min()), float(right.max())
    room = 3 * ((high - low) or abs(high) or 1.0)
    low = min(low, max(float(returned.min()), low - room))
    high = max(high, min(float(returned.max()), high + room))
    margin = 0.06 * (high - low)
    return low - margin, high + margin
