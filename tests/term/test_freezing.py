"""A chapter's release frozen under a number, in all of its languages."""

from __future__ import annotations

import json

import pytest

from autograder.authoring.errors import BuildError
from autograder.bundling.translated import in_language
from autograder.course import Course, frozen_releases
from autograder.exercises import CHAPTERS
from autograder.term.freezing import freeze

CHAPTER = "03_momentum"


def notebook(text):
    return json.dumps({"cells": [], "metadata": {"said": text}}).encode()


@pytest.fixture
def course(tmp_path):
    path = tmp_path / "translations/zh_CN" / CHAPTER / f"{CHAPTER}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(notebook("动量"))

    def now(text):
        frozen = frozen_releases(tmp_path / "grading")
        folders = [tmp_path / n for n in ("grading", "submitted", "autograded", "back")]
        built = {CHAPTER: notebook(text)}
        return Course(
            tmp_path, "course", built, *folders, "sqlite://", frozen=frozen, built=built
        )

    now.translation = path
    return now


def test_its_other_languages_have_the_same_number(course, tmp_path):
    """And are given by it; a better translation is no new release."""
    first = freeze(course("momentum"), CHAPTER)
    course.translation.write_bytes(notebook("动量法"))

    again = freeze(course("momentum"), CHAPTER)

    assert (first.number, first.languages) == (1, ("zh_CN",))
    assert (again.number, again.new, again.languages) == (1, False, ("zh_CN",))
    chosen = [chapter for chapter in CHAPTERS if chapter.name == CHAPTER]
    frozen = frozen_releases(tmp_path / "grading")
    assert frozen.keys() == {CHAPTER}
    given = in_language("zh_CN", tmp_path, chosen, frozen)
    (content,) = map(json.loads, given.values())
    assert content["metadata"] == {"said": "动量法", "autograder_release": 1}
    assert list(given) == [f"notebooks/{CHAPTER}/{CHAPTER}.ipynb"]
    assert in_language("en", tmp_path, chosen, frozen) == {}


def test_one_that_was_frozen_before_it_was_translated_is_refused(course, tmp_path):
    """Whoever handed that in would be graded by another release than they had."""
    text = course.translation.read_bytes()
    course.translation.unlink()
    freeze(course("momentum"), CHAPTER)
    chosen = [chapter for chapter in CHAPTERS if chapter.name == CHAPTER]
    frozen = frozen_releases(tmp_path / "grading")
    with pytest.raises(BuildError, match="None of these"):
        in_language("zh_CN", tmp_path, chosen, frozen)
    course.translation.write_bytes(text)

    with pytest.raises(BuildError, match="was frozen without zh_CN"):
        in_language("zh_CN", tmp_path, chosen, frozen)
