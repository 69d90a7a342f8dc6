"""From bytes that somebody handed in to the cells of a notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.limits import (
    MAX_BRACKETS,
    MAX_CELL_ID,
    MAX_CELL_SOURCE,
    MAX_CELLS,
    MAX_NOTEBOOK,
    MAX_TAGS,
)

__all__ = ["Cell", "Problem", "parse_notebook"]


class Problem(Exception):
    """Why something cannot be read, in one sentence."""


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook that somebody handed in."""

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
    if len(data) > MAX_NOTEBOOK:
        raise Problem(f"The notebook file has more than {MAX_NOTEBOOK >> 20} MB.")
    if data.count(b"[") + data.count(b"{") > MAX_BRACKETS:
        raise Problem("The notebook file has too many parts to be one.")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Problem("The notebook file is not text in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Problem(
            f"The notebook file is not JSON: {error.msg} at line {error.lineno}, "
            f"column {error.colno}."
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise Problem("The notebook file is not JSON that can be read.") from None
    if not isinstance(notebook, dict):
        raise Problem("The file holds JSON, but no notebook.")
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        raise Problem(
            "The notebook has a format from before 2015. Open it in JupyterLab, save "
            "it and hand it in again."
        )
    if not isinstance(cells, list):
        raise Problem("The file holds JSON, but no notebook: it has no cells.")
    if len(cells) > MAX_CELLS:
        raise Problem(
            f"The notebook has {len(cells)} cells; {MAX_CELLS} are the most that is "
            "graded."
        )
    return [cell for cell in map(_cell, cells) if cell is not None]


def _cell(raw: Any) -> Cell | None:
    """One cell with what can be used of it; None if that is nothing."""
    if not isinstance(raw, dict):
        return None
    kind = raw.get("cell_type")
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if kind not in ("code", "markdown") or not isinstance(source, str):
        return None
    # Lone surrogates are valid in JSON and nowhere else.
    source = source[:MAX_CELL_SOURCE].encode("utf-8", "replace").decode("utf-8")
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    tags = metadata.get("tags")
    tags = tags if isinstance(tags, list) else []
    return Cell(
        kind,
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
                kept[name] = pictures
    return kept
