"""A class in which everybody had an accident: everybody has what they earned.

One run of the command, all the way into nbgrader's gradebook.  The folders are
laid out as people and systems leave them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.classroom.grade_class import grade_class
from autograder.exports.class_files import write_exports
from autograder.sandbox.boxes import NONE
from autograder.sandbox.options import RunOptions
from autograder.writing import write_whole
from tests.gradebook.test_unaccounted import CHAPTER, due, entered, make_course
from tests.grading.test_which_function import (
    INDENTED,
    RIGHT,
    STEP,
    STUB,
    broken_setup,
)
from tests.helpers.graded_course import ASKED, Notebook
from tests.submissions.test_kinds import CONFLICT, LFS
from tests.submissions.test_written import PLACES

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
    pytest.mark.timeout(600),
]

NAME = f"{CHAPTER}.ipynb"
LATE = "2026-11-20 13:30:00.000000 UTC"


def answered(source):
    return Notebook().solve().fill("momentum_step", source)


def by(edit):
    notebook = Notebook().solve()
    edit(notebook)
    return notebook


def raise_left():
    return answered(STUB + "\n".join(STEP.splitlines()[1:]) + "\n")


def prepared():
    """Lines that prepare a machine of one's own, wherever they stand."""
    notebook = answered(
        f"%load_ext nb_black\n%matplotlib widget\n!pip install x\n{STEP}"
    )
    notebook.fill("setup", "!pip install -q scipy\nimport numpy as np\nfiles = !ls")
    return notebook


def large():
    """35 MB of pictures."""
    notebook = Notebook().solve()
    picture = {"data": {"image/png": "A" * 1_000_000}, "output_type": "display_data"}
    notebook["experiment"]["outputs"] = [picture] * 35
    return notebook


WRITTEN = {place.__name__: by(place).data for place in PLACES}
PLACED = {what: by(edit).data for what, edit in RIGHT.items()}
FILES = {
    "ipynb capitals": {"03_momentum.IPYNB": Notebook().solve().data},
    "ipynb txt": {f"{NAME}.txt": Notebook().solve().data},
    "json": {"03_momentum.json": Notebook().solve().data},
    "nested folder": {f"{CHAPTER}/{NAME}": Notebook().solve().data},
    "utf16": {NAME: Notebook().solve().data.decode().encode("utf-16")},
    "bom": {NAME: b"\xef\xbb\xbf" + Notebook().solve().data},
    "untouched beside a copy": {
        NAME: Notebook().data,
        "03_momentum-Copy1.ipynb": Notebook().solve().data,
    },
    "two attempts of Canvas": {
        "lovelaceada_LATE_4711_998_03_momentum-1.ipynb": Notebook().data,
        "lovelaceada_4711_999_03_momentum-2.ipynb": Notebook().solve().data,
    },
    "a module beside it": {
        NAME: answered("from steps import momentum_step").data,
        "steps.py": STEP.encode(),
    },
    "prepared": {NAME: prepared().data},
    "large": {NAME: large().data},
}
WRONG = {
    "inside a class": (answered(f"class Optimiser:\n{INDENTED}"), "not-defined"),
    "a raise left": (raise_left(), "not-written"),
    "a helper's cell failed": (by(broken_setup), "raised"),
}
UNREAD = {
    "lfs": LFS,
    "conflict": CONFLICT,
    "pdf": b"%PDF-1.7\n%\xe2\xe3",
    "page": b"<!DOCTYPE html>\n<html><body>Sign in</body></html>",
}
NAMES = ["O'Brien, Seán", "Anne-Marie·Núñez", "Zoë (2)", "a+b@x.org", "İpek"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory, root, release):
    """The class's results and its course."""
    folder = tmp_path_factory.mktemp("class") / "course"
    course = make_course(
        folder, root, release, 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    before = Path.cwd()
    os.chdir(course.root)
    due(course)
    places = {**PLACED, **WRITTEN, **{n: Notebook().solve().data for n in NAMES}}
    handed_in = {student: {NAME: data} for student, data in places.items()} | FILES
    handed_in |= {student: {NAME: nb.data} for student, (nb, _) in WRONG.items()}
    handed_in |= {student: {NAME: data} for student, data in UNREAD.items()}
    handed_in["late"] = {NAME: Notebook().solve().data, "timestamp.txt": LATE.encode()}
    handed_in["in time"] = {
        NAME: Notebook().solve().data,
        "timestamp.txt": "Fri, 20 Nov 2026 12:30:00 +0100".encode("utf-8-sig"),
    }
    for student, files in handed_in.items():
        for name, data in files.items():
            write_whole(course.submitted / student / CHAPTER / name, data)
    for harmless in ("__MACOSX", ".ipynb_checkpoints", "@eaDir", "lost+found"):
        junk = course.submitted / harmless / CHAPTER / f"._{NAME}"
        write_whole(junk, b"junk")
    result = grade_class(course, jobs=2, options=RunOptions(NONE))
    write_exports(result)
    yield course, {one.student: one for one in result.graded}, set(handed_in)
    os.chdir(before)


def test_everybody_is_there_and_nobody_else(graded):
    _, found, handed_in = graded

    assert found.keys() == handed_in


@pytest.mark.parametrize("student", [*PLACED, *WRITTEN, *FILES, *NAMES, "in time"])
def test_right_answers_earn_their_points(graded, student):
    _, found, _ = graded

    assert {row.exercise: row.code for row in found[student].rows} == dict.fromkeys(
        ASKED, "passed"
    )
    assert found[student].mark == found[student].score


@pytest.mark.parametrize("student", WRITTEN)
def test_every_written_answer_waits_for_a_person(graded, student):
    course, found, _ = graded

    assert found[student].waiting == 1
    assert entered(course, student)["why"][1] is True


@pytest.mark.parametrize(
    "student", sorted(PLACED.keys() - {"merged with a written answer"})
)
def test_who_wrote_nothing_waits_for_nobody(graded, student):
    _, found, _ = graded

    assert found[student].waiting == 0


@pytest.mark.parametrize("student", WRONG)
def test_one_function_is_lost_and_told_why(graded, student):
    _, found, _ = graded
    codes = {row.exercise: row.code for row in found[student].rows}

    assert codes.pop("momentum_step") == WRONG[student][1]
    assert set(codes.values()) == {"passed"}


@pytest.mark.parametrize("student", UNREAD)
def test_what_cannot_be_read_waits(graded, student):
    course, found, _ = graded

    assert found[student].mark is None
    assert all(waits for _, waits in entered(course, student).values())


def test_late_is_late(graded):
    _, found, _ = graded

    assert found["late"].mark == 0.0
    assert found["late"].score == found["in time"].score > 0


def test_the_file_of_results_says_the_same(graded):
    course, found, _ = graded
    tree = json.loads((course.grading / "results.json").read_text(encoding="utf-8"))

    assert {row["student"] for row in tree["submissions"]} == found.keys()
    assert {row["student"] for row in tree["problems"] if row["student"]} >= set(UNREAD)
