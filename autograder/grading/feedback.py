"""The feedback page: nbgrader's, with the verdicts in front."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbgrader
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

__all__ = ["FeedbackExporter"]

_OURS = Path(__file__).parent / "templates"
_FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
_TEMPLATES = _FORMGRADER / "templates"
_STYLES = _FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css"


class FeedbackExporter(HTMLExporter):
    """Writes a graded notebook as HTML; `GenerateFeedback` is told to use it."""

    def __init__(self, config: Config | None = None, **options: Any):
        own = Config()
        # nbgrader sets these for every HTML exporter; this class's section wins.
        own.FeedbackExporter.template_name = "course_feedback"
        own.FeedbackExporter.extra_template_basedirs = [str(_OURS), str(_TEMPLATES)]
        own.FeedbackExporter.extra_template_paths = [str(_TEMPLATES), str(_STYLES)]
        own.FeedbackExporter.exclude_anchor_links = True
        if config is not None:
            own.merge(config)
        super().__init__(config=own, **options)
