"""One command at a time writes into a course: the next one says that it waits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.cli._lock import WAITS, alone_in
from autograder.course import LOCK
from autograder.writing import write_whole
from tests.helpers.folder_state import folder_state

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
    pytest.mark.timeout(300),
]

CHAPTER = "03_momentum"
SENTENCE = WAITS.format("grading")
HOLDS = """
from pathlib import Path
from autograder.cli._lock import alone_in

with alone_in(Path("grading")):
    print("in", flush=True)
    input()
"""


@pytest.fixture
def place(root, release, tmp_path):
    """A course in which one student handed in."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    write_whole(tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    folder = tmp_path / "grading" / "submitted" / "ada" / CHAPTER
    write_whole(folder / f"{CHAPTER}.ipynb", b'{"cells": []}')
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(f"boris/{CHAPTER}.ipynb", release)
    return tmp_path


def start(place, *words):
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=place,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def held(place):
    """Another process is at work in the course meanwhile, and is killed at the end."""
    process = start(place, "-c", HOLDS)
    try:
        assert process.stdout.readline() == "in\n"
        yield
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    "words",
    [["grade", "--box", "none"], ["collect", "all.zip", "--chapter", CHAPTER]],
    ids=lambda words: words[0],
)
def test_the_second_command_says_that_it_waits_and_goes_on(place, words):
    """Also where the first one was killed: its lock ends with it."""
    with held(place):
        second = start(place, "-m", "autograder", *words)
        assert second.stderr.readline() == f"{SENTENCE}\n"
        before = folder_state(place / "grading")
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(1)
        assert folder_state(place / "grading") == before

    out, err = second.communicate(timeout=200)

    assert second.returncode == 0, (out, err)
    assert err == ""


@pytest.mark.parametrize(
    "words",
    [["report"], ["export", "nbgrader"], ["collect", "all.zip", "--dry-run"]],
    ids=" ".join,
)
def test_what_only_reads_does_not_wait(place, monkeypatch, words):
    monkeypatch.chdir(place)
    with held(place):
        done = CliRunner().invoke(main, words)

    assert SENTENCE not in done.output


def test_the_lock_is_no_trace_of_a_class(root, release, tmp_path, monkeypatch):
    """Where nobody handed in, a sample class is made as if it were not there."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    write_whole(tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    monkeypatch.chdir(tmp_path)
    with alone_in(tmp_path / "grading"):
        pass
    from autograder.course import load_course
    from autograder.sample.home import refuse_beside_others

    assert os.listdir(tmp_path / "grading") == [LOCK]
    refuse_beside_others(load_course(tmp_path))


def test_taking_the_lock_again_changes_nothing(tmp_path):
    with alone_in(tmp_path / "grading"):
        pass
    before = folder_state(tmp_path)
    with alone_in(tmp_path / "grading"):
        pass

    assert folder_state(tmp_path) == before
