"""The first page of the site: the chapters, what they need, how long they take."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from string import Template

from autograder.desk.start_page import TITLE
from autograder.exercises.spec import Chapter

__all__ = ["site_page"]

_KNOW_FIRST = re.compile(r"\*\*Know first\*\* (.+)")
_GREEK = re.compile(r"\$\\(\w+)\$")


def site_page(
    chapters: Sequence[Chapter], notebooks: Mapping[str, bytes], packages: str
) -> bytes:
    """The page as HTML.

    Parameters
    ----------
    chapters : sequence of Chapter
        What is on the site.
    notebooks : mapping of str to bytes
        Their releases, by path; their first cell says what to know first.
    packages : str
        An address that the browser has to reach; empty if it is the site itself.
    """
    template = resources.files(__package__) / "templates" / "site.html"
    page = Template(template.read_text(encoding="utf-8")).substitute(
        title=html.escape(TITLE),
        chapters="\n".join(
            line
            for chapter in chapters
            for line in _chapter(chapter, _first_text(notebooks, chapter.name))
        ),
        exercise=chapters[0].exercises[0].name,
        packages=json.dumps(packages).replace("<", "\\u003c"),
    )
    return page.encode()


def _first_text(notebooks: Mapping[str, bytes], name: str) -> str:
    notebook = json.loads(notebooks[f"notebooks/{name}/{name}.ipynb"])
    return "".join(notebook["cells"][0]["source"])


def _chapter(chapter: Chapter, text: str) -> Iterator[str]:
    address = f"lab/index.html?path={chapter.name}/{chapter.name}.ipynb"
    core = sum(not exercise.bonus for exercise in chapter.exercises)
    further = len(chapter.exercises) - core
    more = f", {further} further" if further else ""
    title = f"{chapter.number} · {html.escape(chapter.title)}"
    yield f'<li><h3><a href="{address}">{title}</a></h3>'
    yield f"<p>About {chapter.minutes} minutes · {core} core exercises{more}</p>"
    if found := _KNOW_FIRST.search(text):
        needs = html.escape(_GREEK.sub(_letter, found[1]))
        yield f"<p>Know first: {needs}</p>"
    yield "</li>"


def _letter(found: re.Match[str]) -> str:
    return unicodedata.lookup(f"GREEK SMALL LETTER {found[1]}")
