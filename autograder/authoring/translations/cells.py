"""A chapter in another language: its cells in the places of the English ones.

A marker says of which English text its cell is, ``of="3f9a1c2e"``.  Where that has
changed since, or a cell is missing, learners read the English one.  A cell that is left
empty is the English one too.  An exercise's cell holds its docstring alone: the code is
the English text's.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from autograder.authoring.errors import SourceError
from autograder.authoring.functions import parse_code
from autograder.authoring.solution import solution_notebook
from autograder.authoring.source import KEYS, SourceCell, read_source
from autograder.authoring.source_text import write_source
from autograder.authoring.stub import stub_docstring
from autograder.authoring.translations.same_code import other_code, other_signs
from autograder.exercises.spec import Chapter

__all__ = ["Translation", "fingerprint", "read_translation", "with_missing"]

_LETTERS = 40
"""How much of a cell is shown, so that an author knows it again."""

_WIDE = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff60“”‘’…—"
_WIDE_BREAK = re.compile(
    rf"(```.*?```)|(?<=[{_WIDE}])\n(?=(?:\*\*)?[{_WIDE}])"
    r"|(?<=[。，；：？！])\n(?=\$[^$]|`[^`]|[A-Za-z(])",
    re.DOTALL,
)
"""Code; or a line's end that a page would show as a space, in a script without."""

_HEADER = re.compile(r"^(?:\w+(?:, \w+)*(?= : )|\w+\(.*\)$)", re.MULTILINE)
"""What a docstring's line begins with that says a name: ``lr, beta : float``."""


@dataclass(frozen=True)
class Translation:
    """A chapter in another language.

    Attributes
    ----------
    language : str
    cells : tuple of SourceCell
        As many as in English, each in its place.
    docstrings : mapping of str to str
        Those that are translated, by exercise.
    gaps : tuple of str
        What is not translated or no longer what the English says: a sentence each,
        with the place.
    """

    language: str
    cells: tuple[SourceCell, ...]
    docstrings: Mapping[str, str]
    gaps: tuple[str, ...]

    def notebook(self, chapter: Chapter, english: NotebookNode) -> NotebookNode:
        """The solution notebook, whose cells have the ids of the English one."""
        docstrings, language = self.docstrings, self.language
        made = solution_notebook(self.cells, chapter, docstrings, language)
        for cell, own in zip(made.cells, english.cells, strict=True):
            cell.id = own.id
            if cell.cell_type == "markdown":
                cell.source = _WIDE_BREAK.sub(r"\1", cell.source)
            if "setup" in cell.metadata.get("tags", ()):
                first = f'from autograder import speak\n\nspeak("{self.language}")'
                cell.source = f"{first}\n\n{cell.source}"
                # Some programs keep the cells and write the notebook's own anew.
                cell.metadata["autograder"] = {"language": self.language}
        made.metadata["autograder"] = {"language": self.language}
        return made


def fingerprint(cell: SourceCell, chapter: Chapter) -> str:
    """What of a cell a translation is of, in eight digits; of an exercise, no code."""
    text = "" if cell.role == "exercise" else cell.source
    said = [cell.kind, cell.role, cell.name, cell.tag, text, _docstring(cell, chapter)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:8]


def read_translation(
    english: Sequence[SourceCell], text: str, chapter: Chapter, path: Path
) -> Translation:
    """Put a translation's cells in the places of the English ones.

    Parameters
    ----------
    english : sequence of SourceCell
        The chapter, validated.
    text : str
        The translation.
    chapter : Chapter
        What the registry says.
    path : Path
        Where the translation is from, ``solutions/CHAPTER/CHAPTER.LANGUAGE.py``.

    Raises
    ------
    SourceError
        If a cell has other code, formulas or names than the English one.
    """
    places, left_over = _places(english, text, chapter, path)
    cells, gaps = [], []
    docstrings: dict[str, str] = {}
    source = path.with_name(f"{chapter.name}.py").as_posix()
    for cell, of, mine, earlier in places:
        place = f"{source}, line {cell.place()}: {_shown(cell)}"
        if mine is not None:
            cell, docstring = _in_its_place(cell, mine, chapter, path)
            docstrings |= {cell.name: docstring} if docstring else {}
        elif earlier is not None:
            at = f"{path.as_posix()}, line {earlier.place()}"
            gaps.append(
                f"{place} has changed. Translate it anew in {at}, then write there "
                f'of="{of}".'
            )
        else:
            gaps.append(f'{place} is not in {path.name}. Write it there, of="{of}".')
        cells.append(cell)
    gaps += [
        f"{path.as_posix()}, line {cell.place()}: {_shown(cell)} is of no cell that "
        "the chapter has now. Remove it."
        for cell in left_over
    ]
    language = path.name.split(".")[1]
    return Translation(language, tuple(cells), docstrings, tuple(gaps))


def with_missing(
    english: Sequence[SourceCell], text: str, chapter: Chapter, path: Path
) -> str:
    """The translation's text with a cell for each that it lacks, still in English.

    These have no ``of``: whoever translates one writes it there.
    """
    cells = []
    for cell, _, mine, earlier in _places(english, text, chapter, path)[0]:
        docstring = _docstring(cell, chapter)
        given = f'"""{docstring}\n"""' if docstring else cell.source
        cells.append(mine or earlier or replace(cell, source=given))
    return write_source(cells, text)


_Place = tuple[SourceCell, str, SourceCell | None, SourceCell | None]
"""An English cell, its fingerprint, its translation, and one of an earlier text."""


def _places(
    english: Sequence[SourceCell], text: str, chapter: Chapter, path: Path
) -> tuple[list[_Place], list[SourceCell]]:
    """What stands for each English cell, and translations of none.

    One that is of no text of today was of the next cell of its kind, below what the
    cell above it is of, that has no other.
    """
    prints = [fingerprint(cell, chapter) for cell in english]
    open_ = list(range(len(english)))
    mine: dict[int, SourceCell] = {}
    earlier: dict[int, SourceCell] = {}
    unknown: list[tuple[int, SourceCell]] = []
    above = -1
    for cell in read_source(text, path, translation=True) if text else ():
        place = next((i for i in open_ if prints[i] == cell.of), None)
        if place is None:
            unknown.append((above, cell))
        else:
            mine[place], above = cell, place
            open_.remove(place)
    left_over = []
    for above, cell in unknown:
        below = (i for i in open_ if i > above and _role(english[i]) == _role(cell))
        place = next(below, None)
        if place is None:
            left_over.append(cell)
        else:
            earlier[place] = cell
            open_.remove(place)
    return [
        (cell, prints[i], mine.get(i), earlier.get(i)) for i, cell in enumerate(english)
    ], left_over


def _in_its_place(
    english: SourceCell, own: SourceCell, chapter: Chapter, path: Path
) -> tuple[SourceCell, str]:
    """The cell as learners get it, and the docstring of an exercise."""
    if _role(english) != _role(own):
        key = KEYS.get(english.role, "tags")
        raise SourceError(
            path,
            own.place(),
            f'This marker is not the English one\'s at of="{own.of}".',
            f"Copy the marker with its {key}, and add of.",
        )
    if not own.source.strip():
        return english, ""
    if english.role == "exercise":
        return english, _checked_docstring(english, own, chapter, path)
    if english.kind == "markdown":
        if signs := other_signs(english.source, own.source):
            raise SourceError(
                path,
                own.place(),
                f"This has one language alone: {', '.join(signs)}.",
                "Let both have the same formulas, code, headings, items, rows and "
                "folds; of a formula only \\text{…} is translated.",
            )
    elif other := other_code(english.source, own.source):
        line, wanted = other
        raise SourceError(
            path,
            own.place(line),
            "This line does something else than the English one.",
            "Only texts and comments are translated. In English: "
            + (wanted.replace("\n", "\n    ") or "nothing more."),
        )
    return replace(english, source=own.source, number=own.number), ""


def _checked_docstring(
    english: SourceCell, own: SourceCell, chapter: Chapter, path: Path
) -> str:
    body = parse_code(own, path).body
    docstring = ast.get_docstring(ast.Module(body, []))
    if len(body) != 1 or docstring is None:
        raise SourceError(
            path,
            own.place(),
            f"The cell of `{own.name}` holds more than a docstring.",
            "Write the docstring alone, in three quotes; the code is the English one.",
        )
    wanted, named = (
        _HEADER.findall(text) for text in (_docstring(english, chapter), docstring)
    )
    if missing := [name for name in wanted if name not in named]:
        raise SourceError(
            path,
            own.place(),
            f"The docstring of `{own.name}` does not name {', '.join(missing)}.",
            "Let it name what the English one names, in the same words.",
        )
    return docstring


def _docstring(cell: SourceCell, chapter: Chapter) -> str:
    if cell.role != "exercise":
        return ""
    references = {one.name: one.reference for one in chapter.exercises}
    return stub_docstring(references[cell.name])


def _role(cell: SourceCell) -> tuple[str, ...]:
    return cell.kind, cell.role, cell.name, cell.tag


def _shown(cell: SourceCell) -> str:
    first = cell.source.strip().partition("\n")[0] or f"the cell of {cell.name}"
    return f"“{first[:_LETTERS]}…”" if len(first) > _LETTERS else f"“{first}”"
