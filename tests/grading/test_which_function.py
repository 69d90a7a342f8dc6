"""Which function is judged: the one that is there, wherever it was written.

Grading in a box and `autograder check` at a learner's own desk say the same.
"""

from __future__ import annotations

import json
import os
import textwrap

import pytest

from autograder.grading import one_file
from autograder.grading.grade import grade_submission
from autograder.grading.one_file import check_file
from autograder.limits import Limits
from autograder.sandbox.boxes import BOXES, why_not
from autograder.sandbox.options import RunOptions
from autograder.submissions.folder import read_submission

pytestmark = pytest.mark.skipif(os.name != "posix", reason="deadlines need forks")

STEP = """\
def momentum_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad
    return theta + velocity, velocity
"""
NESTEROV = """\
def nesterov_step(theta, velocity, grad_fn, lr, beta):
    velocity = beta * velocity - lr * grad_fn(theta + beta * velocity)
    return theta + velocity, velocity
"""
INDENTED = textwrap.indent(STEP, "    ")
LIMITS = Limits(cell_seconds=2, total_seconds=40)


def delete(nb, *names):
    nb.tree["cells"] = [c for c in nb.cells if c.get("id") not in names]


def answer(source, where="momentum_step"):
    return lambda nb: nb.fill(where, source)


def in_another(after, source, kind="code", delete_stub=False):
    """The stub untouched, or deleted, and the answer in a cell of one's own."""

    def edit(nb):
        nb.fill("momentum_step", STUB)
        nb.insert(after, source, kind)
        if delete_stub:
            delete(nb, "momentum_step")

    return edit


def in_setup(delete_stub):
    def edit(nb):
        nb.fill("momentum_step", STUB)
        nb.fill("setup", f"import numpy as np\nfrom autograder import check\n\n{STEP}")
        if delete_stub:
            delete(nb, "momentum_step")

    return edit


def merged(nb):
    nb.fill("momentum_step", f"{STEP}\n\n{NESTEROV}")
    delete(nb, "nesterov_step")


def merged_and_stub_left(nb):
    nb.fill("momentum_step", STUB)
    nb.fill("velocity_weights", nb["velocity_weights"]["source"] + f"\n\n{STEP}")


def one_cell(nb):
    code = [c["source"] for c in nb.cells if c["cell_type"] == "code"]
    nb.tree["cells"] = [
        {"cell_type": "code", "metadata": {}, "source": "\n\n\n".join(code[:-1])}
    ]


def raw(nb):
    nb["momentum_step"]["cell_type"] = "raw"


def raw_without_marks(nb):
    raw(nb)
    for cell in nb.cells:
        cell["metadata"] = {}
        cell.pop("id", None)


def text_with_a_fence(nb):
    nb.fill("momentum_step", f"```python\n{STEP}```")
    nb["momentum_step"]["cell_type"] = "markdown"


def merged_with_its_text(nb):
    """Which became code, and whose id the cell has."""
    nb["momentum_step_text"]["cell_type"] = "code"
    nb["momentum_step_text"]["source"] += f"\n\n{STEP}"
    delete(nb, "momentum_step")


def merged_with_a_written_answer(nb):
    nb["why"]["cell_type"] = "code"
    nb["why"]["source"] = f"# Because.\n\n{STEP}"
    delete(nb, "momentum_step")


def into_a_check(which, first=False):
    """The answer of `velocity_weights` in one cell with a check."""

    def edit(nb):
        check, answer = nb[f"{which}_check"], nb["velocity_weights"]["source"]
        parts = [check["source"], answer]
        check["source"] = "\n\n".join(reversed(parts) if first else parts)
        delete(nb, "velocity_weights")

    return edit


def split(nb):
    head, body = "def halves(x):\n    return x / 2\n", STEP.replace("lr *", "2 * lr *")
    body = body.replace("* grad\n", "* halves(grad)\n")
    nb.fill("momentum_step", head)
    nb.insert("momentum_step", body)


def written_to_a_file(nb):
    nb.insert("setup", f"%%writefile steps.py\n{STEP}")
    nb.fill("momentum_step", "from steps import momentum_step")


def written_to_a_file_all_taken(nb):
    nb.insert("setup", f"%%writefile steps.py\n{STEP}")
    nb.fill("momentum_step", "from steps import *")


def copied_cell(nb):
    copy = nb.copy_of("momentum_step")
    nb.fill("momentum_step", STUB)
    nb.cells.insert(nb.at("momentum_step"), copy)


def side_effect(nb):
    """An own cell that binds nothing, and that the answer needs all the same."""
    nb.fill("momentum_step", STEP.replace("lr *", "TABLE['lr'](lr) *"))
    nb.insert("setup", "TABLE = {}")
    nb.insert("velocity_weights_check", "")
    nb.cells.insert(
        nb.at("momentum_step"),
        {"cell_type": "code", "metadata": {}, "source": "TABLE.update(lr=float)"},
    )


def long_cells_of_ones_own(nb):
    for _ in range(3):
        nb.insert("setup", "import time\nwhile True: time.sleep(0.1)")


def windows(nb):
    for cell in nb.cells:
        cell["source"] = cell["source"].replace("\n", "\r\n")


STUB = 'def momentum_step(theta, velocity, grad, lr, beta):\n    """Write this."""\n'
STUB += '    raise NotImplementedError("not written yet")\n'

RIGHT = {
    "as released": answer(STEP),
    "in the set-up, stub deleted": in_setup(True),
    "in the set-up, stub left": in_setup(False),
    "under if": answer(f"if True:\n{INDENTED}"),
    "under try": answer(f"try:\n{INDENTED}finally:\n    pass\n"),
    "under with": answer(f"with np.errstate(all='ignore'):\n{INDENTED}"),
    "under for": answer(f"for _ in range(1):\n{INDENTED}"),
    "under if in a new cell, stub deleted": in_another(
        "setup", f"if True:\n{INDENTED}", delete_stub=True
    ),
    "another name": answer(STEP.replace("momentum_step", "g") + "momentum_step = g\n"),
    "annotated": answer(
        STEP.replace("momentum_step", "g") + "momentum_step: object = g\n"
    ),
    "annotated in a new cell, stub deleted": in_another(
        "setup",
        STEP.replace("momentum_step", "g") + "momentum_step: object = g\n",
        delete_stub=True,
    ),
    "one of two": answer(
        STEP.replace("momentum_step", "g") + "other, momentum_step = len, g\n"
    ),
    "a lambda": answer(
        "momentum_step = lambda theta, velocity, grad, lr, beta: (\n"
        "    theta + beta * velocity - lr * grad, beta * velocity - lr * grad)"
    ),
    "decorated": answer(f"from functools import cache, wraps\n@wraps(len)\n{STEP}"),
    "by exec": in_another("setup", f"exec({STEP!r})", delete_stub=True),
    "by globals": in_another(
        "setup",
        STEP.replace("momentum_step", "g") + "globals()['momentum_step'] = g\n",
        delete_stub=True,
    ),
    "above the stub": in_another("setup", STEP),
    "below its check": in_another("momentum_step_check", STEP),
    "at the end": in_another("experiment", STEP),
    "a raw cell": raw,
    "a raw cell without marks": raw_without_marks,
    "a raw cell of one's own": in_another("setup", STEP, "raw"),
    "a text cell": text_with_a_fence,
    "a text cell of one's own": in_another("setup", STEP, "markdown"),
    "merged": merged,
    "merged with its text": merged_with_its_text,
    "merged with a written answer": merged_with_a_written_answer,
    "merged, stub left": merged_and_stub_left,
    "merged with the check before": into_a_check("nesterov_step"),
    "merged with its own check": into_a_check("velocity_weights", first=True),
    "below its own check": into_a_check("velocity_weights"),
    "one cell": one_cell,
    "split": split,
    "a copied cell above a stub": copied_cell,
    "a written file": written_to_a_file,
    "a written file, all taken": written_to_a_file_all_taken,
    "an effect of an own cell": side_effect,
    "long cells of one's own": long_cells_of_ones_own,
    "byte order mark": answer(f"\ufeff{STEP}"),
    "ends of line": windows,
}


@pytest.fixture
def both(course, tmp_path, secret, monkeypatch):
    """What grading and `autograder check` say of a folder's notebook, by function."""
    box = next((box for box in BOXES if why_not(box) is None), "none")
    monkeypatch.setattr(one_file, "_OPTIONS", RunOptions("none", LIMITS))

    def judged(notebook, **files):
        folder = tmp_path / "handed_in" / "03_momentum"
        folder.mkdir(parents=True)
        for name, text in files.items():
            path = folder / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / "03_momentum.ipynb").write_bytes(notebook.data)
        submission = read_submission("ann", folder)
        options = RunOptions(box, LIMITS)
        result = grade_submission(submission, course, secret, options)
        checked = check_file(folder / "03_momentum.ipynb")
        return (
            {verdict.exercise: verdict for verdict in result.verdicts},
            {verdict.exercise: verdict for verdict in checked},
        )

    return judged


def not_right(verdicts):
    return {name: v.code for name, v in verdicts.items() if not v.passed}


@pytest.mark.parametrize("edit", RIGHT.values(), ids=RIGHT)
def test_a_right_function_is_found(both, solved, edit):
    edit(solved)

    graded, checked = both(solved)

    assert not_right(graded) == not_right(checked) == {}


HANDED_IN = {
    "a module": ("from steps import momentum_step", {"steps": STEP}),
    "a module, all taken": ("from steps import *", {"steps": STEP}),
    "a package": (
        "from mine.steps import momentum_step",
        {"mine__steps": STEP, "mine____init__": ""},
    ),
    "a module's neighbour": (
        "from steps import momentum_step",
        {"steps": "from more import momentum_step", "more": STEP},
    ),
}


@pytest.mark.parametrize(("source", "files"), HANDED_IN.values(), ids=HANDED_IN)
def test_what_was_handed_in_beside_a_notebook_can_be_imported(
    both, solved, source, files
):
    solved.fill("momentum_step", source)

    graded, checked = both(solved, **files)

    assert not_right(graded) == not_right(checked) == {}


NESTED = {
    "class": (f"class Optimiser:\n{INDENTED}", "class `Optimiser`"),
    "function": (f"def outer():\n{INDENTED}", "function `outer`"),
}
LEFT = {
    "in its cell": lambda nb, source: nb.fill("momentum_step", source),
    "stub left": lambda nb, source: in_another("setup", source)(nb),
    "stub deleted": lambda nb, source: in_another("setup", source, delete_stub=True)(
        nb
    ),
}


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
@pytest.mark.parametrize(("source", "says"), NESTED.values(), ids=NESTED)
def test_a_function_inside_something_is_told_as_that(both, solved, left, source, says):
    left(solved, source)

    for verdicts in both(solved):
        assert not_right(verdicts) == {"momentum_step": "not-defined"}
        told = " ".join(verdicts["momentum_step"].message.text().split())
        assert f"stands inside the {says}" in told


def broken_setup(nb):
    nb.fill("momentum_step", STEP.replace("lr * grad", "scaled(lr, grad)"))
    nb.insert("setup", "import no_such_module\n\ndef scaled(a, b):\n    return a * b")


def broken_import(nb):
    nb.fill("momentum_step", "from no_such_module import momentum_step")


def broken_import_of_all(nb):
    nb.fill("momentum_step", "from no_such_module import *")


BLAMED = {
    "a helper's cell": (broken_setup, "raised", "`scaled` is missing, because its"),
    "an import": (broken_import, "not-defined", "the code for it stops with an error"),
    "an import of all": (
        broken_import_of_all,
        "not-defined",
        "the code for it stops with an error",
    ),
}


@pytest.mark.parametrize(("edit", "code", "says"), BLAMED.values(), ids=BLAMED)
def test_the_cell_that_failed_is_told(both, solved, edit, code, says):
    """Its line and its error, not only the name that is missing because of it."""
    edit(solved)

    for verdicts in both(solved):
        assert not_right(verdicts) == {"momentum_step": code}
        told = " ".join(verdicts["momentum_step"].message.text().split())
        assert says in told
        assert "ModuleNotFoundError: No module named 'no_such_module'" in told
        assert "line 1:" in told


def test_a_stub_that_nobody_touched_is_not_written(both, make_notebook):
    graded, checked = both(make_notebook())

    assert set(not_right(graded).values()) == {"not-written"}
    assert not_right(graded) == not_right(checked)


def test_a_later_experiment_with_the_name_changes_nothing(both, solved):
    """What is bound at the check counts."""
    solved.insert("momentum_step_check", "def momentum_step(*_):\n    return None")

    graded, checked = both(solved)

    assert not_right(graded) == not_right(checked) == {}


def test_an_answer_of_another_release_waits(both, solved):
    """A cell that the release does not know, and no cell for what it asks."""
    solved.fill("momentum_step", STEP.replace("momentum_step", "heavy_ball_step"))
    for old in ("momentum_step", "momentum_step_check"):
        cell = solved[old]
        cell["id"] = new = old.replace("momentum", "heavy_ball")
        cell["metadata"]["nbgrader"]["grade_id"] = new

    graded, _ = both(solved)

    assert not_right(graded) == {"momentum_step": "other-release"}
    assert "heavy_ball_step" in graded["momentum_step"].message.text()


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        (["momentum_step"], "A cell was deleted, and with it the answer"),
        (["momentum_step", "momentum_step_check"], "Neither a cell nor its check"),
    ],
)
def test_deleted_and_never_there_are_two_things(
    course, secret, solved, gone, says, tmp_path
):
    delete(solved, *gone)
    folder = tmp_path / "03_momentum"
    folder.mkdir()
    (folder / "03_momentum.ipynb").write_text(json.dumps(solved.tree))

    result = grade_submission(
        read_submission("ann", folder), course, secret, RunOptions("none")
    )

    assert any(note.startswith(says) for note in result.notes)
