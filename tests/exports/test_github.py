"""The workflow for GitHub: its steps do what they say, run here by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from autograder.exercises import CHAPTERS, find
from autograder.exports.github import classroom_workflow
from autograder.sample.sources import as_answer
from autograder.submissions.released_cells import answer_name

ROOT = Path(__file__).parents[2]
NAME = "03_momentum"
CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == NAME)
N = len(CHAPTER.exercises)


@pytest.fixture
def workflow():
    # YAML 1.1 reads the key `on` as true; GitHub does not.
    return yaml.safe_load(classroom_workflow(CHAPTER, f"{NAME}.ipynb"))


def test_it_is_a_workflow(workflow):
    """The keys that GitHub requires, the job's name, and no right to write."""
    assert set(workflow) == {"name", True, "permissions", "jobs"}
    assert "push" in workflow[True]
    assert workflow["permissions"] == {"contents": "read"}
    (name, job), *others = workflow["jobs"].items()
    assert (name, others) == ("run-autograding-tests", [])
    assert job["runs-on"] == "ubuntu-latest"
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert set(step) <= {"name", "uses", "with", "run", "shell"}


def notebook(path, solved):
    tree = json.loads((ROOT / "notebooks" / NAME / f"{NAME}.ipynb").read_bytes())
    for cell in tree["cells"]:
        name = answer_name(cell)
        if name and cell["cell_type"] == "code" and (solved or name != "nesterov_step"):
            function = find(name).reference
            cell["source"] = as_answer("".join(cell["source"]), function)
    path.write_text(json.dumps(tree))


@pytest.mark.skipif(os.name != "posix", reason="GitHub runs the step with bash")
@pytest.mark.parametrize(
    ("solved", "status", "last"),
    [(True, 0, f"{N} of {N} right"), (False, 1, f"{N - 1} of {N} right")],
)
def test_the_check_fails_until_all_is_right_and_shows_why(
    workflow, tmp_path, solved, status, last
):
    notebook(tmp_path / f"{NAME}.ipynb", solved)
    command = tmp_path / "bin" / "autograder"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m autograder "$@"\n')
    command.chmod(0o755)
    summary = tmp_path / "summary.md"
    step = workflow["jobs"]["run-autograding-tests"]["steps"][-1]

    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env=os.environ
        | {
            "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(summary),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
    )

    assert done.returncode == status, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == last
    told = summary.read_text()
    assert told == f"~~~~~\n{done.stdout}~~~~~\n"
    assert ("NOT WRITTEN YET" in told) == (not solved)
