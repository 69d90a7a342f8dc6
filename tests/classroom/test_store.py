"""Results that are there already: used again just as long as nothing changes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.classroom import store as store_module
from autograder.classroom.pool import Task
from autograder.classroom.store import REASONS, UNCHANGED, Store
from autograder.grading.grade import grade_submission, own_failure
from autograder.limits import LIMITS
from autograder.sandbox.options import OWN_CODE
from autograder.submissions.intake import Submission

CHAPTER = "03_momentum"


@pytest.fixture
def task(course, secret):
    """What all submissions have in common."""
    return Task(course, secret, OWN_CODE)


@pytest.fixture
def submission(solved):
    """One with right answers."""
    return Submission("ada", CHAPTER, solved.data)


@pytest.fixture
def kept(task, submission):
    """A store that has its result."""
    result = grade_submission(submission, task.course, task.secret, task.options)
    Store(task).save(submission, result)
    return result


def test_a_result_comes_back_as_it_was(task, submission, kept):
    found = Store(task).load(submission)

    assert found is not None
    assert found.to_bytes() == kept.to_bytes()


CHANGED = {
    "student": lambda s: replace(s, student="eve"),
    "bytes": lambda s: replace(s, data=s.data + b" "),
    "no bytes": lambda s: replace(s, data=None, problem="There is no notebook."),
    "notes": lambda s: replace(s, notes=("The notebook is called x.ipynb.",)),
}


NEW, CODE, RELEASE, OPTIONS = REASONS


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_another_submission_is_graded(task, submission, kept, change):
    assert Store(task).load(change(submission)) is None
    assert Store(task).reason(change(submission)) == NEW


def test_what_is_kept_is_unchanged(task, submission):
    """And before it is kept, it is new."""
    assert Store(task).reason(submission) == NEW
    result = own_failure(submission, task.course, "")
    Store(task).save(submission, replace(result, problem=None, verdicts=()))

    assert Store(task).reason(submission) == UNCHANGED


def test_the_time_changes_no_result(task, submission, kept):
    """A penalty for lateness is nbgrader's, and computed when a result is recorded."""
    late = replace(submission, timestamp="2030-01-01 00:00:00")

    assert Store(task).load(late) is not None


def with_options(task, **options):
    return replace(task, options=replace(task.options, **options))


OTHER = {
    "secret": lambda t: replace(t, secret=bytes(32)),
    "limits": lambda t: with_options(t, limits=replace(LIMITS, cell_seconds=1.0)),
    "cells that run": lambda t: with_options(t, full=True),
    "box": lambda t: with_options(t, box="another"),
    "pictures": lambda t: with_options(t, pictures=True),
    "course": lambda t: replace(t, course=replace(t.course, name="another")),
    "release": lambda t: replace(
        t,
        course=replace(
            t.course, releases={CHAPTER: t.course.releases[CHAPTER] + b"\n"}
        ),
    ),
}


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_another_course_grades_anew(task, submission, kept, change):
    assert Store(change(task)).load(submission) is None
    reason = RELEASE if change is OTHER["release"] else OPTIONS
    assert Store(change(task)).reason(submission) == reason


def test_all_code_that_grades_is_in_the_version():
    """Whatever room grading loads, a change in it has everybody graded again."""
    code = (
        "import json, sys, autograder.grading.grade; print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = {
        name.split(".")[1]
        for name in json.loads(done.stdout)
        if name.startswith("autograder.")
    }
    rooms = {name.removesuffix(".py") for name in store_module._JUDGING}

    assert {"sandbox", "submissions", "calling"} <= loaded
    assert loaded <= rooms
    for room in store_module._JUDGING:
        assert (store_module._PACKAGE / room).exists()


def test_other_code_grades_anew(task, submission, kept, monkeypatch):
    """That is the reason told, whatever else is another one besides."""
    monkeypatch.setattr(store_module, "version", lambda: "of tomorrow")

    assert Store(task).load(submission) is None
    assert Store(task).reason(submission) == CODE
    assert Store(OTHER["release"](task)).reason(submission) == CODE
    assert Store(task).reason(CHANGED["bytes"](submission)) == NEW


@pytest.mark.parametrize("spoil", [b"", b"{}", b"x" * 64 + b"\n{}"])
def test_a_damaged_file_is_no_result(task, submission, kept, spoil):
    path = task.course.grading / "results" / CHAPTER / "ada.json"
    path.write_bytes(spoil)

    assert Store(task).load(submission) is None
    assert Store(task).reason(submission) == NEW
    path.write_bytes(path.read_bytes()[:-1])
    assert Store(task).load(submission) is None


def test_half_a_file_is_no_result(task, submission, kept):
    path = task.course.grading / "results" / CHAPTER / "ada.json"
    whole = path.read_bytes()
    for size in (70, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])

        assert Store(task).load(submission) is None


def test_a_failure_of_ours_is_tried_again(task, submission):
    store = Store(task)
    store.save(submission, own_failure(submission, task.course, "no memory left"))

    assert store.load(submission) is None
