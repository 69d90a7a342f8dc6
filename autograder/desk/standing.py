"""How far a learner's notebook is, as far as its saved file tells.

No code of the notebook is run.  What a check found stands in the saved output
of its cell; whether a function has been touched, in the checksum that its cell
got when the chapter was released.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from autograder.checking.fingerprint import fingerprint
from autograder.desk.outline import Task
from autograder.language import N_, _, languages, speaking

__all__ = [
    "NotANotebook",
    "Standing",
    "State",
    "grade_id",
    "in_every_language",
    "read_cells",
    "standings",
]

_STUB = 'raise NotImplementedError("not written yet")'
_BLANK = "YOUR ANSWER HERE"
_FIRST_LINE = re.compile(r"-- ([^\n]+?) -+ (\w+)\s*(?:\n|$)")


class NotANotebook(ValueError):
    """A file cannot be read as a notebook; says why."""


class State(Enum):
    """Where an exercise or a written question stands."""

    OPEN = N_("open")
    UNCHECKED = N_("written, not checked")
    WRONG = N_("checked, not right yet")
    CHANGED = N_("right at its last check, changed since")
    RIGHT = N_("right at its last check")
    ANSWERED = N_("answered")

    @property
    def done(self) -> bool:
        """Whether it counts as done."""
        return self in (State.RIGHT, State.ANSWERED)

    @property
    def said(self) -> str:
        """The same in the language that is spoken."""
        return _(self.value)


@dataclass(frozen=True)
class Standing:
    """One task of a chapter, and where it stands.

    Attributes
    ----------
    task : Task
        Which one.
    state : State
        Where it stands.
    cell_id : str
        The cell to jump to; empty if the notebook does not say.
    found : bool
        Whether the notebook still has its cells.
    """

    task: Task
    state: State
    cell_id: str = ""
    found: bool = True


def read_cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook's file.

    Raises
    ------
    NotANotebook
        If it is none, or cannot be read.
    """
    try:
        status = path.stat()
        return _read_cells(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise NotANotebook(error.strerror or _("it cannot be opened")) from error


@lru_cache(maxsize=64)
def _read_cells(path: Path, _changed: int, _size: int) -> list[dict[str, Any]]:
    try:
        notebook = json.loads(path.read_bytes())
    except UnicodeDecodeError as error:
        raise NotANotebook(_("it is not UTF-8 text")) from error
    except json.JSONDecodeError as error:
        told = _("it breaks off or is damaged, line {line}")
        raise NotANotebook(told.format(line=error.lineno)) from error
    except RecursionError as error:
        raise NotANotebook(_("it is nested too deeply")) from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise NotANotebook(_("it holds no cells"))
    return [cell for cell in cells if isinstance(cell, dict)]


def grade_id(cell: dict[str, Any]) -> str:
    """The name by which nbgrader knows a cell; empty for other cells."""
    name = _mapping(_mapping(cell.get("metadata")).get("nbgrader")).get("grade_id")
    return name if isinstance(name, str) else ""


@cache
def in_every_language(title: str) -> frozenset[str]:
    """How a message's title may stand in a notebook: its kernel chose the language."""
    said = set()
    for language in languages():
        with speaking(language):
            said.add(_(title))
    return frozenset(said)


def standings(cells: Iterable[dict[str, Any]], tasks: Iterable[Task]) -> list[Standing]:
    """Where each task of a chapter stands in its notebook's cells."""
    graded: dict[str, dict[str, Any]] = {}
    stated: dict[str, dict[str, Any]] = {}
    for cell in cells:
        metadata = _mapping(cell.get("metadata"))
        if name := grade_id(cell):
            # Of a copied cell the first one counts, as it does for a grader.
            graded.setdefault(name, cell)
        for key in ("exercise", "question"):
            if isinstance(metadata.get(key), str):
                stated.setdefault(metadata[key], cell)
    found = []
    for task in tasks:
        answer = graded.get(task.name)
        start = _mapping(stated.get(task.name, answer))
        if answer is None:
            state = State.OPEN
        elif task.kind == "written":
            state = State.OPEN if _untouched(answer) else State.ANSWERED
        else:
            state = _state(task.name, answer, graded.get(f"{task.name}_check"))
        cell_id = start.get("id")
        found.append(
            Standing(
                task,
                state,
                cell_id if isinstance(cell_id, str) else "",
                answer is not None,
            )
        )
    return found


def _state(name: str, answer: dict[str, Any], check: dict[str, Any] | None) -> State:
    if _untouched(answer):
        return State.OPEN
    for output in _mappings(_mapping(check).get("outputs")):
        title = _title(output, name)
        if title in in_every_language("RIGHT"):
            judged = _mapping(_mapping(output.get("metadata")).get("autograder")).get(
                "judged"
            )
            same = judged is None or judged in _marks(_text(answer.get("source")))
            return State.RIGHT if same else State.CHANGED
        if title and title not in in_every_language("NOT WRITTEN YET"):
            return State.WRONG
    return State.OPEN if _STUB in _text(answer.get("source")) else State.UNCHECKED


def _title(output: dict[str, Any], name: str) -> str:
    """The heading of a check's message in one output, or nothing."""
    said = _text(_mapping(output.get("data")).get("text/plain"))
    if output.get("output_type") == "error" and output.get("ename") == "CheckFailed":
        said = _text(output.get("evalue"))
    heading = _FIRST_LINE.match(said)
    return heading[1] if heading and heading[2] == name else ""


def _marks(source: str) -> Iterator[str]:
    """Marks that a check may have given to a cell's text."""
    yield fingerprint(source)
    try:
        from IPython.core.inputtransformer2 import TransformerManager

        # What is run and judged of a cell with magics is their translation.
        yield fingerprint(TransformerManager().transform_cell(source))
    except (ImportError, SyntaxError):
        return


def _untouched(cell: dict[str, Any]) -> bool:
    """Whether a cell's text is the one that was released."""
    source = _text(cell.get("source"))
    given = _mapping(_mapping(cell.get("metadata")).get("nbgrader"))
    if cell.get("cell_type") == "markdown" and source.strip() in ("", _BLANK):
        return True
    if isinstance(given.get("checksum"), str):
        return given["checksum"] == _checksum(cell, source, given)
    return cell.get("cell_type") == "code" and _STUB in source


def _checksum(cell: dict[str, Any], source: str, given: dict[str, Any]) -> str:
    """nbgrader's checksum of a cell, as in its `compute_checksum`."""
    parts = [source, cell.get("cell_type")]
    parts += [bool(given.get(key)) for key in ("grade", "solution")]
    # What is graded and not to be answered is locked, whatever it says.
    parts += [_locked(given), given.get("grade_id")]
    if given.get("grade"):
        points = given.get("points", 0)
        parts.append(float(points) if isinstance(points, int | float) else points)
    return hashlib.md5(
        "".join(map(str, parts)).encode(), usedforsecurity=False
    ).hexdigest()


def _locked(given: dict[str, Any]) -> bool:
    if given.get("solution"):
        return False
    return bool(given.get("grade") or given.get("locked"))


def _text(value: Any) -> str:
    """Text of a notebook, which may be kept as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
