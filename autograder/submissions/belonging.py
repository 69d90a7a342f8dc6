"""To which chapter a notebook belongs."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.exercises import CHAPTERS
from autograder.exercises.spec import Chapter
from autograder.submissions.bindings import binds
from autograder.submissions.notebook import Cell

__all__ = ["chapter_of_notebook"]

ENOUGH = 2
"""Exercises of another chapter that make a notebook that chapter's."""


def chapter_of_notebook(cells: Sequence[Cell], asked: Chapter) -> Chapter | None:
    """The other chapter that a notebook belongs to; None if it may be the one asked.

    It is another's only if it has several of its exercises and not one of the
    chapter's own: by grade id, by cell id, or as a function.
    """
    if _has(cells, asked):
        return None
    counts = {chapter.name: len(_has(cells, chapter)) for chapter in CHAPTERS}
    most = max(counts.values(), default=0)
    likely = [chapter for chapter in CHAPTERS if counts[chapter.name] == most]
    return likely[0] if most >= ENOUGH and len(likely) == 1 else None


def _has(cells: Sequence[Cell], chapter: Chapter) -> set[str]:
    """Names of the chapter's exercises that a notebook has."""
    marks = {mark.removesuffix("_check") for c in cells for mark in (c.grade_id, c.id)}
    names = {exercise.name for exercise in chapter.exercises}
    defined = {
        name
        for name in names - marks
        if any(cell.kind == "code" and binds(cell.source, name) for cell in cells)
    }
    return names & marks | defined
