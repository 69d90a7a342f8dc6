"""The start page: the chapters as a path, with what is done and what is open."""

from __future__ import annotations

import html
from collections.abc import Iterator
from importlib import resources
from string import Template

from autograder.desk.progress import ChapterProgress, Progress
from autograder.desk.progress_report import HOW_COUNTED, Link, headline
from autograder.desk.standing import Standing

__all__ = ["TITLE", "start_page"]

TITLE = "Optimising deep networks, by hand"

_TAB = "autograder-jupyterlab"
"""All links open in one tab, so that this page stays where it is."""


_RUN_ABOVE = (
    "An exercise needs the cells above it: "
    "<em>Run</em>, <em>Run All Above Selected Cell</em>."
)


def start_page(found: Progress, link: Link) -> str:
    """The page as HTML.

    Parameters
    ----------
    found : Progress
        What `read_progress` found.
    link : callable
        ``link(notebook, cell_id)`` is the address that opens a notebook, at one
        of its cells unless `cell_id` is empty.
    """
    template = resources.files(__package__) / "start_page.html"
    return Template(template.read_text(encoding="utf-8")).substitute(
        title=html.escape(TITLE), main="\n".join(_main(found, link))
    )


def _main(found: Progress, link: Link) -> Iterator[str]:
    done, n = found.count("core")
    further, n_further = found.count("further")
    counted = f"{headline(found)}, {further} of {n_further} further ones."
    yield f"<h1>{html.escape(TITLE)}</h1>"
    yield f"<p>{counted}</p>"
    yield f'<progress value="{done}" max="{n}" aria-label="Core exercises"></progress>'
    yield from _go_on(found, link)
    yield '<ol class="path">'
    now = found.next[0] if found.next else None
    for chapter in found.chapters:
        yield from _chapter(chapter, link, unfolded=chapter is now)
    yield "</ol>"
    yield (
        f"<footer><p>{HOW_COUNTED}</p><p>This page is made from the notebooks in "
        f"<code>{html.escape(str(found.folder))}</code> and holds nothing of its own. "
        "Its links open in a second tab.</p></footer>"
    )


def _go_on(found: Progress, link: Link) -> Iterator[str]:
    if found.next is None:
        every = all(chapter.core_done for chapter in found.chapters)
        words = "All is done." if every else "No open exercise was found."
        yield f'<p class="where">{words}</p>'
        return
    chapter, standing = found.next
    title = html.escape(chapter.outline.title)
    if chapter.state == "begun":
        words = f"Go on with {_name(standing)}"
        yield f"<p>{_anchor(chapter, standing, link, words, 'go-on', 'go')}</p>"
        yield f'<p class="where">{title} · {standing.state.value}. {_RUN_ABOVE}</p>'
        return
    # An exercise needs the text above it, and the set-up cell.
    begun = any(c.state in ("begun", "done") for c in found.chapters)
    verb = "Go on" if begun else "Begin"
    words = f"{verb} with chapter {chapter.outline.number}, {title}"
    yield f"<p>{_anchor(chapter, None, link, words, 'go-on', 'go')}</p>"
    first = _anchor(chapter, standing, link, _name(standing), "first-task")
    yield f'<p class="where">or straight to {first}. {_RUN_ABOVE}</p>'


def _chapter(chapter: ChapterProgress, link: Link, unfolded: bool) -> Iterator[str]:
    outline = chapter.outline
    title = f"{outline.number} · {html.escape(outline.title)}"
    if chapter.path is not None:
        title = _anchor(chapter, None, link, title, f"chapter-{outline.number}")
    mark = "✓" if chapter.state == "done" else str(outline.number)
    yield f'<li class="{chapter.state.replace(" ", "-")}">'
    yield f'<span class="mark" aria-hidden="true">{mark}</span>'
    yield f"<h2>{title}</h2>"
    yield f'<p class="facts"><strong>{chapter.state}</strong> · {_facts(chapter)}</p>'
    for remark in chapter.remarks:
        yield f'<p class="remark">{html.escape(remark)}</p>'
    if chapter.path is not None and chapter.state != "unreadable":
        is_open = " open" if unfolded else ""
        yield f'<details id="exercises-{outline.number}"{is_open}>'
        yield f'<summary id="unfold-{outline.number}">Exercises</summary><ul>'
        for standing in chapter.standings:
            anchor = _anchor(
                chapter, standing, link, _name(standing), f"task-{standing.task.name}"
            )
            further = "further work, " if standing.task.kind == "further" else ""
            tick = "✓ " if standing.state.done else ""
            words = f"<span>{tick}{further}{standing.state.value}</span>"
            yield f"<li>{anchor} {words}</li>"
        yield "</ul></details>"
    yield "</li>"


def _facts(chapter: ChapterProgress) -> str:
    """Counts of a chapter in words, and its time."""
    names = {"core": "core", "further": "further", "written": "in writing"}
    counts = [
        f"{done} of {n} {name}"
        for kind, name in names.items()
        for done, n in [chapter.count(kind)]
        if n
    ]
    return " · ".join([*counts, f"about {chapter.outline.minutes} minutes"])


def _name(standing: Standing) -> str:
    task = standing.task
    return f"{task.label}, <code>{html.escape(task.name)}</code>"


def _anchor(
    chapter: ChapterProgress,
    standing: Standing | None,
    link: Link,
    words: str,
    name: str,
    kind: str = "",
) -> str:
    assert chapter.path is not None
    address = html.escape(link(chapter.path, standing.cell_id if standing else ""))
    look = f' class="{kind}"' if kind else ""
    return f'<a id="{name}"{look} href="{address}" target="{_TAB}">{words}</a>'
