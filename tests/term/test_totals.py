"""Totals, checked by hand."""

from __future__ import annotations

import pytest

from autograder.term.rules import Rules
from autograder.term.totals import Part, total

# 50 %, 80 %, 90 % of all points; of the last, 2 of 10 points are further work's.
PARTS = (Part("a", 5, 10), Part("b", 16, 20), Part("c", 9, 10, further=2))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Rules(), (50 + 80 + 90) / 3),
        (Rules(weights={"b": 2}), (50 + 2 * 80 + 90) / 4),
        (Rules(weights={"a": 0}), (80 + 90) / 2),
        (Rules(drop_lowest=1), (80 + 90) / 2),
        (Rules(drop_lowest=1, weights={"c": 3}), (80 + 3 * 90) / 4),
        (Rules(drop_lowest=7), 90),
        (Rules(bonus_cap=0), (50 + 80 + 100) / 3),
        (Rules(bonus_cap=10), (50 + 80 + 110) / 3),  # 9 of 8 is 112.5 %
        (Rules(bonus_cap=50), (50 + 80 + 112.5) / 3),
    ],
)
def test_the_total_is_the_mean_of_what_counts(rules, expected):
    assert total(PARTS, rules) == pytest.approx(expected)


def test_nothing_that_counts_is_no_total():
    assert total((), Rules(drop_lowest=1)) is None
    assert total(PARTS[:1], Rules(weights={"a": 0})) is None
