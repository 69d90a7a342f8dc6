"""A class's results, made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.class_result import ClassResult, Graded, Row, Trouble
from autograder.course import Course

CHAPTER = "03_momentum"
POINTS = {"momentum_step": 2, "nesterov_step": 2, "velocity_weights": 1}


def graded(student, *codes, problem=None, notes=(), **more):
    """A student's submission: for each function a code, points and mistakes."""
    rows = tuple(
        Row(student, CHAPTER, name, code, score, POINTS[name], tuple(mistakes))
        for name, (code, score, *mistakes) in zip(POINTS, codes, strict=True)
    )
    mark = sum(row.score for row in rows)
    more = {"mark": mark, "out_of": 7.0, "box": "sandlock"} | more
    return Graded(student, CHAPTER, rows, problem, tuple(notes), **more)


RIGHT = (("passed", 2.0), ("passed", 2.0), ("passed", 1.0))
UNREAD = (("unreadable", 0.0),) * 3


@pytest.fixture
def course(tmp_path):
    """A course that is only folders."""
    grading = tmp_path / "grading"
    return Course(
        tmp_path,
        "tests",
        {},
        grading,
        grading / "submitted",
        grading / "autograded",
        grading / "feedback",
        "sqlite://",
    )


@pytest.fixture
def result(course):
    """Five students: right, mistaken twice, unreadable, and one that we failed."""
    page = Path("page.html")
    students = [
        graded("ada", *RIGHT, waiting=1, page=page),
        graded(
            "boris",
            ("wrong-values", 0.0, "climbs"),
            ("argument-changed", 1.33, "theta_in_place"),
            ("not-written", 0.0),
            notes=["Cells were moved; they are graded in the released order."],
        ),
        graded(
            "chen",
            ("wrong-values", 0.0, "climbs"),
            ("timed-out", 0.0),
            ("own-failure", 0.0),
            mark=None,
            out_of=None,
        ),
        graded("dalia", *UNREAD, problem="The notebook file is empty."),
        graded("émile", *RIGHT),
    ]
    problems = (
        Trouble(
            "The folder '=x' has a name that no student can have.", code="unaccounted"
        ),
        Trouble("The notebook file is empty.", "dalia", CHAPTER, "unreadable"),
    )
    return ClassResult(course, tuple(students), problems)
