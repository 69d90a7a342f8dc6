"""Accuracies of networks with and without batch norm, over ten seeds.

They are recorded in `recorded_norms.json`, by `tests/lab/make_recorded_norms.py`,
with the network of `deep_network` and running averages in use.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["by_rate", "by_size"]

FILE = Path(__file__).with_suffix(".json")


def by_rate() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Learning rates, and for each kind of network (n_rates, n_seeds) accuracies.

    150 steps in batches of 32.
    """
    return np.array(_recorded()["rates"]), _arrays(_recorded()["by_rate"])


def by_size(equal: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Sizes of batches, and for each kind of network (n_sizes, n_seeds) accuracies.

    Parameters
    ----------
    equal : str
        What all sizes have alike: "300 steps" or "9,600 examples".
    """
    return np.array(_recorded()["sizes"]), _arrays(_recorded()["by_size"][equal])


def _arrays(lists):
    return {name: np.array(values) for name, values in lists.items()}


@cache
def _recorded() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))
