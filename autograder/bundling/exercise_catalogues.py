"""What exercises say in other languages, for learners: of their chapters alone."""

from __future__ import annotations

from collections.abc import Sequence

from babel.messages.catalog import Message

from autograder.authoring.translations.catalogues import (
    PACKAGE,
    compiled,
    kept_catalogue,
    translations_of,
)
from autograder.exercises.spec import Chapter
from autograder.language import CATALOGUES

__all__ = ["exercise_catalogues"]

_ROOM = "exercises"


def exercise_catalogues(chapters: Sequence[Chapter]) -> dict[str, bytes]:
    """Catalogues by path in the package, without the words of other chapters.

    A last hint tells the answer: learners have those of what they are asked, and no
    others.
    """
    folders = {chapter.name.partition("_")[2] for chapter in chapters}

    def is_theirs(message: Message) -> bool:
        found = (name.partition(f"{_ROOM}/")[2] for name, _ in message.locations)
        return any("/" not in at or at.partition("/")[0] in folders for at in found)

    return {
        (CATALOGUES / language / f"{_ROOM}.mo")
        .relative_to(PACKAGE.parent)
        .as_posix(): compiled(kept_catalogue(language, _ROOM), is_theirs)
        for language in translations_of()
    }
