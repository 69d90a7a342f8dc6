"""Which of the files in a folder is the notebook that is graded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from autograder.language import N_
from autograder.limits import (
    MAX_COMPARED,
    MAX_MODULES,
    MAX_MODULES_SIZE,
    MAX_NOTEBOOK_FILE,
)
from autograder.submissions.files import (
    Contents,
    NotOpened,
    could_not_open,
    few,
    read_regular_file,
)
from autograder.submissions.notebook import Problem, parse_notebook, slim
from autograder.submissions.submission import (
    NO_NOTEBOOK,
    UNACCOUNTED,
    UNREADABLE,
    Doubt,
)
from autograder.text import clean

__all__ = ["NOTES", "Chosen", "NoNotebook", "choose"]

_CALLED = N_("The notebook is called {name}, not {expected}.")
_MODULES = N_("There when the notebook runs: {names}.")
_OTHERS = N_("Handed in beside the notebook, and not graded: {names}.")

NOTES = (_CALLED, _MODULES, _OTHERS)
"""What may be noted of a folder whose notebook is graded."""

Words = tuple[tuple[str, str], ...]
"""Kind and text of the cells in which somebody wrote something."""


@dataclass(frozen=True)
class Chosen:
    """The notebook that is graded, and what is to be said of it."""

    data: bytes
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    modules: Mapping[str, bytes] = field(default_factory=dict)


class NoNotebook(Exception):
    """There is no notebook to grade; the text says why, `code` what that means."""

    def __init__(self, text: str, code: str = UNREADABLE):
        super().__init__(text)
        self.code = code


def choose(
    folder: Path, found: Contents, chapter: str, release: bytes | None = None
) -> Chosen:
    """The notebook in a folder: the nearest one, and of several the one with work.

    Copies that say the same are one, and so is the released notebook: where it
    lies untouched beside a copy that was worked on, the copy is meant.

    Raises
    ------
    NoNotebook
        If there is none, or nobody can tell which.
    NotOpened
        If the system does not let us read one.
    """
    expected = f"{chapter}.ipynb"
    candidates = _nearest(found, expected) or _renamed(folder, found, expected)
    if not candidates:
        raise _none_there(found, expected)
    name, note = candidates[0], ""
    words: dict[str, Words | None] = {}
    if len(found.notebooks) > 1:
        compared = [*candidates, *(n for n in found.notebooks if n not in candidates)]
        words = {n: _words(_try(folder / n)) for n in compared[:MAX_COMPARED]}
        name, note = _with_work(candidates, words, _released_words(release), expected)
    data = _read(folder / name)
    notes = [note] if note else []
    if name != expected and not note:
        notes.append(_CALLED.format(name=clean(name, 80), expected=expected))
    released = _released_words(release)
    same = {_written(words.get(name), released), ()}
    left = [
        n
        for n in found.notebooks
        if n != name
        and (words.get(n) is None or _written(words[n], released) not in same)
    ]
    left += [*found.archives, *(n for n in found.odd if not name.startswith(f"{n}/"))]
    doubts = [_besides(name, left)] if left else []
    modules = _modules(folder, name, found.others)
    beside = name.rpartition("/")[0]
    if modules:
        notes.append(_MODULES.format(names=few(sorted(modules))))
    read = {f"{beside}/{module}".lstrip("/") for module in modules}
    others = [n for n in found.others if n != name and n not in read]
    if others:
        notes.append(_OTHERS.format(names=few(others)))
    return Chosen(data, tuple(notes), tuple(doubts), modules)


def _modules(folder: Path, notebook: str, others: Sequence[str]) -> dict[str, bytes]:
    """Python files beside the notebook, by their paths from there, as far as few."""
    beside = f"{notebook.rpartition('/')[0]}/".lstrip("/")
    modules: dict[str, bytes] = {}
    left = MAX_MODULES_SIZE
    there = [n for n in others if n.startswith(beside) and n.endswith(".py")]
    for name in there[:MAX_MODULES]:
        try:
            data = read_regular_file(folder / name, left)
        except Problem:
            continue
        except OSError as error:
            raise NotOpened(could_not_open(name, error)) from error
        left -= len(data)
        modules[name.removeprefix(beside)] = data
    return modules


def _besides(name: str, left: Sequence[str]) -> Doubt:
    return Doubt(
        UNACCOUNTED,
        f"{clean(name, 80)} is graded; what else is there is not: {few(left)}. "
        "Take away what does not count.",
    )


def _nearest(found: Contents, expected: str) -> list[str]:
    """The notebooks that may be meant, the one of the right name first."""
    depth = min((n.count("/") for n in found.notebooks), default=0)
    nearest = [n for n in found.notebooks if n.count("/") == depth]
    return sorted(nearest, key=lambda n: (n.rpartition("/")[2] != expected, n))


def _renamed(folder: Path, found: Contents, expected: str) -> list[str]:
    """The only notebook whose name lost its ending on the way."""
    stem = expected.removesuffix(".ipynb")
    named = {f"{stem}.txt", stem}
    likely = [n for n in found.others if n in named or n.lower().endswith(".json")]
    there = [n for n in likely[:MAX_COMPARED] if _words(_try(folder / n)) is not None]
    return there if len(there) == 1 else []


def _none_there(found: Contents, expected: str) -> NoNotebook:
    if expected in found.odd:
        return NoNotebook(f"{expected} is not a regular file.")
    missing = f"There is no notebook in the folder; {expected} is missing."
    if not found.work:
        return NoNotebook(missing, NO_NOTEBOOK)
    return NoNotebook(f"{missing} What is there: {few(found.work)}.")


def _with_work(
    candidates: Sequence[str],
    words: dict[str, Words | None],
    released: Words | None,
    expected: str,
) -> tuple[str, str]:
    """The name of the notebook that is meant, and a note if that is not plain."""
    first = candidates[0]
    written = {n: _written(words.get(n), released) for n in candidates}
    readable = [n for n in candidates if words.get(n) is not None]
    worked = [n for n in readable if written[n]]
    if len({written[n] for n in worked}) == 1:
        name = worked[0]
        if name == first or words.get(first) is None:
            return name, ""
        return name, (
            f"{clean(first, 80)} is as it was released; {clean(name, 80)}, in which "
            "somebody worked, is graded."
        )
    if not worked and readable:
        return readable[0], ""
    if first.rpartition("/")[2] == expected and (first in worked or not worked):
        return first, ""
    raise NoNotebook(
        f"There are {len(candidates)} notebooks in the folder and none of them is "
        f"the one to grade, {expected}: {few(candidates)}. Leave the one that counts."
    )


def _written(words: Words | None, released: Words | None) -> Words:
    """What stands in a notebook and not in the released one."""
    known = set(released or ())
    return tuple(word for word in words or () if word not in known)


def _try(path: Path) -> bytes | None:
    try:
        return _read(path)
    except NoNotebook:
        return None


@lru_cache
def _released_words(release: bytes | None) -> Words | None:
    """The same of a release, which everybody's is compared with."""
    return _words(release)


def _words(data: bytes | None) -> Words | None:
    """What a person wrote into a notebook; None if it is none."""
    if data is None:
        return None
    try:
        cells = parse_notebook(data)
    except Problem:
        return None
    return tuple((c.kind, c.source.strip()) for c in cells if c.source.strip())


def _read(path: Path) -> bytes:
    """Bytes of a notebook file, of one that is very large without its outputs."""
    try:
        return slim(read_regular_file(path, MAX_NOTEBOOK_FILE))
    except Problem as problem:
        raise NoNotebook(str(problem)) from None
    except OSError as error:
        raise NotOpened(could_not_open(path.name, error)) from error
