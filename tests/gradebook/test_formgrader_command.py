"""`autograder formgrader` starts where nbgrader finds what it needs."""

from __future__ import annotations

import os
import shutil

import pytest
from click.testing import CliRunner
from jupyterlab.labapp import LabApp

from autograder.cli import main
from autograder.gradebook.formgrader import PAGE
from autograder.writing import write_whole

pytestmark = pytest.mark.skipif(os.name != "posix", reason="grading needs forks")


@pytest.fixture
def started(monkeypatch):
    """The command lines that JupyterLab would have been started with."""
    lines: list[list[str]] = []
    monkeypatch.setattr(LabApp, "launch_instance", lines.append)
    return lines


def test_it_starts_in_the_course(started, root, release, tmp_path, monkeypatch):
    """With a gradebook, on the formgrader's page, with the options given."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    chapter = tmp_path / "notebooks" / "03_momentum"
    write_whole(chapter / "03_momentum.ipynb", release)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["formgrader", "--port=8890"])

    assert done.exit_code == 0, done.output
    (line,) = started
    assert f"--ServerApp.root_dir={tmp_path}" in line
    assert f"--LabApp.default_url={PAGE}" in line
    assert line[-1] == "--port=8890"
    assert (tmp_path / "grading" / "gradebook.db").is_file()


def test_it_says_where_there_is_no_course(started, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["formgrader"])

    assert done.exit_code == 1
    assert "is not a course" in done.output
    assert started == []
