"""A release that is not what the exercises make stops grading before it begins."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.course import NotACourse, load_course
from autograder.exercises import CHAPTERS
from autograder.gradebook.nbgrader_stages import prepare
from autograder.grading.released import refuse_outdated_releases
from autograder.writing import write_whole

CHAPTER = "03_momentum"
CHECK = "momentum_step_check"


def other_points(cells):
    _cell(cells, CHECK)["metadata"]["nbgrader"]["points"] = 7


def no_check(cells):
    cells.remove(_cell(cells, CHECK))


def no_mark(cells):
    _cell(cells, "momentum_why")["metadata"]["nbgrader"]["grade"] = False


def another_check(cells):
    cells.append(json.loads(json.dumps(_cell(cells, CHECK)).replace(CHECK, "old")))


def no_metadata(cells):
    del cells[0]["metadata"]


def _cell(cells, name):
    return next(
        c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == name
    )


CHANGES = {
    other_points: "momentum_step_check is worth 7 there and 2 in the course",
    no_check: "it has no cell momentum_step_check that gives points",
    no_mark: "it has no cell momentum_why that gives points",
    another_check: "it has a cell old, which is no exercise's now",
    no_metadata: "it is no notebook",
}


@pytest.fixture
def change(root, tmp_path, monkeypatch):
    """``change(how)`` is a course in this folder whose release is changed so."""

    def changed(how, source=True):
        released = root / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
        tree = json.loads(released.read_bytes())
        how(tree["cells"])
        shutil.copy(root / "nbgrader_config.py", tmp_path)
        path = tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
        write_whole(path, json.dumps(tree).encode())
        if source:
            write_whole(tmp_path / "solutions" / CHAPTER / f"{CHAPTER}.py", b"")
        monkeypatch.chdir(tmp_path)
        return load_course(tmp_path)

    return changed


def test_every_release_of_this_course_is_what_its_exercises_make(root):
    course = load_course(root)

    assert len(course.releases) == len(CHAPTERS)
    refuse_outdated_releases(course)


@pytest.mark.parametrize(("how", "told"), CHANGES.items(), ids=lambda x: str(x)[:22])
def test_what_differs_is_told_with_the_chapter_and_what_to_type(change, how, told):
    course = change(how)

    with pytest.raises(NotACourse) as refused:
        refuse_outdated_releases(course)

    assert str(refused.value) == (
        f"The released notebook of {CHAPTER} is not what the course makes now: "
        f"{told}.\nNothing is graded: type `make build`, then grade again."
    )


def test_of_many_differences_three_are_told(change):
    course = change(lambda cells: cells.clear())
    chapter = course.chapter(CHAPTER)
    count = len(chapter.exercises) + len(chapter.written) - 3

    with pytest.raises(NotACourse, match=f"; {count} more\\."):
        refuse_outdated_releases(course)


@pytest.mark.parametrize("how", [other_points, no_check], ids=lambda how: how.__name__)
def test_without_a_source_a_cell_that_is_there_has_to_fit(change, how):
    """As where only the release was copied: a check lacks only if its stub is there."""
    with pytest.raises(NotACourse, match=CHANGES[how]):
        refuse_outdated_releases(change(how, source=False))


def test_without_a_source_a_release_may_ask_for_less(change):
    def one_exercise(cells):
        del cells[cells.index(_cell(cells, CHECK)) + 1 :]

    refuse_outdated_releases(change(one_exercise, source=False))


@pytest.mark.skipif(os.name != "posix", reason="grading needs forks")
@pytest.mark.parametrize("handed_in", [True, False], ids=["a class", "nobody"])
def test_nothing_is_written_before_the_command_says_so(change, handed_in, tmp_path):
    """No secret, no gradebook, no sample class: what was handed in, and the lock."""
    change(other_points)
    folder = tmp_path / "grading" / "submitted"
    if handed_in:
        write_whole(folder / "ada" / CHAPTER / f"{CHAPTER}.ipynb", b'{"cells": []}')
    before = sorted(tmp_path.rglob("*"))

    done = CliRunner().invoke(main, ["grade", "--chapter", CHAPTER])

    assert done.exit_code == 1
    assert "type `make build`" in done.output
    after = [path for path in sorted(tmp_path.rglob("*")) if path.name != ".lock"]
    assert after == before


def test_nbgraders_own_command_refuses_it_too(change):
    change(no_check)

    with pytest.raises(NotACourse, match="it has no cell momentum_step_check"):
        prepare(CHAPTER, "ada", [f"grading/submitted/ada/{CHAPTER}/{CHAPTER}.ipynb"])


def test_no_zip_for_gradescope_is_made_of_it(change):
    change(other_points)
    write_whole(load_course(".").grading / "secret", b"00" * 32)

    done = CliRunner().invoke(main, ["export", "gradescope", "--chapter", CHAPTER])

    assert done.exit_code == 1
    assert "momentum_step_check is worth 7 there" in done.output
