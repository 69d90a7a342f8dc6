"""How near predictions came: what is counted, and what is left out."""

from __future__ import annotations

import pytest

from autograder.desk.nearness import Nearness, nearness, nearness_of_guesses


@pytest.mark.parametrize(
    ("predicted", "came", "how"),
    [
        (60.0, 64.1, "RIGHT"),
        (-1.05, -1.0, "RIGHT"),
        (0.0, 0.0, "RIGHT"),
        (33.0, 64.1, "NEAR"),
        (130.0, 64.1, "SURPRISE"),
        (-64.1, 64.1, "SURPRISE"),
        (1.0, 0.0, "SURPRISE"),
        ("rises", "rises", "RIGHT"),
        ("sinks", "rises", "SURPRISE"),
        (["a", "b", "c"], ["a", "b", "c"], "RIGHT"),
        (["a", "c", "b"], ["a", "b", "c"], "NEAR"),
        (["b", "a", "c"], ["a", "b", "c"], "SURPRISE"),
        ([2.0, 6.2, 1.0], [2.3, 6.0, 0.5], "RIGHT"),
        ([2.0, 4.0, 1.0], [2.3, 6.0, 0.5], "NEAR"),
        ([2.0, 1.0, 0.5], [2.3, 6.0, 0.5], "SURPRISE"),
    ],
)
def test_how_near(predicted, came, how):
    assert nearness(predicted, came) is Nearness[how]


def output(**mark):
    return {"outputs": [{"metadata": {"autograder": mark}}]}


def test_only_what_was_predicted_is_counted():
    """The last run of each question; skipping leaves no trace, nor does nonsense."""
    cells = [
        output(question="angle", predicted=5.0, came=64.1),
        output(question="angle", predicted=64.0, came=64.1),
        output(question="skipped", predicted=None, came=1.0),
        output(question="edited", predicted={}, came=1.0),
        output(question="a sketch", predicted=[1.0], came=[1.0, 2.0]),
        output(stopped="adam_step"),
        {"outputs": [{"metadata": {"autograder": "no"}}, 3]},
        {"outputs": None},
    ]

    assert nearness_of_guesses(cells) == (Nearness.RIGHT,)
