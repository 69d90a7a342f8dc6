"""The course view of `marks.csv`: everybody, when, and what it comes to."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from autograder.course import NotACourse
from autograder.exports.class_files import marks_csv
from autograder.exports.course_view import course_view, on_roster
from autograder.gradebook.reading import Times
from autograder.term.rules import Rules
from autograder.writing import write_whole

CHAPTER, NEXT = "03_momentum", "05_adam"
DUE = datetime(2026, 11, 20, 11, tzinfo=UTC)


def rows(result, rules, now):
    late = Times(DUE + timedelta(hours=1.5), DUE, 5400.0, 0.5)
    seen, due = {(CHAPTER, "ada"): late}, {CHAPTER: DUE, NEXT: DUE + timedelta(days=7)}
    view = list(course_view(result, rules, seen, due, now))
    read = csv.DictReader(io.StringIO(marks_csv(result, view)))
    return {(row["student"], row["chapter"]): row for row in read}


def test_everybody_has_a_row_for_each_chapter_and_one_for_the_total(result):
    write_whole(result.course.grading / "roster.csv", b"Login,Name\nada,A\nzoe,Z\n")
    rules = Rules(there=True, zone="Europe/Berlin", roster="roster.csv", column="Login")

    found = rows(result, rules, DUE + timedelta(days=1))

    assert {who for who, _ in found} == {
        "ada", "boris", "chen", "dalia", "émile", "zoe"
    }  # fmt: skip
    ada = found["ada", CHAPTER]
    assert (ada["handed_in"], ada["due"]) == ("2026-11-20 13:30", "2026-11-20 12:00")
    assert (ada["hours_late"], ada["taken_off"]) == ("1.5", "0.5")
    assert (ada["mark"], ada["percent"], ada["attempts"]) == ("5", "71.43", "0")
    assert ada["momentum_step"] == "2"
    assert (found["ada", "total"]["mark"], found["ada", "total"]["out_of"]) == (
        "71.43", "100"
    )  # fmt: skip
    zoe = found["zoe", CHAPTER]
    assert (zoe["mark"], zoe["problem"]) == ("0", "not handed in")
    assert found["zoe", "total"]["mark"] == "0"
    # Nobody knows yet what the failed one earns: it is no zero.
    assert found["chen", "total"]["mark"] == ""


def test_what_is_not_due_yet_is_no_zero_and_afterwards_is_one(result):
    rules = Rules(there=True)

    before = rows(result, rules, DUE + timedelta(days=1))
    after = rows(result, rules, DUE + timedelta(days=8))

    assert ("ada", NEXT) not in before
    assert after["ada", NEXT]["problem"] == "not handed in"
    assert after["ada", "total"]["mark"] == "35.71"


def test_who_has_more_time_is_not_counted_yet(result):
    more = {"ada": {NEXT: DUE + timedelta(days=9)}}
    due = {CHAPTER: DUE, NEXT: DUE + timedelta(days=7)}
    rules = Rules(there=True, due=due, extensions=more)

    found = rows(result, rules, DUE + timedelta(days=8))

    assert found["ada", NEXT]["mark"] == ""
    assert found["ada", "total"]["mark"] == "71.43"
    assert found["émile", "total"]["mark"] == "35.71"


def test_a_roster_that_cannot_be_used_is_told_before_anything_is_graded(result):
    course = result.course
    rules = Rules(there=True, roster="roster.csv", column="Lgin")
    with pytest.raises(NotACourse, match=r"roster\.csv cannot be read"):
        on_roster(course, rules, [])
    write_whole(course.grading / "roster.csv", b"Login,Name\nzoe,Z\nyan,Y\n")
    with pytest.raises(NotACourse, match="there is no column Lgin"):
        on_roster(course, rules, [])

    for column in ("", "Login"):
        known = Rules(there=True, roster="roster.csv", column=column)
        assert on_roster(course, known, ["ada"]) == ["zoe", "yan"]
