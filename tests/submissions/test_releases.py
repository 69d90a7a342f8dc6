"""A notebook is graded against the release that it comes from."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autograder.course import Course, frozen_releases
from autograder.submissions.releases import (
    KEY,
    gradable,
    number_in,
    release_of,
    with_points,
)
from autograder.writing import write_whole

CHAPTER = "03_momentum"


@pytest.fixture
def course(tmp_path, release):
    """A class with two releases, of which the second asks for one question more."""
    first, second = json.loads(release), json.loads(release)
    first["metadata"][KEY], second["metadata"][KEY] = 1, 2
    more = json.loads(json.dumps(second["cells"][-1]))
    more["id"] = more["metadata"]["nbgrader"]["grade_id"] = "why_not"
    second["cells"].append(more)
    grading = tmp_path / "grading"
    for number, tree in ((1, first), (2, second)):
        path = grading / "releases" / str(number) / CHAPTER / f"{CHAPTER}.ipynb"
        write_whole(path, json.dumps(tree).encode())
    frozen = frozen_releases(grading)
    folders = [grading / name for name in ("submitted", "autograded", "feedback")]
    newest = {CHAPTER: frozen[CHAPTER][2]}
    course = Course(tmp_path, "tests", newest, grading, *folders, "sqlite://")
    return replace(course, frozen=frozen)


def test_the_number_says_which(course):
    for number, data in course.frozen[CHAPTER].items():
        found = release_of(data, course, CHAPTER)
        assert (found.number, found.data) == (number, data)
    old = release_of(course.frozen[CHAPTER][1], course, CHAPTER)
    assert old.note == "From release 1, and graded by it; the newest is 2."


def test_in_every_encoding_and_nowhere_but_in_the_metadata():
    tree = {"cells": [{"source": '"autograder_release": 7'}], "metadata": {KEY: 3}}
    data = json.dumps(tree)

    assert number_in(data.encode()) == 3
    assert number_in(data.encode("utf-16")) == 3
    assert number_in(json.dumps({"cells": tree["cells"]}).encode()) is None


def test_without_a_number_the_cells_say_which(course):
    """The newest of which all graded cells are there; else the newest of all."""
    for number, data in course.frozen[CHAPTER].items():
        tree = json.loads(data)
        del tree["metadata"][KEY]
        found = release_of(json.dumps(tree).encode(), course, CHAPTER)
        assert found.number == number
    assert release_of(b"{}", course, CHAPTER).number == 2
    assert release_of(None, course, CHAPTER).number == 2


def test_a_release_that_is_not_kept_is_told(course):
    data = course.frozen[CHAPTER][1].replace(b'_release": 1', b'_release": 9')

    found = release_of(data, course, CHAPTER)

    assert found.number == 2
    assert found.note == "From release 9, which is not kept here; graded by release 2."


def test_where_nothing_is_frozen_there_is_one_release(course):
    data = course.frozen[CHAPTER][1]

    found = release_of(data, replace(course, frozen={}), CHAPTER)

    assert (found.number, found.note) == (None, "")
    assert found.data == course.releases[CHAPTER]


def test_points_are_those_of_the_release(course, chapter, release):
    assert with_points(chapter, release) is chapter
    tree = json.loads(release)
    for cell in tree["cells"]:
        flags = cell["metadata"].get("nbgrader", {})
        if flags.get("grade_id") == "momentum_step_check":
            flags["points"] = 5
    other = json.dumps(tree).encode()

    changed = with_points(chapter, other)

    points = {one.name: one.points for one in changed.exercises}
    assert points.pop("momentum_step") == 5 == gradable(other)["momentum_step_check"]
    assert points.items() <= {one.name: one.points for one in chapter.exercises}.items()
