"""Text from student code, made fit to be shown."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable
from functools import lru_cache

from autograder.limits import MAX_NAME_SHOWN, MAX_RENDERING_EFFORT, MAX_TEXT

__all__ = [
    "PLAIN",
    "Effort",
    "as_it_is",
    "clean",
    "csv_text",
    "harmless_markdown",
    "one_line",
    "spreadsheet_cell",
]

PLAIN = "autograder_plain"
"""Key in the metadata of cells that are shown as they are, and not rendered."""

_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # window titles and links
    r"|\x1b."
)
# Control characters, and those that reverse the direction of what follows.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DIGITS_KEPT = 15
_DATE = re.compile(
    r"[0-9]{1,4}[-/.:][0-9]{1,2}([-/.:][0-9]{1,4})?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*[- ]?[0-9]{1,4}"
    r"|[0-9]{1,2}[- ]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|true|false",
    re.IGNORECASE,
)

_SCRIPT_LINK = re.compile(r"\b(javascript|vbscript|data|file)\s*\\?:", re.IGNORECASE)


def clean(text: object, limit: int = MAX_TEXT) -> str:
    """`text` without control characters, of at most `limit` characters.

    What is not a string gives an empty one.
    """
    if not isinstance(text, str):
        return ""
    # Twice the limit first, so that a flood costs no time here.
    text = text[: 2 * limit].replace("\r\n", "\n")
    text = _CONTROL.sub("", _ESCAPE.sub("", text))
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def harmless_markdown(source: str) -> str:
    """`source` without HTML tags and links that run scripts.

    A space is put where a tag or such a link would begin, so that a person
    still reads what was written.
    """
    for _ in range(3):  # an entity may hide another
        source = html.unescape(source)
    source = re.sub(r"<(?=[A-Za-z/!?])", "< ", source)
    return _SCRIPT_LINK.sub(r"\1 :", source)


def spreadsheet_cell(value: object, for_people: bool = False) -> str:
    """`value` as a CSV cell that no spreadsheet takes for a formula.

    For people also one that none changes: a name such as ``007``, ``1e5`` or ``3-4``
    would become 7, 100000 or the 3rd of April.  Programs get it as it is.
    """
    return _cell(str(value), for_people)


@lru_cache(maxsize=1024)  # a class's table has the same few words again and again
def _cell(text: str, for_people: bool) -> str:
    text = clean(text)
    if text[:1] in ("=", "+", "-", "@", "\t") and not _is_number(text):
        return "'" + text
    return "'" + text if for_people and _is_changed(text) else text


def csv_text(
    head: Iterable[object],
    rows: Iterable[Iterable[object]],
    for_people: bool = False,
) -> str:
    """A table as CSV, of which no spreadsheet takes a cell for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([spreadsheet_cell(cell, for_people) for cell in row])
    return text.getvalue()


def one_line(text: str, limit: int = MAX_NAME_SHOWN) -> str:
    """A name in a line of a table, however long it is and whatever it holds."""
    return clean(" ".join(clean(text).split()), limit)


def _is_changed(text: str) -> bool:
    """Whether a spreadsheet makes another text of it: no plain number, but like one."""
    if not _is_number(text):
        return _DATE.fullmatch(text) is not None
    return len(text) > _DIGITS_KEPT or _PLAIN_NUMBER.fullmatch(text) is None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class Effort:
    """What it takes to render the cells of one notebook, at worst.

    Time grows with the square of a cell's length where somebody wants it to:
    twenty thousand brackets, or lines of blanks, take a minute.
    """

    def __init__(self) -> None:
        self._left = MAX_RENDERING_EFFORT

    def allows(self, source: str) -> bool:
        """Whether a cell is rendered; if not, it is shown as it is."""
        blanks = max(map(len, re.findall(r"\s+", source)), default=0)
        effort = len(source) ** 2 + (50 * blanks) ** 2
        if effort > self._left:
            return False
        self._left -= effort
        return True


def as_it_is(source: str) -> str:
    """Markdown that shows `source` letter by letter."""
    return "\n".join("    " + line for line in source.splitlines())
