"""The ten listed notebooks, in one class with honest ones: they earn and harm nothing.

In each box, with a control group and without, as whoever runs this; continuous
integration does so as root and as an ordinary user who has a group.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from autograder.grading.grade import grade_submission
from autograder.sandbox import forks
from autograder.sandbox import run as run_module
from autograder.sandbox.bounds.account import LOOKED_AT, place_in_force
from autograder.sandbox.boxes import BOXES, why_not
from autograder.sandbox.options import RunOptions
from autograder.submissions.intake import Submission
from tests.attacks.attacking import (
    CALL_SECONDS,
    QUICK,
    fingerprint,
    make_tree,
    nothing_left,
    told,
)
from tests.attacks.listed_notebooks import CHAPTERS, TEN
from tests.helpers.graded_course import SECRET, Notebook, course_of, make_release

SMALL = replace(QUICK, cell_seconds=1.0, memory=400 << 20, disk=32 << 20)
MOST_SECONDS = 60
"""For what ends after ten at most: generous for a machine at work."""


@pytest.fixture(scope="module", params=BOXES)
def walled(request):
    """Each box in turn, as `box`, for all of a module."""
    reason = why_not(request.param)
    if reason is not None:
        pytest.skip(f"{request.param}: {reason}")
    return request.param


@pytest.fixture(scope="module", params=["group", "no group"])
def counted(request):
    """With a control group if one can be had here, and without."""
    if request.param == "group" and place_in_force() is None:
        pytest.skip("no control group can be had here: not root, and none is delegated")
    return request.param == "group"


@pytest.fixture(scope="module")
def graded(walled, counted, tmp_path_factory, root):
    """By name what came of each and how long it took; the folder before and after."""
    folder = tmp_path_factory.mktemp("course")
    course = course_of(
        folder,
        {
            chapter: json.dumps(make_release(asked)).encode()
            for chapter, asked in CHAPTERS.items()
        },
    )
    honest = Notebook().solve().data
    make_tree(folder, honest, root)
    class_ = [
        (one.name, one.chapter, one.seconds, one.notebook(str(folder)).data)
        for one in TEN
    ]
    for at, student in ((10, "zzz"), (5, "mmm"), (0, "aaa")):
        class_.insert(at, (student, "03_momentum", 10.0, honest))
    found, before = {}, fingerprint(folder)
    call = run_module.Run.call

    def quick_call(self, name, cases, parameters, seconds):
        return call(self, name, cases, parameters, min(seconds, CALL_SECONDS))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_module.Run, "call", quick_call)
        if not counted:
            patch.setattr(forks, "place_in_force", lambda: None)
        for name, chapter, seconds, data in class_:
            began = time.monotonic()
            submission = Submission(name, chapter, data)
            options = RunOptions(walled, replace(SMALL, total_seconds=seconds))
            result = grade_submission(submission, course, SECRET, options)
            found[name] = result, time.monotonic() - began
    return found, before, fingerprint(folder)


@pytest.mark.parametrize("listed", TEN, ids=lambda one: one.name)
def test_a_listed_notebook_earns_nothing(listed, graded, counted):
    """But what is due for its right answers; and it ends in time."""
    result, seconds = graded[0][listed.name]
    said = told(result)

    assert result.score == listed.earns, said
    assert not result.needs_person
    assert listed.shows in said
    assert listed.hides not in said
    assert (result.account == LOOKED_AT) != counted
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("student", ["aaa", "mmm", "zzz"])
def test_it_harms_nobody(student, graded):
    """Whoever is graded before, between and after them has full marks."""
    result, seconds = graded[0][student]

    assert [verdict.code for verdict in result.verdicts] == ["passed"] * 3
    assert result.score == 5.0
    assert seconds < MOST_SECONDS


def test_it_leaves_and_changes_nothing(graded):
    """No process, and no file of the course."""
    _, before, after = graded

    assert after == before
    nothing_left()
