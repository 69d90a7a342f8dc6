"""Model answers of written questions, in a bundle for somebody who studies alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat

from autograder.authoring.errors import BuildError
from autograder.authoring.translations.chapters import translations
from autograder.desk.alone.model_answers import FILE
from autograder.desk.standing import grade_id
from autograder.exercises.rubric import model_and_rubric
from autograder.exercises.spec import Chapter
from autograder.language import ENGLISH

__all__ = ["MODELS", "model_answers", "recorded_models", "with_model_cells"]

MODELS = f"autograder/desk/alone/{FILE.name}"
"""Where they lie in the learner's package."""

Models = Mapping[str, tuple[str, Sequence[str]]]


def model_answers(
    root: Path, chapters: Sequence[Chapter], language: str = ENGLISH
) -> Models:
    """By question, the model answer and what of it a reader looks for."""
    found = {}
    for chapter in chapters:
        path = root / "solutions" / chapter.name / f"{chapter.name}.ipynb"
        answers = {grade_id(c): c.source for c in nbformat.read(path, 4).cells}
        answers |= _answers_in(language, root, chapter)
        for question in chapter.written:
            if question.name not in answers:
                raise BuildError(f"{path} has no answer to {question.name}.")
            model, rubric = model_and_rubric(answers[question.name])
            found[question.name] = model, [point.text for point in rubric]
    return found


def _answers_in(language: str, root: Path, chapter: Chapter) -> dict[str, str]:
    if language == ENGLISH:
        return {}
    return {
        cell.name: cell.source
        for given in translations(root, chapter)
        for cell in given.cells
        if given.language == language and cell.role == "answer"
    }


def recorded_models(models: Models) -> bytes:
    """The file that `model_answer` reads."""
    return (json.dumps(models, ensure_ascii=False, indent=1) + "\n").encode()


def with_model_cells(notebook: bytes, models: Models) -> bytes:
    """The notebook with a cell below each written answer that shows the model's."""
    content = json.loads(notebook)
    cells = []
    for cell in content["cells"]:
        cells.append(cell)
        name = grade_id(cell)
        if name in models:
            source = ["from autograder import model_answer\n", "\n"]
            cells.append(
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": f"{name}_model",
                    "metadata": {"tags": ["try"]},
                    "outputs": [],
                    "source": [*source, f'model_answer("{name}")'],
                }
            )
    content["cells"] = cells
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
