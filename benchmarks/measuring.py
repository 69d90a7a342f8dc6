"""One measured figure, and the ways to take it."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["NotMeasured", "Row", "fresh_python", "seconds"]


class NotMeasured(Exception):
    """What a benchmark needs cannot be had here; says what and why."""


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    name : str
        What was measured, in words.
    value : float
        The figure.
    unit : str
        Its unit: "ms", "s", "1".
    limit : float, optional
        The most that it may be; `make bench` fails above it.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def within(self) -> bool:
        """Whether the figure keeps its limit, if it has one."""
        return self.limit is None or self.value <= self.limit


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call, with no garbage collection in between."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def fresh_python(*words: str) -> str:
    """What a new Python prints; raises with its errors if it fails."""
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        command = " ".join(["python", *words])
        raise RuntimeError(f"`{command}` failed:\n{done.stdout}{done.stderr}")
    return done.stdout
