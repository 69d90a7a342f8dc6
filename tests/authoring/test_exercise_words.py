"""What exercises say in another language: whole, with the same code, no other."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from autograder import hint
from autograder.authoring.translations.exercise_words import exercise_words, words_in
from autograder.checking.cases import draw_question, public_question
from autograder.checking.recorded import load_recorded, record
from autograder.desk import checks
from autograder.exercises import CHAPTERS, find, words_of
from autograder.language import CATALOGUES, ENGLISH, _, languages, speaking

CHINESE = "zh_CN"
CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == "03_momentum")
CODE = re.compile(r"`[^`]*`|\{\w*\}")


@pytest.fixture
def chinese():
    with speaking(CHINESE):
        yield


def test_all_that_a_chapter_says_is_translated(chinese):
    """Nothing of chapter 03 stays English, and nothing of it is said twice."""
    assert [text for text in words_in(CHAPTER) if _(text) == text] == []


@pytest.mark.parametrize("room", ["desk", "exercises", "gradebook", "grading", "term"])
def test_code_stays_what_it_is(room):
    """What stands in backquotes or is filled in, in every translation."""
    for language in languages()[1:]:
        with (CATALOGUES / language / f"{room}.po").open("rb") as file:
            catalogue = read_po(file)
        for message in catalogue:
            if not message.id or not message.string or isinstance(message.id, tuple):
                continue
            said, meant = (CODE.findall(t) for t in (message.string, message.id))
            assert set(said) <= set(meant), message.id
            assert set(filter(_is_code, meant)) <= set(said), message.id


def _is_code(found: str) -> bool:
    return found.startswith("`")


def test_a_question_speaks_the_language_that_is_spoken(chinese):
    """Drawn, recorded in English and read here, or asked for again in English."""
    exercise = find("momentum_step")
    spoken = public_question(exercise.name)
    with speaking(ENGLISH):
        english = public_question(exercise.name)

    assert english.hints == exercise.hints
    assert spoken.read == "第 2 节，公式 (3.1)"
    assert spoken.cases[0].label == "两个参数，数字简单"
    assert spoken.forms["climbs"][0] == "朝上坡方向走的一步"
    for other in (
        load_recorded(record(english)),
        draw_question(exercise, CHAPTER, (1,)),
    ):
        assert (other.hints, other.forms) == (spoken.hints, spoken.forms)


def test_two_mistakes_at_once_are_one_sentence(chinese):
    form, why = words_of(find("momentum_step"), "climbs+beta_complement")

    assert form.startswith("同时有两处错误：朝上坡方向走的一步，以及")
    assert why.count("。") >= 2
    assert "。 " not in why


def test_a_hint_is_given_in_chinese(chinese, monkeypatch):
    monkeypatch.setattr(checks, "_rungs_climbed", {})
    first, *_more, last = (repr(hint("velocity_weights")) for _n in range(3))

    assert "提示 1/3" in first
    assert "第一个梯度前面是什么？" in first
    assert "`return beta ** np.arange(t - 1, -1, -1.0)`。" in last
    assert "这是最后一条提示。" in last


def test_the_catalogue_has_what_is_said_and_no_code():
    """Hints, labels, forms and whys of all exercises, each where it stands."""
    said = {text: file for file, _number, text in exercise_words()}

    assert said["a step uphill"].startswith("autograder/exercises/")
    for chapter in CHAPTERS:
        assert chapter.title in said
        for exercise in chapter.exercises:
            assert {exercise.read, *exercise.hints} <= set(said)
