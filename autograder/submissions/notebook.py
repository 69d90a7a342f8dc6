"""From bytes that somebody handed in to the cells of a notebook."""

from __future__ import annotations

import codecs
import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.limits import (
    MAX_ATTACHMENTS,
    MAX_BRACKETS,
    MAX_CELL_ID,
    MAX_CELL_SOURCE,
    MAX_CELLS,
    MAX_NOTEBOOK,
    MAX_NOTEBOOK_FILE,
    MAX_TAGS,
)
from autograder.submissions.kinds import conflict_line, what_it_is
from autograder.submissions.outputs import without_outputs
from autograder.text import clean

__all__ = ["Cell", "Problem", "parse_notebook", "slim"]

_SMALL = 1 << 20
"""Bytes of a file that is read as a whole, outputs too, unless something is wrong."""


class Problem(Exception):
    """Why something cannot be read, in one sentence."""


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook that somebody handed in.

    `kind` is ``code``, ``markdown`` or ``raw``.
    """

    kind: str
    source: str
    id: str = ""
    grade_id: str = ""
    tags: tuple[str, ...] = ()
    attachments: Mapping[str, Any] = field(default_factory=dict)


def parse_notebook(data: bytes) -> list[Cell]:
    """The cells of a notebook file.

    Raises
    ------
    Problem
        If the bytes are no notebook.
    """
    if not data.strip():
        raise Problem("The notebook file is empty.")
    notebook = _tree(slim(data))
    if not isinstance(notebook, dict):
        raise Problem(f"The file holds JSON, but no notebook.{_pointer(notebook)}")
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        raise Problem(
            "The notebook has a format from before 2015. Open it in JupyterLab, save "
            "it and hand it in again."
        )
    if not isinstance(cells, list):
        raise Problem(
            "The file holds JSON, but no notebook: it has no cells."
            f"{_pointer(notebook)}"
        )
    if len(cells) > MAX_CELLS:
        raise Problem(
            f"The notebook has {len(cells)} cells; {MAX_CELLS} are the most that is "
            "graded."
        )
    return _few_pictures([cell for cell in map(_cell, cells) if cell is not None])


def _few_pictures(cells: list[Cell]) -> list[Cell]:
    """The cells with pasted pictures as long as all together are not too large."""
    room, kept = MAX_ATTACHMENTS, []
    for cell in cells:
        bundles = cell.attachments.values()
        size = sum(len(data) for bundle in bundles for data in bundle.values())
        kept.append(cell if size <= room else replace(cell, attachments={}))
        room -= size if size <= room else 0
    return kept


def slim(data: bytes) -> bytes:
    """A notebook's bytes; without what its cells showed if they are very many.

    A notebook of usual size stays what it is, to the byte: its cases are drawn
    from that.

    Raises
    ------
    Problem
        If it is too large even so.
    """
    if len(data) > MAX_NOTEBOOK_FILE:
        raise Problem(
            f"The notebook file has more than {MAX_NOTEBOOK_FILE >> 20} MB. Clear the "
            "outputs (in JupyterLab: Edit, Clear Outputs of All Cells), save, hand in "
            "again."
        )
    if len(data) <= MAX_NOTEBOOK:
        return data
    less = without_outputs(_as_utf8(data))
    if len(less) > MAX_NOTEBOOK:
        raise Problem(
            f"The notebook file has more than {MAX_NOTEBOOK >> 20} MB without its "
            "outputs."
        )
    return less


def _as_utf8(data: bytes) -> bytes:
    """Text in UTF-8, whatever of Unicode it was saved in; else as it is.

    PowerShell writes UTF-16, and editors put a byte order mark first.
    """
    encoding = json.detect_encoding(data[:16])
    if encoding == "utf-8":
        return data
    try:
        text = data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return data
    return text.encode("utf-8", "surrogatepass").removeprefix(codecs.BOM_UTF8)


def _tree(data: bytes) -> Any:
    """The JSON in a file, or a sentence that says what is there instead."""
    text = _as_utf8(data)
    if len(text) <= _SMALL:
        with contextlib.suppress(ValueError, RecursionError, MemoryError):
            return json.loads(text.decode("utf-8", "surrogatepass"))
    less = without_outputs(text)
    if less.count(b"[") + less.count(b"{") > MAX_BRACKETS:
        raise Problem("The notebook file has too many parts to be one.")
    try:
        return json.loads(_decoded(less))
    except UnicodeDecodeError:
        raise Problem(
            what_it_is(data) or "The notebook file is not text in UTF-8."
        ) from None
    except json.JSONDecodeError:
        raise Problem(_not_json(text)) from None
    except (ValueError, RecursionError, MemoryError):
        raise Problem(
            what_it_is(data) or "The notebook file is not JSON that can be read."
        ) from None


def _decoded(data: bytes) -> str:
    """Text in UTF-8, or in the letters that Windows wrote before, if it is JSON."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        if not data.lstrip().startswith(b"{") or b"\0" in data:
            raise
        text = data.decode("cp1252")
        json.loads(text)
        return text


def _not_json(data: bytes) -> str:
    """Why a text is no JSON, in one sentence."""
    line = conflict_line(data)
    if line is not None:
        return (
            f"The notebook has the marks of a Git merge conflict, from line {line} on: "
            "settle which version stays (`git mergetool`, or nbdime), open it in "
            "JupyterLab to see that it is whole, and hand it in again."
        )
    known = what_it_is(data)
    if known is not None:
        return known
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        ends = error.pos >= len(data.rstrip()) - 1 or "Unterminated" in error.msg
        if data.lstrip().startswith(b"{") and ends:
            return (
                "The notebook file ends in the middle (not JSON: "
                f"{error.msg} at line {error.lineno}): it was cut off on its way. "
                "Hand it in again."
            )
        return (
            f"The notebook file is not JSON: {error.msg} at line {error.lineno}, "
            f"column {error.colno}."
        )
    except (ValueError, RecursionError, MemoryError):
        pass
    return "The notebook file is not JSON that can be read."


def _pointer(tree: Any) -> str:
    """What other JSON says that it is: a link of Google's, an answer of a server."""
    if isinstance(tree, dict) and {"doc_id", "url"} & tree.keys():
        return " It is a link to a document of Google's: download the .ipynb itself."
    if isinstance(tree, dict) and {"message", "error", "errors"} & tree.keys():
        return " It is what a server answers when something went wrong."
    return ""


def _cell(raw: Any) -> Cell | None:
    """One cell with what can be used of it; None if that is nothing."""
    if not isinstance(raw, dict):
        return None
    kind = raw.get("cell_type")
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(kind, str) or not isinstance(source, str):
        return None
    # A byte order mark before the first word is no part of it, nor are the line
    # ends of another system.
    source = source.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # Lone surrogates are valid in JSON and nowhere else.
    source = source[:MAX_CELL_SOURCE].encode("utf-8", "replace").decode("utf-8")
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    tags = metadata.get("tags")
    tags = tags if isinstance(tags, list) else []
    return Cell(
        kind if kind in ("code", "markdown") else "raw",
        source,
        _short(raw.get("id")),
        _short(nbgrader.get("grade_id")),
        tuple(tag for tag in tags[:MAX_TAGS] if isinstance(tag, str)),
        _attachments(raw.get("attachments")),
    )


def _short(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= MAX_CELL_ID else ""


def _attachments(raw: Any) -> dict[str, Any]:
    """Pictures that were pasted into a text cell."""
    if not isinstance(raw, dict):
        return {}
    kept = {}
    for name, bundle in raw.items():
        if isinstance(bundle, dict):
            pictures = {
                mime: data
                for mime, data in bundle.items()
                if mime in ("image/png", "image/jpeg", "image/gif")
                and isinstance(data, str)
                and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)
            }
            if pictures:
                kept[clean(name)] = pictures
    return kept
