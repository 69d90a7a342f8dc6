"""The registry: every chapter and every exercise of the course.

A chapter's package is imported when the registry is first asked for, so that
`import autograder` stays cheap and a process that only calls answers, such as
the one in which student code runs, never holds the reference kernels.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from autograder.exercises.spec import Chapter, Exercise, Misconception

__all__ = ["CHAPTERS", "EXERCISES", "chapter_of", "find", "find_mistake"]

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
        modules = (import_module(f"{__name__}.{module}") for module in _CHAPTERS)
        value: tuple = tuple(module.CHAPTER for module in modules)
    elif name == "EXERCISES":
        chapters = import_module(__name__).CHAPTERS
        value = tuple(e for chapter in chapters for e in chapter.exercises)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


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


@cache
def _by_name() -> dict[str, tuple[Exercise, Chapter]]:
    chapters = import_module(__name__).CHAPTERS
    return {e.name: (e, chapter) for chapter in chapters for e in chapter.exercises}
