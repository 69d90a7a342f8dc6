"""How long an author waits for the notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.measuring import Row, fresh_python, seconds

REPEATS = 3


def rows() -> Iterator[Row]:
    n = len(list(Path("solutions").glob("*/*.py")))

    def build() -> None:
        fresh_python("-m", "autograder", "build", "--check")

    build()
    time = median(seconds(build) for _ in range(REPEATS))
    yield Row(f"autograder build --check, {n} chapters", time, "s")
