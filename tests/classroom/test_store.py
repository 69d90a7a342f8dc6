"""Results that are there already: used again just as long as nothing changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.classroom import store as store_module
from autograder.classroom.pool import Task
from autograder.classroom.store import REASONS, RETOLD, UNCHANGED, Store
from autograder.exercises import chapter_of, find
from autograder.grading.grade import grade_submission, own_failure
from autograder.grading.result import Result
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


def test_other_code_grades_anew(task, submission, kept, monkeypatch):
    """That is the reason told, whatever else is another one besides."""
    monkeypatch.setattr(store_module, "judging_code", lambda chapter: "of tomorrow")

    assert Store(task).load(submission) is None
    assert Store(task).reason(submission) == RETOLD
    assert Store(OTHER["release"](task)).reason(submission) == RETOLD
    assert Store(task).reason(CHANGED["bytes"](submission)) == NEW

    monkeypatch.setattr(store_module, "running_code", lambda: "of tomorrow")
    assert Store(task).reason(submission) == CODE
    assert Store(OTHER["release"](task)).reason(submission) == CODE


def test_what_was_run_is_kept_for_the_code_that_ran_it(
    task, submission, kept, monkeypatch
):
    """Who judges is no part of it; who runs, in which limits and what, all is."""
    ran = Store(task).ran(submission)
    assert ran == kept.ran != b""
    monkeypatch.setattr(store_module, "judging_code", lambda chapter: "of tomorrow")
    assert Store(task).ran(submission) == ran

    for change in ("secret", "limits", "cells that run", "box"):
        assert Store(OTHER[change](task)).ran(submission) == b""
    modules = replace(submission, modules={"mine.py": b"import numpy"})
    for other in (modules, *(change(submission) for change in CHANGED.values())):
        assert Store(task).ran(other) == b""
    monkeypatch.setattr(store_module, "running_code", lambda: "of tomorrow")
    assert Store(task).ran(submission) == b""


def test_other_data_of_the_instructors_grade_anew(task, monkeypatch):
    """A file in the folder for grading, from which an exercise draws, is no code."""
    exercise = find("train_classifier")
    chapter = chapter_of(exercise.name).name
    course = replace(task.course, releases={chapter: task.course.releases[CHAPTER]})
    task, submission = replace(task, course=course), Submission("ada", chapter, b"{}")
    Store(task).save(submission, Result("ada", chapter, "", ()))
    assert Store(task).reason(submission) == UNCHANGED

    (course.grading / exercise.own_data).write_text("label")

    assert Store(task).reason(submission) == OPTIONS


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
