"""Which attempt counts, and whose work counts for a group."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.course import Course
from autograder.submissions.intake import Found
from autograder.term.attempts import number_of_attempts, read_counted, whose_counts
from autograder.term.rules import Late, Rules
from autograder.writing import write_whole

CHAPTER = "03_momentum"
DUE = datetime(2026, 11, 20, 12, tzinfo=UTC)
RULES = Rules(there=True, due={CHAPTER: DUE})


@pytest.fixture
def course(tmp_path):
    """A course that is only folders, with three attempts of ada's."""
    grading = tmp_path / "grading"
    folders = [grading / name for name in ("submitted", "autograded", "feedback")]
    course = Course(tmp_path, "tests", {}, grading, *folders, "sqlite://")
    hand_in(course, "ada", b'{"third": 3}', "2026-11-20 12:10:00 UTC")
    keep(course, "2026-11-18_120000_aaaaaaaaaaaa", b'{"first": 1}')
    keep(course, "2026-11-19_120000_bbbbbbbbbbbb", b'{"second": 2}')
    return course


def hand_in(course, student, data, time=None):
    folder = course.submitted / student / CHAPTER
    write_whole(folder / f"{CHAPTER}.ipynb", data)
    if time:
        write_whole(folder / "timestamp.txt", time.encode())


def keep(course, name, data):
    folder = course.grading / "earlier" / "ada" / CHAPTER
    write_whole(folder / f"{name}.ipynb", data)


def found(course, student="ada"):
    return Found(student, CHAPTER, course.submitted / student / CHAPTER)


@pytest.mark.parametrize(
    ("rules", "data", "day"),
    [
        (RULES, b'{"third": 3}', "2026-11-20"),
        (replace(RULES, attempt="first"), b'{"first": 1}', "2026-11-18"),
        (replace(RULES, attempt="in time"), b'{"second": 2}', "2026-11-19"),
        (
            replace(RULES, attempt="in time", late=Late(grace=timedelta(minutes=15))),
            b'{"third": 3}',
            "2026-11-20",
        ),
        (
            replace(
                RULES,
                attempt="in time",
                extensions={"ada": {CHAPTER: DUE - timedelta(days=9)}},
            ),
            b'{"third": 3}',  # all are late: the latest
            "2026-11-20",
        ),
    ],
    ids=["latest", "first", "in time", "with grace", "all late"],
)
def test_the_attempt_that_the_class_has_chosen_is_read(course, rules, data, day):
    submission = read_counted(found(course), course, rules)

    assert submission.data == data
    assert submission.timestamp.startswith(day)
    assert submission.doubts == ()
    assert number_of_attempts(course, "ada", CHAPTER) == 3


def test_an_attempt_without_a_time_lets_the_mark_wait(course):
    """Nobody is graded by a guess."""
    keep(course, "cccccccccccc", b"{}")

    submission = read_counted(found(course), course, replace(RULES, attempt="first"))

    assert submission.data == b'{"third": 3}'
    (doubt,) = submission.doubts
    assert doubt.text.startswith("1 of 4 attempts have no time")
    assert read_counted(found(course), course, RULES).doubts == ()


def test_one_of_a_group_hands_in_for_all(course):
    rules = replace(RULES, groups={"red": ("ada", "boris")})

    those, strays = whose_counts([found(course)], course, rules)

    assert strays == []
    assert [one.student for one in those] == ["ada", "boris"]
    boris = read_counted(those[1], course, replace(rules, attempt="first"))
    assert (boris.student, boris.data) == ("boris", b'{"first": 1}')


def test_of_two_of_a_group_the_later_counts_for_both(course):
    hand_in(course, "boris", b'{"later": 4}', "2026-11-21 12:00:00 UTC")
    rules = replace(RULES, groups={"red": ("ada", "boris")})
    both = [found(course), found(course, "boris")]

    those, _ = whose_counts(both, course, rules)

    data = [read_counted(one, course, rules).data for one in those]
    assert data == [b'{"later": 4}'] * 2


def test_two_of_a_group_without_times_are_told_and_wait(course):
    hand_in(course, "boris", b'{"when": 0}')
    rules = replace(RULES, groups={"red": ("ada", "boris")})
    both = [found(course), found(course, "boris")]

    those, strays = whose_counts(both, course, rules)

    assert those == both
    assert [stray.student for stray in strays] == ["ada", "boris"]
    assert "their times do not say which counts" in strays[0].text
