"""Building a course: what is written, when, and what is refused."""

from __future__ import annotations

import ast
import os

import nbformat
import pytest

from autograder.authoring.errors import BuildError, SourceError
from autograder.authoring.products import build
from autograder.authoring.release import load_config, make_release


@pytest.fixture
def build_tiny(course):
    def build_it(*names, check=False):
        return build(course.root, names or None, check=check, course=[course.chapter])

    return build_it


def _files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_build_writes_the_two_notebooks_and_nothing_else(course, build_tiny):
    """No gradebook, no log, no other folder."""
    before = _files(course.root)

    written = [str(difference) for difference in build_tiny()]

    assert written == [
        "solutions/05_tiny/05_tiny.ipynb: new",
        "notebooks/05_tiny/05_tiny.ipynb: new",
    ]
    assert set(_files(course.root)) - set(before) == {
        "solutions/05_tiny/05_tiny.ipynb",
        "notebooks/05_tiny/05_tiny.ipynb",
    }


def test_a_second_build_touches_nothing(course, build_tiny):
    """Same bytes; not even the time of a file changes."""
    build_tiny()
    for path in (course.solution, course.release):
        os.utime(path, (1, 1))
    before = _files(course.root)

    assert build_tiny() == []
    assert _files(course.root) == before
    assert course.release.stat().st_mtime == 1


def test_bytes_are_made_from_the_source_alone(course, build_tiny):
    """Built from nothing, over old files or twice, the same bytes come."""
    build_tiny()
    first = _files(course.root)
    course.release.unlink()
    course.solution.write_text("{}")
    course.source.with_name("notes.txt").write_text("not for learners")

    build_tiny()
    again = _files(course.root)
    again.pop("solutions/05_tiny/notes.txt")

    assert again == first
    assert b"\r" not in first["notebooks/05_tiny/05_tiny.ipynb"]


def test_a_learner_gets_stubs(course, build_tiny):
    """Signature, docstring, and an error that says what is left to do."""
    build_tiny()
    cells = {cell.id: cell for cell in nbformat.read(course.release, 4).cells}
    function = ast.parse(cells["blend"].source).body[-1]

    assert [ast.unparse(line) for line in function.body[1:]] == [
        "raise NotImplementedError('not written yet')"
    ]
    assert ast.unparse(function.args) == "a, b, weight=0.5"
    assert cells["blend"].source.startswith("LIMITS = (0, 1)")
    assert cells["blend_why"].source == "YOUR ANSWER HERE"
    assert cells["blend_check"].metadata.editable is False


def test_nbgrader_is_silent(build_tiny, capfd, caplog):
    """A build says what changed; nbgrader's messages are for when it fails."""
    build_tiny()
    build_tiny()

    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_nbgrader_needs_no_program_on_the_path(build_tiny, monkeypatch):
    """A virtual environment works without being activated."""
    monkeypatch.setenv("PATH", "")

    assert len(build_tiny()) == 2


def test_a_check_writes_nothing_and_shows_what_differs(course, build_tiny):
    build_tiny()
    course.replace("How far apart are the ends?", "How wide is it?")
    before = _files(course.root)

    differences = build_tiny(check=True)

    assert _files(course.root) == before
    assert [str(difference) for difference in differences] == [
        "solutions/05_tiny/05_tiny.ipynb: changed",
        "notebooks/05_tiny/05_tiny.ipynb: changed",
    ]
    for difference in differences:
        assert '-    "How far apart are the ends?"' in difference.hint
        assert '+    "How wide is it?"' in difference.hint
    assert [d.path for d in build_tiny()] == [d.path for d in differences]
    assert build_tiny(check=True) == []


def test_a_hint_is_short(course, build_tiny):
    """Of a long difference the beginning is shown, and how much more there is."""
    build_tiny()
    course.release.write_text('{"cells": []}\n')

    (difference,) = build_tiny(check=True)

    lines = difference.hint.splitlines()
    assert len(lines) == 13
    assert lines[-1].startswith("… ")


def test_what_nothing_makes_is_named_and_left(course, build_tiny):
    """A file beside the release is somebody's; the build only points to it."""
    build_tiny()
    stray = course.release.with_name("answers.txt")
    stray.write_text("42")
    course.release.parent.joinpath(".ipynb_checkpoints").mkdir()
    course.release.parent.joinpath(".ipynb_checkpoints", "x.ipynb").write_text("")

    for check in (True, False):
        (difference,) = build_tiny(check=check)
        assert str(difference) == "notebooks/05_tiny/answers.txt: left over"
    assert stray.exists()


def test_a_chapter_by_name(build_tiny):
    assert len(build_tiny("05_tiny")) == 2
    with pytest.raises(BuildError, match=r"no chapter 06_other\.\nKnown: 05_tiny"):
        build_tiny("06_other")


def test_a_chapter_without_source_is_passed_over_unless_it_is_named(course, build_tiny):
    """The registry may be ahead of the texts."""
    course.source.unlink()

    assert build_tiny() == []
    with pytest.raises(BuildError, match="has no source"):
        build_tiny("05_tiny")


def test_a_folder_that_the_registry_does_not_know_is_refused(course, build_tiny):
    """Or its text would never be built."""
    stray = course.root / "solutions" / "06_other" / "06_other.py"
    stray.parent.mkdir()
    assert len(build_tiny()) == 2  # Git keeps no empty folder
    stray.write_text("")

    with pytest.raises(SourceError, match="The registry has no chapter 06_other") as e:
        build_tiny()
    assert e.value.path.as_posix() == "solutions/06_other/06_other.py"
    assert build_tiny("05_tiny") == []


def test_outside_a_course_nothing_is_built(tmp_path):
    with pytest.raises(BuildError, match=r"no nbgrader_config\.py"):
        build(tmp_path)


def test_a_wrong_source_leaves_the_notebooks_as_they_are(course, build_tiny):
    """The message names the file as one opens it from the course's folder."""
    build_tiny()
    before = _files(course.root / "notebooks")
    course.replace("def spread(x):", "def spread(y):")

    with pytest.raises(SourceError, match=r"^solutions/05_tiny/05_tiny\.py:\d+: The"):
        build_tiny()
    assert _files(course.root / "notebooks") == before


def test_somebodys_answers_are_not_overwritten(course, build_tiny):
    """Who learns in the course's own folder and then builds keeps the work."""
    build_tiny()
    notebook = nbformat.read(course.release, 4)
    (cell,) = [c for c in notebook.cells if "def spread(" in c.source]
    cell.source = "def spread(x):\n    return max(x) - min(x)"
    nbformat.write(notebook, course.release)
    before = _files(course.root)

    with pytest.raises(BuildError, match=r"holds answers.*: spread"):
        build_tiny()
    assert _files(course.root) == before
    assert [str(d) for d in build_tiny(check=True)] == [
        "notebooks/05_tiny/05_tiny.ipynb: changed"
    ]


def test_a_source_that_is_not_utf8_is_refused(course, build_tiny):
    text = course.source.read_bytes()
    course.source.write_bytes(text.replace(b"the end", b"the end \xff"))

    with pytest.raises(SourceError, match="not UTF-8") as refused:
        build_tiny()
    assert refused.value.place == str(text[: text.index(b"the end")].count(b"\n") + 1)


def test_an_answer_in_a_given_cell_stops_the_build(course, build_tiny):
    """What would leak is never written."""
    course.replace(
        'print("the end")', "a, b, weight = 1.0, 2.0, 0.2\nprint(b + weight * (a - b))"
    )

    with pytest.raises(BuildError, match="gives answers away") as refused:
        build_tiny()
    assert "the answer of blend is there" in str(refused.value)
    assert not course.release.exists()


def test_nbgraders_reason_is_shown_when_it_fails(course):
    """One line that says why, not forty of traceback."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "### BEGIN SOLUTION\nx = 1",
                metadata={
                    "nbgrader": {
                        "grade": False,
                        "grade_id": "x",
                        "locked": False,
                        "schema_version": 3,
                        "solution": True,
                        "task": False,
                    }
                },
            )
        ]
    )
    solution = nbformat.writes(notebook).encode()

    with pytest.raises(BuildError) as refused:
        make_release(solution, "05_tiny", load_config(course.root))
    assert "could not make the release of 05_tiny" in str(refused.value)
    assert "no end solution statement found" in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 5
