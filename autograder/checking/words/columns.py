"""Text laid out in columns: a Chinese character takes two, and may end a line."""

from __future__ import annotations

import re
import textwrap
from unicodedata import east_asian_width

__all__ = ["columns", "filled", "padded"]

_NOT_FIRST = "。，、；：？！）】》」』”’…—～·％%.,;:?!)]}"
"""What no line begins with, next to a wide character."""
_NOT_LAST = "（【《「『“‘([{"
"""What no line ends with, next to a wide character."""

_SPACE, _SECOND = "\0", "\1"
"""Stand for a space inside of code, and for a wide character's second column."""

_UNIT = re.compile(rf"`[^`]+`|.{_SECOND}?", re.DOTALL)


def columns(text: str) -> int:
    """How many columns a text takes on a line."""
    return len(text) + sum(map(_is_wide, text))


def padded(text: str, width: int) -> str:
    """`text` with spaces behind it up to a width in columns."""
    return text + " " * (width - columns(text))


def filled(text: str, width: int) -> str:
    """`text` in lines of at most `width` columns.

    What stands in backquotes is broken only if it would not fit on a line.
    """

    def unbroken(code: re.Match[str]) -> str:
        return code[0].replace(" ", _SPACE) if len(code[0]) <= width - 2 else code[0]

    if not text.isascii():
        text = "".join(c + _SECOND if _is_wide(c) else c for c in text)
    lines = _Lines(width, break_long_words=False, break_on_hyphens=False)
    done = lines.fill(re.sub(r"`[^`]+`", unbroken, text))
    return done.replace(_SPACE, " ").replace(_SECOND, "")


class _Lines(textwrap.TextWrapper):
    """Lines that may end after any wide character as well, but for punctuation."""

    def _split(self, text: str) -> list[str]:
        return [part for chunk in super()._split(text) for part in _parts(chunk)]


def _parts(chunk: str) -> list[str]:
    """A word in parts, between which a line may end."""
    if _SECOND not in chunk:
        return [chunk]
    parts = [""]
    before = ""
    for unit in _UNIT.findall(chunk):
        if before and _may_end(before, unit):
            parts.append("")
        parts[-1] += unit
        before = unit
    return parts


def _may_end(before: str, after: str) -> bool:
    """Whether a line may end between two units of which no space is between."""
    wide = _SECOND in (before[-1], after[-1])
    return wide and before[0] not in _NOT_LAST and after[0] not in _NOT_FIRST


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"
