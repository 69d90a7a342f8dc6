"""Catalogues of what the code says: collected from the source, brought up to date.

`autograder/locale/LANGUAGE/ROOM.po` is for a translator, the `.mo` next to it for the
program.  Babel reads and writes both.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from autograder.authoring.errors import BuildError
from autograder.authoring.translations.exercise_words import exercise_words
from autograder.language import CATALOGUES

__all__ = [
    "PACKAGE",
    "ROOMS",
    "catalogue_files",
    "compiled",
    "kept_catalogue",
    "lacking",
    "said_by",
    "translations_of",
    "untranslated",
    "up_to_date",
]

PACKAGE = Path(__file__).parents[2]
ROOMS = (
    "authoring",
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


class _Catalogue(Catalog):
    """A catalogue whose heading says what it is, and not when it was made."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What a program has to know of it."""
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def translations_of(folder: Path = CATALOGUES) -> list[str]:
    """The languages that somebody has begun: each is a folder."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


@cache
def _messages(room: str) -> tuple[tuple[str, int, str | tuple[str, ...]], ...]:
    return tuple(said_by(room))


def up_to_date(language: str, room: str) -> Catalog:
    """The catalogue with exactly the room's messages of today."""
    kept = kept_catalogue(language, room)
    catalogue = _empty(language, room)
    for name, line, message in _messages(room):
        before = kept.get(message) or Message(message)
        string = before.string
        if isinstance(message, tuple) != isinstance(string, tuple):
            string = ""  # it had one form and has several, or had several
        added = catalogue.add(
            message,
            string,
            locations=[(name, line)],
            flags=before.flags & {"fuzzy"},
            user_comments=before.user_comments,
        )
        added.flags.discard("python-format")  # a percent sign is one
    return catalogue


def untranslated(language: str, room: str) -> list[str]:
    """Messages of the room that have no translation."""
    found = (m.id for m in up_to_date(language, room) if m.id and not _is_done(m))
    return [i if isinstance(i, str) else i[0] for i in found]


def catalogue_files(language: str) -> dict[Path, bytes]:
    """Each room's catalogue as it should be, for the translator and for the program.

    Raises
    ------
    BuildError
        If there is no such language.
    """
    files = {}
    for room in ROOMS:
        catalogue = up_to_date(language, room)
        path = CATALOGUES / language / f"{room}.po"
        text = io.BytesIO()
        write_po(text, catalogue, width=0, include_lineno=False, sort_output=False)
        files[path] = text.getvalue()
        files[path.with_suffix(".mo")] = compiled(catalogue)
    return files


def lacking(language: str) -> str:
    """A sentence on what is still to be translated; empty if nothing is."""
    counts = {room: len(untranslated(language, room)) for room in ROOMS}
    rooms = ", ".join(f"{n} in {room}.po" for room, n in counts.items() if n)
    n = sum(counts.values())
    if not n:
        return ""
    messages = "message has" if n == 1 else "messages have"
    return f"{language}: {n} {messages} no translation and stay English: {rooms}."


def compiled(
    catalogue: Catalog, wanted: Callable[[Message], bool] = lambda message: True
) -> bytes:
    """What the program reads of a catalogue, or of those messages that are wanted."""
    done = _empty(str(catalogue.locale_identifier), "")
    for message in catalogue:
        if message.id and _is_done(message) and wanted(message):
            done.add(message.id, message.string)
    binary = io.BytesIO()
    write_mo(binary, done)
    return binary.getvalue()


def kept_catalogue(language: str, room: str) -> Catalog:
    """The catalogue as a translator left it; an empty one if there is none."""
    path = CATALOGUES / language / f"{room}.po"
    if not path.exists():
        return _empty(language, room)
    with path.open("rb") as file:
        try:
            return read_po(file, locale=language, abort_invalid=True)
        except PoFileError as error:
            raise BuildError(f"{path}, line {error.lineno}: {error}.") from error


def _empty(language: str, room: str) -> Catalog:
    heading = (
        f"# What `autograder/{room}` says, in the language {language}.\n"
        "# `autograder build` writes what is said; a translator writes each msgstr."
    )
    made = _Catalogue(
        locale=language, header_comment=heading, charset="utf-8", fuzzy=False
    )
    if made.locale is None:
        raise BuildError(
            f"{CATALOGUES / language}: no language is called so.\n"
            "Name the folder as in de, pt_BR, zh_CN."
        )
    return made


def _is_done(message: Message) -> bool:
    """Whether it has a translation, of which nobody says that it is a guess."""
    if message.fuzzy:
        return False
    string = message.string
    return all(string) if isinstance(string, tuple) else bool(string)
