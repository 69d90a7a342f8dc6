"""A list of a class, read from whatever a spreadsheet or a system wrote.

Excel writes "CSV" in the code page of the machine, with the separator of its
country, "Unicode text" in UTF-16 with tabs, and sometimes a first line ``sep=;``;
LibreOffice asks; Canvas and Moodle write UTF-8 with commas.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from autograder.limits import MAX_ROSTER

__all__ = ["NoRoster", "Roster", "composed", "is_person", "read_roster"]

SEPARATORS = ",;\t|"

CODE_PAGES = (
    "cp1252",
    "mac_roman",
    "cp1250",
    "cp1251",
    "cp932",
    "gb18030",
    "cp949",
    "big5",
)
"""What spreadsheets write that do not write Unicode, the commonest first."""

MUCH_DISORDER = 0.05
"""Where charset-normalizer finds more disorder, it was another code page."""

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# An accented letter of the Macintosh, read as Windows', is a capital or a sign
# within a word.
_WITHIN_A_WORD = re.compile(
    r"[a-zß-ÿ][À-ÞŠŒŽŸ]|[A-Za-z][À-ÞŠŒŽŸ][a-z]|[A-Za-z][–—†‡•…‰][a-z]|[a-z]‘"
)
_TEST_STUDENT = re.compile(r"student[,;] ?test|test student", re.IGNORECASE)
_NOT_PEOPLE = re.compile(
    r"points possible|manual posting"
    r"|(overall |class )?average|mean|median|total|sum|maximum|minimum"
    r"|(gesamt)?durchschnitt|mittelwert|summe|gesamt|moyenne|somme|media|promedio",
    re.IGNORECASE,
)


class NoRoster(Exception):
    """A list cannot be read or fits nobody; the text says why."""


@dataclass(frozen=True)
class Roster:
    """A list of a class: its heading, and one row for each person.

    Attributes
    ----------
    notes : tuple of str
        What a person should know of how it was read.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def read_roster(path: Path) -> Roster:
    """The list in a CSV file, in any encoding and with any usual separator.

    Rows that are no people (points possible, manual posting, the test student,
    averages, empty ones) are left out; letters are composed.

    Raises
    ------
    NoRoster
        If there is none.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoRoster(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_ROSTER:
        raise NoRoster(f"{path} has more than {MAX_ROSTER >> 20} MB.")
    if data.startswith(b"PK"):
        raise NoRoster(f"{path} is a workbook: save it as CSV and give that file.")
    if data.lstrip()[:1] == b"<":
        raise NoRoster(f"{path} is a web page or XML: save the list as CSV.")
    text, encoding = _text(data)
    try:
        rows = _rows(composed(text))
    except csv.Error as error:
        raise NoRoster(f"{path} is no CSV file: {error}.") from error
    rows = [[cell.strip() for cell in row] for row in rows if any(map(str.strip, row))]
    if len(rows) < 2:
        raise NoRoster(f"{path} lists nobody.")
    width = len(rows[0])
    head, *padded = [tuple((row + [""] * width)[:width]) for row in rows]
    notes = (
        (
            f"{path.name} is not in UTF-8 and was read as {encoding}: if names look "
            "wrong, save it as “CSV UTF-8”.",
        )
        if encoding
        else ()
    )
    return Roster(head, tuple(row for row in padded if is_person(head, row)), notes)


def composed(text: str) -> str:
    """`text` with each letter and its accents as one, where there is such a one."""
    return unicodedata.normalize("NFC", text)


def is_person(head: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row of a list is somebody.

    Canvas puts rows before the students that have no number; spreadsheets add
    averages.  A student who is called so has a login or a number and stays.
    """
    named = dict(zip(head, row, strict=True))
    if "Student" in named and "ID" in named:
        if _TEST_STUDENT.fullmatch(named["Student"]):
            return bool(named.get("SIS User ID"))
        return bool(named["ID"] or named.get("SIS User ID"))
    filled = [cell for cell in row if cell]
    numbers = [cell for cell in filled[1:] if not re.fullmatch(r"[-\d.,%/ ]+", cell)]
    return bool(numbers) or not _NOT_PEOPLE.fullmatch(filled[0])


def _text(data: bytes) -> tuple[str, str]:
    """What bytes say, and in which code page if that had to be found out."""
    try:
        if data[:2] in _UTF16:
            return data.decode(_UTF16[data[:2]]), ""
        if data[:200].count(0) > len(data[:200]) // 4:  # UTF-16 without a mark
            return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be"), ""
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    # A long list is ASCII nearly everywhere: only the other lines tell.
    lines = [line for line in data.splitlines() if not line.isascii()]
    sample = b"\n".join(lines[:500])
    chaos = {"latin-1": 1.0}
    for page in CODE_PAGES:
        found = from_bytes(sample, cp_isolation=[page]).best()
        if found is None:
            continue
        if found.chaos <= MUCH_DISORDER and _reads_well(str(found)):
            return data.decode(page, "replace"), page
        chaos[page] = found.chaos
    best = min(chaos, key=lambda page: chaos[page])
    return data.decode(best, "replace"), best


def _reads_well(text: str) -> bool:
    """Whether what is not ASCII are letters, and capitals where they may be."""
    signs = {sign for sign in text if not sign.isascii() and sign not in "’ \N{NBSP}"}
    return all(map(str.isalpha, signs)) and not _WITHIN_A_WORD.search(text)


def _rows(text: str) -> list[list[str]]:
    """The cells, divided by what makes the most columns of the heading."""
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?[\s,;]*', first, re.IGNORECASE)
    if said:
        return list(_reader(rest, said[1]))
    return list(_reader(text, max(SEPARATORS, key=lambda s: _width(text, s))))


def _width(text: str, separator: str) -> int:
    try:
        return len(next(_reader(text, separator), []))
    except csv.Error:
        return 0


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, ""), delimiter=separator, strict=True)
