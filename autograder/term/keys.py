"""What may stand in `grading/class.toml`: every key explained, with an example."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["KEYS", "LATE_KEYS", "Key", "explained"]


@dataclass(frozen=True)
class Key:
    """One key of the file.

    Attributes
    ----------
    name : str
    example : str
        Lines of TOML.
    text : str
        What it does, and what is done without it.
    """

    name: str
    example: str
    text: str


KEYS = (
    Key(
        "timezone",
        'timezone = "Europe/Berlin"',
        "Of every time that names none, here and in timestamp.txt.\n"
        "Without it, c.Exchange.timezone of nbgrader's settings.",
    ),
    Key(
        "roster",
        'roster = "roster.csv"',
        "The list of the class, a CSV file beside this one: everybody on it has a row\n"
        "in marks.csv, handed in or not.",
    ),
    Key(
        "column",
        'column = "SIS Login ID"',
        "The roster's heading under which the names of the students' folders stand.\n"
        "Without it, the one under which the most are found.",
    ),
    Key(
        "attempt",
        'attempt = "in time"',
        "Which attempt counts, of those that `autograder collect` has kept:\n"
        '"latest" (as without this key), "first", or "in time": the last one that is\n'
        "not late, and if all are late, the latest.",
    ),
    Key(
        "drop_lowest",
        "drop_lowest = 1",
        "So many of a student's chapters, those of the lowest percentage, do not\n"
        "count in the total. Without it, all count.",
    ),
    Key(
        "bonus_cap",
        "bonus_cap = 10",
        "Further work is on top: a chapter's percentage is of its core, and further\n"
        "work can lift it to 110 at most. Without it, further work counts like any.",
    ),
    Key(
        "due",
        '[due]\n03_momentum = "2026-11-20 23:59"',
        "When each chapter is due. The gradebook takes these, and a chapter that is\n"
        "not named has no due date. Without this table, the gradebook's own stay.",
    ),
    Key(
        "late",
        '[late]\nrule = "a day"\namount = "10 %"\ngrace = "15 min"\ncap = "50 %"',
        'What is taken off for late work. rule is "none", "zero" (all), or "a day":\n'
        'then amount for each day that has begun, "10 %" of what was earned or 1.5\n'
        "points. Who is late by no more than grace is not late; who is later is late\n"
        "from the due date on. No more than cap is taken off.\n"
        "Without this table, as nbgrader's settings say.",
    ),
    Key(
        "extensions",
        '[extensions.ada]\n03_momentum = "2026-11-27 23:59"\n'
        '[extensions.boris]\n03_momentum = "+3 days"',
        "One student's own due dates, or so much more than the others have.\n"
        "Without any of these tables, the gradebook's own extensions stay.",
    ),
    Key(
        "groups",
        '[groups]\nred = ["ada", "boris"]',
        "Who hands in together: one of them does, and all are graded for it. Points\n"
        "and comments that you give to one of them are given to all.",
    ),
    Key(
        "weights",
        "[weights]\n03_momentum = 2",
        "How much a chapter counts in the total, which is the mean of the chapters'\n"
        "percentages; 1 where no weight is given, and 0 for one that does not count.",
    ),
)
"""In the order in which they stand in a file: tables come last."""

LATE_KEYS = ("rule", "amount", "grace", "cap")


def explained(comment: bool = False) -> Iterator[str]:
    """Lines on every key; with `comment`, as a file in which nothing is said yet."""
    mark = "# " if comment else ""
    for key in KEYS:
        yield ""
        yield from (f"{mark}{line}" for line in key.text.splitlines())
        sign = "#" if comment else "    "
        yield from (f"{sign}{line}" for line in key.example.splitlines())
