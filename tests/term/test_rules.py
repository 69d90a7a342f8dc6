"""What late work costs, checked by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autograder.term.rules import Amount, Late, span
from autograder.term.values import amount, span_of

MINUTE, DAY = 60.0, 86400.0
TENTH = Amount(10.0, True)


@pytest.mark.parametrize(
    ("late", "seconds", "lost"),
    [
        (Late(), 5 * DAY, 0.0),
        (Late("zero"), MINUTE, 12.0),
        (Late("zero", grace=timedelta(minutes=15)), 15 * MINUTE, 0.0),
        (Late("zero", grace=timedelta(minutes=15)), 15 * MINUTE + 1, 12.0),
        (Late("a day", TENTH), 1.0, 1.2),
        (Late("a day", TENTH), DAY, 1.2),
        (Late("a day", TENTH), DAY + 1, 2.4),
        (Late("a day", TENTH), 30 * DAY, 12.0),
        (Late("a day", TENTH, cap=Amount(50.0, True)), 30 * DAY, 6.0),
        (Late("a day", Amount(2.5, False)), 2 * DAY, 5.0),
        (Late("a day", Amount(2.5, False), cap=Amount(4.0, False)), 2 * DAY, 4.0),
        # From the due date on, not from the end of the grace time.
        (Late("a day", TENTH, grace=timedelta(hours=2)), DAY + 1, 2.4),
        (Late("a day", TENTH), 0.0, 0.0),
    ],
)
def test_what_is_taken_off_of_twelve_points(late, seconds, lost):
    assert late.taken_off(12.0, seconds) == pytest.approx(lost)


def test_a_rule_reads_as_a_sentence():
    late = Late("a day", TENTH, timedelta(minutes=15), Amount(50.0, True))

    assert str(late) == (
        "10 % for each day that has begun, at most 50 %; up to 15 min is not late"
    )


def test_spans_and_amounts_are_read_as_they_are_written():
    assert span_of("1 day 12 h") == timedelta(hours=36)
    assert span(timedelta(hours=36)) == "1 day 12 h"
    assert span(timedelta(seconds=1)) == "1 min"
    assert (amount("12.5 %"), amount(2)) == (Amount(12.5, True), Amount(2.0, False))
