"""Chapters in another language, for a bundle: each in the place of the English one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.authoring.errors import BuildError
from autograder.authoring.products import release_path
from autograder.course import RELEASES
from autograder.exercises.spec import Chapter
from autograder.language import ENGLISH, languages
from autograder.writing import read_if_there

__all__ = ["in_language", "refuse_unspoken"]


def refuse_unspoken(language: str) -> None:
    """Raise a BuildError if the course has no catalogue of a language."""
    if language not in languages():
        known = ", ".join(languages())
        raise BuildError(f"The course does not speak {language}; it speaks {known}.")


def in_language(
    language: str,
    root: Path,
    chapters: Sequence[Chapter],
    frozen: Mapping[str, Mapping[int, bytes]],
) -> dict[str, bytes]:
    """Releases in a language, by the paths of the English ones; empty for English.

    Raises
    ------
    BuildError
        If no chapter is translated, or one was frozen before it was.
    """
    if language == ENGLISH:
        return {}
    found = {
        release_path(chapter.name).as_posix(): release
        for chapter in chapters
        if (release := _release(language, root, chapter.name, frozen))
    }
    if not found:
        raise BuildError(
            f"None of these chapters is translated into {language}.\n"
            "A translation is written in solutions/CHAPTER/CHAPTER.LANGUAGE.py."
        )
    return found


def _release(
    language: str, root: Path, chapter: str, frozen: Mapping[str, Mapping[int, bytes]]
) -> bytes | None:
    path = release_path(chapter, language)
    built = read_if_there(root / path)
    if built is None or chapter not in frozen:
        return built
    number = max(frozen[chapter])
    numbered = read_if_there(root / "grading" / RELEASES / str(number) / path)
    if numbered is None:
        raise BuildError(
            f"Release {number} of {chapter} was frozen without {language}.\n"
            f"Run `autograder release {chapter}`, then this again."
        )
    return numbered
