"""Accidents that happen to notebooks, to make a sample class with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Spoil", "deletes_check", "doubles_check", "inserts", "replaces_body"]

Spoil = Callable[[dict[str, Any]], None]
"""Changes a notebook's JSON tree in place."""


def doubles_check(name: str) -> Spoil:
    """Copy and paste a check cell."""

    def spoil(notebook: dict[str, Any]) -> None:
        cells = notebook["cells"]
        at = _find(cells, f"{name}_check")
        cells.insert(at, {**cells[at], "id": "copy"})

    return spoil


def deletes_check(name: str) -> Spoil:
    """Delete a check cell."""

    def spoil(notebook: dict[str, Any]) -> None:
        del notebook["cells"][_find(notebook["cells"], f"{name}_check")]

    return spoil


def inserts(name: str, source: str) -> Spoil:
    """Put a cell of the student's own after an answer."""

    def spoil(notebook: dict[str, Any]) -> None:
        cell: dict[str, Any] = {
            "cell_type": "code",
            "execution_count": None,
            "id": "scratch",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        notebook["cells"].insert(_find(notebook["cells"], name) + 1, cell)

    return spoil


def replaces_body(name: str, body: str) -> Spoil:
    """Write something else into a function."""

    def spoil(notebook: dict[str, Any]) -> None:
        cell = notebook["cells"][_find(notebook["cells"], name)]
        head = "".join(cell["source"]).split(f"def {name}(")[1].split(":\n")[0]
        cell["source"] = f"def {name}({head}:\n    {body}\n"

    return spoil


def _find(cells: list[dict[str, Any]], grade_id: str) -> int:
    return next(
        at
        for at, cell in enumerate(cells)
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
