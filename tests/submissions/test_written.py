"""Whatever is written in a question's place reaches the person who grades."""

from __future__ import annotations

import json

import pytest

from autograder.submissions.graft import graft
from autograder.submissions.notebook import parse_notebook

ANSWER = "Because the velocity\nremembers."
UNTOUCHED = "YOUR ANSWER HERE"


def text_of(release, notebook, name="why"):
    """What stands in the question's cell of the grafted notebook."""
    notebook = graft(release, parse_notebook(notebook.data)).notebook
    (cell,) = [
        c
        for c in notebook["cells"]
        if c["metadata"].get("nbgrader", {}).get("grade_id") == name
    ]
    return cell["source"]


def without(nb, *names):
    nb.tree["cells"] = [c for c in nb.cells if c.get("id") not in names]


def stripped(nb):
    """Cells copied into a new notebook: no metadata and no ids."""
    for cell in nb.cells:
        cell["metadata"] = {}
        cell.pop("id", None)


def in_its_cell(nb):
    nb.fill("why", ANSWER)


def below(nb):
    nb.insert("why", ANSWER, "markdown")


def above(nb):
    nb.insert("why_question", ANSWER, "markdown")


def above_and_deleted(nb):
    above(nb)
    without(nb, "why")


def code_below(nb):
    nb.insert("why", ANSWER, "code")


def comments_above(nb):
    nb.insert("why_question", "# Because the velocity\n# remembers.", "code")


def a_string_below(nb):
    nb.insert("why", f'"""{ANSWER}"""', "code")


def raw_below(nb):
    nb.insert("why", ANSWER, "raw")


def its_cell_raw(nb):
    in_its_cell(nb)
    nb["why"]["cell_type"] = "raw"


def its_cell_code(nb):
    in_its_cell(nb)
    nb["why"]["cell_type"] = "code"


def in_the_question(nb):
    nb.fill("why_question", f"Why?\n\n{ANSWER}")


def in_the_question_its_cell_gone(nb):
    in_the_question(nb)
    without(nb, "why")


def marks_lost(nb):
    in_its_cell(nb)
    stripped(nb)


def marks_lost_and_below(nb):
    below(nb)
    stripped(nb)


def marks_lost_and_in_code(nb):
    code_below(nb)
    stripped(nb)


def an_older_grade_id(nb):
    in_its_cell(nb)
    nb["why"]["metadata"]["nbgrader"]["grade_id"] = "why_momentum"
    nb["why"]["id"] = "another"


def a_new_cell_for_a_deleted_one(nb):
    without(nb, "why")
    nb.insert("why_question", ANSWER, "markdown")


def its_place_is_gone(nb):
    without(nb, "why", "why_question", "experiment")
    nb.insert("nesterov_step_check", ANSWER, "markdown")


def one_cell(nb):
    """What a program makes that writes a notebook as one script."""
    in_its_cell(nb)
    lines = []
    for cell in nb.cells:
        mark = "# " if cell["cell_type"] == "markdown" else ""
        lines += [mark + line for line in cell["source"].splitlines()]
    nb.tree["cells"] = [
        {"cell_type": "code", "metadata": {}, "source": "\n".join(lines)}
    ]


def two_parts(nb):
    nb.fill("why", "Because the velocity")
    nb.insert("why", "remembers.", "markdown")


def moved_to_the_top(nb):
    in_its_cell(nb)
    nb.cells.insert(0, nb.cells.pop(nb.at("why")))


def its_question_moved_before_a_copied_cell(nb):
    """Code follows the question then, and no mark tells which cell the answer was."""
    in_its_cell(nb)
    question = nb.cells.pop(nb.at("why_question"))
    at = nb.at("momentum_step_check") + 1
    nb.cells[at:at] = [question, nb.copy_of("momentum_step")]
    stripped(nb)


def windows(nb):
    nb.fill("why", ANSWER.replace("\n", "\r\n"))


PLACES = [
    in_its_cell,
    below,
    above,
    above_and_deleted,
    code_below,
    comments_above,
    a_string_below,
    raw_below,
    its_cell_raw,
    its_cell_code,
    in_the_question,
    in_the_question_its_cell_gone,
    marks_lost,
    marks_lost_and_below,
    marks_lost_and_in_code,
    an_older_grade_id,
    a_new_cell_for_a_deleted_one,
    its_place_is_gone,
    one_cell,
    two_parts,
    moved_to_the_top,
    its_question_moved_before_a_copied_cell,
    windows,
]


@pytest.mark.parametrize("written", PLACES, ids=lambda f: f.__name__)
def test_it_is_read_wherever_it_stands(release, solved, written):
    written(solved)

    text = text_of(release, solved)

    assert "Because the velocity" in text
    assert "remembers." in text


def nothing(nb):
    pass


def experiments_beside(nb):
    nb.insert("why", "1 / (1 - 0.9)")


def a_copy_of_the_placeholder(nb):
    nb.insert("why", UNTOUCHED, "markdown")


def deleted(nb):
    without(nb, "why")


def notes_elsewhere(nb):
    nb.insert("setup", "Ask about this on Monday.", "markdown")


def blank_cells(nb):
    nb.insert("why", "  \n", "markdown")


def saved_by_windows(nb):
    for cell in nb.cells:
        cell["source"] = cell["source"].replace("\n", "\r\n")


UNTOUCHED_PLACES = [
    nothing,
    stripped,
    experiments_beside,
    a_copy_of_the_placeholder,
    deleted,
    notes_elsewhere,
    blank_cells,
    saved_by_windows,
]


@pytest.mark.parametrize("left", UNTOUCHED_PLACES, ids=lambda f: f.__name__)
def test_an_untouched_question_has_no_response(release, solved, left):
    left(solved)

    assert text_of(release, solved) == UNTOUCHED


def test_text_that_became_part_of_an_answer_is_there_once(release, solved):
    below(solved)

    notebook = graft(release, parse_notebook(solved.data)).notebook

    assert json.dumps(notebook).count("Because the velocity") == 1


def test_code_beside_an_answer_still_runs(release, solved):
    """It is read as part of the answer, and stays where it was."""
    solved.insert("why", 'note = "Because the velocity remembers."')

    result = graft(release, parse_notebook(solved.data))

    assert "remembers." in text_of(release, solved)
    assert [c for c in result.notebook["cells"] if c["source"].startswith("note = ")]
    assert any("read as part of it" in note for note in result.notes)


def test_code_is_no_answer_where_words_are(release, solved):
    """A cell of another release, say, that lost its marks."""
    solved.insert("why_question", 'print("the loss")')
    below(solved)

    assert text_of(release, solved) == ANSWER


def test_pictures_come_along(release, solved):
    below(solved)
    picture = {"a.png": {"image/png": "iVBORw0KGgo="}}
    solved.cells[solved.at("why") + 1]["attachments"] = picture

    notebook = graft(release, parse_notebook(solved.data)).notebook
    (cell,) = [c for c in notebook["cells"] if ANSWER in c["source"]]

    assert cell["attachments"] == picture


def test_no_raw_cell_reaches_a_page(release, solved):
    """A raw cell of a page would be put into it as it is."""
    solved.insert("setup", "<script>alert(1)</script>", "raw")

    kinds = {
        c["cell_type"]
        for c in graft(release, parse_notebook(solved.data)).notebook["cells"]
    }

    assert kinds == {"code", "markdown"}
