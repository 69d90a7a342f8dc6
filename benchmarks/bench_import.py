"""What a chapter imports of the course costs, beyond the NumPy that it needs anyway."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.measuring import Row, fresh_python

REPEATS = 15

IMPORT = """
import time
import numpy
start = time.perf_counter()
from autograder import check, hint, progress
print(time.perf_counter() - start)
"""


def rows() -> Iterator[Row]:
    fresh_python("-c", IMPORT)  # writes what is not yet compiled
    times = [float(fresh_python("-c", IMPORT)) for _ in range(REPEATS)]
    yield Row("import autograder, beyond NumPy", 1e3 * median(times), "ms", limit=100)
