"""`autograder report` and `autograder export`, on a course with a gradebook."""

from __future__ import annotations

import csv
import re
import shutil
import warnings
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.course import load_course
from autograder.exports.formats import FORMATS
from autograder.gradebook.gradebook import open_gradebook
from autograder.report.results_file import RESULTS, results_json
from autograder.writing import write_whole
from benchmarks.synthetic import synthetic_class

ROOT = Path(__file__).parents[2]
NAME = "03_momentum"
EARNED = {"ada": 9.5, "boris": 4.25, "chen": 0.0, "late": 1.0}
PENALTY = {"late": 3.0}
"""By student: more than what was earned, as nbgrader allows."""
MARKS = EARNED | {"late": 0.0}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course with marks; tests must not change what is in it."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    shutil.copytree(ROOT / "notebooks" / NAME, root / "notebooks" / NAME)
    with warnings.catch_warnings(), open_gradebook(load_course(root)) as gradebook:
        warnings.simplefilter("ignore")  # nbgrader's own, of how it uses SQLAlchemy
        gradebook.add_assignment(NAME)
        gradebook.add_notebook(NAME, NAME)
        gradebook.add_grade_cell("f_check", NAME, NAME, max_score=11, cell_type="code")
        gradebook.add_grade_cell("why", NAME, NAME, max_score=2, cell_type="markdown")
        for student, score in EARNED.items():
            gradebook.add_student(student)
            submission = gradebook.add_submission(NAME, student)
            check = gradebook.find_grade("f_check", NAME, NAME, student)
            check.auto_score, check.needs_manual_grade = score, False
            why = gradebook.find_grade("why", NAME, NAME, student)
            why.auto_score, why.needs_manual_grade = 0.0, student == "boris"
            submission.notebooks[0].late_submission_penalty = PENALTY.get(student, 0.0)
        gradebook.db.commit()
    return root


@pytest.fixture
def course(made, monkeypatch):
    """The course, as the folder in which a command runs."""
    monkeypatch.chdir(made)
    return load_course(made)


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_gradebooks_marks_go_to_canvas(course):
    done = run("export", "canvas")
    points, *people = rows(course.grading / "exports" / f"canvas-{NAME}.csv")

    assert done.exit_code == 0, done.output
    assert points[NAME] == "13"
    assert {p["SIS Login ID"]: float(p[NAME]) for p in people} == MARKS
    assert done.output.splitlines() == [
        f"grading/exports/canvas-{NAME}.csv: 4 marks",
        "  1 mark may still rise: written answers wait to be read.",
    ]


def test_a_roster_is_filled_in_and_the_rest_is_listed(course, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("Email address,Group\nADA@x.edu,1\nboris@x.edu,2\nzoe@x.edu,1\n")
    done = run("export", "moodle", "--roster", str(roster), "--title", "Momentum")
    found = rows(course.grading / "exports" / f"moodle-{NAME}.csv")

    assert found == [
        {"Email address": "ADA@x.edu", "Momentum": "9.5"},
        {"Email address": "boris@x.edu", "Momentum": "4.25"},
    ]
    assert done.output.splitlines()[1:] == [
        "  Students were found under 'Email address'.",
        "  With a mark, and not in the file (not in the list, or there twice):",
        "    chen",
        "    late",
        "  In the list, and without a mark:",
        "    zoe@x.edu",
        "  1 mark may still rise: written answers wait to be read.",
    ]


def test_nbgraders_own_exporter_says_the_same(course):
    assert run("export", "nbgrader").exit_code == 0

    found = rows(course.grading / "exports" / "nbgrader.csv")
    assert {row["student_id"]: float(row["score"]) for row in found} == MARKS
    assert {row["max_score"] for row in found} == {"13.0"}


def test_nbgraders_command_runs_on_our_gradebook(course):
    """`nbgrader export`, as its documentation says, in the course's folder."""
    from nbgrader.apps import ExportApp

    path = course.grading / "grades.csv"
    app = ExportApp.instance(parent=None)
    try:
        app.initialize(["--to", str(path), "--log-level=WARN"])
        app.start()
    finally:
        ExportApp.clear_instance()

    found = {row["student_id"]: float(row["score"]) for row in rows(path)}
    assert found == MARKS


def test_what_is_for_one_chapter_asks_for_it(course):
    for format in ("gradescope", "github"):
        done = run("export", format)
        assert done.exit_code == 1
        assert f"{format} needs --chapter NAME" in done.output
        assert (
            "no released chapter 09" in run("export", format, "--chapter", "09").output
        )


def test_a_zip_and_a_workflow_are_written(course):
    for format, end in (("gradescope", "zip"), ("github", "yml")):
        done = run("export", format, "--chapter", NAME)
        assert done.exit_code == 0, done.output
        assert (course.grading / "exports" / f"{format}-{NAME}.{end}").stat().st_size


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--chapter", "05_adam"], "no marks of 05_adam yet"),
        (["--roster", "nowhere.csv"], "nowhere.csv cannot be read"),
    ],
)
def test_what_cannot_be_written_is_said(course, arguments, told):
    done = run("export", "canvas", *arguments)

    assert done.exit_code == 1
    assert told in done.output


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_offered_and_there(name):
    """The help says what it is for, and its module writes it."""
    told = run("export", "--help").output
    module = import_module(FORMATS[name].module)

    assert re.search(rf"^ +{name} +{re.escape(FORMATS[name].what)}$", told, re.M)
    assert {"export"} <= set(module.__all__)


def test_the_report_has_the_marks_of_now(course):
    """The gradebook's, not those of the time when the class was graded."""
    result, _ = synthetic_class(course, 3)
    graded = tuple(
        replace(one, student=name, mark=1.0)
        for one, name in zip(result.graded, ["ada", "boris", "chen"], strict=True)
    )
    stored = results_json(replace(result, graded=graded))
    write_whole(course.grading / RESULTS, stored.encode())

    done = run("report")
    page = (course.grading / "report" / "report.html").read_text(encoding="utf-8")

    assert done.output == "grading/report/report.html\n"
    assert "3 marks out of 13: lowest 0, median 4.25, highest 9.5" in page
    assert (
        run("report", "--anonymous").output == "grading/report-anonymous/report.html\n"
    )


def test_a_report_without_results_says_what_to_do(course):
    (course.grading / RESULTS).unlink(missing_ok=True)
    done = run("report")

    assert done.exit_code == 1
    assert "grade first" in done.output


def test_outside_a_course_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in (["report"], ["export", "canvas"]):
        done = run(*command)
        assert (done.exit_code, "is not a course" in done.output) == (1, True)
    assert list(tmp_path.iterdir()) == []
