"""Which of a student's cells stands for which cell of the release."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.language import N_
from autograder.submissions.bindings import binds, is_stub, parsed
from autograder.submissions.notebook import Cell
from autograder.submissions.released_cells import answer_name, grade_id, source_of

__all__ = ["NOTES", "as_code", "match"]

_IN_RAW = N_("{names} stands in a raw cell; it is read as code.")
_IN_TEXT = N_("{names} stands in a text cell; it is read as code.")

NOTES = (_IN_RAW, _IN_TEXT)
"""What `as_code` may note."""

Marks = Callable[[int], tuple[str, ...]]

_FENCE = re.compile(r"\s*```[\w{}. ]*\n(.*?)\n?```\s*", re.DOTALL)


def match(
    released: Sequence[Mapping[str, Any]], cells: Sequence[Cell]
) -> dict[int, int]:
    """Which of the student's cells stands for which released one, by position.

    They are found by grade id and cell id, then by grade id, by cell id, by a text
    that only one released cell has, and at last by the function that they define.
    """
    found: dict[int, int] = {}
    used: set[int] = set()

    def take(at: int, i: int) -> None:
        found[at] = i
        used.add(i)

    def look(of_release: Marks, of_student: Marks) -> None:
        """Take the first unused cell with the same marks, none of them empty."""
        places: dict[tuple[str, ...], list[int]] = {}
        for i in range(len(cells)):
            if i not in used and all(key := of_student(i)):
                places.setdefault(key, []).append(i)
        for at in range(len(released)):
            waiting = places.get(of_release(at)) if at not in found else None
            if waiting:
                take(at, waiting.pop(0))

    grade_ids = [grade_id(cell) for cell in released]
    ids = [cell.get("id", "") for cell in released]
    texts = [(cell["cell_type"], source_of(cell).strip()) for cell in released]
    times = Counter(texts)
    look(
        lambda at: (grade_ids[at], ids[at]), lambda i: (cells[i].grade_id, cells[i].id)
    )
    look(lambda at: (grade_ids[at],), lambda i: (cells[i].grade_id,))
    look(lambda at: (ids[at],), lambda i: (cells[i].id,))
    look(
        lambda at: texts[at] if times[texts[at]] == 1 else ("",),
        lambda i: (cells[i].kind, cells[i].source.strip()),
    )
    known = set(grade_ids) - {""}
    for at, cell in enumerate(released):
        name = answer_name(cell)
        if at in found or cell["cell_type"] != "code" or name is None:
            continue
        for i, own in enumerate(cells):
            mine = i not in used and own.kind == "code" and own.grade_id not in known
            if mine and binds(own.source, name):
                take(at, i)
                break
    return found


def as_code(
    cells: Sequence[Cell], names: Sequence[str]
) -> tuple[list[Cell], list[str]]:
    """The cells, with answers that became raw or text cells as code again.

    Such a cell is an answer's if it binds one of `names` that no code cell binds.

    Returns
    -------
    list of Cell
    list of str
        A sentence about each that was changed.
    """
    bound = {
        name
        for name in names
        if any(
            cell.kind == "code"
            and binds(cell.source, name)
            and not is_stub(cell.source, name)
            for cell in cells
        )
    }
    result, notes = [], []
    for cell in cells:
        code = _code_in(cell)
        there = [n for n in names if n not in bound and code and binds(code, n)]
        if code is not None and there:
            told = _IN_RAW if cell.kind == "raw" else _IN_TEXT
            notes.append(told.format(names=", ".join(there)))
            cell = replace(cell, kind="code", source=code)
            bound.update(there)
        result.append(cell)
    return result, notes


def _code_in(cell: Cell) -> str | None:
    """The code that a raw or a text cell may hold; None if it holds none."""
    if cell.kind == "code":
        return None
    fenced = _FENCE.fullmatch(cell.source)
    code = fenced[1] if fenced else cell.source
    return code if cell.kind == "raw" or parsed(code) is not None else None
