"""`import autograder` brings what a check needs, and no more.

How long it takes is measured by `make bench`; what it loads is tested here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import autograder

pytestmark = pytest.mark.learner

HEAVY = {"IPython", "click", "ipywidgets", "matplotlib", "nbformat", "nbgrader", "rich"}


def loaded_by(code: str) -> set[str]:
    """Names of the modules in a fresh Python after `code`."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport json, sys; print(json.dumps([*sys.modules]))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_loads_little_else_than_numpy():
    """What a notebook imports: no plotting, no nbgrader before somebody asks."""
    outside = {
        name.split(".")[0]
        for name in loaded_by("from autograder import check, hint, progress")
    }

    assert not outside & HEAVY
    extra = outside - sys.stdlib_module_names - {"autograder", "numpy"}
    plain = {name.split(".")[0] for name in loaded_by("")}
    assert extra <= plain | {"__mp_main__"}


def test_importing_loads_no_answers():
    """The reference kernels are read when a check draws its cases, not before."""
    loaded = loaded_by("from autograder import check, hint, progress")

    assert not any(name.startswith("autograder.kernels.") for name in loaded)
    assert not any(name.startswith("autograder.grading") for name in loaded)


def test_names_are_there_before_they_are_loaded():
    """A notebook completes `autograder.` with them, and any of them can be imported."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import autograder; assert set(autograder.__all__) <= set(dir(autograder));"
            "from autograder import *; check, hint, progress, CheckFailed",
        ],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("said", [None, "2"])
def test_small_matrices_are_kept_to_one_thread(said):
    """Of a kernel, a check or a worker that imports it first, unless told otherwise."""
    clean = {k: v for k, v in os.environ.items() if k not in autograder.ONE_THREAD}
    told = {"OPENBLAS_NUM_THREADS": said} if said else {}
    code = "import autograder, os; print(os.environ['OPENBLAS_NUM_THREADS'])"

    done = subprocess.run(
        [sys.executable, "-c", code],
        env=clean | told,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == (said or "1")
