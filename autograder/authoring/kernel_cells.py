"""An exercise cell that is left empty means the kernel: its body is said once."""

from __future__ import annotations

import ast
import builtins
import inspect
import symtable
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.authoring.errors import SourceError
from autograder.authoring.functions import python_of
from autograder.authoring.source import SourceCell
from autograder.exercises.spec import Chapter

__all__ = ["check_kernels_names", "emptied", "filled", "kernel_code"]


def kernel_code(reference: Callable) -> str:
    """A kernel's source as an author would write it in a cell: without docstring."""
    lines = textwrap.dedent(inspect.getsource(reference)).rstrip().split("\n")
    function = ast.parse("\n".join(lines)).body[0]
    assert isinstance(function, ast.FunctionDef | ast.ClassDef)
    if ast.get_docstring(function) is not None:
        first, end = function.body[0].lineno - 1, function.body[0].end_lineno or 0
        while end < len(lines) and not lines[end].strip():
            end += 1
        del lines[first:end]
    return "\n".join(lines)


def filled(cells: Sequence[SourceCell], chapter: Chapter) -> tuple[SourceCell, ...]:
    """The cells with the kernel's code in every exercise cell that is empty.

    Parameters
    ----------
    cells : sequence of SourceCell
        As they are written.
    chapter : Chapter
        What the registry says; its references are the kernels.
    """
    kernels = {exercise.name: exercise.reference for exercise in chapter.exercises}
    return tuple(
        replace(cell, source=kernel_code(kernels[cell.name]), origin="kernel")
        if _is_empty(cell) and cell.name in kernels
        else cell
        for cell in cells
    )


def emptied(cells: Sequence[SourceCell], chapter: Chapter) -> tuple[SourceCell, ...]:
    """The inverse of `filled`: an answer that is its kernel to the letter is empty."""
    kernels = {e.name: kernel_code(e.reference) for e in chapter.exercises}
    return tuple(
        replace(cell, source="")
        if cell.role == "exercise" and cell.source == kernels.get(cell.name)
        else cell
        for cell in cells
    )


def check_kernels_names(cells: Sequence[SourceCell], path: Path | str) -> None:
    """Refuse an empty cell whose kernel uses what the notebook does not have.

    A kernel may call others of its module, or read a constant there; a notebook
    has only what stands in its own cells.

    Parameters
    ----------
    cells : sequence of SourceCell
        What `filled` gave.
    path : Path
        Where they are from, for messages.

    Raises
    ------
    SourceError
        At the first such cell, with the names.
    """
    there = set(dir(builtins))
    for cell in cells:
        if cell.kind != "code":
            continue
        table = _names_of(cell)
        there |= set(_bound(table))
        missing = sorted(set(_used(table)) - there)
        if cell.origin == "kernel" and missing:
            names = ", ".join(f"`{name}`" for name in missing)
            raise SourceError(
                path,
                cell.place(),
                f"The kernel of `{cell.name}` uses {names}, which no cell up to here "
                "has.",
                "Write the function out in the cell, below what the learner is "
                "given for it.",
            )


def _is_empty(cell: SourceCell) -> bool:
    return cell.role == "exercise" and not cell.source.strip()


def _names_of(cell: SourceCell) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(python_of(cell.source)), "cell", "exec")


def _bound(table: symtable.SymbolTable) -> Iterator[str]:
    """Names that running a cell leaves behind."""
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            yield symbol.get_name()


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    """Names that a cell, or a function in it, takes from outside of functions."""
    for symbol in table.get_symbols():
        outside = table.get_type() == "module" or symbol.is_global()
        if symbol.is_referenced() and outside:
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _used(inner)
