"""The released notebook with a student's work in it.

Everything starts from the release.  Of what the student handed in only the
sources of cells are taken.  Whatever else differs (cells deleted, moved, merged,
copied, retagged, given another id, type or schema) makes no difference.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.language import N_
from autograder.submissions.bindings import binds, is_stub
from autograder.submissions.files import few
from autograder.submissions.matching import NOTES as OF_CELLS
from autograder.submissions.matching import as_code, match
from autograder.submissions.notebook import Cell
from autograder.submissions.released_cells import (
    OWN,
    SKIPPED_TAGS,
    answer_name,
    checked_name,
    grade_id,
    source_of,
    tags_of,
)
from autograder.submissions.written import NOTES as OF_ANSWERS
from autograder.submissions.written import Written, written_answers

__all__ = ["NOTES", "Grafted", "graft"]

_MARK_LOST = N_(
    "The mark by which nbgrader knows a cell was lost and is put back: {names}."
)
_ELSEWHERE = N_("A cell is gone, its function is in another one: {names}.")
_PUT_BACK = N_("A check cell was deleted and is put back: {names}.")
_DELETED = N_("A cell was deleted, and with it the answer: {names}.")
_NOT_THERE = N_(
    "Neither a cell nor its check is in the notebook: deleted, or of a release that "
    "did not have them: {names}."
)
_REPEATED = N_("More than once in the notebook: {names}.")
_MOVED = N_("Cells were moved; they are graded in the released order.")

NOTES = (
    *(_MARK_LOST, _ELSEWHERE, _PUT_BACK, _DELETED, _NOT_THERE, _REPEATED, _MOVED),
    *OF_CELLS,
    *OF_ANSWERS,
)
"""What a graft may note of what was mended."""


@dataclass(frozen=True)
class Grafted:
    """A notebook as a JSON tree.

    Attributes
    ----------
    notes : tuple of str
        What was mended in it, in sentences.
    other_release : mapping of str to str
        Functions that are missing where the student's notebook has cells that the
        release does not know; with the names of those.
    """

    notebook: dict[str, Any]
    notes: tuple[str, ...] = ()
    other_release: Mapping[str, str] = field(default_factory=dict)


def graft(release: bytes, cells: Sequence[Cell]) -> Grafted:
    """Put the student's `cells` into the released notebook."""
    notebook = json.loads(release)
    released = notebook["cells"]
    functions = list(_functions(released).values())
    cells, notes = as_code(cells, functions)
    own = match(released, cells)
    follow = _following(released, cells, own)
    written = written_answers(released, cells, own, follow)
    taken = {i for answer in written.values() for i in answer.elsewhere}
    further = {
        at: [_extra(cells[i]) for i in those if i not in taken]
        for at, those in follow.items()
    }
    elsewhere = _defined_elsewhere(released, cells, own)
    merged = list(further.get(-1, []))
    for at, cell in enumerate(released):
        if at in written:
            merged.append(_answered(cell, written[at]))
        elif at in elsewhere:
            source = f"# {answer_name(cell)} is in another cell."
            merged.append({**cell, "source": source})
        else:
            merged += _merge(cell, cells[own[at]] if at in own else None)
        if cell["cell_type"] == "markdown" and answer_name(cell) and at in own:
            # A function may have been merged into a written answer's cell.
            merged += _code_in_answer(cells[own[at]], functions)
        merged += further.get(at, [])
    _finish(merged)
    notebook["cells"] = merged
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    notes += _notes(released, cells, own, elsewhere, written)
    notes += [answer.note for answer in written.values()]
    return Grafted(
        notebook, tuple(notes), _other_release(released, cells, own, elsewhere)
    )


def _functions(released: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Names of the functions that a release asks for, by the place of their cells."""
    return {
        at: name
        for at, cell in enumerate(released)
        if cell["cell_type"] == "code" and (name := answer_name(cell)) is not None
    }


def _defined_elsewhere(
    released: Sequence[Mapping[str, Any]],
    cells: Sequence[Cell],
    own: Mapping[int, int],
) -> set[int]:
    """Places of answers whose cell is gone and whose function is in another one."""
    return {
        at
        for at, name in _functions(released).items()
        if at not in own
        and any(cell.kind == "code" and binds(cell.source, name) for cell in cells)
    }


def _other_release(
    released: Sequence[Mapping[str, Any]],
    cells: Sequence[Cell],
    own: Mapping[int, int],
    elsewhere: set[int],
) -> dict[str, str]:
    """Missing functions, where other answers came from a release unknown here."""
    known = {grade_id(cell) for cell in released}
    unknown = [
        cell.grade_id
        for cell in cells
        if cell.grade_id
        and not {cell.grade_id, f"{cell.grade_id}_check"} & known
        and not cell.grade_id.endswith("_check")
        and cell.kind == "code"
        and not is_stub(cell.source, cell.grade_id)
    ]
    missing = [
        name
        for at, name in _functions(released).items()
        if at not in own and at not in elsewhere
    ]
    return dict.fromkeys(missing, ", ".join(unknown)) if unknown else {}


def _merge(cell: dict[str, Any], own: Cell | None) -> list[dict[str, Any]]:
    """The released cell with the student's source where that is theirs to write."""
    if own is None or own.source.strip() == source_of(cell).strip():
        return [cell]
    answer = answer_name(cell) is not None
    text = cell["cell_type"] == "markdown" and (own.kind != "code" or answer)
    if text or tags_of(cell) & SKIPPED_TAGS or answer:
        metadata = {**cell["metadata"], OWN: True}
        filled = {**cell, "source": own.source, "metadata": metadata}
        if text and own.attachments:
            filled["attachments"] = dict(own.attachments)
        return [filled]
    # A set-up or check cell that somebody changed, or a text that became code:
    # theirs comes after the released.
    return [cell, _extra(own)]


def _code_in_answer(own: Cell, functions: Sequence[str]) -> list[dict[str, Any]]:
    code = own.kind == "code" and any(binds(own.source, name) for name in functions)
    return [_extra(own)] if code else []


def _answered(cell: dict[str, Any], written: Written) -> dict[str, Any]:
    """A written question's cell with all that was written as its answer."""
    filled = {
        **cell,
        "source": written.text,
        "metadata": {**cell["metadata"], OWN: True},
    }
    if written.attachments:
        filled["attachments"] = dict(written.attachments)
    return filled


def _extra(own: Cell) -> dict[str, Any]:
    tags = sorted(SKIPPED_TAGS.intersection(own.tags))
    metadata: dict[str, Any] = {OWN: True}
    kind = "code" if own.kind == "code" else "markdown"
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": "own",
        "metadata": metadata | {"tags": tags} if tags else metadata,
        "source": own.source,
    }
    if kind == "markdown" and own.attachments:
        cell["attachments"] = dict(own.attachments)
    return cell


def _following(
    released: Sequence[Mapping[str, Any]],
    cells: Sequence[Cell],
    own: Mapping[int, int],
) -> dict[int, list[int]]:
    """The student's further cells, by the released cell that they follow."""
    place = {i: at for at, i in own.items()}
    # A copy of a released cell adds nothing.
    copies = {source_of(cell).strip() for cell in released}
    follow: dict[int, list[int]] = {}
    after = -1
    for i, cell in enumerate(cells):
        if i in place:
            after = place[i]
        elif cell.source.strip() and cell.source.strip() not in copies:
            follow.setdefault(after, []).append(i)
    return follow


def _finish(merged: list[dict[str, Any]]) -> None:
    """Give every cell an id of its own, one text, and no output."""
    taken: dict[str, int] = {}
    for cell in merged:
        cell["id"] = _unique(cell["id"], taken)
        cell["source"] = source_of(cell)
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None


def _unique(name: str, taken: dict[str, int]) -> str:
    count = taken.get(name, 0)
    taken[name] = count + 1
    return f"{name}-{count + 1}" if count or name == "own" else name


def _notes(
    released: Sequence[Mapping[str, Any]],
    cells: Sequence[Cell],
    own: Mapping[int, int],
    elsewhere: set[int],
    written: Collection[int],
) -> Iterator[str]:
    """What was found and mended, in sentences."""
    known = {grade_id(cell) for cell in released if grade_id(cell)}
    times = Counter(cell.grade_id for cell in cells if cell.grade_id in known)
    repeated = [name for name, count in times.items() if count > 1]
    if repeated:
        yield _REPEATED.format(names=few(repeated))
    there = {grade_id(released[at]) for at in own}
    found: dict[str, list[str]] = {}
    order = []
    for at, cell in enumerate(released):
        name, function = grade_id(cell), checked_name(cell)
        if not name:
            continue
        told = ""
        if at in own:
            order.append(own[at])
            told = _MARK_LOST if cells[own[at]].grade_id != name else ""
        elif at in elsewhere:
            told = _ELSEWHERE
        elif function is not None:
            told = _PUT_BACK if function in there else ""
        elif at not in written:
            told = _DELETED if f"{name}_check" in there else _NOT_THERE
        if told:
            found.setdefault(told, []).append(name)
    for told, those in found.items():
        yield told.format(names=few(those))
    if order != sorted(order):
        yield _MOVED
