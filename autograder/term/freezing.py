"""A chapter's notebook frozen under a number, and what a new number changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import RELEASES, TRANSLATIONS, Course, NotACourse
from autograder.submissions.releases import KEY, gradable
from autograder.writing import write_whole

__all__ = ["Frozen", "concerns", "freeze"]


@dataclass(frozen=True)
class Frozen:
    """A release with its number.

    Attributes
    ----------
    path : path
        The notebook to hand out.
    data : bytes
    before : bytes or None
        The release before it; None if it is the first.
    new : bool
        Whether it was frozen now; else it is what the course makes still.
    languages : tuple of str
        Those that it is in as well, below `translations` in the release's folder.
    """

    number: int
    path: Path
    data: bytes
    before: bytes | None
    new: bool
    languages: tuple[str, ...] = ()


def freeze(course: Course, chapter: str) -> Frozen:
    """Freeze what the build has made of a chapter, unless it is frozen already.

    Raises
    ------
    NotACourse
        If there is no such chapter.
    """
    if chapter not in course.built:
        known = ", ".join(course.built)
        raise NotACourse(f"There is no built chapter {chapter}; there are {known}.")
    own = course.frozen.get(chapter, {})
    number = max(own, default=0)
    if number and _numbered(course.built[chapter], number) == own[number]:
        languages = _freeze_translations(course, chapter, number)
        path, data = _path(course, chapter, number), own[number]
        return Frozen(number, path, data, own.get(number - 1), False, languages)
    number += 1
    data, path = (
        _numbered(course.built[chapter], number),
        _path(course, chapter, number),
    )
    write_whole(path, data, private=True)
    languages = _freeze_translations(course, chapter, number)
    return Frozen(number, path, data, own.get(number - 1), True, languages)


def _freeze_translations(course: Course, chapter: str, number: int) -> tuple[str, ...]:
    """Keep the release's other languages as they are now: their text alone differs."""
    built = (course.root / TRANSLATIONS).glob(f"*/{chapter}/{chapter}.ipynb")
    languages = []
    for path in sorted(built):
        inside = path.relative_to(course.root)
        data = _numbered(path.read_bytes(), number)
        folder = course.grading / RELEASES / str(number)
        write_whole(folder / inside, data, private=True)
        languages.append(inside.parts[1])
    return tuple(languages)


def concerns(frozen: Frozen, handed_in: Mapping[int | None, int]) -> str:
    """In one line: what a release changes, whom it concerns and what it costs them.

    Parameters
    ----------
    frozen : Frozen
    handed_in : mapping of int to int
        How many have handed in each release.
    """
    now = gradable(frozen.data)
    whole = f"{sum(now.values()):g} points"
    if frozen.before is None:
        return f"{whole}; the first release with a number."
    then = gradable(frozen.before)
    changed = [f"new {_named(n)} ({now[n]:g})" for n in now if n not in then]
    changed += [f"without {_named(n)} ({then[n]:g})" for n in then if n not in now]
    changed += [
        f"{_named(n)} for {now[n]:g} instead of {then[n]:g}"
        for n in now
        if n in then and now[n] != then[n]
    ]
    told = ", ".join(changed) or "the same exercises and points, another text"
    older = sum(n for number, n in handed_in.items() if number != frozen.number)
    who = (
        f"{older} who handed in an older release keep its points: it costs them nothing"
        if older
        else "nobody has handed in an older release"
    )
    was = f"{sum(then.values()):g}"
    return f"{whole} instead of {was}: {told}; {who}."


def _numbered(release: bytes, number: int) -> bytes:
    notebook = json.loads(release)
    notebook["metadata"][KEY] = number
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _path(course: Course, chapter: str, number: int) -> Path:
    return course.grading / RELEASES / str(number) / chapter / f"{chapter}.ipynb"


def _named(grade_id: str) -> str:
    return grade_id.removesuffix("_check")
