"""Graft: every accident with cells is the same case as no accident."""

from __future__ import annotations

import json

import pytest

from autograder.submissions.graft import graft
from autograder.submissions.notebook import parse_notebook
from autograder.submissions.released_cells import OWN, answer_name, checked_name


def grafted(release, notebook):
    return graft(release, parse_notebook(notebook.data))


def sources(result, *names):
    """Sources of cells by grade id."""
    found = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in result.notebook["cells"]
        if "nbgrader" in cell["metadata"]
    }
    return [found[name] for name in names]


def code(result):
    """All code in order, as it would run."""
    return [c["source"] for c in result.notebook["cells"] if c["cell_type"] == "code"]


def _nothing(nb):
    pass


def _check_copied(nb):
    nb.cells.insert(nb.at("momentum_step_check"), nb.copy_of("momentum_step_check"))


def _checks_deleted(nb):
    nb.tree["cells"] = [c for c in nb.cells if not c["id"].endswith("_check")]


def _all_copied(nb):
    nb.tree["cells"] = nb.cells + [nb.copy_of(cell["id"]) for cell in nb.cells]


def _reversed(nb):
    nb.cells.reverse()


def _no_tags(nb):
    for cell in nb.cells:
        cell["metadata"].pop("tags", None)


def _wrong_tags(nb):
    for cell in nb.cells:
        cell["metadata"]["tags"] = ["skip-execution", "experiment"]


def _no_metadata(nb):
    for cell in nb.cells:
        cell["metadata"] = {}


def _no_metadata_and_no_ids(nb):
    for cell in nb.cells:
        cell["metadata"] = {}
        cell.pop("id")


def _metadata_is_a_string(nb):
    for cell in nb.cells:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] = "gone"


def _old_schema(nb):
    for cell in nb.cells:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"].pop("schema_version")
            cell["metadata"]["nbgrader"].pop("task")


def _points_and_flags(nb):
    for cell in nb.cells:
        if "nbgrader" in cell["metadata"]:
            marks = cell["metadata"]["nbgrader"]
            marks |= {"points": "x", "grade": not marks["grade"], "locked": None}


def _as_markdown(nb):
    for name in ("momentum_step", "momentum_step_check"):
        nb[name]["cell_type"] = "markdown"


def _checks_edited(nb):
    nb.fill("momentum_step_check", "def check(*a): pass\ncheck(momentum_step)")


def _grade_ids_swapped(nb):
    one, other = nb["momentum_step"], nb["nesterov_step"]
    one["metadata"], other["metadata"] = other["metadata"], one["metadata"]


def _sources_as_lists(nb):
    for cell in nb.cells:
        cell["source"] = cell["source"].splitlines(keepends=True)


ACCIDENTS = [
    _nothing,
    _check_copied,
    _checks_deleted,
    _all_copied,
    _reversed,
    _no_tags,
    _wrong_tags,
    _no_metadata,
    _no_metadata_and_no_ids,
    _metadata_is_a_string,
    _old_schema,
    _points_and_flags,
    _as_markdown,
    _checks_edited,
    _sources_as_lists,
]


@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda f: f.__name__[1:])
def test_no_accident_changes_what_is_graded(release, solved, make_notebook, accident):
    """Answers are where they were, checks and metadata are the release's."""
    names = ("momentum_step", "nesterov_step", "velocity_weights")
    untouched = grafted(release, make_notebook().solve())
    accident(solved)

    result = grafted(release, solved)

    assert sources(result, *names) == sources(untouched, *names)
    released = json.loads(release)["cells"]
    checks = [c for c in result.notebook["cells"] if checked_name(c)]
    assert checks == [c for c in released if checked_name(c)]
    by_id = {cell["id"]: cell["metadata"] for cell in result.notebook["cells"]}
    for cell in released:
        kept = {key: v for key, v in by_id[cell["id"]].items() if key != OWN}
        assert kept == cell["metadata"]


def test_swapped_grade_ids_lose_no_answer(release, solved):
    """A cell that points elsewhere still runs, so that its function is there."""
    _grade_ids_swapped(solved)

    result = grafted(release, solved)

    for name in ("momentum_step", "nesterov_step"):
        assert any(
            f"def {name}(" in source and "stub" not in source for source in code(result)
        )
        assert not any(
            "not written yet" in s for s in code(result) if f"def {name}(" in s
        )


def test_every_cell_has_an_id_of_its_own(release, solved):
    _all_copied(solved)
    solved.insert("setup", "a = 1").insert("setup", "b = 2")

    ids = [cell["id"] for cell in grafted(release, solved).notebook["cells"]]

    assert len(set(ids)) == len(ids)


def test_own_cells_stay_where_they_are(release, solved):
    """A helper before the answer is there before the answer."""
    solved.insert("momentum_step_text", "helper = 3")
    solved.cells.insert(
        0, solved.cells[0] | {"cell_type": "code", "source": "first = 0", "id": "x"}
    )

    order = code(grafted(release, solved))

    assert order[0] == "first = 0"
    at = order.index("helper = 3")
    assert "def momentum_step(" in order[at + 1]


def test_the_first_of_two_answers_is_the_answer_and_the_other_still_runs(
    release, solved
):
    """A second version below the first overrides it, as it does in Jupyter."""
    second = solved.copy_of("momentum_step")
    second["source"] = "def momentum_step(*arguments):\n    return None"
    solved.cells.insert(solved.at("momentum_step") + 1, second)

    result = grafted(release, solved)

    assert "return theta + velocity" in sources(result, "momentum_step")[0]
    order = code(result)
    assert (
        order.index(second["source"])
        == order.index(sources(result, "momentum_step")[0]) + 1
    )


def test_a_pasted_stub_does_not_undo_an_answer(release, solved, make_notebook):
    """A copy of a released cell adds nothing and is left out."""
    solved.cells.append(make_notebook().copy_of("momentum_step"))

    assert not any("not written yet" in s for s in code(grafted(release, solved)))


def test_a_changed_setup_runs_after_the_released_one(release, solved):
    solved.fill("setup", "import math")

    order = code(grafted(release, solved))

    assert order[0].startswith("import numpy as np")
    assert order[1] == "import math"


def test_written_answers_come_with_their_pictures(release, solved):
    solved.fill("why", "See ![it](attachment:a.png).")
    solved["why"]["attachments"] = {"a.png": {"image/png": "iVBORw0="}}

    cell = grafted(release, solved).notebook["cells"][-1]

    assert answer_name(cell) == "why"
    assert cell["source"] == "See ![it](attachment:a.png)."
    assert cell["attachments"] == {"a.png": {"image/png": "iVBORw0="}}


def test_predictions_in_the_prose_are_kept(release, solved):
    solved.fill("title", "# Momentum\n\nI predict 7.")

    cell = grafted(release, solved).notebook["cells"][0]

    assert cell["source"].endswith("I predict 7.")
    assert cell["metadata"] == {OWN: True}


def test_nothing_comes_along_but_sources(release, solved):
    """Outputs, counters and metadata of the student's stay behind."""
    for cell in solved.cells:
        cell["metadata"]["evil"] = True
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
            cell["execution_count"] = 7
    solved.tree["metadata"]["kernelspec"] = {"name": "bash"}

    result = grafted(release, solved).notebook

    assert result["metadata"] == json.loads(release)["metadata"]
    assert not any("evil" in cell["metadata"] for cell in result["cells"])
    assert {str(c.get("outputs", [])) for c in result["cells"]} == {"[]"}


NOTED = {
    "check copied": (
        _check_copied,
        "More than once in the notebook: momentum_step_check.",
    ),
    "check deleted": (
        _checks_deleted,
        "A check cell was deleted and is put back: momentum_step_check, ",
    ),
    "moved": (_reversed, "Cells were moved"),
    "marks lost": (
        _no_metadata,
        "lost and is put back: momentum_step, momentum_step_check, ",
    ),
}


@pytest.mark.parametrize(("accident", "says"), NOTED.values(), ids=NOTED)
def test_what_was_mended_is_told(release, solved, accident, says):
    accident(solved)

    assert any(says in note for note in grafted(release, solved).notes)


def test_an_honest_notebook_has_nothing_to_tell(release, solved):
    solved.insert("setup", "a = 1")

    assert grafted(release, solved).notes == ()


def test_grafting_is_repeatable(release, solved):
    _all_copied(solved)

    assert grafted(release, solved) == grafted(release, solved)
