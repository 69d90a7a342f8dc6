"""What the course's own outputs say for programs, in a saved notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["marks"]


def marks(cells: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The marks in the outputs of a notebook's cells, whatever else is in the file."""
    for cell in cells:
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else ():
            metadata = output.get("metadata") if isinstance(output, dict) else None
            mark = metadata.get("autograder") if isinstance(metadata, dict) else None
            if isinstance(mark, dict):
                yield mark
