"""What is compared of the normalisations: inputs, and the settings of every run.

Nothing here needs PyTorch.  Inputs come from a formula, so that no random
generator has to be the same everywhere.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

__all__ = ["AXES", "BATCHES", "GOLDEN", "GROUPS", "IMAGES", "MATRICES", "values"]

GOLDEN = Path(__file__).with_name("normalisation_golden.json")
"""Recorded results, written by `make_normalisation_golden.py`."""


def values(shape: tuple[int, ...], k: int) -> np.ndarray:
    """Numbers between -2 and 2 that follow no pattern; another k, other numbers."""
    return 2 * np.sin(1.7 * k + np.arange(np.prod(shape)) ** 1.37).reshape(shape)


BATCHES = {
    "plain": {"shape": (6, 3), "eps": 1e-5, "momentum": 0.1, "spread": 1.0},
    "large eps": {"shape": (5, 4), "eps": 1e-2, "momentum": 0.3, "spread": 0.1},
    "far from zero": {"shape": (9, 2), "eps": 1e-3, "momentum": 0.01, "spread": 3.0},
    "mostly the new batch": {
        "shape": (4, 5),
        "eps": 1e-5,
        "momentum": 0.9,
        "spread": 1.0,
    },
}
"""Runs of `BatchNorm1d` over three batches, then in use."""

IMAGES = (4, 6, 3, 5)

AXES = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3)}
"""The module's kind, and the axes of `normalize` that make it."""

GROUPS = (1, 2, 3, 6)

MATRICES = {"one round": ((4, 3), 1), "five rounds": ((3, 6), 5)}
"""Of each: shape of the weights, and rounds of the power method."""
