"""Lines of a cell that prepare a machine of one's own, left out while grading.

The box has what a chapter needs, no network and no shell.  A line that installs
something or loads an extension would stop the cell that it stands in.
"""

from __future__ import annotations

import re

__all__ = ["without_preparation"]

_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?P<what>"
    r"!.*|%(?:pip|conda|mamba|uv|load_ext|reload_ext|unload_ext|autoreload|matplotlib"
    r"|system|sx)\b.*"
    r"|(?:from|import)\s+google\.colab\b.*)"
)
_ASSIGNED = re.compile(r"(?P<indent>[ \t]*)(?P<name>\w+)\s*=\s*(?P<what>!.*)")
_TRIPLE = re.compile(r"\"\"\"|'''")


def without_preparation(source: str) -> str:
    """The source with such lines replaced by a word that they are left out.

    The number of lines stays, and what stands in a string of many lines.
    """
    if not re.search(r"^[ \t]*(?:!|%\w|\w+\s*=\s*!|from\s|import\s)", source, re.M):
        return source
    lines, inside = [], False
    for line in source.split("\n"):
        lines.append(line if inside else _left_out(line))
        inside ^= len(_TRIPLE.findall(line)) % 2 == 1
    return "\n".join(lines)


def _left_out(line: str) -> str:
    if found := _LINE.fullmatch(line):
        return f"{found['indent']}print({_told(found['what'])!a})"
    if found := _ASSIGNED.fullmatch(line):
        told = _told(found["what"])
        return f"{found['indent']}{found['name']} = []; print({told!a})"
    return line


def _told(what: str) -> str:
    return f"Left out while grading: {what.strip()[:200]}"
