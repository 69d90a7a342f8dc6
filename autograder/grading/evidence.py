"""The code that looks for the place of a mistake in a box, here and for learners."""

from __future__ import annotations

from functools import cache

from autograder.imports import hash_of, needed

__all__ = ["EVIDENCE", "evidence_code"]

EVIDENCE = "autograder.diagnosis.in_box"
"""What looks for the place in a box: its sentences decide nothing."""


@cache
def evidence_code() -> str:
    """A hash of what looks for the place of a mistake where student code runs."""
    return hash_of(needed(EVIDENCE).values())
