"""A class that has answered one question: three alike, one nearly, one nothing."""

import shutil

import pytest

from autograder.course import load_course
from autograder.reading.question import read_question
from autograder.reading.session import Session
from tests.helpers.answers_course import CHAPTER, answers_course

ANSWERS = {
    "ada": "It keeps its *velocity* $v_t$ and so it rolls on and on and on.",
    "boris": "It keeps its *velocity*  $v_t$ and so it rolls on and on and on.",
    "chen": "It keeps its *velocity* $v_t$ and so it rolls on and on and up.",
    "dalia": "<script>window.pwned = 1</script> friction",
    "emeka": "",
}


@pytest.fixture(scope="session")
def class_folder(tmp_path_factory, root, release):
    """The class, made once."""
    folder = tmp_path_factory.mktemp("answers") / "course"
    return answers_course(root, folder, release, ANSWERS).root


@pytest.fixture
def course(class_folder, tmp_path):
    """The class, of which nothing is read yet."""
    shutil.copytree(class_folder, tmp_path / "course")
    return load_course(tmp_path / "course")


@pytest.fixture
def session(course):
    """Somebody who reads it."""
    session = Session(course, read_question(course, CHAPTER))
    yield session
    session.close()
