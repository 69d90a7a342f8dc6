"""nbgrader's exchange, as on JupyterHub: out, in, and back with feedback."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from getpass import getuser
from pathlib import Path

import pytest
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeFetchAssignment,
    ExchangeFetchFeedback,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
    ExchangeSubmit,
)
from traitlets.config import Config

from autograder.classroom.grade_class import find_submissions
from autograder.course import load_course, nbgrader_settings
from autograder.gradebook.recording import Recorder
from autograder.grading.grade import grade_submission
from autograder.sandbox.options import OWN_CODE
from autograder.submissions.intake import read_submission
from autograder.writing import write_whole

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="the exchange needs a Unix"),
]

CHAPTER = "03_momentum"


@pytest.fixture
def course(tmp_path, root, release, monkeypatch):
    # nbgrader starts alembic to make a gradebook, and looks for it on the PATH.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    folder = tmp_path / "course"
    folder.mkdir()
    shutil.copy(root / "nbgrader_config.py", folder)
    write_whole(folder / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
        config.write(f"c.Exchange.cache = {str(tmp_path / 'cache')!r}\n")
    return load_course(folder)


def do(step, config, root, monkeypatch):
    """One of nbgrader's commands, in the folder of whoever gives it."""
    monkeypatch.chdir(root)
    directory = CourseDirectory(config=config)
    directory.root, directory.assignment_id = str(root), CHAPTER
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = step(
            coursedir=directory,
            authenticator=Authenticator(config=config),
            config=config,
        )
        one.start()


def test_a_notebook_goes_out_comes_in_and_its_feedback_finds_back(
    course, secret, solved, tmp_path, monkeypatch
):
    """What `nbgrader submit` writes beside a notebook leads the feedback home."""
    teacher = nbgrader_settings(course.root)
    learner = Config()
    learner.CourseDirectory.course_id = course.name
    learner.Exchange.update(teacher.Exchange)
    desk = tmp_path / "desk"
    desk.mkdir()

    do(ExchangeReleaseAssignment, teacher, course.root, monkeypatch)
    do(ExchangeFetchAssignment, learner, desk, monkeypatch)
    fetched = desk / CHAPTER / f"{CHAPTER}.ipynb"
    assert fetched.read_bytes() == course.releases[CHAPTER]
    fetched.write_bytes(solved.data)
    do(ExchangeSubmit, learner, desk, monkeypatch)
    do(ExchangeCollect, teacher, course.root, monkeypatch)
    (found,), _ = find_submissions(course)
    submission = read_submission(getuser(), course.submitted / getuser() / CHAPTER)
    assert (found.student, submission.data) == (getuser(), solved.data)
    with Recorder(course) as recorder:
        recorder.record(
            submission, grade_submission(submission, course, secret, OWN_CODE)
        )
    do(ExchangeReleaseFeedback, teacher, course.root, monkeypatch)
    do(ExchangeFetchFeedback, learner, desk, monkeypatch)

    (page,) = (desk / CHAPTER / "feedback").glob("*/*.html")
    assert "is right in all" in page.read_text(encoding="utf-8")
