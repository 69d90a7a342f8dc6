"""Catalogues of what the code says: collected from the source, brought up to date.

`autograder/locale/LANGUAGE/ROOM.po` is for a translator, the `.mo` next to it for the
program.  Babel reads and writes both.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from autograder.authoring.translations.exercise_words import exercise_words
from autograder.language import CATALOGUES
from autograder.writing import write_whole

__all__ = ["ROOMS", "compiled", "said_by", "untranslated", "up_to_date", "update"]

PACKAGE = Path(__file__).parents[2]
ROOMS = (
    "calling",
    "checking",
    "desk",
    "diagnosis",
    "exercises",
    "exports",
    "gradebook",
    "grading",
    "lab",
    "submissions",
    "term",
)
"""Rooms that speak to a learner or a teacher, each with a catalogue of its own."""

_READERS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def said_by(room: str) -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """File, line and text of each message of a room, in the order of the source."""
    found = extract_from_dir(PACKAGE / room, _READERS, keywords=_KEYWORDS)
    for name, line, message, *_rest in sorted(found, key=lambda f: (f[0], f[1])):
        yield f"autograder/{room}/{name}", line, message
    if room == "exercises":
        yield from exercise_words()


def up_to_date(language: str, room: str) -> Catalog:
    """The catalogue with exactly the room's messages of today."""
    template = Catalog(charset="utf-8")
    for name, line, message in said_by(room):
        template.add(message, locations=[(name, line)])
    catalogue = _read(language, room)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def untranslated(language: str, room: str) -> list[str]:
    """Messages of the room that have no translation."""
    found = (m.id for m in up_to_date(language, room) if m.id and not all(_strings(m)))
    return [i if isinstance(i, str) else i[0] for i in found]


def update(language: str, room: str) -> None:
    """Write the catalogue anew, for the translator and for the program."""
    catalogue = up_to_date(language, room)
    path = CATALOGUES / language / f"{room}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, catalogue, width=0, include_lineno=False, sort_output=False)
    write_whole(path, text.getvalue())
    write_whole(path.with_suffix(".mo"), compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    """What the program reads of a catalogue."""
    binary = io.BytesIO()
    write_mo(binary, catalogue)
    return binary.getvalue()


def _read(language: str, room: str) -> Catalog:
    path = CATALOGUES / language / f"{room}.po"
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=language)
    return Catalog(locale=language, charset="utf-8", fuzzy=False)


def _strings(message: object) -> tuple[str, ...]:
    string = getattr(message, "string", "")
    return string if isinstance(string, tuple) else (string,)
