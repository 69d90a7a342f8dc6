"""Cells that need a function which is not written, or not right yet."""

from __future__ import annotations

import linecache
from types import SimpleNamespace

import nbformat
import pytest

from autograder.desk import needs as stops
from tests.helpers.running_notebooks import run_notebook

SETUP = "import numpy as np\nfrom autograder import check, hint, needs"
STUB = "def {}(*args, **more):\n    raise NotImplementedError('not written yet')"
WRONG = """def momentum_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad
    return theta + velocity, velocity"""
RIGHT = WRONG.replace("+ lr", "- lr")
CALL = "x, v = momentum_step(np.ones(2), np.zeros(2), np.ones(2), 0.1, 0.9)"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What cells show, run in one kernel: text, or the name of an error."""

    def run(*sources):
        path = tmp_path_factory.mktemp("needs") / "cells.ipynb"
        cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, *sources)]
        for i, cell in enumerate(cells):
            cell.id, cell.metadata["tags"] = f"c{i}", ["raises-exception"]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return run_notebook(path, release=True)

    return run


def test_a_cell_that_stops_says_what_it_needs(ran):
    """Called by itself, by a function beside it, in a class; never with a traceback."""
    report = ran(
        STUB.format("momentum_step"),
        CALL,
        f"def roll():\n    {CALL}\n    return x",
        "roll()",
        "class Optimiser:\n    def update(self):\n        roll()",
        "Optimiser().update()",
        "from functools import cache\n\n@cache\ndef kept():\n    roll()",
        "kept()",
        "starts = {'ball': momentum_step}",
        "starts['ball'](0, 0, 0, 0, 0)",
    )

    assert report.ok, str(report)
    assert report.named == dict.fromkeys(
        ("c2", "c4", "c6", "c8", "c10"), "momentum_step"
    )
    assert report.unwritten == ("c2", "c4", "c6", "c8", "c10")


def test_an_assertion_that_fails_names_the_function(ran):
    """The one that is not right yet, not the one that is; if all are, it stays."""
    report = ran(
        STUB.format("ema_momentum_step"),
        WRONG,
        f"{CALL}\nassert np.all(x < 1)",
        RIGHT,
        f"{CALL}\nassert np.all(x < 1)",
        f"{CALL}\nassert np.all(x > 1), 'my own'",
    )

    assert report.named == {"c3": "momentum_step"}
    assert report.unwritten == ()
    assert [str(p) for p in report.problems] == ["cell 7 (c6): AssertionError: my own"]


def test_another_error_keeps_its_traceback(ran):
    """It may be the learner's own, and the line below it helps in either case."""
    report = ran("def momentum_step(*args):\n    return None", CALL, "1 / 0")

    assert report.named == {"c2": "momentum_step"}
    assert [p.text.split(":")[0] for p in report.problems] == [
        "TypeError",
        "ZeroDivisionError",
    ]


def test_a_name_that_is_not_there_is_explained(ran):
    """A cell was passed over: its own words would be a traceback."""
    report = ran(CALL)

    assert report.named == {"c1": "momentum_step"}


def test_a_helper_may_be_called_as_an_exercise_elsewhere(ran):
    """Chapter 3 trains with a `train` of its own, which chapter 2's exercise is not."""
    helper = "def train(optimiser):\n    return momentum_step(1, 1, 1, 1, 1)"
    report = ran(STUB.format("momentum_step"), helper, "train(None)")

    assert report.named == {"c3": "momentum_step"}


def test_what_is_left_out_stops_nothing(ran):
    """Not written, wrong, right: a part runs only with the last."""
    report = ran(
        STUB.format("momentum_step"),
        f"if needs(momentum_step):\n    {CALL}\nshown = True",
        WRONG,
        "assert not needs(momentum_step, recorded=True) and shown",
        RIGHT,
        "assert needs(momentum_step)",
    )

    assert report.ok, str(report)
    assert report.left_out == {"c2": "momentum_step", "c4": "momentum_step"}
    assert report.named == {}


def test_a_cell_that_ran_on_a_wrong_answer_says_so(ran):
    """From its failed check on, until it is right; not where it is only defined."""
    report = ran(
        WRONG,
        f"{CALL}\nprint(x)",
        "check(momentum_step)",
        f"def roll():\n    {CALL}\n    return x",
        "print(roll())",
        "x = roll()",
        "%time roll()",
        RIGHT,
        "print(roll())",
    )

    assert report.doubted == {"c5": "momentum_step"}
    assert [p.cell_id for p in report.problems] == ["c3"]


def test_a_function_in_a_dict_of_methods_is_found(ran):
    """What is raised far away in the lab is of whichever is not right."""
    wrong = "def gd_step(theta, grad, lr):\n    return None"
    report = ran(
        wrong,
        "steps = {'gd': gd_step, 'none': print}",
        "for name, step in steps.items():\n    np.ones(2) + step(1, 2, 3)",
    )

    assert report.named == {"c3": "gd_step"}


def test_a_check_fails_as_ever(ran):
    """Its message is an error still, which a grader's tools look for."""
    report = ran(STUB.format("momentum_step"), "check(momentum_step)")

    assert report.unwritten == ("c2",)
    assert report.named == {}


def test_a_hint_for_what_is_not_defined_yet_is_asked_by_name(monkeypatch):
    """One line, and no traceback: the learner's cell is only not run yet."""
    source = "hint(momentum_step)\n"
    linecache.cache["<hint>"] = len(source), None, [source], "<hint>"
    said = []
    monkeypatch.setattr(stops, "_said", lambda line, name, how: said.append(line))
    shell = SimpleNamespace(user_ns={}, showtraceback=lambda *a, **k: said.append("!"))
    try:
        exec(compile(source, "<hint>", "exec"), {"hint": None})  # noqa: S102
    except NameError as error:
        stops._explained(shell, NameError, error, error.__traceback__)

    (line,) = said
    assert 'is not defined yet: run its cell, or ask by its name, `hint("mom' in line
