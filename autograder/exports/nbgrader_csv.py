"""The gradebook's marks as nbgrader exports them."""

from __future__ import annotations

from collections.abc import Iterator

from nbgrader.plugins import CsvExportPlugin

from autograder.exports.formats import Wanted
from autograder.gradebook.gradebook import open_gradebook

__all__ = ["export"]


def export(wanted: Wanted) -> Iterator[str]:
    """Run nbgrader's own exporter on its own gradebook."""
    path = wanted.path("csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_gradebook(wanted.course) as gradebook:
        CsvExportPlugin(to=str(path)).export(gradebook)
    yield wanted.written(path, "as `nbgrader export` does")
