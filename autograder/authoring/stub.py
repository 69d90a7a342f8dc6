"""The function or class that a learner is given, around the answer of its author."""

from __future__ import annotations

import ast
import inspect
import io
import re
import textwrap
import tokenize
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from autograder.authoring.errors import BuildError, SourceError
from autograder.authoring.functions import exercise_function, methods_of
from autograder.authoring.source import SourceCell

__all__ = [
    "BEGIN",
    "END",
    "inside_of",
    "outside_of",
    "stub_docstring",
    "unwrapped",
    "wrapped",
]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
"""nbgrader's marks: what stands between them is not released."""

# What a learner may know; Notes and References hold the answer.
_SECTIONS = ("Parameters", "Attributes", "Methods", "Returns", "Yields", "Raises")


def stub_docstring(reference: Callable) -> str:
    """What a learner may read of a kernel's docstring.

    Parameters
    ----------
    reference : callable
        The kernel.

    Returns
    -------
    str
        Everything before the first section, and the sections Parameters,
        Attributes, Methods, Returns, Yields and Raises.
    """
    lines = inspect.cleandoc(reference.__doc__ or "").splitlines()
    if not lines:
        raise BuildError(
            f"The kernel `{reference.__name__}` has no docstring.\n"
            "Write one; the learner's function begins with it."
        )
    kept, keep = [], True
    for i, line in enumerate(lines):
        if i + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[i + 1].strip()):
            keep = line.strip() in _SECTIONS
        if keep:
            kept.append(line)
    return "\n".join(kept).strip()


def wrapped(cell: SourceCell, docstring: str) -> str:
    """The exercise's code with a docstring and the marks of a solution.

    Of a class, each method has marks of its own.
    """
    lines = cell.source.split("\n")
    definition = exercise_function(cell, "source")
    added: dict[int, list[str]] = {}
    indent = " " * definition.body[0].col_offset
    prefix = 'r"""' if "\\" in docstring else '"""'
    quoted = f"{prefix}{docstring}" + ('\n"""' if "\n" in docstring else '"""')
    head = _header_end(cell.source, definition.lineno)
    added[head] = [f"{indent}{line}".rstrip() for line in quoted.split("\n")]
    for function in methods_of(definition):
        indent = " " * function.body[0].col_offset
        starts = _header_end(cell.source, function.lineno)
        added.setdefault(starts, []).append(indent + BEGIN)
        ends = function.end_lineno if function is not definition else len(lines)
        added.setdefault(ends or 0, []).append(indent + END)
    if isinstance(definition, ast.ClassDef):
        added[head].append("")
    written = []
    for number, line in enumerate(lines, 1):
        written += [line, *added.get(number, ())]
    return "\n".join(written)


def unwrapped(cell: SourceCell, path: Path | str) -> SourceCell:
    """The inverse of `wrapped`."""
    function = exercise_function(cell, path)
    lines = cell.source.split("\n")
    drop = {i for i, line in enumerate(lines) if line.strip() in (BEGIN, END)}
    if len(drop) != 2 * len(methods_of(function)):
        raise SourceError(
            path,
            cell.place(),
            f"`{cell.name}` does not hold one `{BEGIN}` and one `{END}`.",
            "Put these lines around the body again, or edit the .py text instead.",
        )
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno:
        drop |= set(range(first.lineno - 1, first.end_lineno))
        if isinstance(function, ast.ClassDef):
            drop.add(first.end_lineno)  # the line between docstring and methods
    source = "\n".join(line for i, line in enumerate(lines) if i not in drop)
    return replace(cell, source=source)


def inside_of(source: str) -> str:
    """The lines between the marks of a solution."""
    found = re.findall(rf"^[ \t]*{BEGIN}\n(.*?)^[ \t]*{END}", source, re.S | re.M)
    return "".join(map(textwrap.dedent, found))


def outside_of(source: str) -> str:
    """A cell without its solution; of a written answer nothing is left."""
    if BEGIN not in source:
        return ""
    return re.sub(rf"^\s*{BEGIN}\n.*?^\s*{END}", "", source, flags=re.S | re.M)


def _header_end(source: str, def_line: int) -> int:
    """Number of lines up to the end of the `def` header at `def_line`."""
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.start[0] < def_line or token.type != tokenize.OP:
            continue
        if token.string in "([{":
            depth += 1
        elif token.string in ")]}":
            depth -= 1
        elif token.string == ":" and depth == 0:
            return token.start[0]
    raise AssertionError("a parsed function has a header")
