"""What `progress()` shows: one content, as text of 78 columns and as HTML."""

from __future__ import annotations

import html
import os
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
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

__all__ = ["HOW_COUNTED", "Link", "Told", "as_html", "as_text", "headline", "progress"]

Link = Callable[[Path, str], str]
"""From a notebook, and the id of one of its cells or "", to an address."""

HOW_COUNTED = (
    "Done means right at its last check, or answered in writing, in the notebooks "
    "as they were last saved: save first. A chapter is done without its further "
    "work. Minutes are for the core."
)

_COLUMNS = ("chapter", "state", "core", "further", "written", "minutes")
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
    return f"{done} of {n} core exercises done"


def place_of(chapter: ChapterProgress, standing: Standing) -> Place:
    """The words for a task of a chapter that has a notebook, and its cell."""
    assert chapter.path is not None
    words = f"{standing.task.label}, {standing.task.name}"
    return Place(words, chapter.path, standing.cell_id)


def as_text(found: Progress) -> str:
    """The progress in lines of at most 78 columns."""
    counted = headline(found)
    dashes = "-" * (WIDTH - len("-- PROGRESS  ") - len(counted))
    lines = [f"-- PROGRESS {dashes} {counted}", "", *_text_row("", _COLUMNS)]
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
    row = f"{number:>2}".ljust(len(_MARGIN)) + first.ljust(_WIDTHS[0])
    row += state.ljust(_WIDTHS[1])
    row += "".join(f"{text:>{w}}" for text, w in zip(rest, _WIDTHS[2:], strict=True))
    return [row, *(_MARGIN + line for line in more)]


def _wrapped(line: Line, margin: str = "") -> list[str]:
    words = "".join(part.words if isinstance(part, Place) else part for part in line)
    return textwrap.wrap(words, WIDTH, initial_indent=margin, subsequent_indent=margin)


def as_html(found: Progress, link: Link) -> str:
    """The same words as HTML, with links, for light and dark themes."""
    sides = ("left", "left", "right", "right", "right", "right")
    heads = "".join(
        f'<th scope="col" style="{_CELL}{side}">{name}</th>'
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
    return (
        '<div role="group" aria-label="Progress" style="max-width:56em">'
        f"<p><strong>PROGRESS</strong> {headline(found)}</p>"
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
        f"{done} of {n}"
        for done, n in map(chapter.count, ("core", "further", "written"))
    )
    minutes = str(chapter.outline.minutes)
    return (chapter.outline.title, chapter.state, *counts, minutes)


def _below(chapter: ChapterProgress) -> list[Line]:
    """What stands below a chapter's columns."""
    lines: list[Line] = [[remark] for remark in chapter.remarks]
    if chapter.next:
        further = "further work, " if chapter.next.task.kind == "further" else ""
        words = f": {further}{chapter.next.state.value}"
        lines.append(["next: ", place_of(chapter, chapter.next), words])
    if chapter.guesses:
        counts = ", ".join(
            f"{n} {kind.value}"
            for kind in Nearness
            if (n := chapter.guesses.count(kind))
        )
        lines.append([f"of {len(chapter.guesses)} that you predicted: {counts}"])
    return lines


def _how_counted(found: Progress) -> str:
    guessed = any(chapter.guesses for chapter in found.chapters)
    return f"{HOW_COUNTED} {HOW_NEAR}" if guessed else HOW_COUNTED


def _go_on(found: Progress) -> Line:
    if found.next:
        return ["Go on with ", place_of(*found.next), "."]
    if all(chapter.core_done for chapter in found.chapters):
        return ["All is done."]
    return ["No open exercise was found in these notebooks."]
