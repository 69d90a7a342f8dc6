"""The shell in which cells run: as IPython's, where something is left out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = sorted(Path("solutions").glob("*/*.ipynb"))

CELLS = {
    "Python": "x = 1\ny = x % 2\nif x != y:\n    print(x)",
    "a magic": "x = 1\n%timeit x\n",
    "a magic of lines": "    \n%%time\nx = 1",
    "a magic of cells": "%%time\nx = 1\ny = 2",
    "an assigned magic": "x = 1\ny = %time x",
    "a command": "x = 1\n!ls",
    "an assigned command": "x = 1\nfiles =  !ls",
    "help": "x = 1\nx?",
    "help first": "x = 1\n?x",
    "more help": "x = 1\nstr.join??",
    "quotes": "f = print\n,f a b",
    "one quote": "f = print\n;f a b",
    "a call": "f = print\n/f 1",
    "prompts": ">>> x = 1\n>>> y = 2",
    "later prompts": "x = 1\n>>> y = 2",
    "prompts of IPython": "In [1]: x = 1\n   ...: y = 2",
    "indented": "    x = 1\n    y = 2",
    "indented by tabs": "\tx = 1\n\ty = 2",
    "empty lines first": "\n\n    x = 1\n    y = 2",
    "an empty line of blanks": "x = '''a\n    \nb'''\ny = 1",
    "blanks at the end": "x = 1\ny = 2\n   ",
    "a per cent in brackets": "x = (5\n     % 3)\ny = 1",
    "a per cent in a text": "x = '''\n%timeit\n'''\ny = 1",
    "an ellipsis": "x = 1\n...\ny = 2",
    "a line goes on": "x = 1 + \\\n    2\ny = %who_ls",
    "no Python": "x = = 1\ny = 2",
    "form feed": "x = 1\x0cy = 2\nz = 3",
    "lines of Windows": "x = 1\r\ny = 2\r\n",
    "one line": "x = 1",
    "one line of magic": "time x = 1",
    "nothing": "",
    "blanks": "  \n",
}
AWAITING = {
    "await": ("import asyncio\nawait asyncio.sleep(0)\nx = 1", True),
    "async for": ("async def f():\n    yield 1\n\nasync for x in f():\n    pass", True),
    "in a function": ("async def f():\n    await g()\n", False),
    "a name": ("awaited = 1\nx = 2", False),
    "none": ("x = 1\ny = 2", False),
}


IN_A_PROCESS_OF_ITS_OWN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from autograder.sandbox.inside.shell import new_shell

shell, told = new_shell(), []
cells, awaiting = json.loads(sys.stdin.read())
for cell in cells:
    ours = shell.transform_cell(cell)
    awaits = shell.should_run_async(cell, transformed_cell=ours)
    told.append([ours, InteractiveShell.transform_cell(shell, cell), awaits])
shell.run(awaiting, 1)
print(json.dumps([told, shell.error, shell.user_ns.get("x")]))
"""


def cells_of(path):
    cells = json.loads(path.read_text())["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


@pytest.fixture(scope="module")
def read():
    """What our shell and IPython's make of each cell; it takes a whole process."""
    cells = [*CELLS.values(), *(cell for cell, _ in AWAITING.values())]
    cells += [cell for path in NOTEBOOKS for cell in cells_of(path)]
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN],
        input=json.dumps([cells, AWAITING["await"][0]]),
        capture_output=True,
        text=True,
        check=True,
    )
    told, *ran = json.loads(done.stdout)
    return dict(zip(cells, told, strict=True)), ran


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_cell_is_read_as_by_ipython(read, cell):
    ours, ipythons, _ = read[0][cell]

    assert ours == ipythons


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_cells_of_a_chapter_are_read_as_by_ipython(read, path):
    cells = cells_of(path)

    assert cells
    for cell in cells:
        ours, ipythons, _ = read[0][cell]
        assert ours == ipythons


@pytest.mark.parametrize(("cell", "awaits"), AWAITING.values(), ids=AWAITING)
def test_a_cell_that_awaits_is_seen(read, cell, awaits):
    assert read[0][cell][2] is awaits


def test_a_cell_may_await(read):
    assert read[1] == [None, 1]
