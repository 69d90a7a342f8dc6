"""The sample class: everybody gets exactly what their notebook's making predicts."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from autograder.classroom.grade_class import find_submissions, grade_class
from autograder.course import load_course, load_secret
from autograder.exercises import CHAPTERS
from autograder.sample.sample_class import (
    NAMES,
    Expected,
    make_sample_class,
    predict,
    write_class,
)

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
]

CHAPTER = "03_momentum"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def graded(tmp_path_factory, root):
    """The chapter as it is released, its sample class, and what came of it."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(root / "nbgrader_config.py", folder)
    shutil.copytree(root / "notebooks" / CHAPTER, folder / "notebooks" / CHAPTER)
    course = load_course(folder)
    students = write_class(course, CHAPTER)
    return course, students, grade_class(course)


def test_all_24_get_what_was_predicted(graded):
    """Codes, points and named mistakes, found beforehand without box and nbgrader."""
    course, students, result = graded
    secret = load_secret(course)

    found = {
        one.student: {
            row.exercise: Expected(row.code, row.score, row.misconceptions)
            for row in one.rows
        }
        for one in result.graded
    }

    assert len(found) == 24
    assert found == {
        student.name: predict(student, course.chapter(CHAPTER), course.name, secret)
        for student in students
    }


def test_the_gradebook_has_the_same_marks(graded):
    _, _, result = graded

    # What cannot be read has no mark: it waits for a person.
    assert {g.student: g.mark for g in result.graded} == {
        g.student: None if g.problem else g.score for g in result.graded
    }
    assert all(one.page is not None for one in result.graded)


def test_the_broken_ones_are_named(graded):
    """What cannot be read is a problem; what was mended is a note."""
    course, students, result = graded
    exercises = course.chapter(CHAPTER).exercises
    who = {student.what: student.name for student in students}
    problems = {trouble.student: trouble.text for trouble in result.problems}
    notes = {one.student: " ".join(one.notes) for one in result.graded}
    codes = {
        one.student: Counter(row.code for row in one.rows) for one in result.graded
    }
    all_right = Counter({"passed": len(exercises)})
    # The code that is to be mended is there, and wrong.
    untouched = Counter(
        "wrong-values" if e.broken else "not-written" for e in exercises
    )

    assert set(problems) == {who["not JSON"], who["an empty file"]}
    assert "More than once in the notebook" in notes[who["a check cell twice"]]
    assert "was deleted and is put back" in notes[who["a check cell deleted"]]
    assert "ran for too long" in notes[who["an endless loop in a cell"]]
    assert "ended the Python process" in notes[who["Python ends in a cell"]]
    for what in (
        "a check cell twice",
        "a check cell deleted",
        "an endless loop in a cell",
        "Python ends in a cell",
    ):
        assert codes[who[what]] == all_right
    assert codes[who["a syntax error"]]["not-defined"] == 1
    assert codes[who["an endless loop in a function"]]["timed-out"] == 1
    assert codes[who["Python ends in a function"]]["crashed"] == 1
    assert codes[who["in place"]]["argument-changed"] == 1
    assert codes[who["untouched"]] == untouched


def test_the_class_shows_many_mistakes(graded):
    """More than thirty of the chapter's, the most common ones more than once."""
    _, _, result = graded
    named = Counter((r.exercise, m) for r in result.rows for m in r.misconceptions)

    assert len(named) >= 30
    assert max(named.values()) >= 2


def test_the_class_makes_two_mistakes_at_once(graded):
    """Some answers hold two mistakes, and are named as both."""
    _, _, result = graded

    assert sum("+" in m for r in result.rows for m in r.misconceptions) >= 3


def test_the_sample_is_the_same_every_time(release, chapter):
    one = make_sample_class(release, chapter)
    other = make_sample_class(release, chapter)

    assert [s.data for s in one] == [s.data for s in other]
    assert [s.name for s in one] == list(NAMES)
    assert len({s.data for s in one}) >= 22  # only right forms may be alike


RELEASED = [
    chapter
    for chapter in CHAPTERS
    if (ROOT / "notebooks" / chapter.name / f"{chapter.name}.ipynb").is_file()
]


@pytest.mark.parametrize("chapter", RELEASED, ids=lambda chapter: chapter.name)
def test_every_chapter_has_a_sample_class(chapter):
    """24 students, of whom each can be graded by hand."""
    path = ROOT / "notebooks" / chapter.name / f"{chapter.name}.ipynb"

    students = make_sample_class(path.read_bytes(), chapter)

    assert len(students) == 24
    assert {student.what for student in students} >= {"all right", "untouched"}


def test_the_sample_lies_where_submissions_lie(course, chapter):
    write_class(course, CHAPTER)

    submissions, odd = find_submissions(course)

    assert [submission.student for submission in submissions] == sorted(NAMES)
    assert odd == []
    assert all(submission.read(course).problem is None for submission in submissions)
