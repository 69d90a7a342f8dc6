"""Short trainings of one small network, for tables that compare its settings.

They are recorded in `trials.json`, by `tests/lab/make_recorded_trials.py`: the
code that runs them holds what the chapters before ask for.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

__all__ = ["CHOICES", "N_SEEDS", "trial"]

CHOICES = {
    "start": ("small", "Kaiming"),
    "optimiser": ("SGD", "Adam"),
    "schedule": ("constant", "cosine"),
    "norm": ("none", "batch"),
}
"""What a trial can be told, each with the plain choice first."""

N_SEEDS = 10
"""Trials of each kind that are recorded, with the seeds 0 to 9."""

FILE = Path(__file__).with_suffix(".json")


def trial(
    seed: int,
    start: str = "small",
    optimiser: str = "SGD",
    schedule: str = "constant",
    norm: str = "none",
) -> float:
    """Validation accuracy of a network with two hidden layers of 64 ReLU units.

    Six epochs on the digits, in batches of 32.

    Parameters
    ----------
    seed : int
        From 0 to 9: of the initial weights and of the order of the batches.
    start : str
        Standard deviation of the weights: "small" is 0.01, or "Kaiming".
    optimiser : str
        "SGD" with learning rate 0.2 or "Adam" with 0.004.
    schedule : str
        "constant", or "cosine" down to 0.
    norm : str
        "none", or "batch" norm before each ReLU; then with running averages.

    Raises
    ------
    ValueError
        If no such trial is recorded.
    """
    row = (start, optimiser, schedule, norm)
    for word, choices in zip(row, CHOICES.values(), strict=True):
        if word not in choices:
            raise ValueError(f"{word!r} is not one of {', '.join(choices)}")
    if seed not in range(N_SEEDS):
        raise ValueError(f"the seeds 0 to {N_SEEDS - 1} are recorded, not {seed}")
    return _recorded()[" ".join(row)][seed]


@cache
def _recorded() -> dict[str, list[float]]:
    return json.loads(FILE.read_text(encoding="utf-8"))
