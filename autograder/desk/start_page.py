"""The start page: the chapters as a path, with what is done and what is open."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from importlib import resources
from string import Template

from autograder.desk.progress import ChapterProgress, Progress
from autograder.desk.progress_report import HOW_COUNTED, Link, headline
from autograder.desk.standing import Standing
from autograder.language import N_, _, spoken

__all__ = ["TITLE", "start_page"]

TITLE = N_("Optimising deep networks, by hand")

_TAB = "autograder-jupyterlab"
"""All links open in one tab, so that this page stays where it is."""


_RUN_ABOVE = N_(
    "An exercise needs the cells above it: "
    "<em>Run</em>, <em>Run All Above Selected Cell</em>."
)


_STOPPED = N_(
    "JupyterLab does not answer, so these links lead nowhere. Start it again as you "
    "did before, or type: autograder lab"
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
        language=spoken().replace("_", "-"),
        title=html.escape(_(TITLE)),
        main="\n".join(_main(found, link)),
        stopped=json.dumps(_(_STOPPED), ensure_ascii=False),
    )


def _main(found: Progress, link: Link) -> Iterator[str]:
    done, n = found.count("core")
    further, n_further = found.count("further")
    counted = _("{core}, {done} of {n} further ones.")
    counted = counted.format(core=headline(found), done=further, n=n_further)
    label = _("Core exercises")
    yield f"<h1>{html.escape(_(TITLE))}</h1>"
    yield f"<p>{counted}</p>"
    yield f'<progress value="{done}" max="{n}" aria-label="{label}"></progress>'
    yield from _go_on(found, link)
    yield '<ol class="path">'
    now = found.next[0] if found.next else None
    for chapter in found.chapters:
        yield from _chapter(chapter, link, unfolded=chapter is now)
    yield "</ol>"
    made = _(
        "This page is made from the notebooks in {folder} and holds nothing of its "
        "own. Its links open in a second tab."
    ).format(folder=f"<code>{html.escape(str(found.folder))}</code>")
    yield f"<footer><p>{_(HOW_COUNTED)}</p><p>{made}</p></footer>"


def _go_on(found: Progress, link: Link) -> Iterator[str]:
    if found.next is None:
        every = all(chapter.core_done for chapter in found.chapters)
        words = _("All is done.") if every else _("No open exercise was found.")
        yield f'<p class="where">{words}</p>'
        return
    chapter, standing = found.next
    title, above = html.escape(chapter.outline.called), _(_RUN_ABOVE)
    if chapter.state == "begun":
        words = _("Go on with {exercise}").format(exercise=_name(standing))
        yield f"<p>{_anchor(chapter, standing, link, words, 'go-on', 'go')}</p>"
        where = _("{title} · {state}. {run_above}")
        where = where.format(title=title, state=standing.state.said, run_above=above)
        yield f'<p class="where">{where}</p>'
        return
    # An exercise needs the text above it, and the set-up cell.
    begun = any(c.state in ("begun", "done") for c in found.chapters)
    words = _("Begin with chapter {number}, {title}")
    if begun:
        words = _("Go on with chapter {number}, {title}")
    words = words.format(number=chapter.outline.number, title=title)
    yield f"<p>{_anchor(chapter, None, link, words, 'go-on', 'go')}</p>"
    first = _anchor(chapter, standing, link, _name(standing), "first-task")
    straight = _("or straight to {exercise}. {run_above}")
    where = straight.format(exercise=first, run_above=above)
    yield f'<p class="where">{where}</p>'


def _chapter(chapter: ChapterProgress, link: Link, unfolded: bool) -> Iterator[str]:
    outline = chapter.outline
    title = f"{outline.number} · {html.escape(outline.called)}"
    if chapter.path is not None:
        title = _anchor(chapter, None, link, title, f"chapter-{outline.number}")
    mark = "✓" if chapter.state == "done" else str(outline.number)
    yield f'<li class="{chapter.state.replace(" ", "-")}">'
    yield f'<span class="mark" aria-hidden="true">{mark}</span>'
    yield f"<h2>{title}</h2>"
    state = _(chapter.state)
    yield f'<p class="facts"><strong>{state}</strong> · {_facts(chapter)}</p>'
    for remark in chapter.remarks:
        yield f'<p class="remark">{html.escape(remark)}</p>'
    if chapter.path is not None and chapter.state != "unreadable":
        is_open = " open" if unfolded else ""
        yield f'<details id="exercises-{outline.number}"{is_open}>'
        exercises = _("Exercises")
        yield f'<summary id="unfold-{outline.number}">{exercises}</summary><ul>'
        for standing in chapter.standings:
            anchor = _anchor(
                chapter, standing, link, _name(standing), f"task-{standing.task.name}"
            )
            state = standing.state.said
            if standing.task.kind == "further":
                state = _("further work, {state}").format(state=state)
            tick = "✓ " if standing.state.done else ""
            yield f"<li>{anchor} <span>{tick}{state}</span></li>"
        yield "</ul></details>"
    yield "</li>"


def _facts(chapter: ChapterProgress) -> str:
    """Counts of a chapter in words, and its time."""
    told = {
        "core": _("{done} of {n} core"),
        "further": _("{done} of {n} further"),
        "written": _("{done} of {n} in writing"),
    }
    counts = [
        words.format(done=done, n=n)
        for kind, words in told.items()
        for done, n in [chapter.count(kind)]
        if n
    ]
    minutes = _("about {n} minutes").format(n=chapter.outline.minutes)
    return " · ".join([*counts, minutes])


def _name(standing: Standing) -> str:
    task = standing.task
    name = f"<code>{html.escape(task.name)}</code>"
    return _("{label}, {name}").format(label=task.called, name=name)


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
