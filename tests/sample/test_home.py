"""The sample class has a home of its own, and never meets a real class."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom import grade_class as classes
from autograder.classroom.class_result import ClassResult
from autograder.cli import main
from autograder.course import load_course, load_secret
from autograder.gradebook.gradebook import class_marks
from autograder.sample import sample_class
from autograder.sample.home import home_of
from autograder.sandbox import boxes
from autograder.writing import write_whole

pytestmark = pytest.mark.skipif(os.name != "posix", reason="grading needs forks")

ROOT = Path(__file__).parents[2]
CHAPTER = "03_momentum"
FILE = f"{CHAPTER}/{CHAPTER}.ipynb"
WORK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def place(root, release, tmp_path, monkeypatch):
    """A new course with one released chapter, in which commands are given."""
    here = tmp_path / "course"
    write_whole(here / "notebooks" / FILE, release)
    shutil.copy(root / "nbgrader_config.py", here)
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def graded(monkeypatch):
    """Courses that were graded, without grading any."""
    seen = []

    def grade_class(course, *options, **_):
        seen.append((course, options))
        return ClassResult(course, (), ())

    monkeypatch.setattr(classes, "grade_class", grade_class)
    return seen


@pytest.fixture
def a_few(monkeypatch):
    """Three students are as good as 24, where it is only asked where they are."""
    names = sample_class.NAMES[:3]
    monkeypatch.setattr(sample_class, "NAMES", names)
    return set(names)


def run(*words):
    """What a command prints, and its exit code."""
    done = CliRunner().invoke(main, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done
    return done.output, done.exit_code


def content(folder):
    """All that lies below a folder: kinds, times, bytes; no link is followed."""
    found = {}
    for path in folder.rglob("*"):
        about = path.lstat()
        what = os.readlink(path) if path.is_symlink() else None
        what = path.read_bytes() if what is None and path.is_file() else what
        found[path.relative_to(folder).as_posix()] = about.st_mode, what
        if not path.is_dir():
            found[path.relative_to(folder).as_posix()] += (about.st_mtime_ns,)
    return found


def outside_sample(folder):
    return {k: v for k, v in content(folder).items() if k.split("/")[0] != "sample"}


ELSEWHERE = """
c.CourseDirectory.db_url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
c.CourseDirectory.submitted_directory = "handed-in"
c.CourseDirectory.feedback_directory = str(root.parent / "pages")
"""


@pytest.mark.parametrize("settings", ["", ELSEWHERE], ids=["as it is", "elsewhere"])
def test_all_of_the_sample_class_is_in_its_folder(place, a_few, settings):
    """Submissions, gradebook, secret, pages, wherever the settings put a class's."""
    with (place / "nbgrader_config.py").open("a") as config:
        config.write(settings)
    (place / "grading").mkdir()
    before = outside_sample(place.parent)

    output, code = run("grade", "--box", "none", "--jobs", "1")

    assert code == 0, output
    assert "Nobody has handed in yet" in output
    assert "sample/report/report.html" in output
    after = outside_sample(place.parent)
    assert {k for k in after if not k.startswith("course/sample")} == set(before)
    assert os.listdir(place / "grading") == []
    home = place / "sample"
    for kind in ("submitted", "autograded", "feedback"):
        assert {path.name for path in (home / kind).iterdir()} == a_few
    for name in ("secret", "results", "results.json", "marks.csv", "report"):
        assert (home / name).exists()
    with sqlite3.connect(home / "gradebook.db") as book:
        assert {name for (name,) in book.execute("SELECT id FROM student")} == a_few


@pytest.mark.usefixtures("a_few")
def test_a_real_class_never_meets_the_sample_class(place):
    """With a sample class there, one real student is the whole class."""
    assert run("grade", "--box", "none", "--jobs", "1")[1] == 0
    sample = content(place / "sample")
    for words in (["report"], ["export", "canvas"]):
        output, code = run(*words)
        assert code == 1, output
        assert "grade first" in output
    assert os.listdir(place / "grading") == []  # to ask makes no gradebook
    write_whole(place / "grading" / "submitted" / "zed" / FILE, WORK)

    output, code = run("grade", "--box", "none", "--jobs", "1")

    assert code in (0, 3), output
    assert "1 student, 1 submission" in output
    course = load_course(place)
    assert set(class_marks(course)) == {(CHAPTER, "zed")}
    assert load_secret(course) != load_secret(home_of(course))
    assert run("report") == ("grading/report/report.html\n", 0)
    assert "ada" not in (place / "grading" / "report" / "report.html").read_text()
    assert content(place / "sample") == sample


def test_deleting_the_folder_is_all_it_takes(place, graded):
    """The sample class is made again, and nothing of it was anywhere else."""
    run("grade")
    first = set(content(place))
    shutil.rmtree(place / "sample")
    assert not any("ada" in name for name in content(place))

    run("grade")

    assert set(content(place)) == first
    assert [course.grading for course, _ in graded] == [place / "sample"] * 2


@pytest.mark.usefixtures("graded")
def test_what_is_changed_in_the_sample_class_stays(place):
    """A second run makes only what is not there."""
    run("grade")
    mine = place / "sample" / "submitted" / "ada" / FILE
    mine.write_bytes(WORK)
    shutil.rmtree(place / "sample" / "submitted" / "boris")
    before = content(place / "sample" / "submitted")

    assert run("grade")[1] == 0

    after = content(place / "sample" / "submitted")
    assert {k: after[k] for k in before} == before
    assert any(name.startswith("boris/") for name in after)


def nested(place):
    write_whole(place / f"grading/submitted/zed/attempt_2/{FILE}", WORK)
    return ["zed/attempt_2"]


def nested_above(place):
    write_whole(place / f"grading/submitted/group A/zed/{FILE}", WORK)
    return ["group A"]


def archived(place):
    """As a graded class is left when its submissions are moved away."""
    for name in ("gradebook.db", "secret", "results.json", "autograded/ada/x"):
        write_whole(place / "grading" / name, b"real")
    return ["gradebook.db", "secret", "results.json", "autograded/"]


def moved(place):
    write_whole(place / "grading/submitted-2026" / "ada" / FILE, WORK)
    return ["submitted-2026/"]


def linked_student(place):
    write_whole(place.parent / "real" / "ada" / FILE, WORK)
    (place / "grading/submitted").mkdir(parents=True)
    (place / "grading/submitted/ada").symlink_to(place.parent / "real" / "ada")
    return ["a link is not followed: ada"]


def linked_chapter(place):
    write_whole(place.parent / "real" / FILE, WORK)
    (place / "grading/submitted/ada").mkdir(parents=True)
    chapter = place / "grading/submitted/ada" / CHAPTER
    chapter.symlink_to(place.parent / "real" / CHAPTER)
    return [f"ada/{CHAPTER}"]


def linked_submitted(place):
    (place.parent / "real").mkdir()
    (place / "grading").mkdir()
    (place / "grading/submitted").symlink_to(place.parent / "real")
    return ["submitted (a link)"]


def submitted_away(place):
    (place / "grading").mkdir()
    (place / "grading/submitted").symlink_to(place.parent / "away")
    return ["submitted (a link to what is not there)"]


def linked_grading(place):
    write_whole(place.parent / "real" / "secret", b"real")
    (place / "grading").symlink_to(place.parent / "real")
    return ["In grading/: secret"]


def grading_away(place):
    (place / "grading").symlink_to(place.parent / "away")
    return ["grading is not a folder that can be opened"]


def grading_a_file(place):
    (place / "grading").write_bytes(b"zip")
    return ["grading is not a folder that can be opened"]


def zip_collect(place):
    (place / "grading/zip_collect").mkdir(parents=True)
    return ["zip_collect/ (empty)"]


def archives(place):
    for name in ("a.zip", "b.tar.gz"):
        write_whole(place / "grading" / name, b"PK")
    write_whole(place / "grading/submitted/c.zip", b"PK")
    return ["a.zip, b.tar.gz, submitted/", "CHAPTER.ipynb: c.zip"]


def secret(place):
    write_whole(place / "grading/secret", b"ab" * 32)
    return ["In grading/: secret."]


def hidden(place):
    write_whole(place / "grading/.old/gradebook.db", b"")
    return ["In grading/: .old/."]


def empty_submitted(place):
    (place / "grading/submitted").mkdir(parents=True)
    return ["submitted/ (empty)"]


def students_one_up(place):
    write_whole(place / "grading" / "ada" / FILE, WORK)
    return ["In grading/: ada/."]


def submitted_set_elsewhere(place):
    with (place / "nbgrader_config.py").open("a") as config:
        config.write('c.CourseDirectory.submitted_directory = "handed-in"\n')
    (place / "handed-in" / "zed").mkdir(parents=True)
    return ["no handed-in/STUDENT/CHAPTER.", "In handed-in/: zed/ (empty)."]


LEFT = (
    nested,
    nested_above,
    archived,
    moved,
    linked_student,
    linked_chapter,
    linked_submitted,
    submitted_away,
    linked_grading,
    grading_away,
    grading_a_file,
    zip_collect,
    archives,
    secret,
    hidden,
    empty_submitted,
    students_one_up,
    submitted_set_elsewhere,
)


@pytest.mark.parametrize("left", LEFT, ids=lambda left: left.__name__)
def test_no_sample_class_where_anything_is_left(place, graded, left):
    """What lies there is named and stays as it is, and the command fails."""
    named = left(place)
    before = content(place.parent)

    output, code = run("grade")

    assert code == 1
    for words in named:
        assert words in output
    assert "Here is a sample class" not in output
    assert "rm " not in output
    assert "delete" not in output.lower()
    assert graded == []
    made = {"course/grading"} - set(before)  # by the settings, as ever: a folder
    assert {k: v for k, v in content(place.parent).items() if k not in made} == before


def test_another_chapters_class_is_named(place, graded, release):
    """Who asks for a chapter that nobody handed in is told of those that are."""
    other = "04_adaptive_learning_rates"
    write_whole(place / "notebooks" / other / f"{other}.ipynb", release)
    write_whole(place / "grading" / "submitted" / "ada" / FILE, WORK)

    output, code = run("grade", "--chapter", other)

    assert code == 1
    assert f"there is no grading/submitted/STUDENT/{other}." in output
    assert f"Handed in, and not asked for: ada/{CHAPTER}." in output
    assert graded == []


@pytest.mark.parametrize(
    "where",
    [
        "sample",
        "sample/submitted",
        "sample/submitted/ada",
        f"sample/submitted/ada/{CHAPTER}",
        f"sample/submitted/ada/{FILE}",
        "sample/gradebook.db",
        "sample/secret",
        "sample/README.txt",
        "sample/feedback/ada",
        "sample/report",
    ],
)
@pytest.mark.parametrize("leads", ["to what is real", "nowhere"])
def test_nothing_is_written_through_a_link(place, graded, where, leads):
    """A link is named and refused, wherever it is and whatever it leads to."""
    run("grade")
    link, real = place / where, place.parent / "real"
    if link.is_dir():
        shutil.copytree(link, real)
        shutil.rmtree(link)
    else:
        write_whole(real, link.read_bytes() if link.exists() else b"real")
        link.unlink(missing_ok=True)
    if leads == "nowhere":
        real = place.parent / "away"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(real)
    before = content(place.parent)
    graded.clear()

    output, code = run("grade")

    assert code == 1
    assert f"{where} is a link, and nothing is written through one" in output
    assert content(place.parent) == before
    assert graded == []


@pytest.mark.parametrize("name", ["notes.txt", f"submitted/ada/{FILE}", "marks.csv"])
def test_a_folder_that_is_somebody_elses_is_left_alone(place, graded, name):
    """`sample/` is taken for the sample class's only if it was made as that."""
    write_whole(place / "sample" / name, b"mine")
    before = content(place / "sample")

    output, code = run("grade")

    assert code == 1
    assert "sample/ was not made by this command" in output
    assert name.split("/")[0] in output
    assert content(place / "sample") == before
    assert graded == []


def test_a_file_of_that_name_is_left_alone(place, graded):
    (place / "sample").write_bytes(b"mine")

    output, code = run("grade")

    assert code == 1
    assert "sample is a file" in output
    assert (place / "sample").read_bytes() == b"mine"
    assert graded == []


def test_without_walls_only_our_own_notebooks_run(place, graded, monkeypatch):
    """Somebody's notebook put into the sample class is nobody's but theirs."""
    monkeypatch.setattr(boxes, "why_not", lambda box: "it is not installed")
    assert run("grade")[1] == 0
    assert graded[-1][1][3].box == boxes.NONE
    write_whole(place / "sample" / "submitted" / ".DS_Store", b"")
    assert run("grade")[1] == 0
    count = len(graded)

    write_whole(place / "sample" / "submitted" / "zed" / FILE, WORK)
    output, code = run("grade")

    assert code == 1
    assert "cannot be walled off" in output
    assert len(graded) == count


def test_nobody_is_told_to_delete_a_class():
    """No document, message or comment has a command that removes `grading/`."""
    texts = [*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "nbgrader_config.py"]
    texts += (ROOT / "autograder").rglob("*.py")
    pattern = re.compile(r"rm -r\w* \S*grading|(?:delete|remove) `?grading/?\b(?!/\w)")

    assert [path for path in texts if pattern.search(path.read_text("utf-8"))] == []
