"""Each person's notebooks, other files, and what of theirs is no use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from autograder.collecting.choosing import Candidate
from autograder.collecting.collected import Unaccounted
from autograder.collecting.owner import Owner, Sorted
from autograder.collecting.reading import Reader, Reading
from autograder.collecting.spool import Member

__all__ = ["Person", "Sorting", "in_zone"]


@dataclass
class Person:
    """What one owner handed in."""

    owner: Owner
    notebooks: list[Candidate] = field(default_factory=list)
    others: list[tuple[Member, Owner]] = field(default_factory=list)
    refused: list[Unaccounted] = field(default_factory=list)


class Sorting:
    """Reads the files of an archive and gives each to its owners.

    Attributes
    ----------
    unaccounted : list of Unaccounted
        What is nobody's.
    without_zone : bool
        A time has no zone, and none was said.
    """

    def __init__(self, reader: Reader, zone: ZoneInfo | None) -> None:
        self._reader, self._zone = reader, zone
        self.unaccounted: list[Unaccounted] = []
        self.without_zone = False

    def people(self, members: Sequence[Member], found: Sorted) -> list[Person]:
        """All owners, in the order of the archive."""
        people: dict[tuple[str, ...], Person] = {}
        for member in members:
            if member.path in found.read:
                continue
            owners = found.owners.get(member.path, ())
            reading, why = self._read(member)
            if not owners:
                told = (
                    f"Nothing says whose it is, in an archive of form {found.system}."
                )
                self.unaccounted.append(Unaccounted(member.path, why or told))
            for owner in owners:
                person = people.setdefault(owner.key, Person(owner))
                if not person.owner.name and owner.name:
                    person.owner = owner
                dated = in_zone(owner, self._zone)
                if dated.time is not None and dated.time.tzinfo is None:
                    self.without_zone = True
                if why:
                    person.refused.append(Unaccounted(member.path, why))
                elif reading is not None:
                    person.notebooks.append(Candidate(member, dated, reading))
                else:
                    person.others.append((member, owner))
        return list(people.values())

    def _read(self, member: Member) -> tuple[Reading | None, str]:
        """What a file is, and why it is no use if it is none."""
        if member.copy is None:
            return None, member.why
        reading = self._reader.read(member.path, member.copy)
        if reading is None or reading.problem:
            return reading, reading.problem if reading else ""
        if not reading.chapter:
            return reading, "It is a notebook of no chapter of this course."
        return reading, ""


def in_zone(owner: Owner, zone: ZoneInfo | None) -> Owner:
    """An owner whose time has the archive's zone, if that is known."""
    if owner.time is None or owner.time.tzinfo is not None or zone is None:
        return owner
    return replace(owner, time=owner.time.replace(tzinfo=zone))
