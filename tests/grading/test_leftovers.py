"""What keeps a right answer from running is said, and is no zero where it is ours."""

from __future__ import annotations

import sys

import pytest

from autograder.checking.judging import Verdict
from autograder.checking.message import Message
from autograder.grading.leftovers import with_reason
from autograder.grading.newer_syntax import newer_syntax
from autograder.submissions.preparation import without_preparation

OLD = (3, 11)

NEWER = {
    "quotes in an f-string": ('note = f"{d["v"]}"', "3.12"),
    "nested f-strings": ('x = f"{f"{f"{1}"}"}"', "3.12"),
    "a backslash": ('x = f"{"\\n".join(a)}"', "3.12"),
    "a comment": ('x = f"{\n  1  # one\n}"', "3.12"),
    "format and conversion": ('x = f"{d["v"]!r:>{w["a"]}}"', "3.12"),
    "a generic function": ("def f[T](x: T) -> T:\n    return x", "3.12"),
    "a generic class": ("class A[T: int]:\n    pass", "3.12"),
    "a type": ("type X[T] = list[T]", "3.12"),
    "a template": ('x = t"{1}"', "3.14"),
    "except without brackets": ("try:\n    pass\nexcept A, B:\n    pass", "3.14"),
    "two of them": ('def f[T](x):\n    return t"{x["a"]}"', "3.14"),
}
BROKEN = {
    "no bracket": "def f(:\n    pass",
    "an f-string beside it": 'x = f"{d["v"]}"\ny = (1',
    "no end": 'x = f"{d["v"}"',
    "no colon": "if x\n    pass",
    "deep": 'f"{' * 4000,
    "many signs": 'f"{' + "a:" * 9000 + '}"',
    "not broken": "x = 1",
}

old = pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python reads it")


@old
@pytest.mark.parametrize(("source", "needed"), NEWER.values(), ids=NEWER)
def test_syntax_of_a_newer_python_is_told_from_a_mistake(source, needed):
    assert newer_syntax(source, OLD) == needed


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_no_newer_python(source):
    """However long or deep: that takes no time worth mentioning."""
    assert newer_syntax(source, OLD) is None


def verdict(code: str) -> Verdict:
    message = Message("TITLE", "f", ("As it was.",))
    return Verdict("f", "03_momentum", code, 0.0, 2, (), message)


@old
def test_newer_code_waits_for_a_person():
    found = with_reason(verdict("not-defined"), 'def f(d):\n    return f"{d["v"]}"')

    assert found.code == "newer-python"
    assert "written for Python 3.12" in found.message.text()


STUB = 'def f(x):\n    raise NotImplementedError("not written yet")\n'


def test_a_raise_above_the_code_is_told():
    found = with_reason(verdict("not-written"), STUB + "    y = 2 * x\n    return y\n")

    told = " ".join(found.message.text().split())
    assert "still stands in `f` above your code" in told
    assert "Delete that line" in told


@pytest.mark.parametrize(
    "source",
    [STUB, STUB + "\n\nx = f(3)\n", "def f(x):\n    if x:\n        raise ValueError\n"],
)
def test_a_stub_is_not_written_yet(source):
    assert with_reason(verdict("not-written"), source) == verdict("not-written")


LEFT_OUT = [
    "!pip install torch",
    "%pip install -q scipy",
    "%conda install numpy",
    "%load_ext nb_black",
    "%matplotlib widget",
    "from google.colab import drive",
    "    !ls",
]


def run_cell(source: str) -> dict:
    """Run a cell's text; gives its names."""
    scope: dict = {}
    exec(compile(source, "cell", "exec"), scope)  # noqa: S102 -- the text is ours
    return scope


@pytest.mark.parametrize("line", LEFT_OUT)
def test_a_line_that_prepares_a_machine_is_left_out_and_said(line, capsys):
    """The rest of the cell stays, in its lines."""
    source = f"if True:\n    x = 1\n{line}\n"

    plain = without_preparation(source)

    assert plain.count("\n") == source.count("\n")
    run_cell(plain)
    assert capsys.readouterr().out == f"Left out while grading: {line.strip()}\n"


def test_a_name_that_a_command_gives_is_an_empty_list():
    assert run_cell(without_preparation("files = !ls"))["files"] == []


@pytest.mark.parametrize(
    "source", ["x = 7 % pip", 's = """\n!pip\n"""', "y = x != 3", "import numpy as np"]
)
def test_python_stays_as_it_is(source):
    assert without_preparation(source) == source
