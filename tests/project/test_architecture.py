"""CONTRIBUTING's section on architecture leads through rooms that are there."""

from __future__ import annotations

import re
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


def test_it_stands_below_the_map():
    """Rooms first, then the way through them; and short enough to be read."""
    headings = re.findall(r"^## (.+)$", TEXT, flags=re.M)

    assert headings[headings.index("Architecture") - 1] == "The map"
    assert len([line for line in SECTION.splitlines() if line.strip()]) <= 24


def test_a_submission_passes_every_room():
    """Nothing between what is handed in and a mark is left out."""
    rooms = {path.partition("/")[0] for path in PATHS}

    assert set(ON_THE_WAY) <= rooms
