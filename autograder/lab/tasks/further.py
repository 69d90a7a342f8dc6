"""What functions of further work give in an experiment, for who has not written them.

It is recorded in `further.json`, by `tests/lab/make_recorded_further.py`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

__all__ = ["FILE", "recorded"]

FILE = Path(__file__).with_suffix(".json")


def recorded(function: str) -> np.ndarray:
    """What the experiment with this function shows.

    Parameters
    ----------
    function : str
        "transformer_lr": its rates in steps 1 to 141, the largest is 1; shape (141,).
        "amsgrad_step": places and slopes on the stream; shape (2, 3000).
        "predicted_scale": sizes of 50 layers, at 1/n, 2/n and 3/n; shape (3, 50).
        "gradient_norms": of 20 layers, with sigmoid, tanh and ReLU; shape (3, 20).
        "groupnorm": which inputs can change one output, with 2 groups; shape (4, 6).
    """
    return np.array(_recorded()[function])


@cache
def _recorded() -> dict[str, list]:
    return json.loads(FILE.read_text(encoding="utf-8"))
