"""Feedback pages: about the answers, small, and each as if it were the first."""

from __future__ import annotations

import copy

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode

from autograder.checking.message import Message
from autograder.checking.verdict import Verdict
from autograder.gradebook.feedback import FeedbackExporter
from autograder.gradebook.nbgrader_stages import write_result
from autograder.grading.found import in_words
from autograder.grading.result import Result
from autograder.submissions.graft import graft
from autograder.submissions.notebook import parse_notebook

PNG, OTHER_PNG = "iVBORw0KGgoAAAA=", "iVBORw0KGgoBBBB="
MOST = 120_000
"""Bytes of a page, with the font of its formulas."""


def graded(release: bytes, data: bytes, *verdicts: Verdict) -> NotebookNode:
    """A grafted notebook with marks in it, as it comes to the page."""
    notebook = nbformat.from_dict(graft(release, parse_notebook(data)).notebook)
    write_result(notebook, Result("ada", "03_momentum", "", verdicts))
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"score": 1.0, "points": 2.0, "comment": None}
    return notebook


def verdict(
    name="momentum_step", code="wrong-values", mistakes=(), told="It is wrong."
):
    message = Message("VALUE MISMATCH", name, (told,), code == "passed")
    return Verdict(name, "03_momentum", code, 0.0, 2, mistakes, message)


def resources() -> dict:
    marks = {"score": 3.0, "max_score": 7.0, "late_penalty": 0}
    return {"nbgrader": {"student": "ada", "notebook": "03_momentum"} | marks}


def page(exporter: FeedbackExporter, notebook: NotebookNode) -> str:
    return exporter.from_notebook_node(notebook, resources())[0]


def soup(notebook: NotebookNode) -> BeautifulSoup:
    return BeautifulSoup(page(FeedbackExporter(), notebook), "html.parser")


@pytest.fixture
def notebooks(release, make_notebook):
    """Unsolved, solved, solved with other words, with a cell and a figure more."""
    made = [make_notebook() for _ in range(4)]
    made[1].solve().fill("why", "Because it *rolls*, $v_t$.")
    made[2].solve("momentum_step").fill("why", "No idea.").fill("setup", "import os")
    made[3].insert("title", "# Momentum\n\nmine", kind="markdown").insert(
        "setup", "1 + 1"
    )
    tree = [graded(release, notebook.data) for notebook in made]
    figure = {"image/png": PNG, "text/plain": "<Figure>"}
    output = nbformat.v4.new_output("display_data", figure)
    next(cell for cell in tree[3].cells if cell.id == "experiment").outputs = [output]
    return tree


def test_a_page_does_not_depend_on_those_before_it(notebooks):
    exporter = FeedbackExporter()
    together = [page(exporter, notebook) for notebook in [*notebooks, *notebooks]]

    assert together[:4] == together[4:]
    assert together[:4] == [
        page(FeedbackExporter(), notebook) for notebook in notebooks
    ]
    assert len(set(together)) == 4


def test_a_notebook_is_not_changed_by_its_page(notebooks):
    before = copy.deepcopy(notebooks)
    for notebook in notebooks:
        page(FeedbackExporter(), notebook)

    assert notebooks == before


def test_the_chapter_is_not_printed_again(root, make_notebook):
    """Of a real chapter, with all its formulas: a small page, and no other's text."""
    path = root / "notebooks" / "03_momentum" / "03_momentum.ipynb"
    tree = nbformat.read(path, as_version=4)
    for cell in tree.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"score": 0.0, "comment": None}
    text = page(FeedbackExporter(), tree)

    assert len(text.encode()) < MOST
    found = BeautifulSoup(text, "html.parser")
    assert "Summary" not in found.get_text()
    assert found.find("details").summary.get_text() == "The question"
    assert "A textbook lets a ball roll" in found.find("details").get_text()
    assert found.select("#momentum_why math")


def test_a_page_without_formulas_has_no_font(notebooks):
    first, second = (page(FeedbackExporter(), one) for one in notebooks[:2])

    assert "font/woff" not in first
    assert "font/woff" in second
    assert len(first) < 20_000


def test_each_answer_has_its_code_its_message_and_its_comment(release, make_notebook):
    code = "def momentum_step(theta, velocity, grad, lr, beta):\n    return 1 < 2"
    notebook = make_notebook().fill("momentum_step", code).fill("why", "It *rolls*.")
    tree = graded(release, notebook.data, verdict(told="`theta` is wrong. It is 1."))
    for cell in tree.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "momentum_step":
            cell.metadata.nbgrader.comment = "See **section** 2."
    found = soup(tree)

    part = found.find(id="momentum_step_check")
    assert "return 1 < 2" in part.find(class_="cell").get_text()
    assert part.find(class_="numbers").get_text() == "1\n2"
    assert part.find(class_="message").get_text().strip().endswith("It is 1.")
    assert part.find(id="comment-momentum_step").strong.get_text() == "section"
    row = found.find(class_="verdicts").tbody.tr
    told = " ".join(row.find_all("td")[1].get_text().split())
    assert told == "✗ theta is wrong, with a comment"
    assert found.find(id="why").em.get_text() == "rolls"
    assert (
        "Nothing was written here." in found.find(id="nesterov_step_check").get_text()
    )


def test_an_answer_written_in_another_cell_is_shown_with_its_function(
    release, make_notebook
):
    notebook = make_notebook()
    del notebook.cells[notebook.at("momentum_step")]
    notebook.insert("setup", "def helper():\n    pass")
    notebook.insert("momentum_step_text", "def momentum_step():\n    return 4")
    found = soup(graded(release, notebook.data, verdict()))

    assert "return 4" in found.find(id="momentum_step_check").get_text()
    others = found.find(attrs={"aria-labelledby": "others"}).get_text()
    assert "helper" in others
    assert "return 4" not in others


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (verdict(mistakes=("climbs",)), "a step uphill"),
        (verdict(mistakes=("climbs", "gone_by_now")), "a step uphill, or gone by now"),
        (verdict(told="`f` is 0.5, not `a. b`. More."), "`f` is 0.5, not `a. b`"),
        (verdict(told=""), "value mismatch"),
        (verdict(code="not-written", told="x"), "value mismatch"),
    ],
)
def test_what_was_found_in_words(one, found):
    """The mistake by its name; else what a check says first."""
    assert in_words(one) == found


def test_pictures_with_one_name_in_two_cells(release, make_notebook):
    """The same text shows what is attached to its own cell."""
    notebook = graded(release, make_notebook().data)
    text = [cell for cell in notebook.cells if cell.cell_type == "markdown"][:2]
    for cell, picture in zip(text, (PNG, OTHER_PNG), strict=True):
        cell.source = "![a path](attachment:path.png)"
        cell.attachments = {"path.png": {"image/png": picture}}
        cell.metadata["autograder_own"] = True

    first, second = (image["src"] for image in soup(notebook).find_all("img"))
    assert first != second


def test_a_figure_without_words_has_some(notebooks):
    """A screen reader says that there is nothing to say."""
    (image,) = soup(notebooks[3]).find_all("img")
    assert image["alt"] == "No description has been provided for this image"


def test_a_figures_own_words_are_kept(notebooks):
    experiment = next(cell for cell in notebooks[3].cells if cell.id == "experiment")
    experiment.outputs[0].metadata = {"image/png": {"alt": 'a "path"'}}

    (image,) = soup(notebooks[3]).find_all("img")
    assert image["alt"] == 'a "path"'


def test_a_step_that_a_course_asks_for_changes_the_page_and_not_the_notebook(notebooks):
    """Without one the page is made of the notebook itself, which nothing changes."""
    before = copy.deepcopy(notebooks[1])
    seen = []

    def step(notebook, resources):
        seen.append(notebook)
        for cell in notebook.cells:
            cell.source = cell.source.replace("*rolls*", "*slides*")
        return notebook, resources

    exporter = FeedbackExporter()
    plain = page(exporter, notebooks[1])
    exporter.register_preprocessor(step)
    changed = page(exporter, notebooks[1])

    assert len(seen) == 1
    assert seen[0] is not notebooks[1]
    assert notebooks[1] == before
    assert "rolls" in plain
    assert "slides" in changed
    assert "rolls" not in changed
