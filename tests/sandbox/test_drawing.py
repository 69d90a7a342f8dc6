"""What draws is loaded when it is needed: by whom, and for which notebooks."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.sandbox.inside.drawing import DRAWING
from autograder.sandbox.options import RunOptions
from autograder.sandbox.run import Run

NEED_MATPLOTLIB = """
import importlib, json, pkgutil, sys
from autograder import lab
sys.modules["matplotlib"] = None
needing = []
for module in pkgutil.iter_modules(lab.__path__):
    try:
        importlib.import_module(f"autograder.lab.{module.name}")
    except ImportError:
        needing.append(module.name)
print(json.dumps(needing))
"""
PUT_OFF = """
import sys
from dataclasses import replace
from autograder.sandbox.inside.drawing import load_drawing, put_drawing_off
put_drawing_off()
from autograder.lab import figures
assert "matplotlib" not in sys.modules
{then}
assert "matplotlib" in sys.modules
assert figures.lines.__module__ == "autograder.lab.figures"
"""
DRAWS = {
    "plt": "import matplotlib.pyplot as plt",
    "magic": "%matplotlib inline",
    "a figure of the course": "figures.lines({}, title='')",
    "kept": "x = 1\nfigure = figures.lines({}, title='')",
    "a result": "print(results.table())",
}
DRAWS_NOT = {
    "arithmetic": "x = 1",
    "in a function": "def show():\n    figures.lines({}, title='')",
    "a comment": "# figures.lines draws",
    "a name like it": "my_figures = 1\nfigures = 2",
    "nothing": "",
}


def run_python(program):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_they_are_all_that_needs_matplotlib():
    assert tuple(json.loads(run_python(NEED_MATPLOTLIB))) == DRAWING


@pytest.mark.parametrize("then", ["load_drawing()", "figures.lines"])
def test_they_are_loaded_when_somebody_looks(then):
    run_python(PUT_OFF.format(then=then))


@pytest.mark.parametrize("source", DRAWS.values(), ids=DRAWS)
def test_a_notebook_that_draws_is_known(source):
    assert RunOptions().for_cells(["x = 1", source]).draws


@pytest.mark.parametrize("source", DRAWS_NOT.values(), ids=DRAWS_NOT)
def test_another_waits_for_nothing(source):
    assert not RunOptions().for_cells([source]).draws
    assert RunOptions(full=True).for_cells([source]).draws
    assert RunOptions(pictures=True).for_cells([source]).draws


def test_a_box_is_made_ready_for_it(fresh_box):
    """The first notebook that draws has Matplotlib loaded, for all that follow."""

    def is_loaded(*cells):
        with Run(fresh_box.for_cells(cells)) as run:
            (shown,) = run.cell(
                1, "import sys\nprint('matplotlib' in sys.modules)"
            ).outputs
            plotted = run.cell(2, "import matplotlib.pyplot as plt\nplt.plot([1, 2])")
        assert plotted.error is None
        return shown["text"]

    assert is_loaded("x = 1") == "False\n"
    assert is_loaded("import matplotlib.pyplot as plt") == "True\n"
    assert is_loaded("x = 1") == "True\n"


def test_later_notebooks_have_empty_figures_ready(fresh_box):
    """Each has all of them: what one has drawn into is nobody else's."""
    look = (
        "from autograder.lab import figures\n"
        "from autograder.lab.drawing import frames\n"
        "before = len(frames._ready[1])\nfigure, axes = figures.single('mine')\n"
        "axes.plot([1, 2])\nprint(before - len(frames._ready[1]), before > 9)"
    )
    for pictures in (False, True):
        options = replace(fresh_box, pictures=pictures).for_cells([look])
        for nth in range(3):
            with Run(options) as run:
                report = run.cell(1, look)
            assert report.error is None
            (shown,) = report.outputs
            assert shown["text"] == ("0 False\n" if nth == 0 else "1 True\n")
