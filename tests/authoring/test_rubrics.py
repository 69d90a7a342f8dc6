"""Rubrics of the chapters: whoever reads answers has them, and no learner."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.exercises import CHAPTERS
from autograder.reading.question import read_question

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def course():
    return load_course(ROOT)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_chapters_question_has_a_rubric_that_no_release_has(chapter, course):
    asked = read_question(course, chapter.name)
    release = course.release(chapter.name).decode()

    assert asked.rubric
    assert sum(one.points for one in asked.rubric) == asked.points
    assert "- [0.5] " not in release
    for one in asked.rubric:
        assert one.text.replace("\\", "\\\\") not in release
    assert asked.model
    assert "- [0.5] " not in asked.model
    assert asked.text
