"""The language in which learners and teachers are spoken to.

English stands in the code and is the key.  A language is a folder of gettext
catalogues, `autograder/locale/LANGUAGE/ROOM.po`, each with what one room says, and the
`.mo` next to it that the build makes of it.  What has no translation stays English.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path

__all__ = [
    "CATALOGUES",
    "ENGLISH",
    "N_",
    "_",
    "languages",
    "ngettext",
    "or_english",
    "speak",
    "speaking",
    "spoken",
    "usual",
]

ENGLISH = "en"
CATALOGUES = Path(__file__).parent / "locale"
VARIABLE = "AUTOGRADER_LANGUAGE"
"""The environment variable that chooses a language where nothing else does."""


def languages() -> list[str]:
    """What can be spoken: ``en``, and each language that has a catalogue."""
    return [ENGLISH, *sorted({path.parent.name for path in CATALOGUES.glob("*/*.mo")})]


def speak(language: str) -> None:
    """Say everything in `language` from now on.

    Parameters
    ----------
    language : str
        A language of `languages`: ``"en"``, or one such as ``"zh_CN"``.

    Raises
    ------
    ValueError
        If the course has no catalogue of it.
    """
    global _spoken
    _refuse_unknown(language)
    _spoken = language


def spoken() -> str:
    """The language that is spoken now."""
    return _for_now.get() or _spoken or usual()


def usual() -> str:
    """What is spoken where nothing else is chosen: a teacher's language."""
    return or_english(os.environ.get(VARIABLE, ENGLISH))


@lru_cache(maxsize=64)  # notebooks say whatever they say
def or_english(wished: str | None) -> str:
    """The language that somebody wishes; English if the course does not speak it."""
    return wished if wished and wished in languages() else ENGLISH


@contextmanager
def speaking(language: str) -> Iterator[str]:
    """Speak `language` inside a `with`, in this thread, and then what was spoken."""
    _refuse_unknown(language)
    before = _for_now.set(language)
    try:
        yield language
    finally:
        _for_now.reset(before)


def _refuse_unknown(language: str) -> None:
    if language != ENGLISH and language not in languages():
        known = ", ".join(languages())
        raise ValueError(f"The course does not speak {language!r}; it speaks: {known}.")


def _(message: str) -> str:
    """`message` in the language that is spoken; placeholders are filled afterwards."""
    return _catalogue(spoken()).gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The form for `n` things, in the language that is spoken."""
    return _catalogue(spoken()).ngettext(one, many, n)


def N_(message: str) -> str:
    """`message` as it is: marks a text that `_` is asked for where it is shown."""
    return message


_spoken: str | None = None
_for_now: ContextVar[str | None] = ContextVar("for_now", default=None)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    all_rooms = gettext.NullTranslations()
    for path in sorted((CATALOGUES / language).glob("*.mo")):
        with path.open("rb") as file:
            room = gettext.GNUTranslations(file)
        room.add_fallback(all_rooms)
        all_rooms = room
    return all_rooms
