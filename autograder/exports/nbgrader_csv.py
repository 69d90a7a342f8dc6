"""The gradebook's marks as nbgrader exports them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from nbgrader.plugins import CsvExportPlugin

from autograder.exports.formats import Wanted
from autograder.exports.settled import left_out, told_left_out
from autograder.gradebook.gradebook import Mark, class_marks, open_gradebook
from autograder.text import csv_text
from autograder.writing import make_private

__all__ = ["export"]


def export(wanted: Wanted) -> Iterator[str]:
    """Run nbgrader's own exporter on its own gradebook."""
    path = wanted.path("csv")
    make_private(path)
    with open_gradebook(wanted.course) as gradebook:
        CsvExportPlugin(to=str(path)).export(gradebook)
    missing = _without(path, left_out(wanted.course), class_marks(wanted.course))
    yield wanted.written(path, "as `nbgrader export` does")
    yield from told_left_out(missing)


def _without(
    path: Path,
    waits: Callable[[str, str], bool],
    marks: Mapping[tuple[str, str], Mark],
) -> list[str]:
    """Take the rows out of nbgrader's file that are no marks yet; gives whose."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def is_no_mark(row: dict[str, str]) -> bool:
        place = row["assignment"], row["student_id"]
        mark = marks.get(place)
        return waits(*place) or (mark is not None and not mark.given)

    missing = [
        f"{row['student_id']}, {row['assignment']}" for row in rows if is_no_mark(row)
    ]
    if rows:
        kept = [row for row in rows if not is_no_mark(row)]
        text = csv_text(rows[0], (row.values() for row in kept))
        path.write_text(text, encoding="utf-8", newline="")
    return missing
