"""Where the names of lines go, so that none lies on another.

Both functions are plain geometry in any unit, usually pixels.  They return
centres of boxes that do not overlap, or raise `ValueError`: there is no third
outcome.
"""

from __future__ import annotations

import numpy as np

__all__ = ["place", "spread"]


def spread(wanted, sizes, low, high):
    """Move intervals along a line as little as possible until none overlaps.

    Parameters
    ----------
    wanted : array_like of shape (n,)
        Where the centres would like to be.
    sizes : array_like of shape (n,)
        Lengths of the intervals.
    low, high : float
        Every interval lies inside these bounds.

    Returns
    -------
    centres : ndarray of shape (n,)
        The least-squares solution, in the order of `wanted`.

    Raises
    ------
    ValueError
        If the intervals together are longer than ``high - low``.

    Notes
    -----
    In order of `wanted` let z_i be the i-th centre minus the room that the
    intervals below it need.  The intervals are disjoint exactly when z does
    not decrease, so z is found by isotonic regression (pool adjacent
    violators).
    """
    wanted = np.asarray(wanted, dtype=float)
    sizes = np.asarray(sizes, dtype=float)
    if sizes.sum() > high - low:
        raise ValueError(
            f"{len(sizes)} labels need {sizes.sum():.0f} of {high - low:.0f}: "
            "draw fewer lines, or a taller figure."
        )
    order = np.argsort(wanted, kind="stable")
    room = np.cumsum(sizes[order]) - sizes[order] / 2
    blocks: list[tuple[float, int]] = []
    for value in wanted[order] - room:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] > mean:
            below, n = blocks.pop()
            mean, count = (mean * count + below * n) / (count + n), count + n
        blocks.append((mean, count))
    shift = np.repeat([mean for mean, _ in blocks], [n for _, n in blocks])
    centres = np.empty_like(wanted)
    centres[order] = np.clip(shift, low, high - sizes.sum()) + room
    return centres


def place(anchors, sizes, obstacles, low, high, step=3.0, gap=5.0):
    """Put one box near each anchor: off the obstacles, never on another box.

    Parameters
    ----------
    anchors, sizes : array_like of shape (n, 2)
        The points to name, and widths and heights of their names.
    obstacles : array_like of shape (m, 2)
        Points to keep free where possible: lines, dots, a star.
    low, high : array_like of shape (2,)
        Corners of the area that all boxes stay inside.
    step : float
        Distance of the positions that are tried.
    gap : float
        Room to leave between a box and an obstacle.

    Returns
    -------
    centres : ndarray of shape (n, 2)

    Raises
    ------
    ValueError
        If a box finds no place next to the boxes before it.
    """
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    obstacles = np.asarray(obstacles, dtype=float).reshape(-1, 2)
    centres: list[np.ndarray] = []
    taken: list[np.ndarray] = []
    for anchor, size in zip(np.asarray(anchors), np.asarray(sizes), strict=True):
        half = np.asarray(size, dtype=float) / 2
        grid = _grid(low + half, high - half, step)
        free = np.ones(len(grid), dtype=bool)
        for centre, other in zip(centres, taken, strict=True):
            free &= np.any(np.abs(grid - centre) >= half + other, axis=1)
        grid = grid[free]
        if len(grid) == 0:
            raise ValueError("the labels do not fit: draw fewer lines.")
        centres.append(_best(grid, np.asarray(anchor), half, obstacles, gap))
        taken.append(half)
    return np.array(centres).reshape(-1, 2)


def _grid(low, high, step):
    """All centres to try; none if the area is smaller than the box."""
    if np.any(high < low):
        return np.empty((0, 2))
    axes = [np.append(np.arange(a, b, step), b) for a, b in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)


def _best(grid, anchor, half, obstacles, gap, chunk=256):
    """The centre with the least distance to the anchor plus cost of what it covers."""
    outside = np.maximum(np.abs(grid - anchor) - half, 0.0)
    distance = np.linalg.norm(outside, axis=1)
    order = np.argsort(distance, kind="stable")
    best, least = order[0], np.inf
    for start in range(0, len(order), chunk):
        near = order[start : start + chunk]
        if distance[near[0]] >= least:
            break
        x, y = grid[near].T
        covers = np.abs(x[:, None] - obstacles[:, 0]) < half[0] + gap
        covers &= np.abs(y[:, None] - obstacles[:, 1]) < half[1] + gap
        covered = np.count_nonzero(covers, axis=1)
        # One covered point weighs as much as a long leader line.
        cost = distance[near] + 60.0 * np.minimum(covered, 5)
        if cost.min() < least:
            best, least = near[cost.argmin()], cost.min()
    return grid[best]
