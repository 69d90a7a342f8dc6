"""The figures in README.md, taken from results.json: `python -m benchmarks.figures`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["table", "write"]

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
README = Path("README.md")

SHOWN = (
    ("grade", "nbgrader autograde, each further one", "nbgrader alone, a submission"),
    ("grade", "default: each further one", "this grader, 2 processes"),
    ("grade", "default: times as many as nbgrader alone", "  times as many a minute"),
    ("grade", "--full: each further one", "the same cells, `--full`"),
    ("grade", "--full: times as many as nbgrader alone", "  times as many a minute"),
    ("grade", "a class of 3,000", "a class of 3,000, one chapter"),
    ("grade", "more memory for 3,000 than 100", "memory it takes beyond one of 100"),
    ("check", "check of a mistake, median of", "a check that names a mistake"),
    ("report", "report of 1,000 students", "the report of a class of 1,000"),
    ("slider", "median", "a slider's redraw, median"),
)
"""Benchmark, beginning of its row's name, words in the table."""


def table(results: Mapping[str, Any]) -> str:
    """The table, with the machine that it was measured on."""
    here = results["machine"]
    lines = [
        f"Measured by `make bench` on {here['cores']} cores of an {here['processor']}, "
        f"Python {here['python']}.",
        "",
        "| what | figure |",
        "|---|---|",
    ]
    for benchmark, name, words in SHOWN:
        row = _row(results["results"].get(benchmark, ()), name)
        if row is not None:
            unit = "" if row["unit"] == "1" else f" {row['unit']}"
            lines.append(f"| {words} | {row['value']:,.3g}{unit} |")
    return "\n".join(lines)


def _row(rows: Any, name: str) -> Any:
    return next((row for row in rows if row["name"].startswith(name)), None)


def write() -> None:
    """Put the table into README.md."""
    results = json.loads((Path(__file__).parent / "results.json").read_text())
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    shown = f"{before}{BEGIN}\n{table(results)}\n{END}{after}"
    README.write_text(shown, encoding="utf-8")


if __name__ == "__main__":
    write()
