"""The Dockerfile's steps are scripts, and what it names is there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from autograder.bundling.bundle import NAME

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".devcontainer"
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", sorted(PLACE.glob("*.sh")), ids=lambda p: p.name)
def test_each_script_is_a_step_and_is_shell(script):
    """The Dockerfile runs it; a shell reads it to its end."""
    assert f"{script.name}" in TEXT

    done = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_an_image_for_learners_holds_no_answer():
    """It copies the bundle and a script, and nothing of the course beside these."""
    stages = re.split(r"^FROM ", TEXT, flags=re.M)[1:]
    (learner,) = (
        stage for stage in stages if " AS learner" in stage.partition("\n")[0]
    )
    copied = re.findall(r"^COPY (.+) \S+$", learner, flags=re.M)

    assert not learner.startswith("course")
    assert copied == [
        f"--from=bundle /course/dist/{NAME}.zip",
        ".devcontainer/learner.sh",
    ]


def test_a_class_and_a_persons_environment_stay_out_of_the_image():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()

    assert {".git", ".venv", "grading", "sample", "dist"} <= set(ignored)


def test_the_development_container_is_the_course_s_image():
    told = json.loads((PLACE / "devcontainer.json").read_text(encoding="utf-8"))

    assert (PLACE / told["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert f"AS {told['build']['target']}\n" in TEXT
    assert told["workspaceFolder"] in TEXT
