"""Accidents that happen to notebooks, to make a sample class with."""

from __future__ import annotations

import ast
import textwrap
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
    """Write something else into a function, or into a class's first method."""

    def spoil(notebook: dict[str, Any]) -> None:
        cell = notebook["cells"][_find(notebook["cells"], name)]
        source = "".join(cell["source"])
        lines = source.splitlines()
        function = _function_of(source, name)
        first = function.body[0]
        written = textwrap.indent(body, first.col_offset * " ")
        lines[first.lineno - 1 : function.end_lineno] = [written]
        cell["source"] = "\n".join(lines) + "\n"

    return spoil


def _function_of(source: str, name: str) -> ast.FunctionDef:
    """The function called `name`, or the first method of the class of that name."""
    kinds = ast.FunctionDef | ast.ClassDef
    found = [node for node in ast.parse(source).body if isinstance(node, kinds)]
    answer = next(node for node in found if node.name == name)
    inside = answer.body if isinstance(answer, ast.ClassDef) else [answer]
    return next(node for node in inside if isinstance(node, ast.FunctionDef))


def _find(cells: list[dict[str, Any]], grade_id: str) -> int:
    return next(
        at
        for at, cell in enumerate(cells)
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
