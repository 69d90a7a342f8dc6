"""The pages that people read of a graded notebook: feedback, and the formgrader's."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from autograder.course import nbgrader_settings
from autograder.gradebook.feedback import FeedbackExporter

ROOT = Path(__file__).parents[2]


def feedback_page(notebook: nbformat.NotebookNode) -> str:
    marks = {"score": 0.0, "max_score": 1.0, "late_penalty": 0.0}
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["score"] = 0.0
    resources = {"nbgrader": {"notebook": "n", "student": "s", **marks}}
    exporter = FeedbackExporter(config=nbgrader_settings(ROOT))
    return exporter.from_notebook_node(notebook, resources)[0]


def formgrader_page(notebook: nbformat.NotebookNode) -> str:
    """As nbgrader's server extension makes it: its settings, then the course's."""
    config = Config({"HTMLExporter": {"template_name": "formgrade"}})
    config.merge(nbgrader_settings(ROOT))
    resources = {"index": 0, "total": 1, "base_url": "", "notebook_path": "x"}
    exporter = HTMLExporter(config=config)
    return exporter.from_notebook_node(notebook, resources)[0]


ON_EACH_PAGE = pytest.mark.parametrize("make_page", [feedback_page, formgrader_page])
