"""A step function as what a training loop asks for: an object with a memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["Optimiser"]


class Optimiser:
    """Any step function of the course, for experiments that compare many.

    Parameters
    ----------
    step : callable
        Takes an array, its states, its gradient and the settings; returns the
        new array and the new states.
    n_states : int
        How many arrays it remembers.
    counted : bool
        Whether it takes the number of the step, from 1, before the gradient.
    settings : object
        By name; an `lr` that is a function is asked in every step, from 0.
    """

    def __init__(
        self, step: Callable, n_states: int = 1, counted: bool = False, **settings: Any
    ):
        self._step = step
        self._counted = counted
        self._settings = settings
        self._states: list[dict[str, np.ndarray]] = [{} for _ in range(n_states)]
        self._done = 0

    def update(
        self, params: dict[str, np.ndarray], grads: Mapping[str, np.ndarray]
    ) -> None:
        """One step of each array."""
        settings = dict(self._settings)
        if callable(settings.get("lr")):
            settings["lr"] = settings["lr"](self._done)
        self._done += 1
        number = [self._done] if self._counted else []
        for name in grads:
            states = [known.setdefault(name, grads[name] * 0) for known in self._states]
            made = self._step(params[name], *states, *number, grads[name], **settings)
            for known, new in zip([params, *self._states], made, strict=True):
                known[name] = new
