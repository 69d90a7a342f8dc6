"""A chapter's source text as cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext
from nbformat import ValidationError

from autograder.authoring.errors import SourceError

__all__ = ["KEYS", "TAGS", "SourceCell", "read_source", "trials"]

TAGS = ("setup", "experiment", "try")
"""The tags that an author may give a code cell, one a cell."""

_MARKER = re.compile(r"^\s*#\s*%%(%*)(\s.*)?$")
_ROLES = {
    ("markdown", "exercise"): "statement",
    ("code", "exercise"): "exercise",
    ("markdown", "question"): "question",
    ("markdown", "answer"): "answer",
}
KEYS = {role: key for (_, key), role in _ROLES.items()}
"""The marker key that says a role."""

# Jupytext's own notes about layout: the text itself keeps that.
_LAYOUT = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}
_KNOWN = 'Known are exercise="…", question="…", answer="…" and tags=["…"].'


@dataclass(frozen=True)
class SourceCell:
    """One cell as its author writes it.

    Attributes
    ----------
    kind : str
        "markdown" or "code".
    source : str
        The text, without what the build adds.  Of an exercise it may be empty,
        which means the kernel (`autograder.authoring.kernel_cells`).
    role : str
        "plain", "statement", "exercise", "question" or "answer".
    name : str
        The exercise or question that a role other than "plain" belongs to.
    tag : str
        One of `TAGS`, or empty.
    origin : str
        "line" or "cell": what `number` counts; or "kernel", if the code is the
        kernel's and `number` the line of the marker.
    number : int
        Line of the cell's marker, or number of the cell in a notebook.
    of : str
        Of a translation: which English text it is of
        (`autograder.authoring.translations.chapters`).
    """

    kind: str
    source: str
    role: str = "plain"
    name: str = ""
    tag: str = ""
    origin: str = field(default="line", compare=False)
    number: int = field(default=1, compare=False)
    of: str = field(default="", compare=False)

    def place(self, line: int = 0) -> str:
        """Where line `line` of the cell is; 0 is the marker above the first."""
        if self.origin == "kernel":
            return str(self.number)
        if self.origin == "line":
            return str(self.number + line)
        return f"cell {self.number}" + (f", line {line}" if line else "")


def read_source(
    text: str, path: Path | str, *, translation: bool = False
) -> tuple[SourceCell, ...]:
    """Read a chapter's py:percent text into cells.

    Parameters
    ----------
    text : str
        The source.
    path : Path
        Where it is from, for messages.
    translation : bool
        Whether markers may have ``of="…"``.

    Returns
    -------
    tuple of SourceCell
        In order.  Whether they make a chapter is for
        `autograder.authoring.validation` to say.

    Raises
    ------
    SourceError
        If a cell marker cannot be understood.
    """
    lines = text.splitlines()
    if not lines or not lines[0].startswith("# %%"):
        raise SourceError(
            path,
            "1",
            "A source begins with a cell marker.",
            'Let the first line be "# %% [markdown]", with no header above it.',
        )
    starts = [i for i, line in enumerate(lines, 1) if _MARKER.match(line)]
    try:
        cells = jupytext.reads(text, "py:percent").cells
    except ValidationError as error:
        line = _invalid_marker(lines, starts)
        problem = f"This marker makes no cell: {error.message}."
        raise SourceError(path, str(line), problem, _KNOWN) from error
    if len(starts) != len(cells):
        line = _marker_in_a_string(lines, starts)
        raise SourceError(
            path,
            str(line),
            "A cell marker inside a string or a block of code in prose.",
            'Close what is open above it, or do not begin the line with "# %%".',
        )
    return tuple(
        _understood(cell, start, path, translation)
        for cell, start in zip(cells, starts, strict=True)
    )


def trials(cells: Sequence[SourceCell], start: int) -> list[int]:
    """Places of the cells in which an exercise is tried out, its own the first.

    Parameters
    ----------
    cells : sequence of SourceCell
        A chapter.
    start : int
        Place of the exercise's code.

    Returns
    -------
    list of int
        `start`, and the cells tagged "try" that only prose separates from it.
    """
    places = [start]
    for i in range(start + 1, len(cells)):
        if cells[i].tag == "try":
            places.append(i)
        elif (cells[i].kind, cells[i].role) != ("markdown", "plain"):
            break
    return places


def _invalid_marker(lines: list[str], starts: list[int]) -> int:
    """The first marker line that jupytext cannot make a cell of."""
    for start in starts:
        try:
            jupytext.reads(lines[start - 1], "py:percent")
        except ValidationError:
            return start
    return starts[0]


def _marker_in_a_string(lines: list[str], starts: list[int]) -> int:
    """The first marker line at which jupytext begins no cell."""
    for count, start in enumerate(starts, 1):
        if len(jupytext.reads("\n".join(lines[:start]), "py:percent").cells) < count:
            return start
    return starts[-1]


def _understood(
    cell: Any, line: int, path: Path | str, translation: bool
) -> SourceCell:
    def wrong(problem: str, remedy: str) -> SourceError:
        return SourceError(path, str(line), problem, remedy)

    metadata = {k: v for k, v in cell.metadata.items() if k not in _LAYOUT}
    tags = metadata.pop("tags", [])
    of = str(metadata.pop("of", "")) if translation else ""
    if cell.cell_type not in ("markdown", "code"):
        raise wrong(f"A {cell.cell_type} cell.", "Make it markdown or code.")
    if "incorrectly_encoded_metadata" in metadata:
        shown = metadata["incorrectly_encoded_metadata"]
        raise wrong(
            f"This marker cannot be read: {shown}",
            'A value is quoted text, exercise="momentum_step", '
            'or a list of it, tags=["try"].',
        )
    keys = [key for key in metadata if key in KEYS.values()]
    unknown = sorted(set(metadata) - set(keys))
    if unknown:
        # Words that are neither a cell's kind nor a value are its title.
        named = [f'{k} "{metadata[k]}"' if k == "title" else k for k in unknown]
        raise wrong(f"Unknown in a cell marker: {', '.join(named)}.", _KNOWN)
    if len(keys) > 1:
        raise wrong(f"A cell is one thing; this is {' and '.join(keys)}.", _KNOWN)
    role, name = "plain", ""
    if keys:
        role, name = _ROLES.get((cell.cell_type, keys[0]), ""), metadata[keys[0]]
        if not role:
            raise wrong(
                f'A code cell with {keys[0]}="…".',
                f'Begin it with "# %% [markdown] {keys[0]}=…".',
            )
        if not isinstance(name, str):
            raise wrong(f"{keys[0]}={name!r} is not a name.", "Write it in quotes.")
    if tags:
        _check_tags(tags, cell.cell_type, role, wrong)
    tag = tags[0] if tags else ""
    return SourceCell(cell.cell_type, cell.source, role, name, tag, number=line, of=of)


def _check_tags(tags: list[str], kind: str, role: str, wrong: Any) -> None:
    known = ", ".join(TAGS)
    for tag in tags:
        if tag not in TAGS:
            raise wrong(f'Unknown tag "{tag}".', f"Known are {known}.")
    if len(tags) > 1:
        raise wrong("More than one tag.", f"Choose one of {known}.")
    if kind != "code" or role != "plain":
        raise wrong(
            f'The tag "{tags[0]}" on a cell that is not plain code.',
            "Tag plain code cells only; the build tags the rest.",
        )
