"""The same results in every box, with any number of processes."""

from __future__ import annotations

import json
import sys
from collections import Counter

import pytest

from autograder.classroom.pool import Task, grade_all
from autograder.course import load_course
from autograder.exercises import CHAPTERS
from autograder.sample.sample_class import make_sample_class
from autograder.sandbox.boxes import BOXES, NONE, why_not
from autograder.sandbox.options import RunOptions
from autograder.submissions.intake import Submission

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs forks")

CHAPTER = "03_momentum"


@pytest.fixture(scope="module")
def handed_in(root):
    """The checkout's course, and one of the sample class for each thing done to it.

    Without who only waits, and with two of those who are right or mistaken.
    """
    course = load_course(root)
    chapter = next(c for c in CHAPTERS if c.name == CHAPTER)
    seen: Counter[str] = Counter()
    chosen = []
    for student in make_sample_class(course.releases[CHAPTER], chapter):
        what = student.what.split(":")[0]
        seen[what] += 1
        if "endless" not in what and seen[what] <= 2:
            chosen.append(Submission(student.name, CHAPTER, student.data))
    return course, chosen


def graded(course, submissions, box, jobs=2):
    """By student: the result as a tree, without the names of box and account."""
    task = Task(course, bytes(range(32)), RunOptions(box))
    found = {}
    for submission, result in grade_all(submissions, task, jobs):
        tree = json.loads(result.to_bytes())
        assert tree.pop("box") == ("" if tree["problem"] else box)
        assert bool(tree.pop("account")) == (not tree["problem"] and box != NONE)
        found[submission.student] = tree
    assert set(found) == {submission.student for submission in submissions}
    return found


@pytest.fixture(scope="module")
def without_box(handed_in):
    return graded(*handed_in, NONE)


@pytest.mark.parametrize("box", BOXES)
def test_a_box_changes_no_result(handed_in, without_box, box):
    reason = why_not(box)
    if reason is not None:
        pytest.skip(f"{box}: {reason}")

    assert graded(*handed_in, box) == without_box


@pytest.mark.parametrize("jobs", [1, 4])
def test_the_number_of_processes_changes_no_result(handed_in, without_box, jobs):
    course, submissions = handed_in
    some = submissions[::3]

    assert graded(course, some, NONE, jobs) == {
        submission.student: without_box[submission.student] for submission in some
    }
