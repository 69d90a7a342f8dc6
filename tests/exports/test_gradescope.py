"""Gradescope: one submission, graded as everywhere, told as it reads it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.course import Course, NotACourse
from autograder.exercises import CHAPTERS, find
from autograder.exports.gradescope import main, results_tree, student_of
from autograder.exports.gradescope_zip import gradescope_zip
from autograder.sample.sources import as_answer
from autograder.sandbox.boxes import BOXES
from autograder.submissions.released_cells import answer_name

ROOT = Path(__file__).parents[2]
NAME = "03_momentum"
CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == NAME)
RELEASE = (ROOT / "notebooks" / NAME / f"{NAME}.ipynb").read_bytes()
SECRET = bytes(range(32))

DOCUMENTED = {
    "score",
    "execution_time",
    "output",
    "visibility",
    "stdout_visibility",
    "extra_data",
    "tests",
    "leaderboard",
}
DOCUMENTED_TEST = {
    "score",
    "max_score",
    "name",
    "number",
    "output",
    "tags",
    "visibility",
    "extra_data",
}
VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}


def check_schema(tree):
    """The output format of gradescope-autograders.readthedocs.io/en/latest/specs."""
    assert set(tree) <= DOCUMENTED
    assert isinstance(tree["score"], int | float)
    assert tree.get("stdout_visibility", "hidden") in VISIBILITY
    assert isinstance(tree.get("output", ""), str)
    for test in tree["tests"]:
        assert set(test) <= DOCUMENTED_TEST
        assert 0 <= test["score"] <= test["max_score"]
        assert isinstance(test["output"], str)
        assert test["visibility"] in VISIBILITY
    assert tree["score"] == pytest.approx(sum(t["score"] for t in tree["tests"]))


@pytest.fixture
def course(tmp_path):
    grading = tmp_path / "grading"
    return Course(
        tmp_path,
        "tests",
        {NAME: RELEASE},
        grading,
        grading / "submitted",
        grading / "autograded",
        grading / "feedback",
        "sqlite://",
    )


@pytest.fixture
def home(course, tmp_path):
    """Gradescope's folder with the zip unpacked as its harness does."""
    home = tmp_path / "home"
    archive = zipfile.ZipFile(io.BytesIO(gradescope_zip(course, NAME, SECRET, "none")))
    archive.extractall(home / "source")
    for script in ("setup.sh", "run_autograder"):
        (home / "source" / script).chmod(0o755)
    shutil.copy(home / "source" / "run_autograder", home / "run_autograder")
    (home / "submission").mkdir()
    (home / "results").mkdir()
    return home


def notebook(**answers):
    """The release with the functions given, and the references of all others."""
    tree = json.loads(RELEASE)
    for cell in tree["cells"]:
        name = answer_name(cell)
        if name and cell["cell_type"] == "code":
            function = answers.get(name, find(name).reference)
            cell["source"] = as_answer("".join(cell["source"]), function)
    return json.dumps(tree).encode()


def metadata(home, *users):
    tree = {"id": 5, "users": list(users), "assignment": {"id": 1}}
    (home / "submission_metadata.json").write_text(json.dumps(tree))


def run(home):
    """What Gradescope does for each submission."""
    return subprocess.run(
        [str(home / "run_autograder")],
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "AUTOGRADER_HOME": str(home),
            "AUTOGRADER_PYTHON": sys.executable,
        },
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="Gradescope's containers are Linux")
def test_the_zip_grades_a_submission(home):
    """Unpacked anywhere, with its own package: right, mistaken, and said in words."""
    climbs = next(m for m in find("momentum_step").misconceptions if m.name == "climbs")
    data = notebook(momentum_step=climbs.mutant)
    (home / "submission" / "my work (2).ipynb").write_bytes(data)
    metadata(home, {"id": 12, "email": "ada@x.edu", "name": "Ada"})

    done = run(home)

    assert done.returncode == 0, done.stdout + done.stderr
    tree = json.loads((home / "results" / "results.json").read_bytes())
    check_schema(tree)
    by_name = {test["name"]: test for test in tree["tests"]}
    assert set(by_name) == {exercise.name for exercise in CHAPTER.exercises}
    wrong = by_name.pop("momentum_step")
    assert (wrong["score"], wrong["max_score"], wrong["number"]) == (0, 2, "3.1")
    assert "exactly the numbers of a step uphill" in " ".join(wrong["output"].split())
    assert wrong["extra_data"]["misconceptions"] == ["climbs"]
    assert all(test["score"] == test["max_score"] for test in by_name.values())
    assert "my work (2).ipynb" in tree["output"]
    assert tree["extra_data"]["box"] == "none"
    points = sum(exercise.points for exercise in CHAPTER.exercises)
    assert f"ada@x.edu: {points - 2} of {points}" in done.stdout
    # The package that ran was the zip's.
    assert list((home / "source" / "course" / "autograder").rglob("__pycache__"))


@pytest.mark.skipif(os.name != "posix", reason="Gradescope's containers are Linux")
def test_a_submission_that_is_none_is_zero_with_a_reason(home):
    (home / "submission" / "essay.pdf").write_bytes(b"%PDF")

    assert run(home).returncode == 0

    tree = json.loads((home / "results" / "results.json").read_bytes())
    check_schema(tree)
    assert tree["score"] == 0
    assert "no notebook in the folder" in tree["output"]


def test_a_failure_of_ours_is_no_result(home, monkeypatch, capsys):
    """Gradescope then says that the autograder failed: that is no zero."""
    monkeypatch.chdir(home / "source" / "course")
    (home / "submission" / "a.ipynb").write_bytes(notebook())

    def fails(*arguments, **options):
        raise OSError("no space left")

    monkeypatch.setattr("autograder.grading.grade.examine", fails)

    assert main([str(home), NAME, "none"]) == 1
    assert not (home / "results" / "results.json").exists()
    assert "no space left" in capsys.readouterr().out


def test_without_a_box_nothing_runs_and_the_way_out_is_said(home, monkeypatch, capsys):
    from autograder.sandbox.boxes import NoBox

    monkeypatch.chdir(home / "source" / "course")
    (home / "submission" / "a.ipynb").write_bytes(notebook())

    def refuses(box):
        raise NoBox("There is no box here.")

    monkeypatch.setattr("autograder.sandbox.options.choose_box", refuses)

    assert main([str(home), NAME, "auto"]) == 1
    assert not (home / "results" / "results.json").exists()
    assert "--box none" in capsys.readouterr().out


def test_the_zip_is_as_gradescope_wants_it(course):
    """The scripts lie at the root, and may be run; each language is there."""
    translated = f"translations/zh_CN/{NAME}/{NAME}.ipynb"
    path = course.root / translated
    path.parent.mkdir(parents=True)
    path.write_bytes(course.release(NAME))
    archive = zipfile.ZipFile(io.BytesIO(gradescope_zip(course, NAME, SECRET)))
    files = {info.filename: info for info in archive.infolist()}

    for script in ("setup.sh", "run_autograder"):
        assert files[script].external_attr >> 16 & 0o111 == 0o111
        assert archive.read(script).startswith(b"#!/usr/bin/env bash\n")
    assert archive.read("box") == b"auto\n"
    packages = archive.read("packages").decode().split()
    assert packages == [b.debian_package for b in BOXES.values() if b.debian_package]
    assert b"../packages" in archive.read("setup.sh")
    names = set(files)
    assert {f"course/notebooks/{NAME}/{NAME}.ipynb", f"course/{translated}"} <= names
    assert not [n for n in names if "solutions" in n or n.endswith((".pyc", ".db"))]
    assert {"course/pyproject.toml", "course/requirements.lock"} <= names
    assert "course/autograder/report/report.css" in names


def test_the_zip_repeats_and_keeps_the_courses_secret(course):
    """What is handed to others is made from the secret and does not give it away."""
    first = gradescope_zip(course, NAME, SECRET)

    assert gradescope_zip(course, NAME, SECRET) == first
    archive = zipfile.ZipFile(io.BytesIO(first))
    assert not [
        n for n in archive.namelist() if SECRET.hex().encode() in archive.read(n)
    ]
    own = bytes.fromhex(archive.read("course/grading/secret").decode())
    assert len(own) == 32


def test_a_chapter_that_is_not_released_is_refused(course):
    with pytest.raises(NotACourse, match="no released chapter 09_none; there are 03"):
        gradescope_zip(course, "09_none", SECRET)


@pytest.mark.skipif(os.name != "posix", reason="Gradescope's containers are Linux")
def test_the_scripts_are_bash(home):
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", str(home / "source" / script)], check=True)


@pytest.mark.parametrize(
    ("users", "student"),
    [
        ([{"id": 12, "email": "ada@x.edu", "name": "Ada"}], "ada@x.edu"),
        (
            [{"id": 12, "email": "b@x.edu"}, {"id": 3, "email": "ada@x.edu"}],
            "ada@x.edu",
        ),
        ([{"id": 12, "email": "../../etc"}], "gradescope 12"),
        ([{"id": 12, "email": None}], "gradescope 12"),
        ([{"id": 12}], "gradescope 12"),
        ([], "unknown"),
        ([{"email": "ada@x.edu"}], "unknown"),
        ("ada", "unknown"),
    ],
)
def test_a_student_is_known_by_the_address(tmp_path, users, student):
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps({"users": users}))

    assert student_of(path) == student


def test_without_metadata_nobody_is_known(tmp_path):
    assert student_of(tmp_path / "submission_metadata.json") == "unknown"


def test_results_without_notes_have_no_output():
    from autograder.grading.result import Result

    tree = results_tree(Result("ada", NAME, "00", ()))

    assert "output" not in tree
    check_schema(tree)
