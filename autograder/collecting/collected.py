"""What became of everything in an archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["NOT_READ", "UNACCOUNTED", "USED", "Collected", "Row", "Unaccounted"]

USED, UNACCOUNTED, NOT_READ = 0, 1, 2
"""Codes: all is used or harmless, something waits for a person, nothing is read."""


@dataclass(frozen=True)
class Row:
    """One person and chapter.

    Attributes
    ----------
    what : str
        ``new``, ``same``, ``replaced``, ``kept``: what was done; ``missing`` from
        the archive; ``nothing`` of it could be used.
    why : tuple of str
    """

    student: str
    what: str
    name: str = ""
    chapter: str = ""
    file: str = ""
    time: datetime | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unaccounted:
    """A path in the archive that was neither used nor harmless, and why."""

    path: str
    why: str


@dataclass(frozen=True)
class Collected:
    """All people and all files of an archive.

    Attributes
    ----------
    system : str
        Whose form the archive has.
    rows : tuple of Row
    unaccounted : tuple of Unaccounted
    used, harmless : int
        How many files.
    notes : tuple of str
        What is to be known of the whole.
    """

    system: str
    rows: tuple[Row, ...]
    unaccounted: tuple[Unaccounted, ...]
    used: int
    harmless: int
    notes: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """The exit code."""
        return UNACCOUNTED if self.unaccounted or not self.used else USED
