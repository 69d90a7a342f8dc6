"""What a chapter asks to predict stands nowhere on the page before the run."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest

from autograder.authoring.solution import FOLDED
from autograder.exercises import CHAPTERS
from tests.helpers.running_notebooks import run_notebook

PREDICTING = ("03_momentum",)
"""Chapters whose predictions are cells; the others follow."""

TELLING_DIGITS = 2
"""A number of fewer digits stands in a text for many reasons."""


@pytest.fixture(params=PREDICTING)
def released(request, root):
    assert request.param in {chapter.name for chapter in CHAPTERS}
    return root / "notebooks" / request.param / f"{request.param}.ipynb"


@pytest.fixture
def solution(released, root):
    return root / "solutions" / released.parent.name / released.name


def calls(cell, function):
    """The names with which a cell calls `function`, in order."""
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == function
    ]


def code(path):
    return [
        (at, cell)
        for at, cell in enumerate(nbformat.read(path, 4).cells)
        if cell.cell_type == "code"
    ]


def without_answers(cell):
    """What a reader sees of a cell without a click."""
    return re.sub(r"<details>.*?</details>", "", cell.source, flags=re.DOTALL)


def test_every_prediction_meets_its_experiment(released):
    """Each question has one result below it, in a cell whose code is folded."""
    asked, answered = {}, {}
    for at, cell in code(released):
        asked |= dict.fromkeys(calls(cell, "predict"), at)
        for name in calls(cell, "compare"):
            assert name not in answered
            answered[name] = at
            assert cell.metadata.items() >= FOLDED.items()

    assert 6 <= len(asked) <= 10
    assert asked.keys() == answered.keys()
    assert all(asked[name] < answered[name] for name in asked)


def test_every_prediction_is_left_open(released):
    """The release predicts nothing: dots stand where the guess goes."""
    for _, cell in code(released):
        if calls(cell, "predict"):
            (statement,) = ast.parse(cell.source).body
            assert statement.value.args[1].value is ...


def test_no_result_stands_above_its_run(released, solution):
    """Neither the text and code before an experiment hold what it finds, nor itself.

    Numbers are searched as they are shown, and rounded to two digits; of a choice,
    whether a title says it.
    """
    cells = nbformat.read(released, 4).cells
    found = {}
    report = run_notebook(solution, release=False, seen=found)
    assert report.ok, str(report)

    choices = {
        name
        for _, cell in code(released)
        for name in calls(cell, "predict")
        if "among=" in cell.source
    }
    told = []
    for at, cell in code(released):
        for name in calls(cell, "compare"):
            came = found[name]
            words = [came.split()[0]]
            number = None if name in choices else re.match(r"[\d.]+(e[-+]\d+)?", came)
            if number:
                words = [number[0], f"{float(number[0]):.2g}"]
                words = [w for w in words if _digits(w) >= TELLING_DIGITS]
            page = [without_answers(above) for above in cells[:at]]
            place = (
                _literal_titles(cell) if not number else "\n".join([*page, cell.source])
            )
            told += [
                (name, word)
                for word in words
                if re.search(rf"(?<![\w.]){re.escape(word)}(?![\w]|\.\d)", place)
            ]
    assert told == [], found


def test_explanations_wait_for_a_click(released):
    """The text after a result begins folded."""
    cells = nbformat.read(released, 4).cells
    for at, cell in code(released):
        if calls(cell, "compare"):
            assert cells[at + 1].source.startswith("<details><summary>")


def _digits(number: str) -> int:
    return len(re.sub(r"e.*|\D", "", number).strip("0"))


def _literal_titles(cell):
    """Titles and alt texts that a cell has in plain words, computed parts left out."""
    texts = []
    for node in ast.walk(ast.parse(cell.source)):
        if (
            isinstance(node, ast.Assign)
            and getattr(node.targets[0], "id", "") == "title"
        ):
            texts += [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
        if isinstance(node, ast.keyword) and node.arg == "title":
            texts += [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
    return "\n".join(map(str, texts))
