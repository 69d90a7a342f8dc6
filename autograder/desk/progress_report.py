"""What `progress()` shows: one content, as text of 78 columns and as HTML."""

from __future__ import annotations

import html
import os
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import quote

from autograder.checking.message import WIDTH
from autograder.desk.nearness import HOW_NEAR, Nearness
from autograder.desk.progress import (
    ChapterProgress,
    NoNotebooks,
    Progress,
    find_notebooks,
    read_progress,
)
from autograder.desk.standing import Standing
from autograder.language import N_, _

__all__ = ["HOW_COUNTED", "Link", "Told", "as_html", "as_text", "headline", "progress"]

Link = Callable[[Path, str], str]
"""From a notebook, and the id of one of its cells or "", to an address."""

HOW_COUNTED = N_(
    "Done means right at its last check, or answered in writing, in the notebooks "
    "as they were last saved: save first. A chapter is done without its further "
    "work. Minutes are for the core."
)

_COLUMNS = (
    *(N_("chapter"), N_("state"), N_("core")),
    *(N_("further"), N_("written"), N_("minutes")),
)
_WIDTHS = (31, 11, 8, 8, 8, 8)
_MARGIN = " " * (WIDTH - sum(_WIDTHS))
# JupyterLab shades every second row; here two rows belong together.
_ROW = "background:none;border-top:1px solid var(--jp-border-color2,#bbb)"
_CELL = "padding:.2em .7em;vertical-align:top;text-align:"


@dataclass(frozen=True)
class Place:
    """Words that lead to a notebook, or to one of its cells."""

    words: str
    path: Path
    cell_id: str = ""


Line = Sequence[str | Place]


class Told:
    """Progress that shows itself, with links from the folder `start`."""

    def __init__(self, found: Progress, start: Path):
        self.found = found
        self._start = start

    def __repr__(self) -> str:
        return as_text(self.found)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        shown = as_html(self.found, self._link)
        return {"text/html": shown, "text/plain": repr(self)}

    def _link(self, path: Path, cell_id: str) -> str:
        # JupyterLab follows a link from the notebook that shows it.
        relative = Path(os.path.relpath(path, self._start)).as_posix()
        return quote(relative) + (f"#cell-id={quote(cell_id)}" if cell_id else "")


def progress(folder: str | Path | None = None) -> Told | None:
    """How far your notebooks are: what is done, what is open, where to go on.

    Reads the saved notebooks and runs nothing in them: save a notebook first.

    Parameters
    ----------
    folder : path, optional
        The folder that holds the chapters; by default the one around the
        present notebook.
    """
    start = Path.cwd()
    try:
        around = find_notebooks(Path(folder or start))
    except NoNotebooks as error:
        print(error)
        return None
    return Told(read_progress(around), start)


def headline(found: Progress) -> str:
    """How much of the core is done, in words."""
    done, n = found.count("core")
    return _("{done} of {n} core exercises done").format(done=done, n=n)


def place_of(chapter: ChapterProgress, standing: Standing) -> Place:
    """The words for a task of a chapter that has a notebook, and its cell."""
    assert chapter.path is not None
    task = standing.task
    words = _("{label}, {name}").format(label=task.called, name=task.name)
    return Place(words, chapter.path, standing.cell_id)


def as_text(found: Progress) -> str:
    """The progress in lines of at most 78 columns."""
    counted, title = headline(found), _("PROGRESS")
    dashes = "-" * (WIDTH - _columns(f"-- {title}  {counted}"))
    lines = [f"-- {title} {dashes} {counted}", ""]
    lines += _text_row("", [_(name) for name in _COLUMNS])
    for chapter in found.chapters:
        lines += _text_row(str(chapter.outline.number), _fields(chapter))
        for line in _below(chapter):
            lines += _wrapped(line, _MARGIN)
    for line in (_go_on(found), [_how_counted(found)]):
        lines += ["", *_wrapped(line)]
    return "\n".join(lines) + "\n"


def _text_row(number: str, fields: Sequence[str]) -> list[str]:
    title, state, *rest = fields
    first, *more = textwrap.wrap(title, _WIDTHS[0] - 1)
    row = f"{number:>2}".ljust(len(_MARGIN)) + _padded(first, _WIDTHS[0])
    row += _padded(state, _WIDTHS[1])
    for text, width in zip(rest, _WIDTHS[2:], strict=True):
        row += " " * (width - _columns(text)) + text
    return [row, *(_MARGIN + line for line in more)]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _columns(text: str) -> int:
    """How many columns a text takes: a Chinese character has two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _wrapped(line: Line, margin: str = "") -> list[str]:
    words = "".join(part.words if isinstance(part, Place) else part for part in line)
    return textwrap.wrap(words, WIDTH, initial_indent=margin, subsequent_indent=margin)


def as_html(found: Progress, link: Link) -> str:
    """The same words as HTML, with links, for light and dark themes."""
    sides = ("left", "left", "right", "right", "right", "right")
    heads = "".join(
        f'<th scope="col" style="{_CELL}{side}">{_(name)}</th>'
        for side, name in zip(sides, _COLUMNS, strict=True)
    )
    rows = []
    for chapter in found.chapters:
        title, *rest = _fields(chapter)
        numbered = f"{chapter.outline.number} {title}"
        first: Line = [Place(numbered, chapter.path) if chapter.path else numbered]
        cells = "".join(
            f'<td style="{_CELL}{side}">{text}</td>'
            for side, text in zip(sides[1:], rest, strict=True)
        )
        below = "".join(f"<br>{_marked_up(line, link)}" for line in _below(chapter))
        rows.append(
            f'<tr style="{_ROW}"><th scope="row" style="{_CELL}left">'
            f"{_marked_up(first, link)}</th>{cells}</tr>"
        )
        if below:
            rows.append(
                f'<tr style="background:none"><td colspan="6" style="{_CELL}left">'
                f"{below.removeprefix('<br>')}</td></tr>"
            )
    label, title = _("Progress"), _("PROGRESS")
    return (
        f'<div role="group" aria-label="{label}" style="max-width:56em">'
        f"<p><strong>{title}</strong> {headline(found)}</p>"
        f'<table style="margin:0 0 1em"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
        f"<p>{_marked_up(_go_on(found), link)}</p><p>{_how_counted(found)}</p></div>"
    )


def _marked_up(line: Line, link: Link) -> str:
    return "".join(
        f'<a href="{html.escape(link(part.path, part.cell_id))}">'
        f"{html.escape(part.words)}</a>"
        if isinstance(part, Place)
        else html.escape(part)
        for part in line
    )


def _fields(chapter: ChapterProgress) -> tuple[str, ...]:
    """What stands in a chapter's columns."""
    counts = (
        _("{done} of {n}").format(done=done, n=n)
        for done, n in map(chapter.count, ("core", "further", "written"))
    )
    minutes = str(chapter.outline.minutes)
    return (chapter.outline.called, _(chapter.state), *counts, minutes)


def _below(chapter: ChapterProgress) -> list[Line]:
    """What stands below a chapter's columns."""
    lines: list[Line] = [[remark] for remark in chapter.remarks]
    if chapter.next:
        told = _("next: {place}: {state}")
        if chapter.next.task.kind == "further":
            told = _("next: {place}: further work, {state}")
        place = place_of(chapter, chapter.next)
        lines.append(_with_place(told, place, state=chapter.next.state.said))
    if chapter.guesses:
        counts = _(", ").join(
            _(_HOW_MANY[kind]).format(n=n)
            for kind in Nearness
            if (n := chapter.guesses.count(kind))
        )
        told = _("of {n} that you predicted: {counts}")
        lines.append([told.format(n=len(chapter.guesses), counts=counts)])
    return lines


_HOW_MANY = {
    Nearness.RIGHT: N_("{n} right"),
    Nearness.NEAR: N_("{n} near"),
    Nearness.SURPRISE: N_("{n} surprising"),
}


def _with_place(message: str, place: Place, **given: str) -> Line:
    """A message with words that lead somewhere at its `{place}`."""
    before, _place, after = message.partition("{place}")
    return [before.format(**given), place, after.format(**given)]


def _how_counted(found: Progress) -> str:
    guessed = any(chapter.guesses for chapter in found.chapters)
    return f"{_(HOW_COUNTED)} {_(HOW_NEAR)}" if guessed else _(HOW_COUNTED)


def _go_on(found: Progress) -> Line:
    if found.next:
        return _with_place(_("Go on with {place}."), place_of(*found.next))
    if all(chapter.core_done for chapter in found.chapters):
        return [_("All is done.")]
    return [_("No open exercise was found in these notebooks.")]
