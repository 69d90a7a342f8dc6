"""Model answers, for somebody who studies alone and has written something."""

from __future__ import annotations

import json

import pytest

from autograder import model_answer
from autograder.desk.alone import model_answers

QUESTION = "momentum_why"
POINTS = ["A row is wrong.", "It should be 2.71."]


@pytest.fixture
def alone(desk, tmp_path, monkeypatch):
    """Somebody who has a bundle with model answers, in the folder of chapter 03."""
    file = tmp_path / "models.json"
    file.write_text(json.dumps({QUESTION: ["The *third* row.", POINTS]}))
    monkeypatch.setattr(model_answers, "FILE", file)
    monkeypatch.chdir(desk.folder / "03_momentum")
    return desk


def said(capsys, *words):
    """What a call shows, without its line breaks."""
    model_answer(*words)
    return " ".join(capsys.readouterr().out.split())


@pytest.fixture(autouse=True)
def text_of_markdown(monkeypatch):
    """Outside of a notebook nothing is rendered."""
    monkeypatch.setattr(model_answers, "display", lambda shown: print(shown.data))


def test_nothing_is_shown_before_something_is_written(alone, capsys):
    """It says what to do; a cell that runs stops nothing."""
    told = said(capsys, QUESTION)

    assert "Write yours first" in told
    assert "third" not in told


def test_whoever_has_written_compares_and_marks(alone, capsys):
    """The model, what a reader looks for, and the call to mark oneself with."""
    alone.write("03_momentum", QUESTION, "I think that the third row is wrong.")

    told = said(capsys, QUESTION)

    assert "The *third* row." in told
    assert "1. A row is wrong. 2. It should be 2.71." in told
    assert f'`model_answer("{QUESTION}", "yes", "yes")`' in told
    assert said(capsys, QUESTION, "yes", "NO") == (
        "**1 of 2.** Still to be said, in your own words: 2. It should be 2.71."
    )
    assert said(capsys, QUESTION, "yes", "yes").startswith("**2 of 2.**")


@pytest.mark.parametrize("words", [["yes"], ["yes", "maybe"], ["yes"] * 3])
def test_other_words_are_asked_for_again(alone, capsys, words):
    """As many as there are points, and of two kinds."""
    alone.write("03_momentum", QUESTION, "I think that the third row is wrong.")

    told = said(capsys, QUESTION, *words)

    assert told == 'That takes 2 words, each "yes" or "no".'


def test_an_unknown_question_is_told(alone, capsys):
    """With those that there are."""
    assert said(capsys, "why") == f"There is no question 'why'. There are {QUESTION}."


def test_an_instructor_s_release_has_none(desk, monkeypatch, capsys):
    """There somebody reads what was written."""
    monkeypatch.chdir(desk.folder / "03_momentum")
    desk.write("03_momentum", QUESTION, "I think that the third row is wrong.")

    assert "a person reads your answer" in said(capsys, QUESTION)
    assert not model_answers.FILE.exists()
