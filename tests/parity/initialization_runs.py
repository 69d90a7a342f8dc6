"""What of chapter 06 is compared with PyTorch; nothing here needs PyTorch."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

__all__ = ["ACTIVATIONS", "CALLS", "GAINS", "GOLDEN", "SHAPES", "network"]

GOLDEN = Path(__file__).with_name("golden_initialization.json")
"""Recorded numbers, written by `make_golden_initialization.py`."""

SHAPES = ((3, 5), (64, 32), (784, 10), (32, 16, 3, 5), (8, 24, 7, 2), (4, 9, 1, 1))
"""Of weights as PyTorch has them: (out, in), or (out, in, height, width)."""

GAINS = {"linear": "linear", "relu": "relu"}
"""Our activations with a gain, and PyTorch's names for them."""

CALLS = (
    "xavier_normal",
    "xavier_uniform",
    "kaiming_normal linear",
    "kaiming_normal relu",
    "kaiming_uniform linear",
    "kaiming_uniform relu",
)

ACTIVATIONS = ("linear", "relu", "tanh", "sigmoid")


def network() -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray], np.ndarray]:
    """A batch, weights (in, out), biases, and a gradient by the output."""
    rng = np.random.RandomState(6)  # whose numbers no version of NumPy changes
    sizes = (4, 6, 5, 7, 3)
    weights = [rng.standard_normal((n, m)) / np.sqrt(n) for n, m in pairwise(sizes)]
    biases = [rng.standard_normal(m) for m in sizes[1:]]
    return rng.standard_normal((8, 4)), weights, biases, rng.standard_normal((8, 3))
