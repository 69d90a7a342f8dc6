"""What exercises say to learners, for their catalogue: hints, labels, known mistakes.

It stands in data, which are loaded, and not in calls that a reader of code finds.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.checking.cases import public_seed
from autograder.exercises import CHAPTERS, own_packages
from autograder.exercises.spec import Chapter, Exercise

__all__ = ["exercise_words", "words_in"]


def exercise_words() -> Iterator[tuple[str, int, str]]:
    """File, place in it and text of all that the course's own exercises say."""
    for chapter in CHAPTERS:
        package = chapter.name.partition("_")[2]
        if package in own_packages():
            continue
        yield f"autograder/exercises/{package}/__init__.py", 1, chapter.title
        for exercise in chapter.exercises:
            file = f"autograder/exercises/{package}/{exercise.name}.py"
            for number, text in enumerate(_texts(exercise), 1):
                yield file, number, text


def words_in(chapter: Chapter) -> list[str]:
    """A chapter's title, and all that its exercises say."""
    said = (text for exercise in chapter.exercises for text in _texts(exercise))
    return [chapter.title, *said]


def _texts(exercise: Exercise) -> Iterator[str]:
    yield exercise.read
    yield from exercise.hints
    rng = np.random.default_rng(public_seed(exercise.name))
    yield from (label for label, _ in (exercise.rehearse or exercise.draw)(rng))
    for mistake in exercise.misconceptions:
        yield mistake.form
        if mistake.why:
            yield mistake.why
