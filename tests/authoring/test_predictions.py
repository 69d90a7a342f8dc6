"""What a chapter asks to predict; what comes of it is in test_chapter_notebooks."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from nbformat import NotebookNode, v4

from autograder.authoring.solution import FOLDED
from autograder.exercises import CHAPTERS
from tests.helpers.predictions import calls, code, told_above, unexplained


@cache
def read(name: str) -> NotebookNode:
    path = Path(__file__).parents[2] / "notebooks" / name / f"{name}.ipynb"
    return v4.reads(path.read_text(encoding="utf-8"))


@pytest.fixture(params=CHAPTERS, ids=lambda chapter: chapter.name)
def released(request):
    return read(request.param.name)


def test_every_prediction_meets_its_experiment(released):
    """Six to ten, each with one result below it, in a cell whose code is folded."""
    asked, answered = {}, {}
    for at, cell in code(released):
        for call in calls(cell, "predict"):
            assert call.args[0].value not in asked
            asked[call.args[0].value] = at
        for call in calls(cell, "compare"):
            assert call.args[0].value not in answered
            answered[call.args[0].value] = at
            assert cell.metadata.items() >= FOLDED.items()

    assert 6 <= len(asked) <= 10
    assert asked.keys() == answered.keys()
    assert all(asked[name] < answered[name] for name in asked)


def test_names_of_predictions_differ():
    """In the whole course, so that a saved guess is found by its name."""
    names = [
        call.args[0].value
        for chapter in CHAPTERS
        for _, cell in code(read(chapter.name))
        for call in calls(cell, "predict")
    ]

    assert len(names) == len(set(names))


def test_every_prediction_is_left_open(released):
    """The release predicts nothing: dots stand where the guess goes."""
    for at, cell in code(released):
        if calls(cell, "predict"):
            (statement,) = ast.parse(cell.source).body
            assert statement.value.args[1].value is ...
            assert "**Predict.**" in released.cells[at - 1].source


def test_no_other_question_waits_for_a_guess(released):
    """Each question that says *Predict* has a cell of its own to answer it."""
    for cell, below in zip(released.cells, released.cells[1:], strict=False):
        if "> **Predict" in cell.source:
            assert cell.source.count("> **Predict") == 1
            assert calls(below, "predict")


def test_explanations_wait_for_a_click(released):
    """The text after a result begins folded."""
    for at, cell in code(released):
        if calls(cell, "compare"):
            assert released.cells[at + 1].source.startswith("<details><summary>")


def test_what_follows_a_fold_is_set_as_markdown(released):
    """Without an empty line behind it, stars and dollars would stand there as such."""
    for cell in released.cells:
        below = [part.partition("\n")[0] for part in cell.source.split("</details>\n")]
        assert not any(below[1:])


@pytest.mark.parametrize(
    ("above", "experiment", "came", "told"),
    [
        ("It is 64 degrees.", "", 64.12, True),
        ("<details>It is 64 degrees.</details>", "", 64.12, False),
        ("It is 640 degrees, or 1.64.", "", 64.12, False),
        ("Take step 9.", "", 9.0, False),
        ("", "assert 64 < angle < 64.2", 64.12, True),
        ("It rises, or it sinks.", 'title = f"the floor {what}"', "rises", False),
        ("", 'title = "Here the floor rises"', "rises", True),
        ("", 'show(alt="The floor rises.")', "rises", True),
        ("", 'assert order == ["b", "a"]', ["b", "a"], True),
        ("", 'assert order != ["a", "b"]', ["b", "a"], False),
    ],
)
def test_a_page_that_tells_is_found(above, experiment, came, told):
    """In prose, code, titles, alt texts, assertions; not behind a click."""
    source = f'{experiment}\ncompare("question", what)'
    page = v4.new_notebook(cells=[v4.new_markdown_cell(above)])
    page.cells += [v4.new_code_cell(source), v4.new_markdown_cell("No number.")]

    assert bool(told_above(page, {"question": came})) == told
    assert bool(unexplained(page, {"question": came})) == isinstance(came, float)
