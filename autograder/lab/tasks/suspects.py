"""Steps of six programs that each have another mistake, and not which one.

They are recorded in `suspects.json`, by `tests/lab/make_recorded_suspects.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

__all__ = ["FILE", "Seen", "recorded"]

FILE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Seen:
    """What was seen of the six.

    Attributes
    ----------
    grads : ndarray of shape (n_steps,)
        The gradients that all of them were given.
    runs : dict
        The steps of each, (n_steps,), by a letter.
    lr, beta1, beta2 : float
        Settings that all have; eps is 0.
    """

    grads: np.ndarray
    runs: dict[str, np.ndarray]
    lr: float
    beta1: float
    beta2: float


def recorded() -> Seen:
    """The runs in the file."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    runs = {name: np.array(steps) for name, steps in data.pop("runs").items()}
    return Seen(grads=np.array(data.pop("grads")), runs=runs, **data)
