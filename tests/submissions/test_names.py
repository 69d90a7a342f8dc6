"""Whatever people are called is a name; what systems leave behind is nobody's."""

from __future__ import annotations

import unicodedata

import pytest

from autograder.submissions.names import (
    composed,
    is_harmless,
    is_student_name,
    why_no_name,
)

PEOPLE = [
    "ada",
    "Ada Lovelace",
    "müller",
    "a.b-c_d",
    "o'neil",
    "Zoë Núñez",
    "प्रिया शर्मा",
    "Siobhán O’Neil",
    "ada+hw@uni.example",
    "Ada Lovelace (4711)",
    "Lovelace, Ada",
    "Gemma Pagès Col·lell",
    "Jean‐Luc Pón–Díaz",
    "'t Hooft",
    "Nguyễn Thị Hương",
    "Ḥasan ʿAlī",
    "ዘነበ ወላ",
    "นภา ศรีสุข",
    "محمد علی‌پور",
    "李小龍",
    "Smith & Jones",
    "Martin Luther King Jr",
    "@da",
    "00123",
]


@pytest.mark.parametrize("name", PEOPLE)
def test_names_that_people_have(name):
    assert why_no_name(name) is None


@pytest.mark.parametrize("name", ["Zoë", "Núñez", "Nguyễn Thị", "한글"])
def test_letters_and_marks_are_one_name_in_one_piece(name):
    """A Mac writes é in two: that is the same person."""
    apart = unicodedata.normalize("NFD", name)

    assert apart != name
    assert composed(apart) == composed(name) == name
    assert is_student_name(composed(apart))


NOBODY = {
    "": "is empty",
    "=cmd": "begins with '=', U+003D EQUALS SIGN",
    "-rf": "begins with '-', U+002D HYPHEN-MINUS",
    ".hidden": "begins with '.'",
    "a/b": "has '/', U+002F SOLIDUS in it",
    "a*": "has '*', U+002A ASTERISK in it",
    "a[b]": "has '[', U+005B LEFT SQUARE BRACKET in it",
    "a\nb": "has U+000A in it",
    "a\u202eb": "has U+202E RIGHT-TO-LEFT OVERRIDE in it",
    "a\u00a0b": "has U+00A0 NO-BREAK SPACE in it",
    "ada 😀": "has '😀', U+1F600 GRINNING FACE in it",
    "a|b": "has '|'",
    "a.": "ends with '.'",
    "a ": "ends with U+0020 SPACE",
    "x" * 200: "is longer than 100 characters",
    "ा" + "x": "begins with",
}


@pytest.mark.parametrize(("name", "says"), NOBODY.items(), ids=map(ascii, NOBODY))
def test_what_is_no_name_says_which_character(name, says):
    """Names that mean something to a program, or that nobody can see."""
    assert says in why_no_name(name)
    assert not is_student_name(name)


LEFT_BEHIND = [
    "__MACOSX",
    "@eaDir",
    "#recycle",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    "lost+found",
    ".ipynb_checkpoints",
    ".git",
    "._03_momentum.ipynb",
    ".~lock.notes.odt#",
    "~$notes.docx",
    "$RECYCLE.BIN",
    "System Volume Information",
    "__pycache__",
    "Icon\r",
    "03_momentum.ipynb~",
    ".Trash-1000",
    ".nfs00000123",
]


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_what_systems_leave_behind_is_harmless(name):
    assert is_harmless(name)


@pytest.mark.parametrize(
    "name", ["ada", "03_momentum.ipynb", ".ipynb", ".work.ipynb", "notes.txt", "x.zip"]
)
def test_what_may_be_work_is_not(name):
    """A notebook that lost its name is hidden, and still somebody's."""
    assert not is_harmless(name)
