"""What somebody wrote as an answer in words, wherever they put it.

The place of a written question is its cell and what lies between the released
cells before and after it.  Any text there that is not the release's is read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.language import N_
from autograder.limits import MAX_LOOKED_INTO
from autograder.submissions.bindings import parsed
from autograder.submissions.notebook import Cell
from autograder.submissions.released_cells import answer_name, source_of

__all__ = ["NOTES", "Written", "written_answers"]

_BESIDE = N_("What stands next to the answer {name} is read as part of it.")
_GONE = N_("The cell {name} is gone; what was written elsewhere is read as it.")

NOTES = (_BESIDE, _GONE)
"""What may be noted of an answer."""

_COMMENT = re.compile(r"[ \t]*#+[ \t]?(.*)")


@dataclass(frozen=True)
class Written:
    """A written answer: its text, its pictures, and what of it stood elsewhere.

    Attributes
    ----------
    elsewhere : tuple of int
        Positions of the student's cells that were taken into it, and are nothing
        else.
    note : str
        Where it was found; empty if it stood in its own cell.
    """

    text: str
    attachments: Mapping[str, Any]
    elsewhere: tuple[int, ...] = ()
    note: str = ""


def written_answers(
    released: Sequence[Mapping[str, Any]],
    cells: Sequence[Cell],
    own: Mapping[int, int],
    follow: Mapping[int, Sequence[int]],
) -> dict[int, Written]:
    """The written answers that are not just what stands in their own cell.

    Parameters
    ----------
    released, cells
        The release's cells and the student's.
    own : mapping of int to int
        Which of the student's cells stands for which released one.
    follow : mapping of int to sequence of int
        The student's further cells, by the released cell that they follow.
    """
    places = _Places(released, cells, own, follow)
    found = {}
    for at, cell in enumerate(released):
        if cell["cell_type"] == "markdown" and answer_name(cell) is not None:
            written = places.look(at)
            if written is not None:
                found[at] = written
    return found


class _Places:
    def __init__(
        self,
        released: Sequence[Mapping[str, Any]],
        cells: Sequence[Cell],
        own: Mapping[int, int],
        follow: Mapping[int, Sequence[int]],
    ):
        self._released, self._cells = released, cells
        self._own, self._follow = own, follow
        self._only_text: dict[int, bool] = {}
        self._known = _lines(tuple(source_of(cell) for cell in released))

    def look(self, at: int) -> Written | None:
        mine = self._cells[self._own[at]] if at in self._own else None
        text = mine.source.strip() if mine is not None else ""
        if text == source_of(self._released[at]).strip():
            text = ""
        above, below = self._beside(at, self._is_only_text)
        typed = [self._typed_into(at - 1), self._typed_into(at + 1)]
        parts = [self._text(i) for i in above] + typed[:1]
        parts += [text] if text else []
        parts += [self._text(i) for i in below] + typed[1:]
        name, taken = answer_name(self._released[at]), [*above, *below]
        note = beside = _BESIDE.format(name=name)
        if not any(parts) and at not in self._own:
            taken, parts = self._anywhere()
            note = _GONE.format(name=name)
        if not any(parts):  # code with words in it may be all there is
            above, below = self._beside(at, self._has_words)
            taken = [*above, *below]
            parts, note = [self._text(i) for i in taken], beside
        parts = [part for part in parts if part]
        if not parts or parts == [text]:
            return None
        pictures: dict[str, Any] = dict(mine.attachments) if mine and text else {}
        for i in taken:
            pictures |= self._cells[i].attachments
        only_text = tuple(i for i in taken if self._is_only_text(i))
        return Written("\n\n".join(parts), pictures, only_text, note)

    def _beside(
        self, at: int, wanted: Callable[[int], bool]
    ) -> tuple[list[int], list[int]]:
        """Cells that are wanted above and below the one at `at`, in its place."""
        before = max((b for b in self._own if b < at), default=-1)
        above = list(self._follow.get(before, ()))[:MAX_LOOKED_INTO]
        below = list(self._follow.get(at, ()))[:MAX_LOOKED_INTO]
        return [i for i in above if wanted(i)], [i for i in below if wanted(i)]

    def _has_words(self, i: int) -> bool:
        return re.search(r"[#'\"]", self._source(i)) is not None

    def _source(self, i: int) -> str:
        return self._cells[i].source

    def _is_only_text(self, i: int) -> bool:
        """Whether a cell is prose: no code, or nothing but comments and strings."""
        if i not in self._only_text:
            self._only_text[i] = self._without_code(i)
        return self._only_text[i]

    def _without_code(self, i: int) -> bool:
        cell = self._cells[i]
        if cell.kind != "code":
            return True
        tree = parsed(cell.source)
        return tree is None or all(
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
            for statement in tree.body
        )

    def _text(self, i: int) -> str:
        cell = self._cells[i]
        text = cell.source.strip()
        return text if cell.kind == "markdown" else f"```\n{text}\n```"

    def _typed_into(self, at: int) -> str:
        """What was added to a released text beside the question."""
        if at not in self._own or self._released[at]["cell_type"] != "markdown":
            return ""
        if answer_name(self._released[at]) is not None:
            return ""
        return "\n".join(self._unknown(self._cells[self._own[at]].source))

    def _unknown(self, text: str) -> list[str]:
        return [line for line in text.splitlines() if _plain(line) not in self._known]

    def _anywhere(self) -> tuple[list[int], list[str]]:
        """All text of a notebook in which the question's place is not to be found."""
        extra = {i for those in self._follow.values() for i in those}
        taken, parts = [], []
        for i, cell in enumerate(self._cells):
            if cell.kind != "code" and i in extra:
                lines = self._unknown(cell.source)
                taken += [i] if lines else []
            else:
                lines = list(self._unknown_comments(cell))
            parts.append("\n".join(lines))
        return taken, parts

    def _unknown_comments(self, cell: Cell) -> Iterator[str]:
        """Comments of a cell into which a program put the release's texts as well."""
        found = [_COMMENT.fullmatch(line) for line in cell.source.splitlines()]
        comments = [comment[1] for comment in found if comment]
        known = [
            line for line in comments if _plain(line) and _plain(line) in self._known
        ]
        if cell.kind == "code" and len(known) > 1:
            yield from self._unknown("\n".join(comments))


@lru_cache(maxsize=32)  # the releases of a class are few
def _lines(texts: tuple[str, ...]) -> frozenset[str]:
    """All lines of some texts, each without marks."""
    return frozenset(_plain(line) for text in texts for line in text.splitlines())


def _plain(line: str) -> str:
    """A line without the marks that programs put before it."""
    return line.strip().lstrip("#").strip()
