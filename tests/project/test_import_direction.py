"""Imports go one way: kernels, exercises, checking, grading, command line."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "autograder"

MAY_IMPORT = {
    "kernels": set(),
    "lab": set(),
    "exercises": {"kernels", "lab"},
    "checking": {"exercises", "lab"},
    "building": {"checking", "desk", "exercises", "kernels", "lab"},
    "grading": {"building", "checking", "exercises", "lab"},
    "reports": {"checking", "desk", "exercises", "grading"},
    "desk": {"checking", "exercises"},
    "__init__": {"checking", "desk"},
    "__main__": {"cli", "desk"},
}
"""By part of the package: which other parts it may import. `cli` may import all."""

PURE = {
    "kernels": {"numpy"},
    "exercises": {"numpy"},
    "checking": {"numpy", "IPython"},  # IPython: to show itself in a notebook
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


def short(path: Path) -> str:
    """Name of a module in a test's name."""
    return path.relative_to(PACKAGE).as_posix()


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize(
    "path", [path for path in MODULES if part_of(path) != "cli"], ids=short
)
def test_imports_go_one_way(path):
    """A part imports only the parts below it."""
    part = part_of(path)
    ours = [
        name.split(".")[1]
        for name in imported_modules(path)
        if name.startswith("autograder.")
    ]

    assert set(ours) - {part} <= MAY_IMPORT[part]


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
        "autograder.lab.drawing.svg",
        "autograder.sandbox.box.Box",
    }
