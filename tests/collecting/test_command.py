"""`autograder collect`: what is printed, and with what code it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from benchmarks.class_archives import CHAPTER, SYSTEMS, make_class, packed, roster

ROOT = Path(__file__).parents[2]
N = f"{CHAPTER}.ipynb"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `autograder collect ...` in a course of its own."""
    (tmp_path / "notebooks" / CHAPTER).mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / CHAPTER / N, tmp_path / "notebooks" / CHAPTER)
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.release_directory = 'notebooks'\n"
        "c.CourseDirectory.submitted_directory = 'grading/submitted'\n"
    )
    (tmp_path / "grading").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*words):
        return CliRunner().invoke(main, ["collect", *map(str, words)])

    return invoke


def test_a_class_is_one_table_with_everything_in_it(run, tmp_path, release, other):
    """Who, which file, when and why; who is missing; what is left over."""
    people = make_class(100, release, other)
    archive = SYSTEMS["Blackboard"](people[:90], tmp_path / "archive")
    (tmp_path / "list.csv").write_text(roster(people), encoding="utf-8")
    done = run(archive, "--roster", "list.csv", "--chapter", CHAPTER)

    assert done.exit_code == 0, done.output
    for one in people:
        assert f"{one.login}" in done.output
    assert "2026-11-23 06:40:10" in done.output
    assert "an untouched copy is beside it" in done.output
    assert "10 missing" in done.output
    assert "0 unaccounted" in done.output


def test_what_is_left_over_is_named_and_ends_with_1(run, tmp_path, work):
    (tmp_path / "a.zip").write_bytes(
        packed({f"ada/{N}": work, f"bo/{N}": b"<html>", f"__MACOSX/._{N}": b"x"})
    )
    done = run("a.zip")

    assert done.exit_code == 1
    assert f"bo/{N}: " in done.output
    assert "1 used, 1 harmless, 1 unaccounted" in done.output


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["nosuch.zip"], "nosuch.zip: It cannot be read: No such file", 2),
        (["nbgrader_config.py"], "neither a zip nor a tar", 2),
        (["given", "--roster", "nosuch.csv"], "nosuch.csv cannot be read", 2),
        (["given", "--chapter", "99"], "no released chapter 99; there are 03_", 1),
        (["given", "--timezone", "Mars/Base"], "There is no time zone Mars/Base", 1),
        (["empty"], "nobody", 1),
        ([], "Missing argument", 2),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, tmp_path, work, words, says, code):
    (tmp_path / "given" / "ada").mkdir(parents=True)
    (tmp_path / "given" / "ada" / N).write_bytes(work)
    (tmp_path / "empty").mkdir()
    done = run(*words)

    assert says in done.output
    assert "Traceback" not in done.output
    assert done.exit_code == code


def test_a_dry_run_says_so(run, tmp_path, work):
    (tmp_path / "a.zip").write_bytes(packed({f"ada/{N}": work}))
    done = run("a.zip", "--dry-run")

    assert "Nothing is written" in done.output
    assert not (tmp_path / "grading" / "submitted").exists()


def test_the_courses_own_time_zone_is_that_of_the_archive(run, tmp_path, work):
    """Unless another is given: nbgrader's setting says where the course is."""
    with (tmp_path / "nbgrader_config.py").open("a") as file:
        file.write("c.Exchange.timezone = 'Europe/Berlin'\n")
    head = "Homework_al01_attempt_2026-11-20-12-00-10"
    (tmp_path / "a.zip").write_bytes(packed({f"{head}_{N}": work}))
    run("a.zip")
    stamp = tmp_path / "grading" / "submitted" / "al01" / CHAPTER / "timestamp.txt"

    assert stamp.read_text() == "2026-11-20 11:00:10.000000 UTC\n"


def test_a_name_cannot_write_to_the_terminal(run, tmp_path, work):
    """Escape sequences and marks of rich in names are letters, or nothing."""
    name = "[red]ada[/red]"
    (tmp_path / "a.zip").write_bytes(
        packed({f"{name}/{N}": work, "\x9b2J/x.ipynb": b""})
    )
    done = run("a.zip")

    assert "[red]ada[/red]" in done.output
    assert "\x9b" not in done.output
