"""What is said in a language: as a hash, since a result holds it; and said again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from autograder.imports import hash_of
from autograder.language import CATALOGUES, ENGLISH, N_, _

__all__ = [
    "CELL",
    "NOTHING_THERE",
    "OTHER_NOTEBOOK",
    "PROBLEMS",
    "SIGNAL",
    "parts_of",
    "said_again",
    "words_code",
]

CELL = N_("Cell {number} ({id}) {stopped}.")
"""A note on a cell that did not end by itself."""

SIGNAL = N_("ended the Python process, with the signal {signal} and was left out")
"""What it may say of the cell."""

NOTHING_THERE = N_("There is no notebook.")
OTHER_NOTEBOOK = N_(
    "This is the notebook of chapter {other}, handed in for {asked}. Hand in the one "
    "of {chapter}."
)

PROBLEMS = (NOTHING_THERE, OTHER_NOTEBOOK)
"""Why nothing is graded, where a notebook can still say its language."""


@cache
def words_code(*spoken: str) -> str:
    """A hash of what is said in these languages; empty if all is in English."""
    if set(spoken) <= {ENGLISH}:
        return ""
    catalogues = [path for one in spoken for path in (CATALOGUES / one).glob("*.mo")]
    return hash_of(catalogues, *map(str.encode, spoken))


def said_again(text: str, templates: Iterable[str]) -> str:
    """English `text` that was made of one of `templates`, in the language spoken."""
    for template in templates:
        found = parts_of(text, template)
        if found is not None:
            return _(template).format(**found)
    return text


def parts_of(text: str, template: str) -> dict[str, str] | None:
    """What stands in `text` at the named parts of `template`; None if it is other."""
    found = _pattern(template).fullmatch(text)
    return None if found is None else found.groupdict()


@cache
def _pattern(template: str) -> re.Pattern[str]:
    fixed = re.split(r"\{(\w+)\}", template)
    pieces = [f"(?P<{t}>.+)" if i % 2 else re.escape(t) for i, t in enumerate(fixed)]
    return re.compile("".join(pieces), re.DOTALL)
