"""The feedback page, as an exporter that nbgrader's commands can be told to use."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from autograder.gradebook.feedback_page import page_of
from autograder.language import _, ngettext, or_english, speaking
from autograder.limits import MAX_RENDERED_PAGE
from autograder.text import clean

__all__ = ["FeedbackExporter"]

_TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(Exporter):
    """Writes what was found in a graded notebook as HTML, in its language.

    `GenerateFeedback` is told to use it.  One exporter writes any number of pages.
    """

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **options: Any
    ) -> tuple[str, Any]:
        """The page of a notebook that has marks and comments in it."""
        if any(getattr(step, "enabled", True) for step in self._preprocessors):
            nb, resources = super().from_notebook_node(nb, resources, **options)
        else:  # nothing changes it, so it need not be copied and looked through
            resources = self._init_resources(resources)
        template, style, font = _parts()
        with speaking(_language_of(nb)) as language:
            page = page_of(nb, resources["nbgrader"])
            tag = language.replace("_", "-")
            parts = {"page": page, "language": tag, "style": style, "math_font": font}
            return template.render(parts), resources


def _language_of(notebook: NotebookNode) -> str:
    """In which it was graded; what it was handed in with stands there no more."""
    return or_english(str(notebook.metadata.get("autograder", {}).get("language")))


@cache
def _parts() -> tuple[Any, Markup, Markup]:
    """The template, the style, and the font of formulas as an address."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        _, ngettext, newstyle=True
    )
    style = (_TEMPLATES / "feedback.css").read_text(encoding="utf-8")
    font = b64encode((_TEMPLATES / "fonts" / "course-math.woff").read_bytes())
    address = f"data:font/woff;base64,{font.decode()}"
    return environment.get_template("feedback.html"), Markup(style), Markup(address)


def _shown(value: object) -> str:
    """What is no HTML of ours is text, without what moves a cursor."""
    return value if isinstance(value, Markup) else clean(str(value), MAX_RENDERED_PAGE)
