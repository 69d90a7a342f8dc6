"""The Makefile prepares .venv by itself and says clearly when it cannot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("make")

ROOT = Path(__file__).parents[2]
TARGETS = re.findall(
    r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M
)


@pytest.fixture
def make(tmp_path):
    """``make("grade", PYTHON=…)`` in a copy of the project, in a path with a space."""
    project = tmp_path / "a course"
    project.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, project)

    def run(*words: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        return subprocess.run(
            [shutil.which("make"), *words],
            cwd=project,
            env=clean | {"PATH": path},
            capture_output=True,
            text=True,
        )

    run.project = project
    return run


def pretend_python(folder: Path, name: str, answers: str) -> Path:
    """A command that answers as a Python would that `answers` describes."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{answers}\n")
    file.chmod(0o755)
    return file


def test_help_is_the_default_and_names_every_command(make):
    """`make` alone lists what there is to do."""
    done = make()

    assert done.returncode == 0
    assert re.findall(r"^  ([a-z]+) ", done.stdout, flags=re.M) == TARGETS


def test_a_python_too_old_is_refused(make, tmp_path):
    """The message says which versions will do, and how to name one."""
    old = pretend_python(tmp_path / "bin", "python3.9", "exit 1")

    done = make("setup", f"PYTHON={old}")

    assert done.returncode != 0
    assert f"{old} is not Python from 3.11 to 3.14." in done.stderr
    assert "make PYTHON=/path/to/python3 COMMAND" in done.stderr
    assert not (make.project / ".venv").exists()


def test_a_python_without_venv_says_what_to_install(make, tmp_path):
    """Debian's Python lacks venv until a package brings it."""
    answers = 'case "$2" in *venv*) exit 1 ;; esac; exit 0'
    bare = pretend_python(tmp_path / "bin", "python3", answers)

    done = make("setup", f"PYTHON={bare}")

    assert done.returncode != 0
    assert "cannot make virtual environments" in done.stderr
    assert "apt-get install python3-venv" in done.stderr


def test_a_python_that_only_prints_an_error_is_passed_over(make, tmp_path):
    """Version managers put commands on the path that do not run."""
    tools = tmp_path / "bin"
    pretend_python(tools, "python3", "echo 'not installed' >&2; exit 127")
    pretend_python(tools, "python3.12", 'case "$1" in -c) exit 0;; esac; echo "$@"')
    for tool in ("awk", "cat", "cksum", "cut", "date", "grep", "rm", "sed", "sh"):
        (tools / tool).symlink_to(shutil.which(tool))

    done = make("setup", path=str(tools))

    # It gets as far as asking the pretended Python 3.12 for a .venv.
    assert "Making .venv with --version" in done.stdout
    assert "no Python" not in done.stderr


def test_what_is_ready_is_not_prepared_again(make):
    """With the same pins in the same place, a command begins at once."""
    venv = make.project / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    key = subprocess.run(
        "{ pwd -P; cat pyproject.toml requirements.lock; } | cksum",
        shell=True,
        cwd=make.project,
        capture_output=True,
        text=True,
    ).stdout
    (venv / "ready-learning").write_text(key)

    done = make("learning-tools")

    assert (done.returncode, done.stdout) == (0, "")


def test_lab_is_the_courses_own_command(make):
    """`make lab` is `autograder lab`, and passes options on."""
    (make.project / ".venv").mkdir()
    # Called with -c it is the Python of a .venv; else it says what it was asked.
    pretend_python(
        make.project / ".venv" / "bin",
        "python",
        'case "$1" in -c) exit 0;; esac; echo "ran $@"',
    )
    key = subprocess.run(
        "{ pwd -P; cat pyproject.toml requirements.lock; } | cksum",
        shell=True,
        cwd=make.project,
        capture_output=True,
        text=True,
    ).stdout
    (make.project / ".venv" / "ready-learning").write_text(key)

    done = make("lab", "ARGS=--no-browser --port=9000")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "ran -m autograder lab --no-browser --port=9000\n"


def test_another_python_is_not_ignored(make, tmp_path):
    """PYTHON= beside a .venv of another version stops and says how to go on."""
    venv = make.project / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    other = pretend_python(tmp_path / "bin", "python3", "echo Python 3.99.0")

    done = make("setup", f"PYTHON={other}")

    assert done.returncode != 0
    assert "make clean" in done.stderr


def test_clean_keeps_marks_and_submissions(make):
    """Cleaning up never costs a class its work."""
    work = make.project / "grading" / "submitted" / "ann" / "03_momentum"
    work.mkdir(parents=True)
    (make.project / ".venv").mkdir()
    for part in ("autograder", "benchmarks", "tests"):
        (make.project / part / "__pycache__").mkdir(parents=True)

    done = make("clean")

    assert done.returncode == 0, done.stderr
    assert work.is_dir()
    assert not (make.project / ".venv").exists()
    assert list(make.project.rglob("__pycache__")) == []
