"""What exercises say in other languages, for learners: of their chapters alone."""

from __future__ import annotations

from collections.abc import Sequence

from babel.messages.mofile import read_mo

from autograder.authoring.translations.catalogues import compiled
from autograder.authoring.translations.exercise_words import words_in
from autograder.exercises.spec import Chapter
from autograder.language import CATALOGUES

__all__ = ["exercise_catalogues"]


def exercise_catalogues(chapters: Sequence[Chapter]) -> dict[str, bytes]:
    """By its path in the package, what is said in each language.

    A last hint tells the answer, so no other chapter's words go with these: it is
    what a learner's recorded questions say in English.
    """
    said = {text for chapter in chapters for text in words_in(chapter)}
    found = {}
    for path in sorted(CATALOGUES.glob("*/exercises.mo")):
        with path.open("rb") as file:
            catalogue = read_mo(file)
        for message in list(catalogue):
            if message.id and message.id not in said:
                del catalogue[message.id]
        inside = path.relative_to(CATALOGUES.parents[1]).as_posix()
        found[inside] = compiled(catalogue)
    return found
