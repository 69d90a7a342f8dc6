"""What student code can read of this package: whole rooms, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import autograder
from autograder.language import ENGLISH, languages
from autograder.sandbox.readable import NotSeparate, stage

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links to libraries")

PACKAGE = Path(autograder.__file__).parent
ROOMS = ("calling/", "checking/", "diagnosis/", "lab/", "sandbox/inside/")
"""Folders that student code can read, each as a whole."""
FILES = {"__init__.py", "language.py", "limits.py", "sandbox/__init__.py"}
FILES |= {f"exercises/{m}.py" for m in "__init__ observations recognition spec".split()}
"""And files: of the exercises, what says how answers are judged, and no exercise."""
SAID = {
    f"locale/{language}/{room}.mo"
    for language in languages()
    for room in ("calling", "checking", "diagnosis", "lab")
    if language != ENGLISH
}
"""And what these rooms say in other languages: no hint is among it."""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """What a box shows, and the folder of what was copied for it."""
    folder = tmp_path_factory.mktemp("library")
    try:
        return stage(folder / "library"), folder / "library" / "package" / "autograder"
    except NotSeparate as error:
        pytest.skip(str(error))


def files(folder):
    """Names of all files in a folder, without what Python keeps."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_whatever_student_code_can_read_lies_in_a_room_that_it_may_read(library):
    """So nothing secret is among it that nobody put into such a room."""
    copied = files(library[1])
    in_rooms = {name for name in copied if name.startswith(ROOMS)}

    assert copied - in_rooms == FILES | SAID


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_that_student_code_can_read_is_there_whole(library, room):
    """No list says which of its modules are copied: the folder is the list."""
    modules = {name for name in files(PACKAGE / room) if name.endswith(".py")}

    assert modules
    assert modules <= files(library[1] / room)


def test_nothing_of_this_package_is_readable_where_it_is_installed(library):
    """Only the copy is: neither the package's folder nor one that holds it."""
    for place in library[0].readable:
        if Path(place).is_relative_to(library[1].parents[1]):
            continue
        assert not PACKAGE.is_relative_to(Path(place).resolve()), place
        assert not Path(place).resolve().is_relative_to(PACKAGE), place
