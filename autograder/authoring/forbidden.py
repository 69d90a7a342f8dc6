"""What no cell of a source may hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from autograder.authoring.errors import SourceError
from autograder.authoring.functions import parse_code
from autograder.authoring.source import SourceCell

__all__ = ["check_cell"]

_NOT_FOR_LEARNERS = (
    "authoring",
    "bundling",
    "calling",
    "classroom",
    "collecting",
    "exercises",
    "exports",
    "gradebook",
    "grading",
    "kernels",
    "report",
    "sample",
    "sandbox",
    "submissions",
)
"""Folders of this package that no cell of a chapter may import."""

# nbgrader gives these a meaning in any cell.
_RESERVED = re.compile(
    r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)|^\s*#.*\bAUTOTEST\b", re.M
)


def check_cell(cell: SourceCell, path: Path | str) -> None:
    """Refuse a cell that is not Python, or holds what the build or nobody writes.

    Parameters
    ----------
    cell : SourceCell
        Any cell.
    path : Path
        Where it is from, for messages.

    Raises
    ------
    SourceError
        At the first such thing.
    """
    _check_reserved(cell, path)
    if cell.kind == "code":
        tree = parse_code(cell, path)
        _check_no_check(cell, tree, path)
        _check_imports(cell, tree, path)


def _check_reserved(cell: SourceCell, path: Path | str) -> None:
    found = _RESERVED.search(cell.source)
    if found:
        line = cell.source.count("\n", 0, found.start()) + 1
        raise SourceError(
            path,
            cell.place(line),
            f'"{found.group().strip()}" means something to nbgrader.',
            "Remove it; the build writes such lines where they belong.",
        )


def _check_no_check(cell: SourceCell, tree: ast.Module, path: Path | str) -> None:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "check"
        ):
            raise SourceError(
                path,
                cell.place(node.lineno),
                "A check cell written by hand.",
                "Remove the call; the build adds a check after every exercise.",
            )


def _check_imports(cell: SourceCell, tree: ast.Module, path: Path | str) -> None:
    """A learner's installation has no kernels, and a notebook must not show them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for module in modules:
            package, _, rest = module.partition(".")
            if package == "autograder" and rest.split(".")[0] in _NOT_FOR_LEARNERS:
                raise SourceError(
                    path,
                    cell.place(node.lineno),
                    f"Learners have no {module}.",
                    "Let the cell call the learner's function, or move what it "
                    "needs to autograder/lab.",
                )
