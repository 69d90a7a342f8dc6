"""CHANGELOG.md is in the order and the words that its readers look for."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASES = re.findall(r"^## (.+)$", TEXT, flags=re.M)
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def test_what_is_not_released_comes_first_and_then_the_newest():
    """Each release has its version and its day; the last is the package's own."""
    unreleased, *released = RELEASES
    found = [re.fullmatch(r"(\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)", r) for r in released]
    days = [date.fromisoformat(match[2]) for match in found]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert unreleased == "Unreleased"
    assert found[0][1] == project["project"]["version"]
    assert days == sorted(days, reverse=True)


def test_each_change_says_whom_it_concerns():
    """A reader looks for what is theirs; kinds of change are the usual six."""
    entries = [line for line in TEXT.splitlines() if line.startswith("-")]
    kinds = re.findall(r"^### (.+)$", TEXT, flags=re.M)

    assert entries
    assert [e for e in entries if not re.match(r"- \*\*\w+:\*\* \S", e)] == []
    whom = {re.match(r"- \*\*(\w+):", entry)[1] for entry in entries}
    assert whom <= {"Learners", "Teachers", "Authors"}
    assert set(kinds) <= set(KINDS)
