"""The released notebook with a student's work in it.

Everything starts from the release.  Of what the student handed in only the
sources of cells are taken, found by grade id, then by cell id, then by the
function that a cell defines.  Whatever else differs (cells deleted, moved,
copied, retagged, given another id, type or schema) makes no difference.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.submissions.notebook import Cell

__all__ = [
    "OWN",
    "Grafted",
    "answer_name",
    "checked_name",
    "defines",
    "graft",
    "tags_of",
]

SKIPPED_TAGS = frozenset({"experiment", "try"})
"""Cells on which no mark depends; the student's version takes their place."""

OWN = "autograder_own"
"""Key in the metadata of cells whose source the student wrote."""


@dataclass(frozen=True)
class Grafted:
    """A notebook as a JSON tree, and sentences about what was mended in it."""

    notebook: dict[str, Any]
    notes: tuple[str, ...] = ()


def graft(release: bytes, cells: Sequence[Cell]) -> Grafted:
    """Put the student's `cells` into the released notebook."""
    notebook = json.loads(release)
    released = notebook["cells"]
    own = _match(released, cells)
    follow = _extra_cells(released, cells, own)
    merged = list(follow.get(-1, []))
    elsewhere = _defined_elsewhere(released, cells, own)
    for at, cell in enumerate(released):
        if at in elsewhere:
            cell = {**cell, "source": f"# {answer_name(cell)} is in another cell."}
        merged += _merge(cell, cells[own[at]] if at in own else None)
        merged += follow.get(at, [])
    taken: dict[str, int] = {}
    for cell in merged:
        cell["id"] = _unique(cell["id"], taken)
        cell["source"] = _source(cell)
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    notebook["cells"] = merged
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    return Grafted(notebook, tuple(_notes(released, cells, own, elsewhere)))


def tags_of(cell: dict[str, Any]) -> frozenset[str]:
    """Tags of a cell in a trusted notebook."""
    return frozenset(cell["metadata"].get("tags", ()))


def _nbgrader(cell: dict[str, Any]) -> dict[str, Any]:
    return cell["metadata"].get("nbgrader") or {}


def answer_name(cell: dict[str, Any]) -> str | None:
    """Grade id of a cell that the student fills in; None for other cells."""
    meta = _nbgrader(cell)
    return meta["grade_id"] if meta.get("solution") else None


def checked_name(cell: dict[str, Any]) -> str | None:
    """Name of the function that this check cell is about; None for other cells."""
    meta = _nbgrader(cell)
    if cell["cell_type"] != "code" or not meta.get("grade") or meta.get("solution"):
        return None
    return meta["grade_id"].removesuffix("_check")


def defines(source: str, name: str) -> bool:
    """Whether a cell's text begins a definition of the function `name`."""
    pattern = rf"^(?:async\s+)?(?:def\s+{re.escape(name)}\s*\(|{re.escape(name)}\s*=)"
    return re.search(pattern, source, re.MULTILINE) is not None


def _match(released: list[dict], cells: Sequence[Cell]) -> dict[int, int]:
    """Which of the student's cells stands for which released one, by position."""
    found: dict[int, int] = {}
    used: set[int] = set()

    def take(at: int, i: int) -> None:
        found[at] = i
        used.add(i)

    def look(marks: Callable[[str, str], tuple[str, ...]]) -> None:
        """Take the first unused cell with the same marks, none of them empty."""
        places: dict[tuple[str, ...], list[int]] = {}
        for i, own in enumerate(cells):
            if i not in used and all(key := marks(own.grade_id, own.id)):
                places.setdefault(key, []).append(i)
        for at, cell in enumerate(released):
            waiting = places.get(marks(_grade_id(cell), cell.get("id", "")))
            if at not in found and waiting:
                take(at, waiting.pop(0))

    look(lambda grade_id, cell_id: (grade_id, cell_id))
    look(lambda grade_id, _: (grade_id,))
    look(lambda _, cell_id: (cell_id,))
    names = {_grade_id(cell) for cell in released} - {""}
    for at, cell in enumerate(released):
        name = answer_name(cell)
        if at in found or cell["cell_type"] != "code" or name is None:
            continue
        for i, own in enumerate(cells):
            if (
                i not in used
                and own.grade_id not in names
                and defines(own.source, name)
            ):
                take(at, i)
                break
    return found


def _defined_elsewhere(
    released: list[dict], cells: Sequence[Cell], own: dict[int, int]
) -> set[int]:
    """Places of answers whose cell is gone and whose function is in another one.

    A stub that is put back there would undo the work.
    """
    return {
        at
        for at, cell in enumerate(released)
        if at not in own
        and cell["cell_type"] == "code"
        and (name := answer_name(cell)) is not None
        and any(c.kind == "code" and defines(c.source, name) for c in cells)
    }


def _grade_id(cell: dict[str, Any]) -> str:
    return _nbgrader(cell).get("grade_id", "")


def _merge(cell: dict[str, Any], own: Cell | None) -> list[dict[str, Any]]:
    """The released cell with the student's source where that is theirs to write."""
    if own is None or own.source.strip() == _source(cell).strip():
        return [cell]
    theirs = tags_of(cell) & SKIPPED_TAGS or cell["cell_type"] == "markdown"
    if theirs or answer_name(cell) is not None:
        metadata = {**cell["metadata"], OWN: True}
        filled = {**cell, "source": own.source, "metadata": metadata}
        if cell["cell_type"] == "markdown" and own.attachments:
            filled["attachments"] = dict(own.attachments)
        return [filled]
    # A set-up or check cell that somebody changed: theirs comes after the released.
    return [cell, _extra(own)]


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _extra(own: Cell) -> dict[str, Any]:
    tags = sorted(SKIPPED_TAGS.intersection(own.tags))
    metadata: dict[str, Any] = {OWN: True}
    cell: dict[str, Any] = {
        "cell_type": own.kind,
        "id": "own",
        "metadata": metadata | {"tags": tags} if tags else metadata,
        "source": own.source,
    }
    if own.kind == "markdown" and own.attachments:
        cell["attachments"] = dict(own.attachments)
    return cell


def _extra_cells(
    released: list[dict], cells: Sequence[Cell], own: dict[int, int]
) -> dict[int, list[dict[str, Any]]]:
    """Cells of the student's own, after the released cell that they follow."""
    place = {i: at for at, i in own.items()}
    # A copy of a released cell adds nothing, and one of a stub would undo work.
    copies = {_source(cell).strip() for cell in released}
    follow: dict[int, list[dict[str, Any]]] = {}
    after = -1
    for i, cell in enumerate(cells):
        if i in place:
            after = place[i]
        elif cell.source.strip() and cell.source.strip() not in copies:
            follow.setdefault(after, []).append(_extra(cell))
    return follow


def _unique(name: str, taken: dict[str, int]) -> str:
    count = taken.get(name, 0)
    taken[name] = count + 1
    return f"{name}-{count + 1}" if count or name == "own" else name


def _notes(
    released: list[dict],
    cells: Sequence[Cell],
    own: dict[int, int],
    elsewhere: set[int],
) -> Iterator[str]:
    """What was found and mended, in sentences."""
    known = {_grade_id(cell): cell for cell in released if _grade_id(cell)}
    times = Counter(cell.grade_id for cell in cells if cell.grade_id in known)
    for name, count in times.items():
        if count > 1:
            yield f"{_what(known[name])} is there {count} times."
    order = []
    for at, cell in enumerate(released):
        if not _grade_id(cell):
            continue
        if at not in own:
            gone = (
                "its function is in another one"
                if at in elsewhere
                else "it is put back"
            )
            yield f"{_what(cell)} was deleted; {gone}."
        elif cells[own[at]].grade_id != _grade_id(cell):
            yield f"{_what(cell)} had lost its mark; it is put back."
        order += [own[at]] if at in own else []
    if order != sorted(order):
        yield "Cells were moved; they are graded in the released order."


def _what(cell: dict[str, Any]) -> str:
    kind = "check cell" if checked_name(cell) is not None else "cell"
    return f"The {kind} {_grade_id(cell)}"
