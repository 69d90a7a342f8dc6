"""Cells as a chapter's source text again."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

import jupytext
from nbformat import v4

from autograder.authoring.source import KEYS, SourceCell, read_source

__all__ = ["write_source"]


def write_source(cells: Sequence[SourceCell], existing: str = "") -> str:
    """Write cells as py:percent text.

    Parameters
    ----------
    cells : sequence of SourceCell
        In order.
    existing : str
        The text as it is now.  Cells that it already holds keep every
        character and the blank lines after them, so that an edit of one line
        is a difference of one line.

    Returns
    -------
    str
    """
    name = "existing text"
    old = read_source(existing, name, translation=True) if existing else ()
    blocks = _blocks(existing, old)
    written: list[tuple[str, int]] = []
    matcher = SequenceMatcher(None, [_key(c) for c in old], [_key(c) for c in cells])
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            written += blocks[i1:i2]
            continue
        for j in range(j1, j2):
            # Cells in the same place of a changed stretch share its layout.
            i = i1 + j - j1
            marker, blanks = None, 1
            if i < i2:
                blanks = blocks[i][1]
                if _same_marker(old[i], cells[j]):
                    marker = blocks[i][0].partition("\n")[0]
            written.append((_block_of(cells[j], marker), blanks))
    last = len(written) - 1
    return "".join(
        block + "\n" * (1 if i == last else 1 + blanks)
        for i, (block, blanks) in enumerate(written)
    )


def _key(cell: SourceCell) -> tuple[str, ...]:
    return (cell.kind, cell.role, cell.name, cell.tag, cell.source)


def _same_marker(a: SourceCell, b: SourceCell) -> bool:
    return _key(a)[:-1] == _key(b)[:-1]


def _blocks(text: str, cells: Sequence[SourceCell]) -> list[tuple[str, int]]:
    """The text of each cell, and the number of blank lines after it."""
    lines = text.splitlines()
    starts = [cell.number - 1 for cell in cells]
    blocks = []
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        stop = end
        while stop > start + 1 and not lines[stop - 1].strip():
            stop -= 1
        # Nothing follows the last cell; if something does, one line is blank.
        blanks = end - stop if end < len(lines) else 1
        blocks.append(("\n".join(lines[start:stop]), blanks))
    return blocks


def _block_of(cell: SourceCell, marker: str | None) -> str:
    metadata: dict[str, Any] = {}
    if cell.role != "plain":
        metadata[KEYS[cell.role]] = cell.name
    if cell.tag:
        metadata["tags"] = [cell.tag]
    if cell.of:
        metadata["of"] = cell.of
    new = v4.new_markdown_cell if cell.kind == "markdown" else v4.new_code_cell
    notebook = v4.new_notebook(cells=[new(cell.source, metadata=metadata)])
    notebook.metadata["jupytext"] = {
        "notebook_metadata_filter": "-all",
        "cell_metadata_filter": "all",
    }
    block = jupytext.writes(notebook, "py:percent").rstrip("\n")
    if marker is None:
        return block
    return "\n".join([marker, *block.splitlines()[1:]])
