"""What the metadata of a trusted notebook's cells say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "OWN",
    "SKIPPED_TAGS",
    "answer_name",
    "checked_name",
    "grade_id",
    "source_of",
    "tags_of",
]

SKIPPED_TAGS = frozenset({"experiment", "start", "try"})
"""Cells on which no mark depends; the student's version takes their place."""

OWN = "autograder_own"
"""Key in the metadata of cells whose source the student wrote."""


def tags_of(cell: Mapping[str, Any]) -> frozenset[str]:
    """Tags of a cell."""
    return frozenset(cell["metadata"].get("tags", ()))


def _nbgrader(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    return cell["metadata"].get("nbgrader") or {}


def grade_id(cell: Mapping[str, Any]) -> str:
    """The name by which nbgrader knows a cell; empty for other cells."""
    return _nbgrader(cell).get("grade_id", "")


def answer_name(cell: Mapping[str, Any]) -> str | None:
    """Grade id of a cell that the student fills in; None for other cells."""
    meta = _nbgrader(cell)
    return meta["grade_id"] if meta.get("solution") else None


def checked_name(cell: Mapping[str, Any]) -> str | None:
    """Name of the function that this check cell is about; None for other cells."""
    meta = _nbgrader(cell)
    if cell["cell_type"] != "code" or not meta.get("grade") or meta.get("solution"):
        return None
    return meta["grade_id"].removesuffix("_check")


def source_of(cell: Mapping[str, Any]) -> str:
    """A cell's text, which a file holds as one string or as lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
