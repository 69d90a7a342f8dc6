"""`autograder class` writes what is read again, and keeps comments."""

from __future__ import annotations

import pytest

from autograder.course import Course, NotACourse
from autograder.term.class_file import load_rules
from autograder.term.setting import begin, set_values

CHAPTER = "03_momentum"


@pytest.fixture
def course(tmp_path):
    grading = tmp_path / "grading"
    folders = [grading / name for name in ("submitted", "autograded", "feedback")]
    return Course(tmp_path, "tests", {CHAPTER: b""}, grading, *folders, "sqlite://")


def test_what_is_set_is_in_force_and_comments_stay(course):
    path = begin(course)
    said = path.read_text()

    set_values(
        course,
        [
            ("timezone", "Europe/Berlin"),
            (f"due.{CHAPTER}", "2026-11-20 23:59"),
            (f"extensions.ada.{CHAPTER}", "+3 days"),
            ("late.rule", "a day"),
            ("late.amount", "10 %"),
            ("groups.red", '["ada", "boris"]'),
            ("drop_lowest", "1"),
        ],
    )

    rules = load_rules(course)
    assert rules.due_for("ada", CHAPTER).isoformat() == "2026-11-23T22:59:00+00:00"
    assert rules.late.amount.value == 10
    assert (rules.groups, rules.drop_lowest) == ({"red": ("ada", "boris")}, 1)
    assert [line for line in said.splitlines() if line not in path.read_text()] == []
    assert path.stat().st_mode & 0o77 == 0

    set_values(course, [(f"extensions.ada.{CHAPTER}", ""), ("drop_lowest", "2")])
    assert load_rules(course).extensions == {"ada": {}}
    assert load_rules(course).drop_lowest == 2


def test_what_would_not_be_read_is_not_written(course):
    path = begin(course)
    before = path.read_bytes()

    with pytest.raises(NotACourse, match="is due meant"):
        set_values(course, [(f"duo.{CHAPTER}", "2026-11-20 23:59 UTC")])
    with pytest.raises(NotACourse, match="stays as it is"):
        begin(course)

    assert path.read_bytes() == before
