"""A run that is killed goes on where it was, and nobody can tell afterwards.

With ``AUTOGRADER_CLASS=200 AUTOGRADER_KILLS=10`` the class and the number of
kills are as large as a hasty evening's.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path

import psutil
import pytest

from autograder.cli.grade import UNSETTLED
from autograder.course import load_course
from autograder.exercises import CHAPTERS
from autograder.sample.sample_class import make_sample_class
from autograder.sandbox.boxes import NoBox, choose_box
from autograder.writing import write_whole
from tests.helpers.gradebook_content import content

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="kills and looks into /proc"),
    pytest.mark.timeout(1800),
]

CHAPTER = "03_momentum"
SLOW = ("endless", "sleeps", "for ever")
N_STUDENTS = int(os.environ.get("AUTOGRADER_CLASS", "10"))
N_KILLS = int(os.environ.get("AUTOGRADER_KILLS", "2"))


def make_course(root: Path, here: Path, n_students: int):
    """A course whose students handed in what the sample class has, slow ones aside."""
    shutil.copy(here / "nbgrader_config.py", root)
    released = Path("notebooks", CHAPTER, f"{CHAPTER}.ipynb")
    write_whole(root / released, (here / released).read_bytes())
    course = load_course(root)
    chapter = next(c for c in CHAPTERS if c.name == CHAPTER)
    students = [
        student
        for student in make_sample_class(course.releases[CHAPTER], chapter)
        if "timed-out" not in student.fixed.values()
    ]
    for i, student in enumerate(islice(cycle(students), n_students)):
        folder = course.submitted / f"{student.name}-{i:03}" / CHAPTER
        write_whole(folder / f"{CHAPTER}.ipynb", student.data)
    write_whole(course.grading / "secret", (bytes(range(32)).hex() + "\n").encode())
    return course


def start(root: Path) -> subprocess.Popen:
    # With the box that works there: not every one may enter this folder.
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", "--jobs", "2"],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(root / "tmp")},
    )


def n_results(root: Path) -> int:
    return len(list((root / "grading" / "results").rglob("*.json")))


def left_alive(root: Path) -> list[psutil.Process]:
    """Processes whose command line or folder is below `root`."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(root) in " ".join(process.cmdline()) or process.cwd().startswith(
                str(root)
            ):
                found.append(process)
        except (psutil.Error, OSError):
            pass
    return found


def everything(course) -> dict[str, object]:
    """Whatever a run leaves behind, but for times and the order of work."""
    files = {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for path in sorted(course.root.rglob("*"))
        if path.is_file()
        and path.suffix not in (".db", ".log", ".part")
        and "tmp" not in path.relative_to(course.root).parts
    }
    return {"files": files, "gradebook": content(course.db_url)}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, root):
    """What a run leaves that nobody disturbs."""
    try:
        choose_box()
    except NoBox as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "tmp").mkdir()
    course = make_course(folder, root, N_STUDENTS)
    run = start(folder)
    _, said = run.communicate()
    assert run.returncode == UNSETTLED, said.decode()
    return everything(course)


def test_a_run_that_is_killed_again_and_again_ends_the_same(
    undisturbed, tmp_path, root
):
    """SIGKILL to the run alone, as the system does when memory is short."""
    (tmp_path / "tmp").mkdir()
    course = make_course(tmp_path, root, N_STUDENTS)
    chance = random.Random(N_KILLS)
    for nth in range(1, N_KILLS + 1):
        enough = nth * N_STUDENTS // (N_KILLS + 1)
        run = start(tmp_path)
        while n_results(tmp_path) < enough and run.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.random() / 2)
        before = n_results(tmp_path)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert n_results(tmp_path) >= before >= enough
        end = time.monotonic() + 60
        while left_alive(tmp_path):
            assert time.monotonic() < end, left_alive(tmp_path)
            time.sleep(0.05)

    run = start(tmp_path)
    _, said = run.communicate()

    assert run.returncode == UNSETTLED, said.decode()
    assert everything(course) == undisturbed
    assert left_alive(tmp_path) == []


def test_a_second_run_grades_nothing(tmp_path, root, monkeypatch):
    """And leaves everything as it was."""
    from autograder.classroom import grade_class as classes

    course = make_course(tmp_path, root, 2)
    first = classes.grade_class(course)
    before = everything(course)

    def refuse(*_, **__):
        raise AssertionError("graded again")

    monkeypatch.setattr(classes, "grade_all", refuse)

    assert classes.grade_class(course).rows == first.rows
    assert everything(course) == before

    with pytest.raises(AssertionError, match="graded again"):
        classes.grade_class(course, again=True)
