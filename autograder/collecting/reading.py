"""What a file is: which chapter's notebook, and how much of it is somebody's work."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from autograder.limits import MAX_BRACKETS
from autograder.submissions.notebook import Problem, parse_notebook

__all__ = ["Reader", "Reading"]

_NAMED = re.compile(r"\.(?:ipynb|json)(?:\.txt)?$", re.IGNORECASE)
_DEFINED = re.compile(r"^\s*def\s+(\w+)\s*\(", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """A file that is a notebook, or is called one.

    Attributes
    ----------
    chapter : str
        Whose chapter's it is; empty for none of this course.
    work : int
        Cells that are not as they were released.
    size : int
        Bytes, with outputs.
    digest : str
        Of the bytes as they will be kept, in UTF-8.
    note : str
        What was unusual and could be mended.
    problem : str
        Why it is no notebook; empty if it is one.
    """

    chapter: str = ""
    work: int = 0
    size: int = 0
    digest: str = ""
    note: str = ""
    problem: str = ""


@dataclass(frozen=True)
class _Released:
    """What tells one chapter from another."""

    ids: frozenset[str]
    sources: frozenset[str]
    functions: frozenset[str]


class Reader:
    """Tells the notebooks of a course's chapters from each other and from others.

    Parameters
    ----------
    releases : mapping of str to bytes
        The released notebook of each chapter.
    """

    def __init__(self, releases: Mapping[str, bytes]) -> None:
        self._released = {
            chapter: _released(json.loads(data)) for chapter, data in releases.items()
        }
        # What stands in many chapters, "import numpy as np", tells nothing.
        shared = Counter(s for known in self._released.values() for s in known.sources)
        self._own = {
            chapter: {s for s in known.sources if shared[s] == 1}
            for chapter, known in self._released.items()
        }

    def read(self, name: str, copy: Path) -> Reading | None:
        """What the file is; None if it neither is a notebook nor is called one."""
        data = copy.read_bytes()
        text, note = as_utf8(data)
        tree = _tree(text)
        if tree is None:
            if not _NAMED.search(name) or name.casefold().endswith(".json"):
                return None
            return Reading(problem=_why(text), size=len(data))
        cells = list(_cells(tree))
        chapter = self._chapter(cells, name)
        sources = {source.strip() for _, source in cells if source.strip()}
        released = self._released[chapter].sources if chapter else frozenset()
        work = len(sources - released)
        digest = sha256(text).hexdigest()
        return Reading(chapter, work, len(data), digest, note)

    def _chapter(self, cells: list[tuple[str, str]], name: str) -> str:
        """The chapter with most grade ids, else most cells, functions, or the name."""
        ids = {grade_id for grade_id, _ in cells}
        sources = {source.strip() for _, source in cells}
        functions = {f for source in sources for f in _DEFINED.findall(source)}
        for score in (
            {c: len(ids & known.ids) for c, known in self._released.items()},
            {c: len(sources & own) for c, own in self._own.items()},
            {
                c: len(functions & known.functions)
                for c, known in self._released.items()
            },
            {c: int(c.casefold() in name.casefold()) for c in self._released},
        ):
            best = max(score, key=lambda chapter: score[chapter], default="")
            if best and score[best] and list(score.values()).count(score[best]) == 1:
                return best
        return ""


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """Text in UTF-8, and a note if it was in another form of Unicode.

    PowerShell's ``>`` writes UTF-16, and editors put a byte order mark first.
    """
    encoding = json.detect_encoding(data[:16])
    if encoding == "utf-8":
        return data, ""
    try:
        text = data.decode(encoding).encode()
    except UnicodeError:
        return data, ""
    if encoding == "utf-8-sig":
        return text, ""
    return text.removeprefix(codecs.BOM_UTF8), f"was in {encoding[:6].upper()}"


def _tree(text: bytes) -> dict[str, Any] | None:
    """A notebook's tree; None if the bytes are none."""
    if text.lstrip()[:1] != b"{" or text.count(b"{") + text.count(b"[") > MAX_BRACKETS:
        return None
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError, MemoryError):
        return None
    if isinstance(tree, dict) and isinstance(tree.get("cells"), list):
        return tree
    return None


def _why(text: bytes) -> str:
    """One sentence of what is there instead of a notebook."""
    try:
        parse_notebook(text)
    except Problem as problem:
        return str(problem)
    return "It is no notebook that can be read."


def _cells(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Grade id and source of each cell of any kind."""
    for cell in tree["cells"]:
        if not isinstance(cell, dict):
            continue
        source = cell.get("source", "")
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        marks = cell.get("metadata")
        marks = marks.get("nbgrader") if isinstance(marks, dict) else None
        grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
        yield (
            grade_id if isinstance(grade_id, str) else "",
            source if isinstance(source, str) else "",
        )


def _released(tree: dict[str, Any]) -> _Released:
    cells = list(_cells(tree))
    sources = frozenset(source.strip() for _, source in cells)
    return _Released(
        frozenset(grade_id for grade_id, _ in cells) - {""},
        sources - {""},
        frozenset(f for source in sources for f in _DEFINED.findall(source)),
    )
