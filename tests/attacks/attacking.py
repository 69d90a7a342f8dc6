"""What the tests of attacks share: an attack, a course to attack, and who looks on."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import category

from autograder.limits import LIMITS

ASKED = ("momentum_step", "nesterov_step", "velocity_weights")
QUICK = replace(LIMITS, cell_seconds=1.0, total_seconds=30.0)
CALL_SECONDS = 0.5
"""For one call of a function."""
MARK = f"attack-of-{os.getpid()}"
"""Stands in the command line of every process that an attack leaves behind."""
MAX_GROWTH = 400 << 20
"""Bytes by which a grader may grow for a moment; one answer may have some MB."""

ANY_FAILURE = frozenset(
    "wrong-values wrong-shape wrong-type argument-changed raised not-written "
    "not-defined timed-out out-of-memory crashed too-much-output".split()
)


@dataclass(frozen=True)
class Attack:
    """One attack or accident, and what has to come of it.

    Attributes
    ----------
    row : int
        Its row in the table of attacks and accidents; 0 for one of our own.
    name : str
        In words.
    cell : str
        A cell of the student's own after the set-up.  ``{root}`` is the course's
        folder, ``{project}`` this project's, ``{mark}`` the mark of processes.
    body : str
        What every function does instead of what it should; called with ``args``.
    spoil : callable, optional
        Changes the notebook in place.
    honest : bool
        Whether the notebook has right answers, which have to keep full marks.
    codes : str
        The verdict code of all functions, several for one of several, or "any".
    score : float, optional
        5 for an honest notebook and 0 otherwise.
    seconds : float
        What the notebook may take.
    shows : str
        Stands somewhere in what cells showed, or in messages.
    hides : str
        Does not.
    """

    row: int
    name: str
    cell: str = ""
    body: str = ""
    spoil: Callable[[Any], object] | None = None
    honest: bool = False
    codes: str = ""
    score: float | None = None
    seconds: float = 30.0
    shows: str = ""
    hides: str = ""

    @property
    def id(self) -> str:
        """Its name with its row in front."""
        return f"{self.row:02} {self.name}" if self.row else self.name

    def notebook(self, notebook: Any, root: Path, project: Path) -> Any:
        """Make it of an unsolved notebook."""
        if self.honest:
            notebook.solve()
        if self.body:
            for name in ASKED:
                body = "".join(f"    {line}\n" for line in self.body.splitlines())
                notebook.fill(
                    name, f"def {name}(*args):\n{self._put(body, root, project)}"
                )
        if self.cell:
            notebook.insert("setup", self._put(self.cell, root, project))
        if self.spoil is not None:
            self.spoil(notebook)
        return notebook

    @staticmethod
    def _put(source: str, root: Path, project: Path) -> str:
        source = source.replace("{root}", str(root)).replace("{project}", str(project))
        return source.replace("{mark}", MARK)

    def check(self, result: Any) -> None:
        """What is said of it is what is expected."""
        codes = [verdict.code for verdict in result.verdicts]
        allowed = ANY_FAILURE if self.codes == "any" else frozenset(self.codes.split())
        allowed = allowed or frozenset({"passed" if self.honest else "not-written"})
        text = told(result)
        assert set(codes) <= allowed, (codes, result.problem, text[:3000])
        wanted = self.score if self.score is not None else 5.0 * self.honest
        assert result.score == wanted, text[:3000]
        assert not result.needs_person
        assert self.shows in text
        assert not any(category(c) == "Cc" and c not in "\n\t" for c in text)
        assert not self.hides or self.hides not in text


def told(result: Any) -> str:
    """All that a result says to a person, but for what the student wrote."""
    parts = [verdict.message.text() for verdict in result.verdicts]
    parts += _texts(list(result.outputs.values()))
    return "\n".join([*parts, *result.notes, result.problem or ""])


def _texts(tree: Any) -> list[str]:
    if isinstance(tree, str):
        return [tree]
    inner = tree.values() if isinstance(tree, dict) else tree
    return [text for item in inner or () for text in _texts(item)]


def make_tree(root: Path, notebook: bytes, project: Path) -> None:
    """What a course's folder holds besides releases, for attacks to find."""
    grading = root / "grading"
    bob = grading / "submitted" / "bob" / "03_momentum"
    bob.mkdir(parents=True)
    (bob / "03_momentum.ipynb").write_bytes(notebook)
    (bob / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    solutions = root / "solutions" / "03_momentum"
    solutions.mkdir(parents=True)
    for name in ("03_momentum.py", "03_momentum.ipynb"):
        source = project / "solutions" / "03_momentum" / name
        (solutions / name).write_bytes(source.read_bytes())
    config = (project / "nbgrader_config.py").read_bytes()
    (root / "nbgrader_config.py").write_bytes(config)
    (grading / "secret").write_text("ab" * 32)
    (grading / "secret").chmod(0o600)
    (grading / "gradebook.db").write_bytes(b"SQLite format 3\x00")


def fingerprint(root: Path, without: tuple[str, ...] = ()) -> dict[str, tuple]:
    """Contents, permissions and times of all files and folders."""
    found = {}
    for path in [root, *sorted(root.rglob("*"))]:
        name = path.relative_to(root).as_posix()
        if name.startswith(without) and without:
            continue
        state = path.lstat()
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            found[name] = (state.st_mode, state.st_mtime_ns, content)
        else:
            found[name] = (state.st_mode,)
    return found


def marked(mark: str = MARK) -> list[int]:
    """Processes with the mark in their command line, this one and zombies aside."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if mark.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                pass
    return found


def nothing_left(mark: str = MARK) -> None:
    """Fails if a marked process is still there after a moment."""
    end = time.monotonic() + 20
    while marked(mark):
        assert time.monotonic() < end, marked(mark)
        time.sleep(0.02)


@contextmanager
def little_memory(limit: int = MAX_GROWTH) -> Iterator[None]:
    """Fails if this process grew by more than `limit` bytes in between."""
    try:
        Path("/proc/self/clear_refs").write_text("5")  # forget the largest size
    except OSError:
        yield
        return
    before = _status("VmRSS")
    yield
    assert _status("VmHWM") - before < limit


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith(field + ":"))
    return int(line.split()[1]) << 10


def descriptors() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd"))
