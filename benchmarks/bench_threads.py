"""A chapter's solution on a busy machine: one BLAS thread, as the course sets it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder import ONE_THREAD
from benchmarks.measuring import Row, seconds

CHAPTER = "07_batch_norm"


def rows() -> Iterator[Row]:
    """Beside one other process that computes all the time."""
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        one = seconds(lambda: _run(1))
        many = seconds(lambda: _run(os.cpu_count() or 1))
    finally:
        other.kill()
        other.wait()
    name = f"{CHAPTER} beside another process"
    yield Row(f"{name}, one thread", one, "s")
    yield Row(f"{name}, a thread a core", many, "s")
    yield Row("  times as fast with one", many / one, "1")


def _run(threads: int) -> None:
    """Run the chapter's solution in a kernel; NumPy reads the number when it starts."""
    notebook = Path("solutions", CHAPTER, f"{CHAPTER}.ipynb")
    code = (
        "import sys, nbformat; from nbclient import NotebookClient; "
        "NotebookClient(nbformat.read(sys.argv[1], 4), timeout=600).execute()"
    )
    given = dict.fromkeys(ONE_THREAD, str(threads))
    subprocess.run(
        [sys.executable, "-c", code, notebook], env=os.environ | given, check=True
    )
