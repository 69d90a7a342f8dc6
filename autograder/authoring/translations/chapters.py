"""The sources of a chapter: the English one, and one for each language it is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.authoring.errors import SourceError
from autograder.authoring.source import SourceCell, read_source
from autograder.authoring.translations.cells import (
    Translation,
    read_translation,
    with_missing,
)
from autograder.authoring.validation import validate
from autograder.exercises.spec import Chapter
from autograder.language import languages
from autograder.writing import write_whole

__all__ = ["add_missing", "read_chapter", "source_path", "translations"]


def source_path(chapter: str, language: str = "") -> Path:
    """A chapter's source, from the course's folder."""
    name = f"{chapter}.{language}" if language else chapter
    return Path("solutions", chapter, f"{name}.py")


def read_chapter(root: Path, chapter: Chapter) -> tuple[SourceCell, ...]:
    """The cells of a chapter's English source, validated.

    Raises
    ------
    SourceError
        If it is wrong.
    """
    path = source_path(chapter.name)
    cells = read_source(_text(root, path), path)
    validate(cells, chapter, path)
    return cells


def translations(
    root: Path, chapter: Chapter, english: Sequence[SourceCell] | None = None
) -> Iterator[Translation]:
    """The chapter in each other language that has a source of it, validated.

    Parameters
    ----------
    root : Path
        The course's folder.
    chapter : Chapter
        What the registry says.
    english : sequence of SourceCell, optional
        What `read_chapter` gave, if it is at hand.

    Raises
    ------
    SourceError
        If one is wrong, or the course does not speak its language.
    """
    for found in sorted(
        (root / "solutions" / chapter.name).glob(f"{chapter.name}.*.py")
    ):
        path = source_path(chapter.name, found.name.split(".")[1])
        _refuse_unspoken(path)
        english = english or read_chapter(root, chapter)
        given = read_translation(english, _text(root, path), chapter, path)
        validate(given.cells, chapter, path)
        yield given


def add_missing(root: Path, chapter: Chapter, language: str) -> Path:
    """Write what a language lacks of a chapter into its source, still in English.

    Raises
    ------
    SourceError
        If a source is wrong, or the course does not speak the language.
    """
    path = source_path(chapter.name, language)
    _refuse_unspoken(path)
    before = _text(root, path) if (root / path).exists() else ""
    text = with_missing(read_chapter(root, chapter), before, chapter, path)
    write_whole(root / path, text.encode(), if_changed=True)
    return path


def _refuse_unspoken(path: Path) -> None:
    language = path.name.split(".")[1]
    if language not in languages():
        raise SourceError(
            path,
            "1",
            f"The course does not speak {language}.",
            f"It speaks {', '.join(languages())}: each has a folder of catalogues "
            "in autograder/locale.",
        )


def _text(root: Path, path: Path) -> str:
    try:
        return (root / path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem, remedy = "This is not UTF-8.", "Save the file as UTF-8."
        raise SourceError(path, str(line), problem, remedy) from error
