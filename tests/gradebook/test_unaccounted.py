"""Whatever was handed in is used, harmless, or waits for a person; it is no zero."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom.class_result import ClassResult
from autograder.classroom.grade_class import grade_class
from autograder.cli import main
from autograder.course import Course, load_course, load_secret
from autograder.exports.class_files import write_exports
from autograder.exports.formats import Wanted, export
from autograder.gradebook.gradebook import class_marks, open_gradebook
from autograder.sandbox.boxes import NONE
from autograder.sandbox.options import RunOptions
from autograder.writing import write_whole
from tests.helpers.gradebook_content import content

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
]

CHAPTER = "03_momentum"
ZERO_IF_LATE = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
BERLIN = 'c.Exchange.timezone = "Europe/Berlin"\n'


def make_course(folder: Path, root: Path, release: bytes, more: str = "") -> Course:
    """A course with nbgrader's settings as they are here, and more."""
    folder.mkdir(parents=True)
    settings = (root / "nbgrader_config.py").read_text() + more
    (folder / "nbgrader_config.py").write_text(settings)
    write_whole(folder / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    return load_course(folder)


@pytest.fixture
def course(tmp_path, root, release, monkeypatch):
    """A course without submissions, in which commands are given."""
    course = make_course(tmp_path / "course", root, release, ZERO_IF_LATE)
    monkeypatch.chdir(course.root)
    return course


def hand_in(course: Course, student: str, data: bytes, name: str = "") -> Path:
    path = course.submitted / student / CHAPTER / (name or f"{CHAPTER}.ipynb")
    write_whole(path, data)
    return path


def grade(course: Course) -> ClassResult:
    """The class, graded and written as the command does."""
    result = grade_class(course, jobs=1, options=RunOptions(NONE))
    write_exports(result)
    return result


def due(course: Course, when: str = "2026-11-20 12:00:00 UTC") -> None:
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(CHAPTER, duedate=when)


def entered(course: Course, student: str) -> dict[str, tuple]:
    """Automatic score and whether a person must look, by cell."""
    with open_gradebook(course) as gradebook:
        (notebook,) = gradebook.find_submission(CHAPTER, student).notebooks
        return {g.name: (g.auto_score, g.needs_manual_grade) for g in notebook.grades}


def exported(course: Course, format: str) -> tuple[dict[str, str], str]:
    """Marks by student in an exported file, and what was said."""
    said = "\n".join(export(Wanted(course, format)))
    path = course.grading / "exports" / f"{format}-{CHAPTER}.csv"
    if format == "nbgrader":
        path = course.grading / "exports" / "nbgrader.csv"
    if not path.exists():
        return {}, said
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    at = rows[0].index("student_id") if format == "nbgrader" else 0
    return {row[at]: row[-1] for row in rows[1:]}, said


def other_chapter() -> bytes:
    """The solved notebook of another chapter, as far as that is of use."""
    cells = [
        {
            "cell_type": "code",
            "source": f"def {name}():\n    pass",
            "metadata": {"nbgrader": {"grade_id": name}},
        }
        for name in ("adam_step", "adam_step_check", "bias_corrected")
    ]
    from autograder.exercises import CHAPTERS

    names = [e.name for e in CHAPTERS[4].exercises]
    for cell, name in zip(cells, names, strict=False):
        cell["metadata"] = {"nbgrader": {"grade_id": name}}
    return json.dumps({"cells": cells, "nbformat": 4}).encode()


NOT_USED = {
    "pdf": (b"%PDF-1.7", "unreadable"),
    "page": (b"<html><p>Sign in", "unreadable"),
    "empty": (b"", "unreadable"),
    "other": (other_chapter, "other-chapter"),
}


def test_what_is_not_used_is_no_zero(course, solved):
    """It waits for a person, is told first, coded, and left out of every export."""
    hand_in(course, "ada", solved.data)
    for student, (data, _) in NOT_USED.items():
        hand_in(course, student, data() if callable(data) else data)
    hand_in(course, "notes", b"sorry", "notes.txt")
    (course.submitted / "zed" / CHAPTER).mkdir(parents=True)
    write_whole(course.submitted / "zed" / "attempt_2" / "hw.ipynb", solved.data)
    (course.submitted / "idle" / CHAPTER).mkdir(parents=True)

    result = grade(course)

    codes = {s: code for s, (_, code) in NOT_USED.items()} | {
        "notes": "unreadable",
        "zed": "unreadable",
    }
    graded = {one.student: one for one in result.graded}
    for student, code in codes.items():
        assert {row.code for row in graded[student].rows} == {code}
        assert graded[student].mark is None
        assert set(entered(course, student).values()) == {(None, True)}
    assert graded["idle"].mark == 0.0
    assert {row.code for row in graded["idle"].rows} == {"no-notebook"}
    assert result.problems[-1].student == "idle"
    stored = json.loads((course.grading / "results.json").read_text())
    told = {(row["student"], row["code"]) for row in stored["problems"]}
    assert told == {
        *codes.items(),
        ("zed", "unaccounted"),
        ("idle", "no-notebook"),
    }
    for format in ("canvas", "moodle", "nbgrader"):
        marks, said = exported(course, format)
        assert marks.keys() - {"    Points Possible"} == {"ada", "idle"}
        assert all(student in said for student in codes)


def test_the_command_says_so_by_its_exit_code(course, solved):
    """0: all is graded; 3: graded, and something waits for a person."""
    hand_in(course, "ada", solved.data)

    def code() -> tuple[int, str]:
        done = CliRunner().invoke(main, ["grade", "--box", "none", "--jobs", "1"])
        return done.exit_code, done.output

    assert code()[0] == 0
    hand_in(course, "bo", b"%PDF-1.7")
    exit_code, output = code()
    assert exit_code == 3
    assert "Not accounted for: 1, the first under Problems." in output
    assert "The file is a PDF, and no notebook." in output


def refuse(monkeypatch, place: Path) -> None:
    """Have the system refuse what lies in `place`, as it would for a user."""
    for name in ("open", "scandir"):
        call = getattr(os, name)

        def guarded(path, *more, _call=call, **options):
            inside = not isinstance(path, int) and (
                Path(path) == place or place in Path(path).parents
            )
            if inside:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return _call(path, *more, **options)

        monkeypatch.setattr(os, name, guarded)


@pytest.mark.parametrize("what", ["the file", "the chapter", "the student"])
def test_what_we_cannot_open_takes_nothing_from_anybody(
    course, solved, monkeypatch, what
):
    """A mark that is there stays, with its notebook and page; it is not given out."""
    hand_in(course, "ada", solved.data)
    path = hand_in(course, "ed", solved.data)
    assert {one.mark for one in grade(course).graded} == {5.0}
    kept = {p: p.read_bytes() for p in course.grading.glob("*/ed/**/*.*")}
    before = entered(course, "ed")
    refuse(
        monkeypatch,
        {"the file": path, "the chapter": path.parent}.get(what, path.parents[1]),
    )

    result = grade(course)

    ada, ed = result.graded
    assert {row.code for row in ed.rows} == {"not-opened"}
    assert (ada.mark, ed.mark) == (5.0, 5.0)
    assert entered(course, "ed") == before
    (trouble,) = result.unsettled
    assert (trouble.student, trouble.code) == ("ed", "not-opened")
    marks, said = exported(course, "canvas")
    assert "ed" not in marks
    assert "ed" in said
    monkeypatch.undo()
    assert {p: p.read_bytes() for p in kept} == kept


def test_what_we_never_opened_has_no_mark(course, solved, monkeypatch):
    hand_in(course, "ada", solved.data)
    refuse(monkeypatch, hand_in(course, "ed", solved.data))

    _, ed = grade(course).graded

    assert ed.mark is None
    assert set(entered(course, "ed").values()) == {(None, True)}


def test_a_mark_stays_when_what_comes_next_is_no_notebook(course, solved):
    """A person looks; nothing is made in the place of the work that was graded."""
    hand_in(course, "ada", solved.data)
    grade(course)
    graded = course.autograded / "ada" / CHAPTER / f"{CHAPTER}.ipynb"
    before = graded.read_bytes()
    hand_in(course, "ada", b"%PDF-1.7")

    (ada,) = grade(course).graded

    assert ada.mark == 5.0
    assert ada.waiting == 4
    assert graded.read_bytes() == before
    assert {score for score, _ in entered(course, "ada").values()} == {2, 1, 0}


LATE = {
    "a byte order mark": "\ufeff2026-11-21 12:00:00 UTC\r\n".encode(),
    "UTF-16": "2026-11-21 12:00:00 UTC\r\n".encode("utf-16"),
    "nbgrader in Berlin": b"2026-11-21 12:00:00.123456 CET",
    "git": b"Sat Nov 21 13:00:00 2026 +0100",
    "seconds": b"1795262400",
    "a mail": b"Sat, 21 Nov 2026 12:00:00 GMT",
    "a zone": b"2026-11-21 12:00:00 Europe/Berlin",
}
UNCLEAR = {"China's or America's": b"2026-11-21 12:00:00 CST", "words": b"not a date"}
IN_TIME = {"an hour before noon": b"2026-11-20 12:00:00.000000 CET"}


@pytest.fixture(scope="module")
def three_ways(tmp_path_factory, root, release, make_notebook):
    """A class with times of all kinds, graded by our command, nbgrader's, a button."""
    first = tmp_path_factory.mktemp("times") / "ours"
    course = make_course(first, root, release, ZERO_IF_LATE + BERLIN)
    load_secret(course)
    for number, stamp in enumerate([*LATE.values(), *UNCLEAR.values()]):
        hand_in(course, f"s{number}", make_notebook().solve().data)
        hand_in(course, f"s{number}", stamp, "timestamp.txt")
    hand_in(course, "early", make_notebook().solve().data)
    hand_in(course, "early", *IN_TIME.values(), "timestamp.txt")
    hand_in(course, "pdf", b"%PDF-1.7")
    due(course)
    other = first.with_name("nbgraders")
    shutil.copytree(first, other)
    here = os.getcwd()
    os.chdir(first)
    try:
        result = grade(course)
    finally:
        os.chdir(here)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", CHAPTER],
        cwd=other,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return course, load_course(other), result


def test_late_is_late_however_the_time_is_written(three_ways):
    course, _, _ = three_ways
    marks = class_marks(course)

    for number, form in enumerate(LATE):
        assert marks[CHAPTER, f"s{number}"].mark == 0.0, form
        assert marks[CHAPTER, f"s{number}"].waiting == 0, form
    assert marks[CHAPTER, "early"].mark == 5.0


def test_an_unclear_time_waits_for_a_person(three_ways):
    """Where there is a due date it is neither late nor in time."""
    course, _, result = three_ways
    marks = class_marks(course)

    for number in range(len(LATE), len(LATE) + len(UNCLEAR)):
        assert marks[CHAPTER, f"s{number}"].waiting == 1
        (told,) = [t for t in result.unsettled if t.student == f"s{number}"]
        assert told.code == "time-unclear"


def test_nbgraders_command_gives_the_same_marks(three_ways):
    """Every row of every table: times, penalties, and what waits."""
    ours, nbgraders, _ = three_ways

    assert content(nbgraders.db_url) == content(ours.db_url)


def test_without_a_due_date_nothing_waits_for_a_time(course, solved):
    """It is told all the same."""
    hand_in(course, "ada", solved.data)
    hand_in(course, "ada", b"not a date", "timestamp.txt")

    result = grade(course)

    assert result.graded[0].waiting == 0
    assert [t.code for t in result.unsettled] == ["time-unclear"]


def test_a_time_that_changed_alone_is_told(course, solved):
    """A notebook that is new may have a new time; the same one may not."""
    hand_in(course, "ada", solved.data)
    hand_in(course, "ada", b"2026-11-21 12:00:00 UTC", "timestamp.txt")
    assert grade(course).problems == ()
    hand_in(course, "ada", b"2026-11-19 12:00:00 UTC", "timestamp.txt")

    (told,) = grade(course).problems

    assert told.code == "time-changed"
    assert "now says 2026-11-19 12:00:00.000000 UTC" in told.text
    assert "before it said 2026-11-21 12:00:00.000000 UTC" in told.text
    hand_in(course, "ada", solved.data + b"\n")
    hand_in(course, "ada", b"2026-11-18 12:00:00 UTC", "timestamp.txt")
    assert grade(course).problems == ()


def test_names_that_people_have_go_all_the_way(course, solved):
    """Through gradebook, files and exports, composed."""
    names = ["Zoe\u0308 Nu\u0301n\u0303ez", "प्रिया शर्मा", "Siobhán O’Neil", "a+b@c.de"]
    for name in names:
        hand_in(course, name, solved.data)

    result = grade(course)

    whole = {"Zo\u00eb N\u00fa\u00f1ez", *names[1:]}
    assert {one.student for one in result.graded} == whole
    assert {one.mark for one in result.graded} == {5.0}
    assert result.problems == ()
    assert all(one.page is not None for one in result.graded)
    assert exported(course, "canvas")[0].keys() >= whole
