"""Catalogues as what is generated: written anew, or what is not up to date is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.authoring.products import HINT_LINES, Difference
from autograder.authoring.translations.catalogues import (
    PACKAGE,
    catalogue_files,
    compiled,
    kept_catalogue,
    translations_of,
    up_to_date,
)
from autograder.language import CATALOGUES
from autograder.writing import read_if_there, write_whole

__all__ = ["build_catalogues", "is_the_course"]


def is_the_course(root: Path) -> bool:
    """Whether the folder holds the package that runs, with its catalogues."""
    return (root / PACKAGE.name).resolve() == PACKAGE.resolve()


def build_catalogues(root: Path, *, check: bool = False) -> list[Difference]:
    """Bring the catalogues of every language up to date, or say which are not.

    Parameters
    ----------
    root : Path
        The course's folder; of another one than this package's nothing is built.
    check : bool
        Write nothing.

    Returns
    -------
    list of Difference
        As those of the notebooks.
    """
    if not is_the_course(root):
        return []
    differences = []
    for language in translations_of():
        made = catalogue_files(language)
        for path, content in made.items():
            before = read_if_there(path)
            if before == content:
                continue
            kind = "new" if before is None else "changed"
            hint = _hint(language, path) if before is not None else ""
            differences.append(Difference(_shown(path), kind, hint))
            if not check:
                write_whole(path, content, if_changed=True)
        differences += _left_over(language, set(made))
    return differences


def _hint(language: str, path: Path) -> str:
    """What a catalogue lacks and what nobody says any more, or what it is not."""
    kept = kept_catalogue(language, path.stem)
    if path.suffix == ".mo":
        same = path.read_bytes() == compiled(kept)
        return "" if same else f"It is not what {path.stem}.po says."
    before, now = (
        {m.id for m in c if m.id} for c in (kept, up_to_date(language, path.stem))
    )
    lines = [f"+ {_one(i)}" for i in sorted(now - before, key=str)]
    lines += [f"- {_one(i)}" for i in sorted(before - now, key=str)]
    n_more = len(lines) - HINT_LINES
    more = [f"… {n_more} more"] * (n_more > 0)
    return "\n".join([*lines[:HINT_LINES], *more])


def _one(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def _left_over(language: str, made: set[Path]) -> Iterator[Difference]:
    """Files of a language's folder that nothing makes; somebody else removes them."""
    for path in sorted((CATALOGUES / language).iterdir()):
        if path not in made and not path.name.startswith("."):
            yield Difference(_shown(path), "left over")


def _shown(path: Path) -> Path:
    return path.relative_to(PACKAGE.parent)
