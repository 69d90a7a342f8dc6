"""Three ways to grade, one result: our command, nbgrader's, the formgrader's button."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course, load_course, load_secret
from autograder.gradebook.gradebook import open_gradebook
from autograder.sample.sample_class import write_class
from autograder.writing import write_whole
from tests.helpers.gradebook_content import content

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="grading needs forks"),
    pytest.mark.timeout(900),  # three times a class, two of them one by one
]

CHAPTER = "03_momentum"
STUDENTS = "ada boris chen dalia emeka goran malik qing rosa yusuf".split()
"""Of the sample class: right, mistaken, untouched, not JSON, a check cell twice or
deleted, a syntax error, a process that ends; without those that only wait."""

PENALTY = """
from nbgrader.plugins import BasePlugin

class Hourly(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late // 3600
"""
CONFIG = """
import sys
sys.path.insert(0, str(root))
c.AssignLatePenalties.plugin_class = "penalty.Hourly"
"""

BUTTON = """
import sys
from pathlib import Path
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from autograder.course import nbgrader_settings

chapter, *students = sys.argv[1:]
config = nbgrader_settings(Path.cwd())
api = NbGraderAPI(CourseDirectory(config=config), config=config)
for student in students or sorted(api.get_submitted_students(chapter)):
    done = api.autograde(chapter, student)
    assert done["success"], done.get("error", "") + done["log"]
"""

OURS = ("-m", "autograder", "grade", "--jobs", "2")
NBGRADERS = ("-m", "nbgrader", "autograde", CHAPTER)
FORMGRADERS = ("-c", BUTTON, CHAPTER)


def start(course: Course, *words: str) -> subprocess.Popen:
    """A command in the course's folder; `finish` waits for it."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=course.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(*started: subprocess.Popen) -> None:
    said = [process.communicate(timeout=600)[0] for process in started]
    for process, text in zip(started, said, strict=True):
        # 3: graded, and two files of the sample class wait for a person.
        assert process.returncode in (0, 3), text


def files(folder: Path) -> Mapping[str, bytes]:
    """All files below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def graded_files(course: Course) -> Mapping[str, object]:
    """All files of what was graded; a notebook as it is read, however it is written."""
    return {
        name: nbformat.reads(data.decode(), 4) if name.endswith(".ipynb") else data
        for name, data in files(course.autograded).items()
    }


def hand_in_late(course: Course, student: str, when: str) -> None:
    stamp = course.submitted / student / CHAPTER / "timestamp.txt"
    stamp.write_text(f"2026-03-01 {when}.000000 UTC")


def set_due_date(course: Course) -> None:
    with open_gradebook(course) as gradebook:
        due = "2026-03-01 10:00:00 UTC"
        gradebook.update_or_create_assignment(CHAPTER, duedate=due)


def grade_by_hand(course: Course) -> None:
    """What an instructor does in the formgrader between two gradings."""
    with open_gradebook(course) as gradebook:

        def find(kind: str, student: str, cell: str = "why"):
            found = getattr(gradebook, f"find_{kind}")
            return found(cell, CHAPTER, CHAPTER, student)

        for student in ("ada", "boris"):
            find("grade", student).manual_score = 1.5
            find("grade", student).needs_manual_grade = False
            find("comment", student).manual_comment = "Well *seen*."
        find("grade", "ada").extra_credit = 0.5
        find("grade", "chen", "momentum_step_check").manual_score = 0.25
        gradebook.db.commit()


@pytest.fixture(scope="module")
def courses(tmp_path_factory, root, release):
    """The sample class, handed in alike in three courses with one secret."""
    first = tmp_path_factory.mktemp("ways") / "ours"
    first.mkdir()
    settings = (root / "nbgrader_config.py").read_text()
    (first / "nbgrader_config.py").write_text(settings + CONFIG)
    (first / "penalty.py").write_text(PENALTY)
    write_whole(first / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    course = load_course(first)
    load_secret(course)
    for student in write_class(course, CHAPTER):
        if student.name not in STUDENTS:
            shutil.rmtree(course.submitted / student.name)
    for student, when in (
        ("ada", "12:30:00"),
        ("chen", "09:59:59"),
        ("dalia", "10:59:59"),
    ):
        hand_in_late(course, student, when)
    set_due_date(course)
    others = [first.parent / name for name in ("nbgraders", "formgraders")]
    return [course, *(copied(course, other) for other in others)]


@pytest.fixture(scope="module")
def graded(courses):
    """Graded once in each of three ways."""
    ours, nbgraders, formgraders = courses
    finish(
        start(ours, *OURS),
        start(nbgraders, *NBGRADERS),
        start(formgraders, *FORMGRADERS),
    )
    return courses


def copied(course: Course, folder: Path, db_url: str | None = None) -> Course:
    """The same course in another folder, with another gradebook if asked for."""
    shutil.copytree(course.root, folder)
    if db_url is not None:
        with (folder / "nbgrader_config.py").open("a") as config:
            config.write(f"c.CourseDirectory.db_url = {db_url!r}\n")
    return load_course(folder)


@pytest.fixture(scope="module")
def regraded(graded, tmp_path_factory):
    """Graded by hand, handed in again, and graded again."""
    folder = tmp_path_factory.mktemp("again")
    courses = [copied(course, folder / course.root.name) for course in graded]
    ours, nbgraders, formgraders = courses
    for course in courses:
        grade_by_hand(course)
        better = course.submitted / "emeka" / CHAPTER
        shutil.copytree(
            better, course.submitted / "boris" / CHAPTER, dirs_exist_ok=True
        )
        hand_in_late(course, "boris", "11:15:00")
    finish(
        start(ours, *OURS),
        start(nbgraders, *NBGRADERS, "--force", "--student=[abc]*"),
        start(formgraders, *FORMGRADERS, "ada", "boris", "chen"),
    )
    return courses


def assert_same(courses: list[Course]) -> None:
    ours, *others = courses
    for other in others:
        assert content(other.db_url) == content(ours.db_url)
        assert graded_files(other) == graded_files(ours)


def test_all_ways_enter_the_same(graded):
    """Every row of every table, and all of the graded notebooks."""
    rows = content(graded[0].db_url)

    assert_same(graded)
    assert len(rows["submitted_assignment"]) == len(STUDENTS)
    assert len(files(graded[0].submitted)) == len(STUDENTS) + 3  # times
    assert len(rows["grade"]) == len(STUDENTS) * 4


def test_all_ways_enter_the_same_again(regraded):
    """Manual scores, comments and penalties survive a regrade in each of them."""
    assert_same(regraded)
    with open_gradebook(regraded[0]) as gradebook:
        ada, boris, chen, dalia = (
            gradebook.find_submission(CHAPTER, name)
            for name in ("ada", "boris", "chen", "dalia")
        )

        assert [s.late_submission_penalty for s in (ada, boris, chen, dalia)] == [
            2,
            1,
            0,
            0,
        ]
        assert (ada.written_score, boris.written_score) == (2.0, 1.5)
        (entry,) = boris.notebooks
        assert [c.comment for c in entry.comments if c.name == "why"] == [
            "Well *seen*."
        ]
        assert not entry.needs_manual_grade  # the answer is the one that was read
        assert (
            entry.code_score == gradebook.find_submission(CHAPTER, "emeka").code_score
        )


@pytest.mark.needs("postgresql")
def test_postgresql_holds_what_sqlite_holds(graded, make_database, tmp_path):
    """The same rows from our command, and from the button after it."""
    course = copied(graded[0], tmp_path / "course", make_database())
    shutil.rmtree(course.autograded)
    set_due_date(course)

    finish(start(course, *OURS))

    assert_same([graded[0], course])
    finish(start(course, *FORMGRADERS, "ada", "boris"))
    assert_same([graded[0], course])


def test_the_pages_are_those_of_generate_feedback(regraded):
    """nbgrader's command makes of the graded notebooks the pages that we wrote."""
    ours, nbgraders, _ = regraded
    finish(start(nbgraders, "-m", "nbgrader", "generate_feedback", CHAPTER))

    pages = files(ours.feedback)
    assert files(nbgraders.feedback) == pages
    page = pages[f"ada/{CHAPTER}/{CHAPTER}.html"].decode()
    assert "<em>seen</em>" in page
    assert re.search(r"2\s+of them lost because it was late", page)
