"""Numbers for cases: random, readable, and never so special that a mistake hides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, islice

import numpy as np

from autograder.exercises.spec import Draw

__all__ = ["between", "one_step_each", "signed"]


def signed(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    low: float = 0.3,
    high: float = 2.0,
) -> np.ndarray:
    """Numbers of both signs with a size from `low` to `high`, rounded to hundredths.

    No entry is near zero and no two arrays are alike, so that nothing cancels.
    With two entries or more, both signs occur.
    """
    sign = 2.0 * rng.integers(2, size=shape) - 1.0
    if sign.size > 1 and abs(sign.sum()) == sign.size:
        sign.flat[rng.integers(sign.size)] *= -1
    return (sign * rng.uniform(low, high, size=shape)).round(2)


def between(
    rng: np.random.Generator, low: float, high: float, digits: int = 3
) -> float:
    """One number from `low` to `high`, rounded to `digits` decimals."""
    return round(float(rng.uniform(low, high)), digits)


def one_step_each(run: Callable[[], Iterator[Draw]]) -> Iterator[Draw]:
    """The first step of a run, the second one of another run, and so on.

    `run` begins a run and gives its steps, each with the state in which the steps
    before it ended.  Of one run, each step would show the answer to the one before.
    """
    for at in count():
        step = next(islice(run(), at, None), None)
        if step is None:
            return
        yield step
