"""The README's figures, which are those of results.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["BEGIN", "END", "SHOWN", "find", "table", "with_table"]

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->"

SHOWN = (
    ("grade", "nbgrader autograde, each further one", "nbgrader alone, a submission"),
    ("grade", "default: each further one", "this grader, a submission"),
    ("grade", "default: times as many", "times as many a minute"),
    ("grade", "--full: each further one", "with the experiments too, `--full`"),
    ("grade", "--full: times as many", "times as many a minute"),
    ("grade", "--full --pictures: each", "with their figures, `--full --pictures`"),
    ("grade", "--full --pictures: times", "times as many a minute"),
    ("grade", "from start to the first", "from the command to the first verdict"),
    ("grade", "a class of 3,000", "3,000 submissions of one chapter"),
    ("grade", "a class of 3,000 again", "the same again, nothing changed"),
    ("grade", "more memory for 3,000", "memory beyond that for 100"),
    ("import", "import autograder", "`import autograder`, beyond NumPy's"),
    ("check", "check of a right answer", "a check of a right answer, median"),
    ("check", "check of a mistake", "a check that names a mistake, median"),
    ("slider", "slider moved", "a figure redrawn after a slider, median"),
    (
        "threads",
        "07_batch_norm beside another process, one",
        "a complete chapter 07, while another process computes",
    ),
    ("threads", "  times as fast", "times as fast as with a thread a core"),
    ("report", "report of 1000", "the class report of 1,000 students"),
)
"""Benchmark, beginning of its row's name, words in the table."""


def table(results: Mapping[str, Any]) -> str:
    """The table, with the machine that it was measured on."""
    here = results["machine"]
    lines = [
        f"Measured on {here['cores']} cores of an {here['processor']}, "
        f"{here['system']}, Python {here['python']}, with 2 grading processes.",
        "",
        "| what | figure |",
        "|---|---|",
    ]
    for benchmark, name, words in SHOWN:
        row = find(results, benchmark, name)
        if row is not None:
            unit = "" if row["unit"] == "1" else f" {row['unit']}"
            lines.append(f"| {words} | {row['value']:,g}{unit} |")
    return "\n".join(lines) + "\n"


def find(results: Mapping[str, Any], benchmark: str, name: str) -> Any:
    """The first row of a benchmark whose name begins so; None if there is none."""
    rows = results["results"].get(benchmark, ())
    return next((row for row in rows if row["name"].startswith(name)), None)


def with_table(text: str, results: Mapping[str, Any]) -> str:
    """A text with the table between its two marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return before + begin + table(results) + end + after if end else text
