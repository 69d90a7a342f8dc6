"""The code that a result depends on: what ran the answers, and what judged them.

Found by imports, so that no list can go stale.  Of the exercises it is a chapter's
own: another chapter's concern nobody.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from autograder import exercises
from autograder.grading.evidence import EVIDENCE
from autograder.grading.words import words_code
from autograder.imports import (
    PACKAGE,
    beside,
    hash_of,
    needed,
    ours_in,
)
from autograder.language import languages

__all__ = [
    "all_code",
    "chapter_files",
    "judging_code",
    "running_code",
    "used_code",
    "with_tables",
]

JUDGING = "autograder.grading.grade"
RUNNING = "autograder.sandbox.transcript"

_SAID_ELSEWHERE = re.compile(rb"\bas\s*=\s*\"(\w+)\.\w+\"")


@cache
def judging_code(chapter: str) -> str:
    """A hash of all that a result of that chapter depends on, data included."""
    files = with_tables(needed(JUDGING))
    return hash_of([*files, *chapter_files(chapter), *_data()], _machine())


@cache
def all_code() -> str:
    """A hash of all that any result depends on."""
    chapters = [path for one in exercises.CHAPTERS for path in chapter_files(one.name)]
    files, words = with_tables(needed(JUDGING)), words_code(*languages()).encode()
    return hash_of([*files, *chapters, *_data()], _machine(), words)


@cache
def running_code() -> str:
    """A hash of what student code runs in: what it did may be judged by other code."""
    return hash_of([*with_tables(_running()), *_data()], _machine())


def used_code(notebook: bytes) -> str:
    """A hash of what of ours a notebook uses by itself, beyond what runs it."""
    return _hash_of_needed(frozenset(ours_in(notebook.decode("utf-8", "replace"))))


@lru_cache(64)
def _hash_of_needed(named: frozenset[str]) -> str:
    return hash_of(needed(*(named - set(_running()))).values())


def chapter_files(chapter: str) -> list[Path]:
    """A chapter's exercises, and what they need of kernels, tables and texts."""
    package = f"autograder.exercises.{chapter.partition('_')[2]}"
    files = with_tables(needed(package, "autograder.exercises.pairs"))
    return [*files, *_said_elsewhere(files)]


def with_tables(modules: Mapping[str, Path]) -> list[Path]:
    """The files of these modules, and what lies beside them and is no Python."""
    tables = [one for path in modules.values() for one in beside(path)]
    return [*modules.values(), *tables]


@cache
def _running() -> Mapping[str, Path]:
    return needed(RUNNING, but=[EVIDENCE])


def _said_elsewhere(files: list[Path]) -> Iterator[Path]:
    """Tables of other exercises to which these ones refer for a sentence."""
    for path in files:
        if path.suffix == ".toml":
            for name in _SAID_ELSEWHERE.findall(path.read_bytes()):
                yield from path.parents[1].glob(f"*/{name.decode()}.toml")


def _data() -> list[Path]:
    return sorted((PACKAGE.parent / "data").rglob("*.csv"))


def _machine() -> bytes:
    python = ".".join(platform.python_version_tuple()[:2])
    return f"Python {python}, NumPy {np.__version__}".encode()
