"""Who handed in, which file, when and why, in the terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.collecting.collected import Collected
from autograder.collecting.placing import EARLIER, stamp
from autograder.text import clean

__all__ = ["print_collected"]

WORDS = {
    "new": "new",
    "same": "there already",
    "replaced": "replaces",
    "kept": "not taken",
    "missing": "missing",
    "nothing": "nothing",
}
MOST = 200
"""Unaccounted files that are named one by one."""


def print_collected(collected: Collected, console: Console, written: bool) -> None:
    """Print a table with a row for each person, then all that is not in it."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("student", overflow="fold")
    table.add_column("name", overflow="fold")
    table.add_column("chapter", no_wrap=True)
    table.add_column("file", overflow="fold")
    table.add_column("when")
    table.add_column("what and why", overflow="fold")
    for row in collected.rows:
        when = stamp(row.time).split(".")[0] if row.time else ""
        why = "; ".join((WORDS[row.what], *row.why))
        name = row.name if row.name != row.student else ""
        cells = (row.student, name, row.chapter, row.file, when, why)
        style = "" if row.what in ("new", "same", "replaced") else "yellow"
        table.add_row(*(Text(clean(cell, 300)) for cell in cells), style=style)
    console.print(table)
    if collected.unaccounted:
        console.print()
        console.print(Text("Unaccounted, for you to look at:", style="bold red"))
        for one in collected.unaccounted[:MOST]:
            text = f"  {clean(one.path, 300)}: {clean(one.why, 500)}"
            console.print(Text(text), soft_wrap=True)
        if len(collected.unaccounted) > MOST:
            console.print(f"  and {len(collected.unaccounted) - MOST} more")
    for note in collected.notes:
        console.print()
        console.print(Text(clean(note, 500)), soft_wrap=True)
    console.print()
    console.print(_sums(collected), soft_wrap=True)
    if not written:
        console.print("Nothing is written: that was --dry-run.")
    elif any(row.what == "replaced" for row in collected.rows):
        console.print(f"Nothing is lost: earlier versions are in grading/{EARLIER}/.")


def _sums(collected: Collected) -> str:
    counts = Counter(row.what for row in collected.rows)
    told = ", ".join(f"{counts[what]} {WORDS[what]}" for what in WORDS if counts[what])
    return (
        f"{collected.system}: {told or 'nobody'}. Files: {collected.used} used, "
        f"{collected.harmless} harmless, {len(collected.unaccounted)} unaccounted."
    )
