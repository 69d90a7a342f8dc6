"""A function that differs from a right one by a few replacements in its source.

A mistake reads best next to what is right: ``"- lr" = "+ lr"`` in a step says
more than a whole wrong step.  The result is a function as any other:
it can be called, its source can be asked for, a traceback shows its lines.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import sys
import textwrap
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

__all__ = ["Edit", "NotAnEdit", "both", "source_of", "text_of"]

Span = tuple[int, int, str]
"""Where a replacement begins and ends in the source, and what takes its place."""


class NotAnEdit(ValueError):
    """Something cannot be replaced, or two edits cannot be made at once."""


@dataclass(frozen=True, eq=False)  # one edit is not another; so it can be a key
class Edit:
    """Replacements in the source of a right function, all made at once.

    Parameters
    ----------
    of : callable
        A reference or another right form.
    changes : mapping of str to str
        Each key stands exactly once in the source of `of` without its
        docstring, and its value takes its place.  No two of them overlap.
        Further lines of a key or a value are indented as the line on which
        the key begins.
    """

    of: Callable
    changes: Mapping[str, str]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The replacements in the order of the source; NotAnEdit if one is in doubt."""
        source = source_of(self.of)
        spans = sorted(_span(source, old, new) for old, new in self.changes.items())
        for (start, end, _), (next_start, next_end, _) in pairwise(spans):
            if next_start < end:
                first, second = source[start:end], source[next_start:next_end]
                raise NotAnEdit(f"{first!r} and {second!r} overlap")
        return tuple(spans)

    def made(self, name: str) -> Callable:
        """The edited function, called `name`.

        It belongs to the module of the right one and uses what is there.
        """
        source = source_of(self.of)
        for start, end, new in reversed(self.spans):
            source = source[:start] + new + source[end:]
        # A statement that is gone leaves no line behind.
        lines = [line for line in source.splitlines(keepends=True) if line.strip()]
        keyword = "class" if isinstance(self.of, type) else "def"
        begins = rf"{keyword} {self.of.__name__}\b"
        source = re.sub(begins, f"{keyword} {name}", "".join(lines), count=1)
        # Two edits may go by one name; each keeps the lines that are its own.
        made = zlib.crc32(source.encode())
        file = f"<{self.of.__module__}.{self.of.__name__} as {name}, {made:08x}>"
        linecache.cache[file] = len(source), None, source.splitlines(True), file
        found: dict[str, Any] = {}
        try:
            code = compile(source, file, "exec")
        except SyntaxError as error:
            raise NotAnEdit(f"the result is no Python: {error}") from None
        exec(code, vars(sys.modules[self.of.__module__]), found)  # noqa: S102
        found[name].__module__ = self.of.__module__
        return found[name]


def both(one: Edit, other: Edit) -> Edit:
    """Two mistakes made at once, as one edit.

    Raises
    ------
    NotAnEdit
        If they change different functions, or touch or overlap: then what the
        second one changes is not there any more, or not what it was.
    """
    if one.of is not other.of:
        names = f"{one.of.__name__} and {other.of.__name__}"
        raise NotAnEdit(f"{names} are two functions")
    spans = sorted((*one.spans, *other.spans))
    for (_, end, _), (start, _, _) in pairwise(spans):
        if start <= end:
            raise NotAnEdit("the two touch or overlap")
    return Edit(one.of, {**one.changes, **other.changes})


def text_of(function: Callable) -> str:
    """The source of a function or class, also of one that an edit made."""
    if isinstance(function, type):
        for one in vars(function).values():
            code = getattr(one, "__code__", None)
            if code is not None and code.co_filename.startswith("<"):
                return "".join(linecache.getlines(code.co_filename))
    return inspect.getsource(function)


@cache
def source_of(function: Callable) -> str:
    """The source of a function without its docstring, as edits find it."""
    source = textwrap.dedent(text_of(function))
    definition = ast.parse(source).body[0]
    assert isinstance(definition, ast.FunctionDef | ast.ClassDef)
    if ast.get_docstring(definition) is None:
        return source
    first = definition.body[0]
    lines = source.splitlines(keepends=True)
    return "".join([*lines[: first.lineno - 1], *lines[first.end_lineno :]])


def _span(source: str, old: str, new: str) -> Span:
    places = list(_places(source, old)) if old else []
    if len(places) != 1:
        shown = textwrap.indent(source, "    ")
        raise NotAnEdit(f"{old!r} stands {len(places)} times, not once, in\n{shown}")
    start, end = places[0]
    return start, end, new.replace("\n", "\n" + _indent(source, start))


def _places(source: str, old: str) -> Iterator[tuple[int, int]]:
    """Every place where `old` stands, its further lines indented as its first."""
    first = old.partition("\n")[0]
    start = source.find(first)
    while start >= 0:
        whole = old.replace("\n", "\n" + _indent(source, start))
        if source.startswith(whole, start):
            yield start, start + len(whole)
        start = source.find(first, start + 1)


def _indent(source: str, at: int) -> str:
    line = source[source.rfind("\n", 0, at) + 1 :]
    return line[: len(line) - len(line.lstrip(" "))]
