"""What one student handed in, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

__all__ = [
    "NOT_OPENED",
    "NO_NOTEBOOK",
    "TIME_UNCLEAR",
    "UNACCOUNTED",
    "UNREADABLE",
    "Doubt",
    "Stray",
    "Submission",
]

UNREADABLE = "unreadable"
"""What lies there is no notebook that can be read."""

NO_NOTEBOOK = "no-notebook"
"""Nothing lies there, or an empty file: a zero is right."""

NOT_OPENED = "not-opened"
"""We could not open it: a failure of ours, and no zero."""

UNACCOUNTED = "unaccounted"
"""Something lies there that may be somebody's work, and it is not graded."""

TIME_UNCLEAR = "time-unclear"
"""Nobody knows whether it was late."""


@dataclass(frozen=True)
class Doubt:
    """Why a mark does not count before a person has looked.

    `code` is `UNACCOUNTED` or `TIME_UNCLEAR`.
    """

    code: str
    text: str


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one chapter.

    Attributes
    ----------
    data : bytes or None
        The notebook file; None when `problem` says why there is none.
    timestamp : str or None
        When it was handed in, as nbgrader writes it; None if not known.
    notes : tuple of str
        What was unusual and could be mended.
    token : str or None
        By what nbgrader's exchange knows to whom the feedback goes; None if
        the notebook did not come through it.
    code : str
        Of `problem`: `UNREADABLE`, `NO_NOTEBOOK` or `NOT_OPENED`.
    doubts : tuple of Doubt
        What a person has to decide, though the notebook is graded.
    modules : mapping of str to bytes
        Python files that were handed in beside it, by their paths from there.
    ran : bytes
        What its code did when it was graded before, if that is still known.
    """

    student: str
    chapter: str
    data: bytes | None
    problem: str | None = None
    timestamp: str | None = None
    notes: tuple[str, ...] = ()
    token: str | None = None
    code: str = ""
    doubts: tuple[Doubt, ...] = ()
    modules: Mapping[str, bytes] = field(default_factory=dict)
    ran: bytes = field(default=b"", compare=False, repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the notebook; empty if there is none."""
        return sha256(self.data).hexdigest() if self.data else ""


@dataclass(frozen=True)
class Stray:
    """Something below `grading/submitted` that is no submission, and not harmless.

    Attributes
    ----------
    text : str
        What it is and what to do, in a sentence.
    student, chapter : str or None
        Whose it is and for what, as far as that can be told.
    code : str
        `UNACCOUNTED` or `NOT_OPENED`.
    """

    text: str
    student: str | None = None
    chapter: str | None = None
    code: str = UNACCOUNTED
