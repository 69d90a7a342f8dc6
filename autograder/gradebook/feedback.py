"""The feedback page: nbgrader's, with the verdicts in front."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbgrader
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.gradebook.filters import highlight_code, strip_files_prefix
from autograder.gradebook.formulas import markdown_to_html, render
from autograder.submissions.released_cells import OWN

__all__ = ["FeedbackExporter"]

_OURS = Path(__file__).parent / "templates"
_FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
_TEMPLATES = _FORMGRADER / "templates"
_STYLES = _FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css"

_REMEMBERED = 1024
"""Cells of each kind; all chapters together have about half as many."""

_WITHOUT_ALT = re.compile(r"<img (?![^>]*\balt=)")
_ALT = '<img alt="No description has been provided for this image" '


class FeedbackExporter(HTMLExporter):
    """Writes a graded notebook as HTML; `GenerateFeedback` is told to use it.

    One exporter writes any number of pages.  What the pages of a class have in
    common, the cells as they were released, it renders once.
    """

    def __init__(self, config: Config | None = None, **options: Any):
        own = Config()
        # nbgrader sets these for every HTML exporter; this class's section wins.
        own.FeedbackExporter.template_name = "course_feedback"
        own.FeedbackExporter.extra_template_basedirs = [str(_OURS), str(_TEMPLATES)]
        folders = [str(_OURS), str(_TEMPLATES), str(_STYLES)]
        own.FeedbackExporter.extra_template_paths = folders
        own.FeedbackExporter.exclude_anchor_links = True
        # One look at the notebook at the end, not one after each of its steps.
        own.FeedbackExporter.optimistic_validation = True
        own.FeedbackExporter.filters = {}  # this class has its own
        if config is not None:
            own.merge(config)
        super().__init__(config=own, **options)
        self._released_code = lru_cache(_REMEMBERED)(highlight_code)
        self._released_text = lru_cache(_REMEMBERED)(render)

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """What the templates call; a method here takes the place of nbconvert's."""
        yield from super().default_filters()
        yield "highlight_code", self.highlight_code
        yield "strip_files_prefix", strip_files_prefix

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **options: Any
    ) -> tuple[str, Any]:
        """The page; `HTMLExporter` takes it apart and joins it again, at great cost."""
        html, resources = TemplateExporter.from_notebook_node(
            self, nb, resources, **options
        )
        return _WITHOUT_ALT.sub(_ALT, html), resources

    def highlight_code(
        self, source: str, metadata: NotebookNode | None = None, **_: Any
    ) -> str:
        """A code cell as HTML."""
        if OWN in (metadata or {}):
            return highlight_code(source, metadata)
        return self._released_code(source)

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """A text cell, or a comment below a cell, as HTML."""
        cell = context.get("cell") or {}
        if OWN in cell.get("metadata", {}) or cell.get("attachments"):
            return markdown_to_html(context, source)
        return self._released_text(source)
