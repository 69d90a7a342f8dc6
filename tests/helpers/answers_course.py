"""A course whose class has answered one question in words, without being graded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from nbgrader.api import (
    Comment,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from autograder.course import Course, load_course
from autograder.gradebook.gradebook import open_gradebook
from autograder.gradebook.registration import register
from autograder.writing import write_whole

CHAPTER, QUESTION = "03_momentum", "why"
MODEL = """Because it *rolls*, with $v_t$.

- [0.5] It names the **velocity** $v_t$.
- [1.5] It says what friction does."""


def answers_course(
    root: Path, folder: Path, release: bytes, answers: Mapping[str, str]
) -> Course:
    """A course in `folder` in which these students wrote this; "" is nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "nbgrader_config.py", folder)
    write_whole(folder / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    solution = json.loads(release)
    solution["cells"][-1]["source"] = MODEL
    path = folder / "solutions" / CHAPTER / f"{CHAPTER}.ipynb"
    write_whole(path, json.dumps(solution).encode())
    course = load_course(folder)
    register(course, CHAPTER)
    cell = json.loads(release)["cells"][-1]
    with open_gradebook(course) as gradebook:
        notebook = gradebook.find_notebook(CHAPTER, CHAPTER)
        for who, text in answers.items():
            assignment = SubmittedAssignment(
                assignment_id=notebook.assignment_id, student_id=who
            )
            entry = SubmittedNotebook(notebook_id=notebook.id, assignment=assignment)
            gradebook.db.add_all([Student(id=who), entry])
            for one in notebook.grade_cells:
                waits = one.name == QUESTION and bool(text)
                grade = Grade(cell_id=one.id, notebook=entry, needs_manual_grade=waits)
                grade.auto_score = None if waits else 0.0
                gradebook.db.add(grade)
            for one in notebook.solution_cells:
                gradebook.db.add(Comment(cell_id=one.id, notebook=entry))
            own = {"autograder_own": True} if text else {}
            written = {**cell, "source": text, "metadata": {**cell["metadata"], **own}}
            path = course.autograded / who / CHAPTER / f"{CHAPTER}.ipynb"
            write_whole(path, json.dumps({"cells": [written]}).encode())
        gradebook.db.commit()
    return course
