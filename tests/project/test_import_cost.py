"""`import autograder` brings what a check needs, and no more.

How long it takes is measured by `make bench`; what it loads is tested here.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

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


def test_importing_loads_numpy_and_little_else():
    """No notebook, no plotting, no nbgrader before somebody asks for it."""
    outside = {name.split(".")[0] for name in loaded_by("import autograder")}

    assert not outside & HEAVY
    extra = outside - sys.stdlib_module_names - {"autograder", "numpy"}
    plain = {name.split(".")[0] for name in loaded_by("")}
    assert extra <= plain | {"__mp_main__"}


def test_importing_loads_no_answers():
    """The reference kernels are read when a check draws its cases, not before."""
    loaded = loaded_by("import autograder")

    assert not any(name.startswith("autograder.kernels.") for name in loaded)
    assert not any(name.startswith("autograder.grading") for name in loaded)
