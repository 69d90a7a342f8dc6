"""By which names another system's archive knew what was collected from it.

Under the same names Canvas and Moodle take files back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from autograder.writing import read_if_there, write_whole

__all__ = ["keep_names", "names_in"]

FOLDER = "collected"


def names_in(grading: Path, chapter: str, system: str) -> dict[str, str]:
    """By student, what is theirs in the last archive of `system`, for one chapter."""
    kept = _read(_path(grading, chapter))
    return kept["names"] if kept["system"] == system else {}


def keep_names(
    grading: Path, chapter: str, system: str, names: Mapping[str, str]
) -> None:
    """Keep names; those of people who are not in this archive stay."""
    path = _path(grading, chapter)
    kept = _read(path)
    before = kept["names"] if kept["system"] == system else {}
    tree = {"system": system, "names": {**before, **names}}
    data = json.dumps(tree, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    write_whole(path, data.encode(), if_changed=True, private=True)


def _path(grading: Path, chapter: str) -> Path:
    return grading / FOLDER / f"{chapter}.json"


def _read(path: Path) -> dict:
    try:
        tree = json.loads(read_if_there(path) or b"{}")
        return {"system": tree["system"], "names": dict(tree["names"])}
    except (ValueError, KeyError, TypeError):
        return {"system": "", "names": {}}
