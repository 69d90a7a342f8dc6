"""Which system an archive comes from, and so whose each file is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from autograder.collecting.owner import Sorted
from autograder.collecting.plain import drive, plain
from autograder.collecting.spool import Member
from autograder.collecting.systems import SYSTEMS

__all__ = ["FORMS", "sort_by_owner"]

FORMS = (*SYSTEMS, "drive", "plain")
"""Names of the forms that are known."""


def sort_by_owner(
    members: Sequence[Member], chapters: Collection[str], form: str | None = None
) -> Sorted:
    """An archive's files by owner, as the form says that most of them have.

    Nothing is guessed: a file whose name has another form is nobody's.
    """
    if form in SYSTEMS:
        return SYSTEMS[form](members)
    if form is None:
        for read in SYSTEMS.values():
            found = read(members)
            if 2 * len(found.owners) >= len(members) > 0:
                return found
    named = drive(members, chapters)
    if form == "drive" or (form is None and 2 * len(named.owners) >= len(members) > 0):
        return named
    return plain(members, chapters)
