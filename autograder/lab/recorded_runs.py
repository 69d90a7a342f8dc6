"""Runs of optimisers that a notebook shows next to the learner's own.

A chapter compares with methods of earlier chapters, whose functions are not
in its notebook, or trains for longer than a cell may.  Such runs are recorded in
`recorded_runs.json`, by `tests/lab/make_recorded_runs.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

__all__ = ["Training", "Walk", "Warmups", "on_digits", "on_ravine", "warmups"]

_FILE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Walk:
    """One method on the ravine, from its start.

    Attributes
    ----------
    lr : float
        Learning rate.
    path : ndarray of shape (n_steps + 1, 2)
        The points that it visits.
    """

    lr: float
    path: np.ndarray


@dataclass(frozen=True)
class Training:
    """One optimiser on the network of `digit_network`, with many seeds.

    Attributes
    ----------
    lrs : ndarray of shape (n_lrs,)
        The learning rates that were tried.
    final : ndarray of shape (n_lrs, n_seeds)
        Loss on all training images after the last epoch; nan or a large
        number where the training has diverged.
    lr : float
        The learning rate with the least median of `final`.
    losses : ndarray of shape (n_seeds, n_epochs + 1)
        With that learning rate, the loss before training and after each epoch.
    accuracy : ndarray of shape (n_seeds,)
        With that learning rate, on the validation images.
    """

    lrs: np.ndarray
    final: np.ndarray
    lr: float
    losses: np.ndarray
    accuracy: np.ndarray


@dataclass(frozen=True)
class Warmups:
    """Adam on a network of ten hidden layers, with and without a warmup.

    Attributes
    ----------
    lrs : ndarray of shape (n_lrs,)
        The largest learning rate of each schedule, a cosine over 400 steps.
    warmups : ndarray of shape (n_warmups,)
        Steps of warmup; 1 is none.
    loss, accuracy : ndarray of shape (n_warmups, n_lrs, n_seeds)
        After the last step: on all training images, on the validation images.
    """

    lrs: np.ndarray
    warmups: np.ndarray
    loss: np.ndarray
    accuracy: np.ndarray


def on_ravine(which: str) -> dict[str, Walk]:
    """Walks on `landscapes.ravine`, by the name of the method.

    Parameters
    ----------
    which : str
        "two halves", "one learning rate" or "tuned".
    """
    walks = _recorded()["ravine"][which]
    return {name: Walk(w["lr"], np.array(w["path"])) for name, w in walks.items()}


def on_digits() -> dict[str, Training]:
    """Trainings of one network on the digits, by the name of the optimiser."""
    trainings = {}
    for name, recorded in _recorded()["digits"].items():
        arrays = {
            key: np.array(value, dtype=float)
            for key, value in recorded.items()
            if key != "lr"
        }
        trainings[name] = Training(lr=recorded["lr"], **arrays)
    return trainings


def warmups() -> Warmups:
    """Trainings with and without a warmup, at several learning rates."""
    arrays = {k: np.array(v, dtype=float) for k, v in _recorded()["warmup"].items()}
    return Warmups(**arrays)


@cache
def _recorded() -> dict:
    return json.loads(_FILE.read_text(encoding="utf-8"))
