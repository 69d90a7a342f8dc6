"""`autograder grade` tells what stopped it, and makes a sample class nowhere else."""

from __future__ import annotations

import errno
import os
import shutil

import pytest
from click.testing import CliRunner

from autograder.classroom import grade_class as classes
from autograder.classroom import store
from autograder.classroom.class_result import ClassResult
from autograder.cli import main
from autograder.exports import class_files as exports
from autograder.writing import write_whole

pytestmark = pytest.mark.skipif(os.name != "posix", reason="grading needs forks")

CHAPTER = "03_momentum"
EMPTY = b'{"cells": []}'
"""A notebook in which nothing is written."""


@pytest.fixture
def place(root, release, tmp_path, monkeypatch):
    """A course with one released chapter, in which the command is given."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    write_whole(tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def handed_in(place):
    """The folder of one student's submission."""
    folder = place / "grading" / "submitted" / "ada" / CHAPTER
    write_whole(folder / f"{CHAPTER}.ipynb", EMPTY)
    return folder


@pytest.fixture
def graded(monkeypatch):
    """What grading a class gives, without grading one."""

    def grade_class(course, *_, **__):
        return ClassResult(course, (), ())

    monkeypatch.setattr(classes, "grade_class", grade_class)


def grade(*options):
    """What the command prints, and its exit code."""
    done = CliRunner().invoke(main, ["grade", *options])
    return done.output, done.exit_code


@pytest.mark.parametrize("options", [(), ("--chapter", CHAPTER)])
def test_no_sample_class_is_made_among_real_students(place, handed_in, options):
    """A folder with another name is told of; nobody is invented beside it."""
    handed_in.rename(handed_in.with_name("03_Momentum"))

    output, code = grade(*options)

    assert code == 1
    asked = options[-1] if options else "CHAPTER"
    assert f"there is no grading/submitted/STUDENT/{asked}." in output
    assert "no released chapter is called so: ada/03_Momentum" in output
    assert os.listdir(place / "grading" / "submitted") == ["ada"]


def test_an_interrupt_says_that_nothing_is_lost(handed_in, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(classes, "grade_class", interrupted)

    output, code = grade()

    assert code == 130
    assert "the same command goes on from there" in output


@pytest.mark.usefixtures("handed_in", "graded")
def test_a_full_disk_costs_the_files_and_not_the_table(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(exports, "write_exports", full)

    output, code = grade()

    assert code == 1
    assert "0 students, 0 submissions" in output
    assert "Error: No space left on device" in output


@pytest.mark.usefixtures("handed_in")
def test_our_own_errors_are_not_taken_for_the_disks(monkeypatch):
    def broken(*_, **__):
        raise OSError(errno.EBADF, "ours")

    monkeypatch.setattr(classes, "grade_class", broken)

    done = CliRunner().invoke(main, ["grade"])

    assert isinstance(done.exception, OSError)


def test_it_is_said_what_is_graded_again_and_why(place, handed_in, monkeypatch):
    """One line for each run: new, changed, unchanged, or another course."""
    others = [handed_in.parents[1] / name / CHAPTER for name in ("boris", "chen")]
    for folder in others:
        shutil.copytree(handed_in, folder)

    def said(*options):
        output, code = grade("--box", "none", "--jobs", "1", *options)
        assert code == 0, output
        (line,) = [x for x in output.splitlines() if x.startswith("Grading 3")]
        return line.removeprefix("Grading 3 submissions: ")

    assert said() == "all new or changed."
    assert said() == "all unchanged since the last run."
    write_whole(others[0] / f"{CHAPTER}.ipynb", EMPTY + b" ")
    assert said() == "1 new or changed, 2 unchanged since the last run."
    assert said("--again") == "all again, as asked."
    monkeypatch.setattr(store, "running_code", lambda: "tomorrow")
    assert said() == "all unchanged since the last run."
    monkeypatch.setattr(store, "judging_code", lambda chapter: "tomorrow")
    write_whole(others[1] / f"{CHAPTER}.ipynb", EMPTY + b" ")
    assert said() == "1 new or changed, 2 again, since the course's code has changed."
    released = place / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
    released.write_bytes(released.read_bytes() + b"\n")
    assert said() == "all again, since the chapter's notebook has changed."


@pytest.mark.usefixtures("handed_in", "graded")
def test_a_secret_that_is_gone_is_told_of(place):
    """Once there are results; the first secret of a course is no news."""
    assert "secret is gone" not in grade()[0]

    (place / "grading" / "results").mkdir()

    assert "secret is gone" in grade()[0]
