"""`python -m benchmarks [NAME ...]`: measure, print a table, write results.json.

Each module `bench_NAME.py` beside this one has `rows()`, which yields `Row`s.
They go into the README's table too.  With names given, only these are measured
and nothing is written; nor is anything written while other work takes the cores,
since all figures are too large then.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

# Before NumPy is imported: a figure must not depend on how many cores are idle.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")

from benchmarks.figures import with_table
from benchmarks.machine import busy, machine
from benchmarks.measuring import NotMeasured, Row

__all__ = ["main"]

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
README = FOLDER.parent / "README.md"


def main(arguments: list[str]) -> int:
    """Measure what is named, or everything; 1 if a limit is exceeded, else 0."""
    known = sorted(p.stem.removeprefix("bench_") for p in FOLDER.glob("bench_*.py"))
    if unknown := sorted(set(arguments) - set(known)):
        print(f"No benchmark is called {', '.join(unknown)}.", file=sys.stderr)
        print(f"There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    here, others = machine(), busy()
    print(", ".join(f"{name} {value}" for name, value in here.items()))
    measured: dict[str, list[Row]] = {}
    for name in arguments or known:
        print(f"\n{name}", flush=True)
        measured[name] = []
        try:
            for row in import_module(f"benchmarks.bench_{name}").rows():
                measured[name].append(row)
                print(line(row), flush=True)
        except NotMeasured as reason:
            print(f"  not measured: {reason}", flush=True)
    if others:
        print(f"\nOther work is running ({others}): figures too large, none written.")
    elif not arguments:
        write(here, measured)
        print(f"\nwritten: {RESULTS.name}, and the table of {README.name}")
    return int(not all(row.within for rows in measured.values() for row in rows))


def line(row: Row) -> str:
    """A figure as one line of the table, with three digits."""
    limit = ""
    if row.limit is not None:
        limit = f"   at most {row.limit:g}" + ("" if row.within else ", exceeded")
    return f"  {row.name:<48} {row.value:>8.3g} {row.unit:<3}{limit}"


def write(here: dict[str, str | int], measured: dict[str, list[Row]]) -> None:
    """Write the figures, rounded to what a second measurement would repeat.

    They go into results.json, and some of them into the README.
    """

    def rounded(rows: Iterable[Row]) -> list[dict]:
        return [asdict(row) | {"value": float(f"{row.value:.3g}")} for row in rows]

    results = {
        "machine": here,
        "results": {name: rounded(rows) for name, rows in measured.items()},
    }
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    told = with_table(README.read_text(encoding="utf-8"), results)
    README.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
