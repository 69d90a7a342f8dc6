"""What is compared where an answer is not one fixed value.

These hold no answers, so a learner's installation has them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.exercises.recognition import (
    how_far_down,
    of_the_way_down,
    recognised,
    right_labels,
)

__all__ = [
    "how_far_down",
    "of_the_way_down",
    "random_network",
    "random_weights",
    "recognised",
    "right_labels",
    "shuffled_batches",
    "unit_direction",
]


def unit_direction(returned: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Length of a vector, curvature of `H` along it, and its line without a sign.

    The sign is chosen so that the product with a fixed vector is positive.  A
    direction at right angles to that vector would have no sign; that a random
    one comes within rounding of it has a chance of about 1e-14.
    """
    v, H = np.asarray(returned, dtype=float), arguments["H"]
    if v.shape != (len(H),):
        return {"direction": v}  # a mistake's, compared with another of its shape
    length = float(np.linalg.norm(v))
    with np.errstate(all="ignore"):
        unit = v / length
        curvature = float(unit @ H @ unit)
    side = np.sign(unit @ np.cos(np.arange(v.size)))
    return {
        "length of the direction": length,
        "curvature along the direction": curvature,
        "direction, up to its sign": side * unit,
    }


FAR = 6.0
"""Standard deviations beyond which an order is not taken for a random one."""


def shuffled_batches(returned: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a list of index arrays a shuffled cut of range(n), in words.

    Any way to shuffle with the given generator is right, so no order is
    compared with another.  An order counts as random unless it is range(n)
    itself, keeps each batch's neighbours together, or lies `FAR` standard
    deviations from the mean in its number of descents or of inversions.  Of
    random orders of 17 indices or more, cut by 5 or more, fewer than 1 in 50
    million are refused: a test computes the exact chances.
    """
    batches = [b for b in map(np.asarray, _items(returned)) if b.size]
    kinds = {batch.dtype.kind for batch in batches}
    if not batches or not kinds <= set("iu"):
        found = sorted(str(batch.dtype) for batch in batches)[-1:]
        return {"type of the indices": "".join(found) or type(returned).__name__}
    order = np.concatenate([batch.ravel() for batch in batches])
    seen = {"type of the indices": "integer"}
    if not np.array_equal(np.sort(order), np.arange(arguments["n"])):
        return seen | {"set of indices": _what_is_there(order, batches, arguments["n"])}
    return seen | {
        "set of indices": "each from 0 to n - 1 once",
        "order of the indices": _order(order, batches),
    }


def _items(returned: Any) -> list[Any]:
    if isinstance(returned, list | tuple):
        return list(returned)
    return list(returned) if isinstance(returned, np.ndarray) else []


def _what_is_there(order: np.ndarray, batches: list[np.ndarray], n: int) -> str:
    least, most = order.min(), order.max()
    if least < 0 or most >= n:
        return f"some outside 0 to n - 1: from {least} to {most}"
    if len(np.unique(order)) == len(order):
        return "some missing"
    # A large batch drawn with replacement is sure to hold one index twice.
    large = [batch for batch in batches if len(batch) >= 30]
    if any(len(np.unique(batch)) < len(batch) for batch in large):
        return "some more than once, even inside a batch"
    return "some more than once"


def _order(order: np.ndarray, batches: list[np.ndarray]) -> str:
    n = len(order)
    if np.array_equal(order, np.arange(n)):
        return "0, 1, 2, …"
    if 1 < len(batches) < n:
        if all(np.all(np.diff(batch) == 1) for batch in batches):
            return "whole batches of neighbours, in another order"
        if np.array_equal(np.concatenate([np.sort(b) for b in batches]), np.arange(n)):
            return "neighbours stay in one batch, shuffled inside it"
    descents = np.sum(order[1:] < order[:-1])
    inversions = np.sum(np.triu(order[:, None] > order, 1))
    scores = (
        (descents - (n - 1) / 2) / np.sqrt((n + 1) / 12),
        (inversions - n * (n - 1) / 4) / np.sqrt(n * (n - 1) * (2 * n + 5) / 72),
    )
    return "random" if np.max(np.abs(scores)) <= FAR else "far from random"


SPREAD = 0.12
"""How far chance may take a standard deviation, as a part of it."""

CLOSE_TO_BOUND = 0.0125
"""How far below its bound the largest of many uniform numbers may lie, as a part."""

ALIKE = 7.0
"""Standard deviations beyond which neighbours or a row are not taken for random."""


def random_weights(returned: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a definition fixes about a matrix of independent random weights.

    `arguments` has the right standard deviation as "std", and for uniform
    weights their "bound".  A number within chance of the right one is given as
    the right one, so that every right draw looks alike and a message can say
    what should come out.  For matrices of 1,600 entries or more, with 8 rows
    and columns or more, fewer than 1 in 50 million right draws are refused: a
    test derives the chances.
    """
    W = np.asarray(returned)
    lean_name = "mean of the weights, in standard deviations"
    if W.dtype != np.float64:
        return {"type of the weights": str(W.dtype)}
    seen: dict[str, Any] = {"type of the weights": "float64", lean_name: 0.0}
    if not np.isfinite(W).all():
        return seen | {lean_name: np.nan}
    repeated = _repetition(W)
    if repeated:
        # Their mean and size would be those of too few draws.
        return seen | {"weights": repeated}
    n, mean, std = W.size, float(W.mean()), float(W.std())
    if abs(mean / std) > FAR / np.sqrt(n):
        seen[lean_name] = mean / std
    seen["weights"] = "many different ones"
    seen["distribution of the weights"] = _distribution((W - mean) / std)
    right = arguments["std"]
    near = abs(std / right - 1) <= SPREAD
    seen["standard deviation of the weights, give or take 12 %"] = (
        right if near else std
    )
    if "bound" in arguments:
        seen["largest weight"] = _at_bound(np.abs(W).max() / arguments["bound"])
    seen["weights next to each other"] = _independence((W - mean) / std)
    return seen


def random_network(returned: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The same for each layer of a network, and whether its biases are zeros.

    `arguments` has the right standard deviations as "stds".
    """
    weights, biases = returned
    seen: dict[str, Any] = {}
    for number, (W, std) in enumerate(
        zip(weights, arguments["stds"], strict=True), start=1
    ):
        layer = random_weights(W, {"std": std}) if np.ndim(W) == 2 else {}
        seen |= {f"layer {number}, {name}": told for name, told in layer.items()}
    zeros = all(not np.any(bias) for bias in biases)
    return seen | {"kind of biases": "zeros" if zeros else "not all zero"}


def _repetition(W: np.ndarray) -> str:
    """What is repeated in W, or nothing; signs aside."""
    n_values = np.unique(np.abs(W)).size
    if n_values >= 0.99 * W.size:
        return ""
    if np.ptp(W) == 0:
        return "one value only"
    if np.array_equal(W, np.broadcast_to(W[:1], W.shape)):
        return "the same row again and again"
    if np.array_equal(W, np.broadcast_to(W[:, :1], W.shape)):
        return "the same column again and again"
    return "the same numbers again and again"


def _distribution(Z: np.ndarray) -> str:
    """Which distribution entries with mean 0 and standard deviation 1 have."""
    # The mean size is 0.798 for normal numbers, 0.866 for uniform ones.
    size, largest = np.abs(Z).mean(), np.abs(Z).max()
    if 0.836 < size < 0.896 and largest < 1.9:
        return "uniform"
    if 0.766 < size < 0.832 and largest > 2.45:
        return "normal"
    if 0.79 < size < 0.85 and largest < 2.45:
        return "normal, cut off at about two standard deviations"
    return "neither normal nor uniform"


def _at_bound(largest: float) -> str:
    if largest > 1 + 1e-9:
        return "beyond the bound"
    return "at the bound" if largest > 1 - CLOSE_TO_BOUND else "short of the bound"


def _independence(Z: np.ndarray) -> str:
    neighbours = [Z[1:] * Z[:-1], Z[:, 1:] * Z[:, :-1]]
    scores = [p.sum() / np.sqrt(p.size) for p in neighbours]
    scores += [
        *(Z.sum(axis=0) / np.sqrt(len(Z))),
        *(Z.sum(axis=1) / np.sqrt(Z.shape[1])),
    ]
    return "independent" if np.max(np.abs(scores)) <= ALIKE else "alike"
