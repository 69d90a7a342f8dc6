"""Names that a cell of Python binds, and names that it needs from elsewhere."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator

__all__ = ["names_in"]

_BUILT_IN = frozenset(dir(builtins))


def names_in(source: str) -> tuple[list[str], list[str]] | None:
    """Both, in order; None if the source is no Python, but IPython's magic perhaps.

    Raises
    ------
    RecursionError, MemoryError
        If it is nested too deeply to be read.
    """
    try:
        top = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError):
        return None
    bound = {
        s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()
    }
    needed = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    for table in _inner(top):
        for symbol in table.get_symbols():
            if symbol.is_global():
                needed.add(symbol.get_name())
                if symbol.is_declared_global() and symbol.is_assigned():
                    bound.add(symbol.get_name())
    return sorted(bound), sorted(needed - _BUILT_IN)


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)
