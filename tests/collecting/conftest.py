"""A course with the real releases and empty folders, and notebooks for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.collecting.collect import collect
from autograder.course import Course
from autograder.exports.roster_file import read_roster
from benchmarks.class_archives import CHAPTER, solve

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def releases():
    """All released notebooks."""
    paths = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
    return {path.stem: path.read_bytes() for path in paths if "_" in path.stem}


@pytest.fixture(scope="session")
def release(releases):
    """The released notebook of the chapter."""
    return releases[CHAPTER]


@pytest.fixture(scope="session")
def other(releases):
    """Work on another chapter."""
    return solve(releases["04_adaptive_learning_rates"], "other")


@pytest.fixture(scope="session")
def work(release):
    """Somebody's work on the chapter."""
    return solve(release, "work")


@pytest.fixture
def course(tmp_path, releases):
    """A course in which nobody has handed in."""
    grading = tmp_path / "course" / "grading"
    grading.mkdir(parents=True)
    return Course(
        root=grading.parent,
        name="tests",
        releases=releases,
        grading=grading,
        submitted=grading / "submitted",
        autograded=grading / "autograded",
        feedback=grading / "feedback",
        db_url="sqlite://",
    )


class Collecting:
    """Writes files, collects them, and looks at what came of it."""

    def __init__(self, course, folder):
        self.course, self.folder, self._count = course, folder, 0

    def given(self, files):
        """A folder with these files."""
        self._count += 1
        top = self.folder / f"given{self._count}"
        for name, data in files.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return top

    def __call__(self, files, roster=None, **how):
        """Collect a folder with `files`, or an archive at a path."""
        source = self.given(files) if isinstance(files, dict) else files
        if isinstance(roster, str):
            path = self.folder / "roster.csv"
            path.write_text(roster, encoding="utf-8")
            roster = read_roster(path)
        return collect(self.course, [source], roster=roster, **how)

    def graded(self, student, chapter=CHAPTER):
        """What lies where grading looks, None if nothing does."""
        path = self.course.submitted / student / chapter / f"{chapter}.ipynb"
        return path.read_bytes() if path.exists() else None

    def stamp(self, student, chapter=CHAPTER):
        """The time that stands beside it."""
        path = self.course.submitted / student / chapter / "timestamp.txt"
        return path.read_text().strip() if path.exists() else None

    def earlier(self, student, chapter=CHAPTER):
        """All that is kept of this student."""
        folder = self.course.grading / "earlier" / student / chapter
        return [path.read_bytes() for path in sorted(folder.glob("*"))]

    def everything(self):
        """Each path below grading/, with its bytes and times."""
        found = {}
        for path in self.course.grading.rglob("*"):
            status = os.lstat(path)
            data = path.read_bytes() if path.is_file() else None
            found[str(path)] = (status.st_mtime_ns, status.st_mode, data)
        return found


@pytest.fixture
def collected(course, tmp_path):
    """Collects, and looks at what came of it."""
    return Collecting(course, tmp_path)
