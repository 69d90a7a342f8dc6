"""Imports go one way: kernels, exercises, checking, grading, command line."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "autograder"

ROOMS = {
    "limits": "how much of a machine one answer, cell, notebook or page may use",
    "language": "the language in which learners and teachers are spoken to",
    "text": "text from student code, made fit to be shown",
    "writing": "files that are written whole or not at all",
    "kernels": "the reference functions: `kernels/CHAPTER.py`",
    "lab": "what chapters draw and measure with: figures, landscapes, data, networks",
    "calling": "one call of one function: arguments, outcome, both as bytes",
    "exercises": "what is asked: `exercises/CHAPTER/FUNCTION.py`, mistakes in `.toml`",
    "imports": "what a module needs of the package, by its imports",
    "checking": "one answer judged: cases, comparison, verdict, message",
    "diagnosis": "what else is said of a wrong answer: evidence, and its proof",
    "desk": "`check()`, `progress()`, the learner's start page, what doctor finds out",
    "course": "one course's folders, releases and secret",
    "authoring": "a chapter's text to solution and release, and what proves them",
    "bundling": "what learners get: bundle, wheel, site",
    "sandbox": "runs student code; what of ours it alone can read is `sandbox/inside`",
    "submissions": "what was handed in: files, names, times, cells",
    "term": "a class's rules: due dates, lateness, attempts, groups, weights",
    "grading": "one notebook to its result",
    "gradebook": "nbgrader's side: autograde, entries, feedback pages, formgrader",
    "classroom": "many notebooks: a class, a pool, a cluster, results kept",
    "report": "what a class has understood: the page, the table in the terminal",
    "exports": "marks and chapters in the formats of other systems",
    "reading": "written answers, and who reads them: groups, points, the page",
    "collecting": "other systems' archives to the folders that are graded",
    "sample": "a class that nobody handed in",
    "cli": "the command line, a module a command",
}
"""By room, from the ground up: what it is for.  A room imports those above it here."""

ALONE = {
    "limits": set(),
    "text": {"limits"},
    "writing": set(),
    "imports": {"exercises"},
    "kernels": set(),
    "language": set(),
    "lab": {"language"},
    "calling": {"lab", "language", "limits"},
    "checking": {"calling", "exercises", "lab", "language", "limits"},
    "diagnosis": {"calling", "checking", "exercises", "language", "limits"},
    "desk": {"calling", "checking", "diagnosis", "exercises", "language", "limits"},
    "sandbox/inside": {"calling", "diagnosis", "lab", "language", "limits", "sandbox"},
    "__init__": {"desk", "language"},
    "__main__": {"cli", "desk"},
}
"""What may import these rooms alone: a learner or student code has them too."""

PURE = {
    "kernels": {"numpy"},
    "calling": {"numpy"},
    "exercises": {"numpy"},
    "checking": {"numpy"},
    "diagnosis": {"numpy"},
}
"""By part: all that it may import from outside, besides the standard library."""


def imported_modules(path: Path) -> set[str]:
    """Dotted names of all that a module imports, also inside its functions."""
    here = path.relative_to(ROOT).with_suffix("").parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def part_of(path: Path) -> str:
    """The part of the package that a module belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def ours(path: Path) -> set[str]:
    """The rooms that a module imports."""
    names = (name.split(".") for name in imported_modules(path))
    return {name[1] for name in names if name[0] == "autograder" and len(name) > 1}


def short(path: Path) -> str:
    """Name of a module in a test's name."""
    return path.relative_to(PACKAGE).as_posix()


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_imports_go_one_way(path):
    """A room imports only rooms that stand above it in the table."""
    room, rooms = part_of(path), list(ROOMS)
    if room in rooms:
        assert ours(path) - {room} <= set(rooms[: rooms.index(room)])


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_what_others_have_too_needs_little(path):
    """What learners have, or student code, imports only what is named for it."""
    for place in (short(path).rpartition("/")[0], part_of(path)):
        if place in ALONE:
            assert ours(path) - {part_of(path)} <= ALONE[place]


def test_every_part_of_the_package_is_in_the_table():
    """No folder or module at the top is a room that the table does not know."""
    assert {part_of(path) for path in MODULES} == {*ROOMS, "__init__", "__main__"}


def test_the_table_is_the_map_for_newcomers():
    """CONTRIBUTING shows the table, one line a room."""
    rows = "\n".join(f"| `{room}` | {what} |" for room, what in ROOMS.items())

    assert rows in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), rows


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if part_of(path) in PURE],
    ids=short,
)
def test_kernels_and_checks_need_only_numpy(path):
    """What judges an answer knows no notebook and no nbgrader."""
    outside = {name.split(".")[0] for name in imported_modules(path)}

    assert outside - sys.stdlib_module_names - {"autograder"} <= PURE[part_of(path)]


def test_imports_are_read_in_every_form(tmp_path, monkeypatch):
    """The reader of imports sees absolute, relative and hidden ones."""
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    module = tmp_path / "autograder" / "lab" / "widgets.py"
    module.parent.mkdir(parents=True)
    module.write_text(
        "import numpy.linalg\n"
        "from ..kernels import momentum\n"
        "from . import svg\n"
        "def late():\n"
        "    from autograder.sandbox.box import Box\n"
    )

    assert imported_modules(module) == {
        "numpy.linalg",
        "autograder.kernels.momentum",
        "autograder.lab.svg",
        "autograder.sandbox.box.Box",
    }
