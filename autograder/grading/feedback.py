"""The feedback page: nbgrader's, with the verdicts in front."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbgrader
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

__all__ = ["FeedbackExporter"]

_OURS = Path(__file__).parent / "templates"
_NBGRADERS = (
    Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
)


class FeedbackExporter(HTMLExporter):
    """Writes a graded notebook as HTML; `GenerateFeedback` is told to use it."""

    def __init__(self, config: Config | None = None, **options: Any):
        own = Config()
        # nbgrader sets these for every HTML exporter; this class's section wins.
        own.FeedbackExporter.template_name = "course_feedback"
        own.FeedbackExporter.extra_template_basedirs = [str(_OURS), str(_NBGRADERS)]
        if config is not None:
            own.merge(config)
        super().__init__(config=own, **options)
