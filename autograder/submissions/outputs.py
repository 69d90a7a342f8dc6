"""A notebook's bytes without what its cells showed.

Pictures and interactive plots make notebooks of a hundred megabytes, and none of
that is graded.  It is left out before anything is parsed: a tree of Python
objects takes twenty times as much memory as the text.
"""

from __future__ import annotations

import re

__all__ = ["without_outputs"]

_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(_STRING + rb"|[\[\]{}:]", re.DOTALL)
_UP_TO_BRACKET = re.compile(
    rb"(?:[^\"\[\]{}]++|" + _STRING + rb")*+[\[\]{}]", re.DOTALL
)
_SPACE = b" \t\r\n"
_LEFT_OUT = {
    (b'"cells"', b"", b'"outputs"'): b"[]",
    (b'"metadata"',): b"{}",
}
"""By keys, none for a list: what stands in for a cell's outputs, and for the
notebook's metadata, in which the state of all its sliders may be kept.
"""

_LONGEST = 3
"""Open brackets around the place: the notebook, its cells, the cell.

Within more of them no key is looked for.
"""


def without_outputs(data: bytes) -> bytes:
    """`data` with empty outputs and metadata of the notebook; what is no JSON stays.

    Bytes are looked at one after another: no more memory is taken than the result
    needs.
    """
    kept: list[bytes] = []
    start = at = depth = 0
    keys: list[bytes] = [b""] * (_LONGEST + 1)
    inside_list = [False] * (_LONGEST + 1)
    word = (0, 0)
    while found := (
        _UP_TO_BRACKET.match(data, at) if depth > _LONGEST else _TOKEN.search(data, at)
    ):
        at = found.end()
        mark = data[at - 1]
        if mark in b"[{":
            depth += 1
            if depth <= _LONGEST:
                inside_list[depth], keys[depth] = mark in b"[", b""
        elif mark in b"]}":
            depth -= 1
            if depth < 0:
                return data
        elif mark in b'"':
            word = found.span()
        elif depth <= _LONGEST and not inside_list[depth]:
            keys[depth] = data[slice(*word)]
            instead = _LEFT_OUT.get(tuple(keys[1 : depth + 1]))
            value = _after_space(data, at)
            if instead is not None and data[value : value + 1] == instead[:1]:
                end = _end_of_value(data, value + 1)
                if end is None:
                    return data
                kept += [data[start:at], instead]
                start = at = end
    if depth != 0 or not kept:
        return data
    kept.append(data[start:])
    return b"".join(kept)


def _after_space(data: bytes, at: int) -> int:
    while at < len(data) and data[at] in _SPACE:
        at += 1
    return at


def _end_of_value(data: bytes, at: int) -> int | None:
    """Where a list or object ends whose first bracket stands before `at`."""
    depth = 1
    while found := _UP_TO_BRACKET.match(data, at):
        at = found.end()
        depth += 1 if data[at - 1] in b"[{" else -1
        if depth == 0:
            return at
    return None
