"""CONTRIBUTING's section on architecture leads through rooms that are there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "autograder"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = re.search(r"^## Architecture\n(.*?)(?=^## )", TEXT, flags=re.M | re.S)[1]
PATHS = [p for p in re.findall(r"`([^`\s]+)`", SECTION) if re.search(r"/|\.py$", p)]
ON_THE_WAY = (
    *("submissions", "classroom", "grading", "sandbox", "calling"),
    *("checking", "gradebook", "report", "exports"),
)
"""Rooms that a submission passes, from a folder to a mark."""


def test_every_path_is_there():
    """A module that is renamed takes its name in the text with it."""
    named = [path for path in PATHS if path != "autograder/"]
    missing = [path for path in named if not (PACKAGE / path).exists()]

    assert len(named) > 20
    assert missing == []


def test_what_the_map_says_to_open_is_there():
    """Each row names files that exist, for every exercise where it names a kind."""
    section = re.search(r"^## The map\n(.*?)(?=^## )", TEXT, flags=re.M | re.S)[1]
    table = section.partition("| to change | open |")[2]
    named = [p for p in re.findall(r"`([^`\s]+)`", table) if re.search(r"[/.]", p)]
    kinds = {"FUNCTION": "momentum_step", "CHAPTER": "momentum"}
    missing = []
    for path in named:
        place = path
        for kind, example in kinds.items():
            place = place.replace(kind, example)
        if not (PACKAGE / place).exists() and not (ROOT / place).exists():
            missing.append(path)

    assert len(named) >= 15
    assert missing == []


def test_it_stands_below_the_map():
    """Rooms first, then the way through them; and short enough to be read."""
    headings = re.findall(r"^## (.+)$", TEXT, flags=re.M)

    assert headings[headings.index("Architecture") - 1] == "The map"
    assert len([line for line in SECTION.splitlines() if line.strip()]) <= 24


def test_a_submission_passes_every_room():
    """Nothing between what is handed in and a mark is left out."""
    rooms = {path.partition("/")[0] for path in PATHS}

    assert set(ON_THE_WAY) <= rooms


def test_a_module_can_be_read_and_a_folder_looked_over():
    """At most 300 lines, docstrings of kernels aside, and 20 modules in a folder."""
    modules = [p for p in PACKAGE.rglob("*.py") if "__pycache__" not in p.parts]
    lines = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in modules
        if path.parent.name != "kernels"
    }
    folders = Counter(path.parent for path in modules if path.name != "__init__.py")

    assert {name: n for name, n in lines.items() if n > 300} == {}
    assert {str(folder): n for folder, n in folders.items() if n > 20} == {}
