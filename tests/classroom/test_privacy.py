"""Marks and solutions are their owner's; where they are not, that is told."""

from __future__ import annotations

import os
import shutil
import stat

import pytest
from click.testing import CliRunner

from autograder.classroom import privacy
from autograder.classroom.privacy import find_open_folders, told_if_open
from autograder.cli import main
from autograder.course import load_course
from autograder.writing import write_whole

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")

CHAPTER = "03_momentum"


@pytest.fixture
def everybodys(tmp_path):
    """Whose new files all can read, in a folder that all can get to."""
    before = os.umask(0o022)
    changed = []
    for folder in (tmp_path, *tmp_path.parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            changed.append((folder, stat.S_IMODE(mode)))
            folder.chmod(mode | 0o011)
    yield tmp_path
    os.umask(before)
    for folder, mode in changed:
        folder.chmod(mode)


def test_all_that_grading_makes_is_its_owners_alone(
    everybodys, root, release, monkeypatch
):
    """Gradebook, marks, report, results; pages and notebooks behind shut folders.

    These keep nbgrader's mode, which its exchange copies for students to read.
    """
    shutil.copy(root / "nbgrader_config.py", everybodys)
    write_whole(everybodys / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    course = load_course(everybodys)
    handed_in = course.submitted / "ada" / CHAPTER / f"{CHAPTER}.ipynb"
    write_whole(handed_in, b"no notebook")
    ours = {handed_in, *handed_in.parents}

    monkeypatch.chdir(everybodys)
    commands = (["grade", "--box", "none"], ["report"], ["export", "nbgrader"])
    codes = [CliRunner().invoke(main, command).exit_code for command in commands]
    made = {path for path in course.grading.rglob("*") if path not in ours}

    assert codes == [3, 0, 0]
    assert stat.S_IMODE(course.grading.stat().st_mode) == 0o700
    assert {"gradebook.db", "marks.csv", "report.html", "nbgrader.csv"} <= {
        path.name for path in made
    }
    assert (course.feedback / "ada" / CHAPTER / f"{CHAPTER}.html").is_file()
    for path in made:
        mode = stat.S_IMODE(path.stat().st_mode)
        nbgraders = {course.autograded, course.feedback} & set(path.parents)
        if path.is_dir():
            assert mode == 0o700, path
        elif not nbgraders:
            assert mode == 0o600, path


@pytest.mark.parametrize("mode", [0o755, 0o711, 0o702])
def test_a_folder_that_others_can_look_into_is_told(everybodys, mode):
    (everybodys / "grading").mkdir(mode=0o700)
    (everybodys / "solutions").mkdir()
    (everybodys / "solutions").chmod(mode)

    assert told_if_open(everybodys) == (
        "Other users of this machine can look into solutions/: chmod go= solutions"
    )
    grading, solutions = find_open_folders(everybodys)
    assert grading.ok
    assert not solutions.ok
    assert solutions.remedy == "chmod go= solutions"
    assert stat.S_IMODE((everybodys / "solutions").stat().st_mode) == mode


def test_what_it_says_to_type_shuts_them(everybodys):
    for name in privacy.PRIVATE:
        (everybodys / name).mkdir()
    told = told_if_open(everybodys)
    assert "into grading/ and solutions/: " in told

    command = told.rpartition(": ")[2].split()
    assert command[:2] == ["chmod", "go="]
    for name in command[2:]:
        (everybodys / name).chmod(0o700)

    assert told_if_open(everybodys) == ""


def test_behind_a_folder_that_is_shut_nothing_is_told(everybodys):
    """A home that nobody else can enter."""
    root = everybodys / "home" / "course"
    (root / "grading").mkdir(parents=True)
    assert told_if_open(root)

    (everybodys / "home").chmod(0o700)

    assert told_if_open(root) == ""


@pytest.mark.parametrize(("own", "told"), [(True, False), (False, True)])
def test_a_group_that_is_shared_counts_and_ones_own_does_not(
    everybodys, monkeypatch, own, told
):
    (everybodys / "grading").mkdir()
    (everybodys / "grading").chmod(0o750)
    state = os.stat_result

    class Folder:
        """A folder's state in which the group is one's own, or another."""

        def __init__(self, real: state):
            self.st_mode, self.st_uid = real.st_mode, 1000
            self.st_gid = 1000 if own else 100

    real = privacy.Path.stat
    monkeypatch.setattr(privacy.Path, "stat", lambda self, **_: Folder(real(self)))
    monkeypatch.setattr(privacy.Path, "is_dir", lambda self: self.name == "grading")

    assert bool(told_if_open(everybodys)) is told
