"""Attacks and accidents that are about files, folders and the whole class.

One class of honest students and others is collected, graded and recorded as an
instructor does it, once in each box.  The numbers are those of the table.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from autograder.classroom.grade_class import find_submissions, grade_class
from autograder.course import load_course
from autograder.limits import MAX_NOTEBOOK
from autograder.sandbox.boxes import BOXES, why_not
from autograder.sandbox.options import RunOptions
from autograder.writing import write_whole
from tests.attacks.attack_rows import ROWS
from tests.attacks.attacking import (
    QUICK,
    Attack,
    fingerprint,
    little_memory,
    nothing_left,
)

CHAPTER = "03_momentum"

HONEST = ("aaa", "mmm", "zzz")
"""Before, between and after the others."""

ON_THE_GRADEBOOK = [39, 40, 41, 42, 43, 45, 52]
PAGES = [65, 67]


class Folder:
    """One student's folder, to be filled."""

    def __init__(self, course, student):
        self.path = course.submitted / student / CHAPTER
        self.path.mkdir(parents=True)

    def hand_in(self, data, name=f"{CHAPTER}.ipynb"):
        (self.path / name).write_bytes(data)
        return self

    def link(self, name, target):
        (self.path / name).symlink_to(target)
        return self


def zipped(**files):
    """A zip archive of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members):
    """A tar archive with links and names that lead elsewhere."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, link in members:
            info = tarfile.TarInfo(name)
            if link:
                info.type, info.linkname = tarfile.SYMTYPE, link
            archive.addfile(info)
    return out.getvalue()


HARMFUL = {"../../../../secret.txt": b"x", "/tmp/absolute.txt": b"x"}

FILES = {
    # name of the student: (row, what lies in the folder, code, score)
    "r46": (
        46,
        lambda f, n: (
            f.hand_in(n.solve("velocity_weights").data)
            .hand_in(b"raise SystemExit", "numpy.py")
            .hand_in(b"raise SystemExit", "matplotlib.py")
            .hand_in(b"def check(*a): pass", "autograder.py")
        ),
        "passed not-written",
        1.0,
    ),
    "r47": (
        47,
        lambda f, n: (
            f.hand_in(n.data)
            .hand_in(b"import os", "nbgrader_config.py")
            .hand_in(b"{}", "gradebook.db")
        ),
        "not-written",
        0.0,
    ),
    "r48": (
        48,
        lambda f, n: f.link(f"{CHAPTER}.ipynb", f.path.parents[3] / "solution.ipynb"),
        "unreadable",
        0.0,
    ),
    "r49": (
        49,
        lambda f, n: f.hand_in(n.data).link("passwd", "/etc/passwd"),
        "not-written",
        0.0,
    ),
    "r50": (
        50,
        lambda f, n: f.hand_in(zipped(**HARMFUL), "hw.zip").hand_in(
            tarred(("../../../up.txt", ""), ("link", "/etc")), "hw.tar"
        ),
        "unreadable",
        0.0,
    ),
    "r51": (
        51,
        lambda f, n: f.hand_in(
            zipped(**{f"{CHAPTER}.ipynb": bytes(64 << 20)}), "hw.zip"
        ),
        "unreadable",
        0.0,
    ),
    "r73": (
        73,
        lambda f, n: f.hand_in(n.solve().data).hand_in(b"no date", "timestamp.txt"),
        "passed",
        5.0,
    ),
    "r73link": (
        73,
        lambda f, n: f.hand_in(n.solve().data).link("timestamp.txt", "/dev/zero"),
        "passed",
        5.0,
    ),
    "r74text": (74, lambda f, n: f.hand_in(b"<<<<<<< HEAD"), "unreadable", 0.0),
    "r74empty": (74, lambda f, n: f.hand_in(b""), "unreadable", 0.0),
    "r74renamed": (
        74,
        lambda f, n: f.hand_in(n.solve().data, "hw (1).ipynb"),
        "passed",
        5.0,
    ),
    "r75": (
        75,
        lambda f, n: f.hand_in(n.solve().data + b" " * MAX_NOTEBOOK),
        "unreadable",
        0.0,
    ),
    # None of these stands in the table.
    "fifo": (
        0,
        lambda f, n: os.mkfifo(f.path / f"{CHAPTER}.ipynb"),
        "unreadable",
        0.0,
    ),
    "folder": (
        0,
        lambda f, n: (f.path / f"{CHAPTER}.ipynb").mkdir(),
        "unreadable",
        0.0,
    ),
    "nested": (0, lambda f, n: f.hand_in(b"[" * 200_000), "unreadable", 0.0),
    "digits": (0, lambda f, n: f.hand_in(b"9" * 200_000), "unreadable", 0.0),
    "many": (
        0,
        lambda f, n: [f.hand_in(b"", f"{i}.ipynb") for i in range(1500)],
        "unreadable",
        0.0,
    ),
    "@SUM": (0, lambda f, n: f.hand_in(n.solve().data), "passed", 5.0),
    "\u0430da": (0, lambda f, n: f.hand_in(n.solve().data), "passed", 5.0),
    "CON": (0, lambda f, n: f.hand_in(n.solve().data), "passed", 5.0),
}
NO_STUDENTS = ["-rf", "=cmd|'C calc'!A0", "a\nb", "a\x1b[2J", "x" * 120, "x.", " a"]


@pytest.fixture(scope="module", params=BOXES)
def graded(request, tmp_path_factory, root, release, make_notebook):
    """The class, graded; the course's folder before and after."""
    reason = why_not(request.param)
    if reason is not None:
        pytest.skip(f"{request.param}: {reason}")
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(root / "nbgrader_config.py", folder)
    write_whole(folder / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    (folder / "solution.ipynb").write_bytes(make_notebook().solve().data)
    course = load_course(folder)
    for student in HONEST:
        Folder(course, student).hand_in(make_notebook().solve().data)
    for student, (_, fill, _, _) in FILES.items():
        fill(Folder(course, student), make_notebook())
    for attack in attacks():
        notebook = attack.notebook(make_notebook(), folder, root)
        Folder(course, student_of(attack)).hand_in(notebook.data)
    for name in NO_STUDENTS:
        Folder(course, name).hand_in(make_notebook().solve().data)
    (course.submitted / "linked").symlink_to(course.submitted / "aaa")
    # Whatever grading itself writes is not compared.
    ours = ("grading/autograded", "grading/feedback", "grading/gradebook.db")
    ours += ("grading/nbgrader.log", "grading/results", "grading/secret")
    ours += ("grading/marks", "grading/recorded", "grading/.lock")
    before = fingerprint(folder, ours)
    before.pop("grading", None)
    with little_memory(900 << 20):
        result = grade_class(course, jobs=2, options=RunOptions(request.param, QUICK))
    after = fingerprint(folder, ours)
    after.pop("grading", None)
    return course, result, before, after


def attacks():
    """Those of the listed attacks that are on a course or on its pages."""
    return [a for a in ROWS if a.row in (*ON_THE_GRADEBOOK, *PAGES)]


def student_of(attack):
    return f"attack{attack.row}"


def marks_of(graded, student):
    _, result, _, _ = graded
    (found,) = [one for one in result.graded if one.student == student]
    return found


def test_the_batch_ends_and_everybody_has_a_row(graded):
    course, result, _, _ = graded
    students = {one.student for one in result.graded}

    assert students == {*HONEST, *FILES, *map(student_of, attacks())}
    assert {s.student for s in find_submissions(course)[0]} == students
    nothing_left()


@pytest.mark.parametrize("student", HONEST)
def test_the_honest_keep_full_marks(graded, student):
    found = marks_of(graded, student)

    assert [row.code for row in found.rows] == ["passed"] * 3
    assert found.mark == 5.0
    assert found.problem is None


@pytest.mark.parametrize("student", FILES)
def test_what_lies_in_a_folder_is_what_it_is(graded, student):
    """Rows 46 to 51 and 73 to 75, and more of their kind."""
    _, _, codes, score = FILES[student]
    found = marks_of(graded, student)

    assert {row.code for row in found.rows} == set(codes.split())
    assert sum(row.score for row in found.rows) == score
    assert found.mark == (None if codes == "unreadable" else score)
    assert (found.problem is None) == (codes != "unreadable")


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.id)
def test_an_attack_on_the_course_gains_nothing(graded, attack):
    found = marks_of(graded, student_of(attack))

    assert found.mark == (5.0 if attack.honest else 0.0)


def test_the_course_is_untouched(graded):
    """Contents, permissions and times of all that grading does not write."""
    _, _, before, after = graded

    assert after == before


def test_the_gradebook_holds_what_was_graded(graded):
    """Nothing else, and no table of somebody's own."""
    course, result, _, _ = graded
    with sqlite3.connect(course.grading / "gradebook.db") as book:
        tables = {name for (name,) in book.execute("select name from sqlite_master")}
        forged = book.execute(
            "select count(*) from grade where manual_score is not null "
            "or extra_credit is not null"
        ).fetchone()

    assert "forged" not in tables
    assert forged == (0,)
    waiting = {s for s, (_, _, codes, _) in FILES.items() if codes == "unreadable"}
    assert {one.student for one in result.graded if one.mark is None} == waiting


def test_names_that_no_student_can_have_are_told(graded):
    """And shown without what would move a cursor or be a formula."""
    _, result, _, _ = graded
    told = [trouble.text for trouble in result.problems if trouble.student is None]

    assert len([t for t in told if "no student can have" in t]) == len(NO_STUDENTS)
    assert not any("\x1b" in text or "\n" in text for text in told)


def test_nothing_was_unpacked_or_followed(graded):
    """Rows 48 to 51: archives stay shut, and links are not read."""
    course, _, _, _ = graded
    names = {path.name for path in course.root.rglob("*")}

    assert names.isdisjoint({"secret.txt", "up.txt", "absolute.txt", "link"})
    assert not Path("/tmp/absolute.txt").exists()
    copies = [*course.autograded.rglob("passwd"), *course.feedback.rglob("passwd")]
    assert copies == []


def test_65_no_page_runs_anything(graded):
    """Nor loads anything; and 67: nothing in it moves a cursor."""
    course, _, _, _ = graded
    pages = sorted(course.feedback.rglob("*.html"))
    assert len(pages) > len(HONEST)
    for page in pages:
        text = page.read_text()
        tree = BeautifulSoup(text, "html.parser")
        assert not tree.find(["script", "iframe", "object", "embed", "svg"]), page
        assert not [t for t in tree.find_all(True) for a in t.attrs if a[:2] == "on"]
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_66_no_page_shows_a_hidden_case(graded, release):
    """But the one that failed: of each function at most one."""
    course, _, _, _ = graded
    for page in course.feedback.rglob("*.html"):
        cells = BeautifulSoup(page.read_text(), "html.parser").get_text()
        assert cells.count("I called it like this") <= 3
        assert "drawing" not in cells


def test_every_row_of_the_table_is_tested():
    """1 to 76; the four that have a test of their own say so in its name."""
    own = {35, 63, 66, 69, 76}
    rows = {attack.row for attack in ROWS} | {row for row, *_ in FILES.values()}

    assert (rows | own) - {0} == set(range(1, 77))


def test_an_attack_is_of_some_kind():
    """None is without effect: each changes the notebook somehow."""
    for attack in ROWS:
        assert attack.cell or attack.body or attack.spoil, attack
        assert isinstance(attack, Attack)
