"""Whose a file in an archive is, and which attempt of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Owner", "Sorted"]


@dataclass(frozen=True)
class Owner:
    """What an archive says of one file's owner.

    Attributes
    ----------
    name : str
        As the system writes the person's name; Canvas without blanks.
    number : str
        The system's number of that person, or of that person's submission.
    login, student_number, email : str
    file : str
        The file's path as its owner named it.
    attempt : int
        A later attempt has a larger number; 0 where none is told.
    time : datetime or None
        When it was handed in; without a zone if the archive tells none.
    late : bool
        The archive says that it was late.
    part : str
        The part of the file's path by which the system takes a file back; empty
        where it takes none.
    """

    name: str = ""
    number: str = ""
    login: str = ""
    student_number: str = ""
    email: str = ""
    file: str = ""
    attempt: int = 0
    time: datetime | None = None
    late: bool = False
    part: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """Who it is, within one archive."""
        exact = self.login or self.student_number or self.email or self.number
        return ("exact", exact) if exact else ("name", self.name)


@dataclass(frozen=True)
class Sorted:
    """An archive's files by owner.

    Attributes
    ----------
    system : str
        Whose form the archive has.
    owners : dict of str to tuple of Owner
        By path; several for what a group handed in.
    read : frozenset of str
        Paths of what the system itself wrote, which has been read.
    column : str
        The heading under which this system's lists of a class have `number`.
    """

    system: str
    owners: Mapping[str, tuple[Owner, ...]]
    read: frozenset[str] = frozenset()
    column: str = ""
