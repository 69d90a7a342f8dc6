"""What a cell binds, told from its text."""

from __future__ import annotations

import json

import pytest

from autograder.submissions.bindings import binds, hidden_in, is_stub
from autograder.submissions.graft import graft
from autograder.submissions.notebook import parse_notebook

BINDING = [
    "def f(x): pass",
    "if True:\n    def f(x): pass",
    "async def f(x): pass",
    "def f[T](x: T): pass",
    "class f: pass",
    "f = g",
    "f: object = g",
    "a = f = g",
    "f, a = g, 1",
    "a, f = 1, g",
    "(a, f) = 1, g",
    "import f",
    "import a as f",
    "from a import f",
    "from a import b, f",
    "from a import (\n    b,\n    f,\n)",
    "%time\nf = g",
]
NOT_BINDING = [
    "",
    "f(x)",
    "f == g",
    "print(f)",
    "g(f=1)",
    "a = f",
    "a.f = 1",
    "if f: pass",
    "# def f",
    "fun = 1",
    "from f import a",
    "assert f",
]
STUB = 'def f(x):\n    """Doc."""\n    raise NotImplementedError("not written yet")\n'


@pytest.mark.parametrize("source", BINDING)
def test_what_binds_a_name(source):
    assert binds(source, "f")


@pytest.mark.parametrize("source", NOT_BINDING)
def test_what_does_not(source):
    assert not binds(source, "f")


@pytest.mark.parametrize(
    ("source", "stub"),
    [
        (STUB, True),
        ("\n" + STUB, True),
        ("def f(x):\n    raise NotImplementedError", True),
        (STUB.replace("raise", "return x\n    raise"), False),
        (STUB + "\n\nf = 1", False),
        (STUB.replace("NotImplementedError", "ValueError"), False),
        (STUB.replace("def f", "def g"), False),
        ("def f(:", False),
        ("", False),
    ],
)
def test_a_stub_is_what_was_released(source, stub):
    assert is_stub(source, "f") is stub


def test_where_a_function_is_hidden():
    method = "class A:\n    def f(self): pass"
    inner = "def outer():\n    def f(): pass"

    assert hidden_in([method], "f") == ("class", "A")
    assert hidden_in([inner], "f") == ("function", "outer")
    assert hidden_in(["def f(): pass", "f("], "f") is None


def code(source):
    return {"cell_type": "code", "source": source, "metadata": {}}


HOSTILE = {
    "a name again and again": [code("momentum_step " * 70_000)] * 30,
    "one long line": [code("x," * 500_000 + "momentum_step")] * 30,
    "long stubs": [
        code(f'def momentum_step():\n    """{"a = 1 " * 900}"""\n    raise X')
    ]
    * 1000,
    "open imports": [code("from x import (\n" * 60_000 + "momentum_step")] * 20,
    "brackets": [code("raise NotImplementedError" + "(" * 5000)] * 300,
    "signs": [code("def momentum_step():\n    x = " + "-" * 19_000 + "1")] * 300,
    "raw cells": [
        {"cell_type": "raw", "source": "momentum_step = 1\n" * 20_000, "metadata": {}}
    ]
    * 60,
    "comments": [code("# x\n" * 200_000)] * 30,
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("cells", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_looked_at_in_bounded_time(release, cells):
    """Before anything runs, outside of every box: seconds, where it was minutes."""
    data = json.dumps({"cells": cells, "nbformat": 4}).encode()
    read = parse_notebook(data)

    result = graft(release, read)
    hidden_in([cell.source for cell in read], "momentum_step")

    assert len(result.notebook["cells"]) >= len(json.loads(release)["cells"])
