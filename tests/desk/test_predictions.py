"""Guesses before an experiment, and what is said of them after it."""

from __future__ import annotations

import pytest

from autograder import compare, predict
from autograder.desk import predictions


@pytest.fixture(autouse=True)
def said(monkeypatch):
    """Lines that were shown, without a notebook to show them in."""
    lines = []
    monkeypatch.setattr(predictions, "_predictions", {})
    monkeypatch.setattr(predictions, "shown_line", lambda line, *_: lines.append(line))
    return lines


@pytest.mark.parametrize(
    ("guess", "options", "came", "told", "returned"),
    [
        (30, {"unit": "°"}, 64.12, "You predicted 30°, it is 64.1°.", 30.0),
        (64.1, {"unit": "°"}, 64.12, "You predicted 64.1°, and so it is.", 64.1),
        (
            "Sinks ",
            {"among": ("sinks", "rises")},
            "rises",
            "You predicted “sinks”, it is “rises”.",
            None,
        ),
        (
            ["b", "a"],
            {"order": "ab"},
            ["a", "b"],
            "You predicted b, a, it is a, b.",
            None,
        ),
        (2000, {}, 6908.0, "You predicted 2,000, it is 6,908.", 2000.0),
        (
            [2, 0, 1],
            {"at": (0, 5, 10), "unit": " m"},
            [2.0, 3.0, 1.0],
            "Your sketch misses the curve by 1 m on average; the curve's heights here "
            "are from 1 m to 3 m.",
            (2.0, 0.0, 1.0),
        ),
    ],
)
def test_a_guess_is_told_beside_what_came(guess, options, came, told, returned, said):
    """A number, a choice, an order, a sketch; the figure gets the guess."""
    predict("question", guess, **options)

    assert compare("question", came) == returned
    assert said[0].startswith("Your prediction: ")
    assert said[1:] == [told]


@pytest.mark.parametrize("came", [float("inf"), float("nan")])
def test_what_is_not_finite_is_said_and_not_kept(came, monkeypatch):
    """A notebook's file has no such number, and its kernel would warn at length."""
    shown = []
    monkeypatch.setattr(predictions, "shown_line", lambda *line: shown.append(line))
    compare("question", came)

    told = f"It is {came}.", {"predicted": None, "came": None, "question": "question"}
    assert shown == [told]


@pytest.mark.parametrize("skip", [(), (...,)], ids=["left out", "dots"])
def test_a_question_may_be_skipped(skip, said):
    """Also after a guess was made; the result comes alone, and nothing is told."""
    predict("question", 3)
    predict("question", *skip, unit=" steps")

    assert said == ["Your prediction: 3."]
    assert compare("question", 109, " steps") is None
    assert said[1:] == ["It is 109 steps."]


@pytest.mark.parametrize(
    ("guess", "options", "asked"),
    [
        ("many", {}, "write a number in its place"),
        (True, {}, "write a number in its place"),
        (float("nan"), {}, "write a number in its place"),
        ("falls", {"among": ("sinks", "rises")}, 'write "sinks" or "rises" in its'),
        (["sinks"], {"among": ("sinks", "rises")}, 'write "sinks" or "rises" in its'),
        (["a"], {"order": "ab"}, 'write all of ["a", "b"], the first one first, in'),
        ("a", {"order": "ab"}, 'write all of ["a", "b"], the first one first, in'),
        ([1, 2], {"at": (0, 1, 2)}, "a list of 3 numbers, the curve's heights, in"),
        ([1, "2", 3], {"at": (0, 1, 2)}, "a list of 3 numbers"),
        (2, {"at": (0, 1, 2)}, "a list of 3 numbers"),
    ],
)
def test_what_is_no_guess_says_what_is_asked(guess, options, asked, said):
    """It stops nothing, and counts as none."""
    predict("question", guess, **options)

    assert asked in said[0]
    assert compare("question", 1.0) is None
