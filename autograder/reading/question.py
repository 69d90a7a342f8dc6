"""A written question with its model answer and what earns points."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course, NotACourse
from autograder.exercises.rubric import RubricPoint, model_and_rubric
from autograder.submissions.released_cells import answer_name, source_of
from autograder.writing import read_if_there

__all__ = ["Question", "read_question"]


@dataclass(frozen=True)
class Question:
    """What is asked in a chapter, and what its author has for whoever reads answers.

    Attributes
    ----------
    text, model : str
        In Markdown; the model answer is empty where there is none.
    rubric : tuple of RubricPoint
        May be empty.
    """

    chapter: str
    name: str
    points: float
    text: str
    model: str
    rubric: tuple[RubricPoint, ...]


def read_question(course: Course, chapter: str, name: str | None = None) -> Question:
    """The question of that name; without one, the only one of the chapter.

    Raises
    ------
    NotACourse
        If there is no such chapter or question.
    """
    release = json.loads(course.release(chapter))
    asked = {
        of: cell
        for cell in release["cells"]
        if cell["cell_type"] == "markdown" and (of := answer_name(cell))
    }
    if name is None and len(asked) == 1:
        name = next(iter(asked))
    if name is None or name not in asked:
        known = ", ".join(asked) or "none"
        which = f"no question {name}" if name else "more than one question, or none"
        raise NotACourse(f"{chapter} has {which}. Its questions: {known}.")
    solution = _cells(course.root / "solutions" / chapter / f"{chapter}.ipynb")
    answers = [c for c in solution if answer_name(c) == name]
    model, rubric = model_and_rubric(source_of(answers[0]) if answers else "")
    texts = [c for c in release["cells"] if c["metadata"].get("question") == name]
    points = float(asked[name]["metadata"]["nbgrader"]["points"])
    text = source_of(texts[0]) if texts else ""
    return Question(chapter, name, points, text, model, rubric)


def _cells(path: Path) -> list[Any]:
    """Of the solution notebook, which a class can be read without."""
    try:
        return json.loads(read_if_there(path) or b'{"cells": []}')["cells"]
    except (ValueError, KeyError):
        return []
