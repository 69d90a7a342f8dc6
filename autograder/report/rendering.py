"""Templates of the report: whatever is put into one is text, unless it is `Markup`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder.limits import MAX_REPORT_TEXT
from autograder.report.summary import exercise_number
from autograder.report.words import people, plain_number
from autograder.text import clean

__all__ = ["asset", "environment", "prose", "render"]

_FOLDER = Path(__file__).parent


def render(template: str, **values: Any) -> Markup:
    """A template of the folder ``templates`` with these values.

    A text among them is cleaned and escaped, wherever it is put; a name that
    is not among them is an error.
    """
    return Markup(environment().get_template(template).render(values))


def asset(name: str) -> Markup:
    """A file beside this module, as it is: style or script."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))


def prose(text: str) -> Markup:
    """Text whose words in backquotes are code."""
    pieces = clean(text, MAX_REPORT_TEXT).split("`")
    if len(pieces) % 2 == 0:
        return Markup.escape("`".join(pieces))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if at % 2 else piece
        for at, piece in enumerate(pieces)
    )


@cache
def environment() -> Environment:
    """What all templates are rendered in."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "count": "{:,}".format,
        "exercise_number": exercise_number,
        "people": people,
        "plain_number": plain_number,
        "prose": prose,
    }
    return made


def _shown(value: object) -> str:
    return value if isinstance(value, Markup) else clean(str(value), MAX_REPORT_TEXT)
