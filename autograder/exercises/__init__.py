"""The registry: every chapter and every exercise of the course."""

from autograder.exercises import momentum
from autograder.exercises.spec import Chapter, Exercise

__all__ = ["CHAPTERS", "EXERCISES", "chapter_of", "find"]

CHAPTERS: tuple[Chapter, ...] = (momentum.CHAPTER,)

EXERCISES: tuple[Exercise, ...] = tuple(
    exercise for chapter in CHAPTERS for exercise in chapter.exercises
)

_CHAPTER_OF = {
    exercise.name: chapter for chapter in CHAPTERS for exercise in chapter.exercises
}


def find(name: str) -> Exercise:
    """The exercise called `name`; KeyError if there is none."""
    return next(e for e in chapter_of(name).exercises if e.name == name)


def chapter_of(name: str) -> Chapter:
    """The chapter of the exercise called `name`; KeyError if there is none."""
    return _CHAPTER_OF[name]
