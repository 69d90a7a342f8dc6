"""What a cell's text binds, told without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import islice

from autograder.limits import (
    MAX_LOOKED_INTO,
    MAX_MENTIONS,
    MAX_STATEMENT,
    MAX_STUB,
    MAX_SYNTAX_SOURCE,
)

__all__ = ["binds", "hidden_in", "imports_all", "is_stub", "parsed"]

_DEFINED = re.compile(r"(?:async\s+)?(?:def|class)\s+")
_TARGETS = re.compile(r"\(?\s*(?:[\w.]+(?:\s*:[^=]*)?\s*[,=]\s*)*\(?\s*")
_VALUE = re.compile(r"\s*(?:,[\w.,* \t]*)?\)?\s*(?::[^=]+)?=(?!=)")
_IMPORT = re.compile(r"(?:from\s+\S+\s+)?import\b[^#]*")
_OPEN_IMPORT = re.compile(r"(?:^|\n)[ \t]*from[ \t]+\S+[ \t]+import[ \t]*\([^)]*\Z")
_ALL = re.compile(r"^[ \t]*from[ \t]+\S+[ \t]+import[ \t]*\*", re.MULTILINE)


def binds(source: str, name: str) -> bool:
    """Whether a cell's text seems to bind `name`, at its top level or below.

    It may define it, assign to it or import it, on a line of its own; whether it
    does, only running it can tell.
    """
    if name not in source:
        return False
    mentions = re.finditer(rf"\b{re.escape(name)}\b", source)
    for found in islice(mentions, MAX_MENTIONS):
        earlier = source[max(found.start() - MAX_STATEMENT, 0) : found.start()]
        before = earlier.rpartition("\n")[2].lstrip()
        after = source[found.end() : found.end() + MAX_STATEMENT].partition("\n")[0]
        if _DEFINED.fullmatch(before) or _IMPORT.fullmatch(before):
            return True
        if _TARGETS.fullmatch(before) and _VALUE.match(after):
            return True
        if _OPEN_IMPORT.search(earlier):
            return True
    return False


def imports_all(source: str) -> bool:
    """Whether a cell takes all names of a module, which may be any."""
    return _ALL.search(source) is not None


def parsed(source: str) -> ast.Module | None:
    """A cell's text as Python; None if it is none, or too long to look at."""
    if len(source) > MAX_SYNTAX_SOURCE:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_stub(source: str, name: str) -> bool:
    """Whether a cell holds the function `name` as it was released: not written."""
    begins = re.match(rf"\s*(?:def|class)\s+{re.escape(name)}\b", source)
    if begins is None or len(source) > MAX_STUB or "NotImplementedError" not in source:
        return False
    tree = parsed(source)
    if tree is None or len(tree.body) != 1:
        return False
    defined = tree.body[0]
    if not isinstance(defined, ast.FunctionDef | ast.ClassDef) or defined.name != name:
        return False
    if isinstance(defined, ast.FunctionDef):
        return _only_raises(defined)
    methods = [node for node in defined.body if isinstance(node, ast.FunctionDef)]
    said = [node for node in defined.body if not _is_text(node)]
    return methods == said and all(map(_only_raises, methods))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _only_raises(function: ast.FunctionDef) -> bool:
    """Whether a function only says that it is not written."""
    body = function.body
    if _is_text(body[0]):
        body = body[1:]
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def hidden_in(sources: Sequence[str], name: str) -> tuple[str, str] | None:
    """Inside what a function `name` is defined: ``class`` or ``function``, its name.

    None if no text defines it there.
    """
    defined = re.compile(rf"\bdef\s+{re.escape(name)}\b")
    likely = (s for s in reversed(sources) if name in s and defined.search(s))
    for source in islice(likely, MAX_LOOKED_INTO):
        tree = parsed(source)
        for outer in ast.walk(tree) if tree is not None else ():
            if not isinstance(outer, ast.ClassDef | ast.FunctionDef):
                continue
            kind = "class" if isinstance(outer, ast.ClassDef) else "function"
            for inner in ast.walk(outer):
                if (
                    isinstance(inner, ast.FunctionDef)
                    and inner is not outer
                    and inner.name == name
                ):
                    return kind, outer.name
    return None
