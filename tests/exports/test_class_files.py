"""Files for spreadsheets and for programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from autograder.exports.class_files import marks_csv, write_exports
from autograder.report.results_file import results_json


def rows(result):
    return list(csv.DictReader(io.StringIO(marks_csv(result))))


def test_marks_have_a_row_for_each_student_and_a_column_for_each_function(result):
    ada, boris, _, dalia, _ = rows(result)

    assert ada == {
        "student": "ada",
        "chapter": "03_momentum",
        "score": "5",
        "points": "5",
        "mark": "5",
        "out_of": "7",
        "waiting": "1",
        "momentum_step": "2",
        "nesterov_step": "2",
        "velocity_weights": "1",
        "box": "sandlock",
        "problem": "",
    }
    assert boris["nesterov_step"] == "1.33"
    assert dalia["problem"] == "The notebook file is empty."
    assert dalia["momentum_step"] == ""  # nobody has read it: no zero


def test_our_failure_is_an_empty_cell_and_no_zero(result):
    chen = rows(result)[2]

    assert chen["velocity_weights"] == ""
    assert chen["mark"] == ""
    assert chen["nesterov_step"] == "0"


def test_no_cell_is_a_formula(result):
    evil = replace(
        result.graded[3], student="-2+3+cmd|' /C calc'!A0", problem='=HYPERLINK("x")'
    )

    (row,) = rows(replace(result, graded=(evil,)))

    assert row["student"] == "'-2+3+cmd|' /C calc'!A0"
    assert row["problem"] == '\'=HYPERLINK("x")'


def test_results_have_every_verdict_and_every_problem(result):
    tree = json.loads(results_json(result))

    assert len(tree["results"]) == 15
    assert tree["results"][3] == {
        "student": "boris",
        "chapter": "03_momentum",
        "exercise": "momentum_step",
        "code": "wrong-values",
        "score": 0.0,
        "points": 2,
        "misconceptions": ["climbs"],
    }
    assert tree["problems"] == [
        {
            "student": None,
            "chapter": None,
            "code": "unaccounted",
            "problem": "The folder '=x' has a name that no student can have.",
        },
        {
            "student": "dalia",
            "chapter": "03_momentum",
            "code": "unreadable",
            "problem": "The notebook file is empty.",
        },
    ]
    assert tree["notes"][0]["student"] == "boris"


def test_the_files_lie_in_the_grading_folder_and_repeat(result):
    files = write_exports(result)
    before = [file.read_bytes() for file in files]
    _, results, page = files

    assert write_exports(result) == files

    assert [file.read_bytes() for file in files] == before
    assert sorted(p.name for p in result.course.grading.iterdir()) == [
        "marks.csv",
        "report",
        "results.json",
    ]
    assert page.parent.name == "report"
    assert "émile" in results.read_text(encoding="utf-8")
