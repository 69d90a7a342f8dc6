"""Whether code is Python after all, only a newer one than the one that grades.

The new syntax is rewritten in the old way, as far as it goes.  If the old Python
can read the code then, nothing else was wrong with it.
"""

from __future__ import annotations

import ast
import re
import sys

from autograder.limits import MAX_SYNTAX_SOURCE

__all__ = ["newer_syntax"]

EFFORT = 500_000
"""Characters that are looked at, again and again where strings are nested."""

Version = tuple[int, int]

_PREFIX = re.compile(r"(?<![\w'\"])([fFtT][rR]?|[rR][fFtT])(?='|\")")
_TYPE = re.compile(r"^(\s*)type\s+(\w+)\s*(?:\[[^\n]*?\])?\s*(?==)", re.MULTILINE)
_GENERIC = re.compile(r"^(\s*(?:async\s+)?(?:def|class)\s+\w+)\[", re.MULTILINE)
_EXCEPT = re.compile(r"^(\s*except\*?\s+)([\w.]+(?:\s*,\s*[\w.]+)+)\s*:", re.MULTILINE)


def newer_syntax(
    source: str, here: Version = (sys.version_info[0], sys.version_info[1])
) -> str | None:
    """The Python that knows the syntax of `source`; None if no newer one helps.

    Parameters
    ----------
    source : str
        A cell that Python `here` cannot read.
    here : tuple of int, optional
        The Python that grades.
    """
    if len(source) > MAX_SYNTAX_SOURCE or _reads(source):
        return None
    try:
        strings = _Strings()
        plain = strings.plain(source)
    except (_TooMuch, RecursionError):
        return None
    needed: set[Version] = set()
    needed |= {(3, 12)} if plain != source else set()
    needed |= {(3, 14)} if strings.templates else set()
    for version, rewrite in (((3, 12), _plain_types), ((3, 14), _plain_excepts)):
        older = rewrite(plain)
        needed |= {version} if older != plain else set()
        plain = older
    newer = {version for version in needed if version > here}
    if not newer or not _reads(plain):
        return None
    return ".".join(map(str, max(newer)))


def _reads(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _plain_types(source: str) -> str:
    """Without parameters of types: def f[T](x), class A[T], type X = int."""
    source = _TYPE.sub(r"\1\2 ", source)
    while found := _GENERIC.search(source):
        end = _Strings().closing(source, found.end(), "]")
        if end is None:
            break
        source = source[: found.end() - 1] + source[end + 1 :]
    return source


def _plain_excepts(source: str) -> str:
    """With brackets around what is caught: except A, B is Python 3.14."""
    return _EXCEPT.sub(r"\1(\2):", source)


class _TooMuch(Exception):
    """More work than a cell is worth."""


class _Strings:
    """Rewrites f-strings: the values in each, as a tuple in its place."""

    def __init__(self) -> None:
        self.templates = False
        self._left = EFFORT

    def plain(self, source: str) -> str:
        """A piece of Python without f-strings, and as many lines."""
        parts, start = [], 0
        while found := _PREFIX.search(source, start):
            read = self._formatted(source, found.end())
            if read is None:
                parts.append(source[start : found.end()])
                start = found.end()
                continue
            end, values = read
            self.templates |= "t" in found[1].lower()
            lines = "\n" * source.count("\n", found.start(), end)
            inside = ", ".join(f"({self.plain(value)})" for value in values)
            parts += [source[start : found.start()], f"__({inside}{lines})"]
            start = end
        return "".join([*parts, source[start:]])

    def closing(self, source: str, at: int, bracket: str) -> int | None:
        """Where a bracket closes that was opened before `at`, outside of strings."""
        depth = {"(": 0, "[": 0, "{": 0}
        pairs = {")": "(", "]": "[", "}": "{"}
        while at < len(source):
            self._count()
            sign = source[at]
            if sign == bracket and not any(depth.values()):
                return at
            if sign in depth:
                depth[sign] += 1
            elif sign in pairs:
                depth[pairs[sign]] -= 1
            elif sign == "#":
                at = source.find("\n", at)
                if at < 0:
                    return None
            elif sign in "'\"":
                end = self._string(source, at)
                if end is None:
                    return None
                at = end - 1
            at += 1
        return None

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise _TooMuch

    def _formatted(self, source: str, at: int) -> tuple[int, list[str]] | None:
        """Where an f-string ends whose quotes begin at `at`, and its values."""
        quote = _quote(source, at)
        at += len(quote)
        values: list[str] = []
        while at < len(source):
            self._count()
            if source.startswith(quote, at):
                return at + len(quote), values
            if source.startswith(("{{", "}}"), at) or source[at] == "\\":
                at += 2
            elif source[at] == "{":
                end = self.closing(source, at + 1, "}")
                if end is None:
                    return None
                values.append(self._value(source[at + 1 : end]))
                at = end + 1
            elif source[at] == "\n" and len(quote) == 1:
                return None
            else:
                at += 1
        return None

    def _value(self, field: str) -> str:
        """The expression in a replacement field, without conversion and format."""
        for found in re.finditer(r"!(?!=)|:(?!=)", field):
            self._left -= len(field)
            before = field[: found.start()]
            if _reads(f"({self.plain(before)}\n)"):
                return before.rstrip().removesuffix("=") + "\n"
        return field.rstrip().removesuffix("=") + "\n"

    def _string(self, source: str, at: int) -> int | None:
        """Where a string ends that begins at `at`, of any kind."""
        prefix = re.search(r"[A-Za-z]*$", source[max(0, at - 2) : at])
        if prefix and {"f", "t"} & set(prefix[0].lower()):
            formatted = self._formatted(source, at)
            return None if formatted is None else formatted[0]
        quote = _quote(source, at)
        at += len(quote)
        while at < len(source):
            self._count()
            if source[at] == "\\":
                at += 2
            elif source.startswith(quote, at):
                return at + len(quote)
            else:
                at += 1
        return None


def _quote(source: str, at: int) -> str:
    triple = source[at : at + 3]
    return triple if triple in ('"""', "'''") else source[at]
