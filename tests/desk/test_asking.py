"""The form of a prediction: what is given in it, kept, and found again."""

from __future__ import annotations

import json
import sys

import pytest

from autograder import compare, predict
from autograder.desk import asking, predictions


class Shown:
    """An output that is changed later, as Jupyter's display handles do it."""

    def __init__(self, data, metadata):
        self.update(data, metadata)

    def update(self, data, metadata, raw=True):
        self.line, self.mark = data["text/plain"], metadata["autograder"]


@pytest.fixture
def page(monkeypatch, tmp_path):
    """Forms and lines that were shown, in a folder of their own."""
    forms, lines, said = [], [], []

    def display(data, metadata=None, raw=True, display_id=False):
        lines.append(Shown(data, metadata)) if display_id else None
        return lines[-1] if display_id else None

    class Form(asking.Form):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            forms.append(self)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(predictions, "_predictions", {})
    monkeypatch.setattr(predictions, "shown_line", lambda line, *_: said.append(line))
    monkeypatch.setattr(predictions, "_has_kernel", lambda: True)
    monkeypatch.setattr(asking, "display", display)
    monkeypatch.setattr(asking, "Form", Form)
    return forms, lines, said


@pytest.mark.parametrize(
    ("options", "given", "line", "came", "told"),
    [
        ({"unit": "°"}, ["30°"], "30°", 64.1, "You predicted 30°, it is 64.1°."),
        ({}, ["−2.5"], "-2.5", -2.5, "You predicted -2.5, and so it is."),
        (
            {"among": ("sinks", "rises")},
            ["sinks"],
            "“sinks”",
            "rises",
            "You predicted “sinks”, it is “rises”.",
        ),
        (
            {"order": ("a", "b")},
            ["b", "a"],
            "b, a",
            ["a", "b"],
            "You predicted b, a, it is a, b.",
        ),
    ],
    ids=["number", "minus", "choice", "order"],
)
def test_a_guess_in_a_form_is_one(options, given, line, came, told, page):
    """It is told, saved in the output, compared, and there again when rerun."""
    (forms, lines, said) = page
    predict("question", ..., **options)
    assert lines[0].line == "No guess yet. Go on without one if you like."
    for control, value in zip(forms[0].controls, given, strict=True):
        control.value = value

    assert lines[0].line == f"Your prediction: {line}."
    assert lines[0].mark["asked"] == "question"
    compare("question", came)
    assert said == [told]
    predict("question", ..., **options)
    assert lines[1].line == lines[0].line
    assert [c.value for c in forms[1].controls][-1].strip("°").replace("−", "-") == (
        given[-1].strip("°").replace("−", "-")
    )


def test_a_sketch_is_drawn_by_its_heights_and_kept(page, tmp_path, monkeypatch):
    """One a place; the plot follows, and the saved notebook gives it back."""
    forms, lines, said = page
    asked = {"at": (0, 4, 10), "between": (0, 8)}
    predict("curve", ..., **asked)
    boxes = forms[0].controls
    assert [box.description for box in boxes] == ["at 0", "at 4", "at 10"]
    assert lines[0].line == "No guess yet. Go on without one if you like."
    empty = forms[0].children[0].children[0].value
    for box, height in zip(boxes, (2, 6, 1), strict=True):
        box.value = height

    assert lines[0].line == "Your prediction: 2, 6, 1."
    assert forms[0].children[0].children[0].value != empty
    output = {"output_type": "display_data", "metadata": {"autograder": lines[0].mark}}
    cells = [{"cell_type": "code", "outputs": [json.loads(json.dumps(output))]}]
    (tmp_path / "02.ipynb").write_text(json.dumps({"cells": cells}))
    monkeypatch.setattr(predictions, "_predictions", {})
    predict("curve", ..., **asked)
    assert [box.value for box in forms[1].controls] == [2, 6, 1]
    assert compare("curve", [2.0, 6.0, 4.0]) == (2.0, 6.0, 1.0)
    assert said[-1].startswith("Your sketch misses the curve by 1 on average")


def test_a_guess_outlives_its_kernel(page, tmp_path, monkeypatch):
    """The saved notebook has it; other files in the folder do no harm."""
    (forms, lines, said) = page
    predict("question", ..., order=("a", "b"))
    for control, value in zip(forms[0].controls, ("b", "a"), strict=True):
        control.value = value
    output = {"output_type": "display_data", "metadata": {"autograder": lines[0].mark}}
    cells = [{"cell_type": "code", "outputs": [{"metadata": 3}, output]}]
    (tmp_path / "03.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "02.ipynb").write_text("no notebook")
    monkeypatch.setattr(predictions, "_predictions", {})

    predict("question", ..., order=("a", "b"))

    assert lines[1].line == "Your prediction: b, a."
    compare("question", ("a", "b"))
    assert said == ["You predicted b, a, it is a, b."]


@pytest.mark.parametrize("emptied", ["", "many"])
def test_a_guess_may_be_taken_back(emptied, page):
    """An empty box skips; what is no number says what it takes."""
    (forms, lines, said) = page
    predict("question", ...)
    forms[0].controls[0].value = "3"
    forms[0].controls[0].value = emptied

    no_guess = "That is no guess yet: it takes a number."
    assert lines[0].line == (
        no_guess if emptied else "No guess yet. Go on without one if you like."
    )
    assert compare("question", 1.0) is None
    assert said == ["It is 1."]


def test_a_guess_in_code_comes_before_the_form(page):
    """And dots put back again take it away."""
    forms, _, said = page
    predict("question", 3)
    predict("question", ...)

    assert forms[0].controls[0].value == ""
    compare("question", 1.0)
    assert said == ["Your prediction: 3.", "It is 1."]


@pytest.mark.parametrize("shell", [None, object()], ids=["none", "no kernel"])
def test_without_a_kernel_there_is_no_form(shell, page, monkeypatch):
    """As in grading, where a guess counts for nothing."""
    monkeypatch.undo()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    forms, lines, _ = page
    predict("question", ...)

    assert forms == lines == []


@pytest.mark.parametrize("there", ["an old one", "none"])
def test_where_no_form_works_the_dots_are_replaced(there, page, monkeypatch):
    """Colab pins an ipywidgets too old for it; others may have none."""
    if there == "none":
        monkeypatch.setitem(sys.modules, "ipywidgets", None)
    else:
        monkeypatch.delattr("ipywidgets.Widget._repr_mimebundle_")
    monkeypatch.delitem(sys.modules, "autograder.desk.asking")
    forms, _, said = page
    predict("question", ...)
    predict("question", 3)

    assert forms == []
    assert said == [predictions.INSTEAD, "Your prediction: 3."]
