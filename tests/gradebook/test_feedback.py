"""Feedback pages: an exporter that has written many writes each as if it were new."""

from __future__ import annotations

import copy

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from autograder.gradebook.feedback import FeedbackExporter
from autograder.submissions.graft import graft
from autograder.submissions.notebook import parse_notebook

PNG, OTHER_PNG = "iVBORw0KGgoAAAA=", "iVBORw0KGgoBBBB="


def graded(release: bytes, data: bytes) -> NotebookNode:
    """A grafted notebook with marks in it, as it comes to the page."""
    notebook = nbformat.from_dict(graft(release, parse_notebook(data)).notebook)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"score": 1.0, "points": 2.0, "comment": None}
    return notebook


def resources() -> dict:
    marks = {"score": 3.0, "max_score": 7.0, "late_penalty": 0}
    names = {"student": "ada", "notebook": "03_momentum"}
    return {"nbgrader": names | marks, "inlining": {"css": []}}


def page(exporter: FeedbackExporter, notebook: NotebookNode) -> str:
    return exporter.from_notebook_node(notebook, resources())[0]


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


def test_a_page_is_what_nbconvert_makes_of_it(notebooks):
    """Nothing is lost by not taking the page apart and joining it again."""
    for notebook in notebooks:
        notebook.metadata.language_info.pygments_lexer = "ipython3"
        ours = page(FeedbackExporter(), notebook)
        plain = HTMLExporter.from_notebook_node
        theirs, _ = plain(FeedbackExporter(), notebook, resources())

        assert str(BeautifulSoup(ours, "html.parser")) == theirs


def test_a_notebook_is_not_changed_by_its_page(notebooks):
    before = copy.deepcopy(notebooks)
    for notebook in notebooks:
        page(FeedbackExporter(), notebook)

    assert notebooks == before


def test_what_a_class_has_in_common_is_rendered_once(release, make_notebook):
    """A later page asks for released cells and renders the student's own."""
    exporter = FeedbackExporter()
    page(exporter, graded(release, make_notebook().data))
    first = exporter._released_code.cache_info(), exporter._released_text.cache_info()
    page(exporter, graded(release, make_notebook().solve().fill("why", "So.").data))
    second = exporter._released_code.cache_info(), exporter._released_text.cache_info()

    for before, after in zip(first, second, strict=True):
        assert before.misses > 0
        assert after.misses == before.misses
        assert after.hits > before.hits


def test_pictures_with_one_name_in_two_cells(release, make_notebook):
    """The same text shows what is attached to its own cell."""
    notebook = graded(release, make_notebook().data)
    text = [cell for cell in notebook.cells if cell.cell_type == "markdown"][:2]
    for cell, picture in zip(text, (PNG, OTHER_PNG), strict=True):
        cell.source = "![a path](attachment:path.png)"
        cell.attachments = {"path.png": {"image/png": picture}}
    soup = BeautifulSoup(page(FeedbackExporter(), notebook), "html.parser")

    first, second = (image["src"] for image in soup.find_all("img"))
    assert first != second


def test_a_figure_without_words_has_some(notebooks):
    """A screen reader says that there is nothing to say."""
    soup = BeautifulSoup(page(FeedbackExporter(), notebooks[3]), "html.parser")

    (image,) = soup.find_all("img")
    assert image["alt"] == "No description has been provided for this image"


def test_a_figures_own_words_are_kept(notebooks):
    experiment = next(cell for cell in notebooks[3].cells if cell.id == "experiment")
    experiment.outputs[0].metadata = {"image/png": {"alt": 'a "path"'}}
    soup = BeautifulSoup(page(FeedbackExporter(), notebooks[3]), "html.parser")

    (image,) = soup.find_all("img")
    assert image["alt"] == 'a "path"'
