"""What is measured and told apart where an answer is judged by how well it does.

Like all observations these hold no answers: the right labels are among the
arguments, put there by whoever judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["how_far_down", "of_the_way_down", "recognised", "right_labels"]


def right_labels(returned: Any, arguments: Mapping[str, Any]) -> float:
    """Share of the images whose label is right; 0 for what is no row of labels."""
    found, right = np.asarray(returned), arguments["right"]
    return float(np.mean(found == right)) if found.shape == right.shape else 0.0


def recognised(returned: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What kind of thing came back for the images, and which labels it holds.

    None of this says how many labels are right; it tells known mistakes apart.
    Of labels drawn at random, more than half agree with others, or none does,
    with a chance below 1e-16.
    """
    found, right = np.asarray(returned), arguments["right"]
    if found.shape != right.shape:
        return {"kind": _kind_of_rows(found, len(right))}
    whole = bool(np.all(found == np.round(found)))
    if not whole or found.min() < 0 or found.max() > 10:
        return {"kind": "numbers that are no labels"}
    if found.min() == found.max():
        return {"kind": "one label for all"}
    if np.mean(found - 1 == right) > 0.5:
        return {"kind": "labels from 1 on"}
    if np.mean(found == right) > 0.5:
        return {"kind": "labels of the images"}
    if np.mean(found == arguments["validation"]) > 0.5:
        return {"kind": "labels of other images"}
    return {"kind": "labels" if np.any(found == right) else "never the right label"}


def _kind_of_rows(found: np.ndarray, n: int) -> str:
    """What an array that is not one number an image seems to be."""
    if found.shape != (n, 10) or not np.isfinite(found).all():
        return f"an array of shape {found.shape}"
    if np.abs(found.sum(axis=1) - 1).max() > 1e-6 or found.min() < 0:
        return "scores"
    return "rows of 0 and 1" if np.all((found == 0) | (found == 1)) else "chances"


def of_the_way_down(returned: Any, arguments: Mapping[str, Any]) -> float:
    """Part of the way from the start to the bottom, on average over the entries."""
    found, bottom = np.asarray(returned), arguments["bottom"]
    if found.shape != bottom.shape:
        return 0.0
    way = np.abs(arguments["theta0"] - bottom).mean()
    return float(max(0.0, 1 - np.abs(found - bottom).mean() / way))


def how_far_down(returned: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """In words, so that known mistakes can be told apart."""
    found, start = np.asarray(returned), arguments["theta0"]
    if found.shape != start.shape:
        return {"kind of walk": f"an array of shape {found.shape}"}
    if np.array_equal(found, start):
        return {"kind of walk": "none"}
    before, after = (np.abs(at - arguments["bottom"]) for at in (start, found))
    gone = 1 - after / before
    if not after.mean() <= before.mean():  # steps that are too long end far away, too
        nearer = gone.max() > 0.05
        return {"kind of walk": "beyond the bottom" if nearer else "away from it"}
    uneven = gone.max() > 0.5 and np.median(gone) < 0.01
    return {"kind of walk": "of a few entries" if uneven else "of most entries"}
