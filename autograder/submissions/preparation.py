"""Lines of a cell that are left out while grading: they could only stop it.

The box has what a chapter needs, no network and no shell: a line that installs
something or loads an extension would end the cell that it stands in, and so would
a check in the learner's own cell, of a function that is wrong or comes below.
"""

from __future__ import annotations

import re
from collections.abc import Collection

__all__ = ["without_checks", "without_preparation"]

_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?P<what>"
    r"!.*|%(?:pip|conda|mamba|uv|load_ext|reload_ext|unload_ext|autoreload|matplotlib"
    r"|system|sx)\b.*"
    r"|(?:from|import)\s+google\.colab\b.*)"
)
_ASSIGNED = re.compile(r"(?P<indent>[ \t]*)(?P<name>\w+)\s*=\s*(?P<what>!.*)")
_CHECK = re.compile(r"^check\(\s*(?P<name>\w+)\s*\)[ \t]*$", re.M)
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


def without_checks(source: str, names: Collection[str]) -> str:
    """The source with nothing in place of lines that check one of these functions."""

    def kept(line: re.Match[str]) -> str:
        return "pass" if line["name"] in names else line[0]

    return _CHECK.sub(kept, source)


def _left_out(line: str) -> str:
    if found := _LINE.fullmatch(line):
        return f"{found['indent']}print({_told(found['what'])!a})"
    if found := _ASSIGNED.fullmatch(line):
        told = _told(found["what"])
        return f"{found['indent']}{found['name']} = []; print({told!a})"
    return line


def _told(what: str) -> str:
    return f"Left out while grading: {what.strip()[:200]}"
