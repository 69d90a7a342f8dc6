"""The registry: every chapter and every exercise of the course.

A chapter's package is imported when the registry is first asked for, so that
`import autograder` stays cheap and a process that only calls answers, such as
the one in which student code runs, never holds the reference kernels.

An instructor's own chapters are packages in the folder `course` of a checkout, of
which an upgrade of the course brings none.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from autograder.exercises.spec import Chapter, Exercise, Misconception

__all__ = [
    "CHAPTERS",
    "EXERCISES",
    "OWN",
    "chapter_of",
    "find",
    "find_mistake",
    "own_packages",
    "words_of",
]

_ROOT = Path(__file__).parents[2]

OWN = _ROOT / "course"
"""Where an instructor's own chapters are, a package each."""

if (_ROOT / "nbgrader_config.py").is_file() and OWN.is_dir():
    __path__.append(str(OWN))

_CHAPTERS = (
    "gradient_descent",
    "critical_points",
    "batch_size",
    "momentum",
    "adaptive_learning_rates",
    "adam",
    "initialization",
    "batch_norm",
    "classification",
)
"""Packages of this folder, each with a CHAPTER, in the course's order."""

CHAPTERS: tuple[Chapter, ...]
EXERCISES: tuple[Exercise, ...]


def __getattr__(name: str) -> Any:
    """Make `CHAPTERS` and `EXERCISES` when they are first named."""
    if name == "CHAPTERS":
        value: tuple = _load(_CHAPTERS, own_packages())
    elif name == "EXERCISES":
        chapters = import_module(__name__).CHAPTERS
        value = tuple(e for chapter in chapters for e in chapter.exercises)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def own_packages() -> tuple[str, ...]:
    """Names of the packages in which an instructor's own chapters are."""
    there = str(OWN) in __path__
    return tuple(sorted(p.parent.name for p in OWN.glob("*/__init__.py") if there))


def _load(course: tuple[str, ...], own: tuple[str, ...]) -> tuple[Chapter, ...]:
    """The chapters of these packages; an instructor's own last, by their numbers."""
    found = []
    for name in (*course, *own):
        chapter = import_module(f"{__name__}.{name}").CHAPTER
        if name in own and (name in course or chapter.name.split("_", 1)[1] != name):
            raise ValueError(
                f"course/{name}: its chapter is to be called NUMBER_{name}, it is "
                f"{chapter.name}; no package of the course has that name."
            )
        found.append(chapter)
    n = len(course)
    chapters = (*found[:n], *sorted(found[n:], key=lambda chapter: chapter.name))
    names = [one.name for chapter in chapters for one in (chapter, *chapter.exercises)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(
            f"Two have the name {', '.join(twice)}: in course/, change it."
        )
    return chapters


def find(name: str) -> Exercise:
    """The exercise called `name`; KeyError if there is none."""
    return _by_name()[name][0]


def chapter_of(name: str) -> Chapter:
    """The chapter of the exercise called `name`; KeyError if there is none."""
    return _by_name()[name][1]


def find_mistake(exercise: Exercise, name: str) -> Misconception | None:
    """The misconception called `name`, or the two at once; None if there is none.

    Their module needs the kernels, so it is imported when it is asked for.
    """
    return import_module(f"{__name__}.pairs").find_mistake(exercise, name)


def words_of(exercise: Exercise, name: str) -> tuple[str, str] | None:
    """Form and why of what `find_mistake` finds, in the language that is spoken."""
    return import_module(f"{__name__}.pairs").words_of(exercise, name)


@cache
def _by_name() -> dict[str, tuple[Exercise, Chapter]]:
    chapters = import_module(__name__).CHAPTERS
    return {e.name: (e, chapter) for chapter in chapters for e in chapter.exercises}
