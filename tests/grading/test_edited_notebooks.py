"""Notebooks edited at random, as people do, lose nothing.

Cells are moved, merged, split, retyped, copied, deleted and renamed, metadata and
ids get lost, and other programs save with habits of their own.  Whatever comes of
it: no right function loses a point, the written answer reaches its reader, and
grading says what `autograder check` says.

``AUTOGRADER_EDITS=5000`` tries so many notebooks.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.grading import one_file
from autograder.grading.grade import grade_submission, grafted_submission
from autograder.limits import Limits
from autograder.sandbox.boxes import BOXES, why_not
from autograder.sandbox.options import RunOptions
from autograder.submissions.folder import read_submission
from tests.helpers.graded_course import ASKED, SECRET, Notebook, answer

pytestmark = pytest.mark.skipif(os.name != "posix", reason="deadlines need forks")

N_NOTEBOOKS = int(os.environ.get("AUTOGRADER_EDITS", "60"))
LIMITS = Limits(cell_seconds=5, total_seconds=60)
WRITTEN = "Because the velocity remembers."
NEEDED = ("setup", "why", *ASKED)
"""Cells whose deletion deletes work, or what work needs."""


def cell(kind, source):
    made = {"cell_type": kind, "metadata": {}, "source": source}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def is_needed(one):
    texts = [*(f"def {name}(" for name in ASKED), WRITTEN, "import numpy", "written"]
    return any(text in one["source"] for text in texts)


def move(nb, i, j):
    """To another place; the set-up stays first, or nothing would run in Jupyter."""
    if "import numpy" not in nb[i]["source"]:
        nb.insert(1 + j % (len(nb) - 1), nb.pop(i))


def merge(nb, i, j):
    """With the next cell of the same kind, under the first one's metadata."""
    if i + 1 < len(nb) and nb[i]["cell_type"] == nb[i + 1]["cell_type"]:
        nb[i]["source"] += "\n\n" + nb.pop(i + 1)["source"]


def split(nb, i, j):
    """At a blank line before the left margin; both parts keep the metadata."""
    places = [
        at
        for at in range(1, len(nb[i]["source"]))
        if nb[i]["source"][at - 1 : at + 1] == "\n\n"
        and nb[i]["source"][at + 1 : at + 2] not in (" ", "\n", "")
        and nb[i]["cell_type"] == "code"
    ]
    if places:
        at = places[j % len(places)]
        second = json.loads(json.dumps(nb[i])) | {"source": nb[i]["source"][at + 1 :]}
        second.pop("id", None)
        if j % 2:
            second["metadata"] = {}
        nb[i]["source"] = nb[i]["source"][: at - 1]
        nb.insert(i + 1, second)


def retype(nb, i, j):
    """An answer or a text becomes a raw, text or code cell."""
    kinds = ("raw", "markdown", "code")
    function = any(f"def {name}(" in nb[i]["source"] for name in ASKED)
    if function or nb[i]["cell_type"] == "markdown":
        nb[i]["cell_type"] = kinds[j % (2 if function else 3)]


def duplicate(nb, i, j):
    copy = json.loads(json.dumps(nb[i]))
    copy.pop("id", None)
    nb.insert(1 + j % len(nb), copy)


def delete(nb, i, j):
    if not is_needed(nb[i]):
        nb.pop(i)


def rename(nb, i, j):
    """Another id, or another grade id."""
    if j % 2 and "nbgrader" in nb[i]["metadata"]:
        if nb[i]["cell_type"] == "markdown":
            nb[i]["metadata"]["nbgrader"]["grade_id"] = "an_older_name"
    else:
        nb[i]["id"] = f"id-{j}-{i}"


def strip(nb, i, j):
    nb[i]["metadata"] = {}
    if j % 2:
        nb[i].pop("id", None)


def strip_all(nb, i, j):
    for one in nb:
        one["metadata"] = {}
        one.pop("id", None)


def note(nb, i, j):
    """A cell of one's own: a thought, an experiment, or nothing."""
    kind, source = (
        ("markdown", "*To do:* ask about this."),
        ("code", "total = sum(range(10))\ntotal"),
        ("code", "%matplotlib inline\n!ls"),
        ("code", ""),
        ("code", "1 / 0"),
    )[j % 5]
    nb.insert(1 + i, cell(kind, source))


def colab(nb, i, j):
    """Ids in the metadata, forms, and texts as lists of lines."""
    for at, one in enumerate(nb):
        one["metadata"] |= {"id": f"colab{at}", "colab": {"base_uri": "https://x"}}
        one["source"] = one["source"].splitlines(keepends=True)


def vs_code(nb, i, j):
    for one in nb:
        one["metadata"]["vscode"] = {"languageId": "python"}
        one.pop("id", None)


def windows(nb, i, j):
    for one in nb:
        text = one["source"]
        text = text if isinstance(text, str) else "".join(text)
        one["source"] = text.replace("\r\n", "\n").replace("\n", "\r\n")


EDITS = (
    move,
    merge,
    split,
    retype,
    duplicate,
    delete,
    rename,
    strip,
    strip_all,
    note,
)
SAVED = (colab, vs_code, windows)

edits = st.lists(
    st.tuples(st.sampled_from(EDITS), st.integers(0, 40), st.integers(0, 40)),
    min_size=1,
    max_size=6,
)


def edited(plan, saved):
    """A solved notebook after all that."""
    notebook = Notebook()
    for name in ASKED:
        notebook.fill(name, answer(name))
    notebook.fill("why", WRITTEN)
    for edit, i, j in plan:
        edit(notebook.cells, i % len(notebook.cells), j)
    tree = notebook.tree
    for save in saved:
        save(tree["cells"], 0, 0)
    if saved:
        tree["nbformat_minor"] = 2
    return notebook


@pytest.fixture(scope="module")
def place():
    folder = Path(tempfile.mkdtemp()) / "03_momentum"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder.parent)


@pytest.fixture
def options(monkeypatch):
    """One box for grading and for `check`, so that only the way to it differs."""
    box = next((box for box in BOXES if why_not(box) is None), "none")
    chosen = RunOptions(box, LIMITS)
    monkeypatch.setattr(one_file, "_OPTIONS", chosen)
    return chosen


@pytest.mark.timeout(3600)
@settings(
    max_examples=N_NOTEBOOKS,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(plan=edits, saved=st.lists(st.sampled_from(SAVED), max_size=2, unique=True))
def test_no_edit_costs_a_point_or_a_reader(course, place, options, plan, saved):
    notebook = edited(plan, saved)
    path = place / "03_momentum.ipynb"
    path.write_bytes(notebook.data)
    submission = read_submission("ann", place)

    result = grade_submission(submission, course, SECRET, options)
    checked = one_file.check_file(path)
    graft, _ = grafted_submission(submission, course)
    (why,) = [
        one["source"]
        for one in graft.notebook["cells"]
        if one["metadata"].get("nbgrader", {}).get("grade_id") == "why"
    ]

    graded = {verdict.exercise: verdict.code for verdict in result.verdicts}
    assert graded == dict.fromkeys(ASKED, "passed")
    assert {verdict.exercise: verdict.code for verdict in checked} == graded
    assert WRITTEN in why
