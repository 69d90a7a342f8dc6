"""The name under which somebody is graded: their folder's.

With a list of the class it is what the list says, and the row is found by number,
login, address or name, in this order; where two rows fit, none does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from autograder.collecting.owner import Owner
from autograder.exports.roster import NAMES, NoRoster, Roster, keys
from autograder.exports.roster_file import composed
from autograder.submissions.names import why_no_name

__all__ = ["Folders"]

LOGINS = ("SIS Login ID", "Username", "User name", "Login", "Login ID")
NUMBERS = ("SIS User ID", "ID number", "Student ID", "SID")
MAILS = ("Email address", "Email", "E-mail", "E-Mail")
WHOLE_NAMES = ("Full name", "Student", "Name")


class Folders:
    """Finds people in a list of the class, and names their folders.

    Parameters
    ----------
    people : sequence of Owner
        One for each person of the archive.
    roster : Roster, optional
    column : str, optional
        The list's heading under which the folders' names stand.
    numbers : str
        The list's heading under which the archive's numbers stand.
    there : collection of str
        Folders that are there: nobody gets a second one.
    """

    def __init__(
        self,
        people: Sequence[Owner],
        roster: Roster | None = None,
        column: str | None = None,
        numbers: str = "",
        there: Collection[str] = (),
    ) -> None:
        self.roster = roster
        self._numbers = numbers
        self._there = set(there)
        self._names = Counter(owner.name.casefold() for owner in people)
        self._column = self._known(column)
        self._places = dict(self._index())
        rows = {owner.key: self._row(owner) for owner in people}
        taken = Counter(row for row in rows.values() if row is not None)
        # Two people of the archive in one row: neither can be told from the other.
        self.rows = {
            key: row for key, row in rows.items() if row is not None and taken[row] == 1
        }
        self._folder = {owner.key: self._named(owner) for owner in people}
        shared = Counter(name.casefold() for name in self._folder.values())
        for owner in people:
            name = self._folder[owner.key]
            if shared[name.casefold()] > 1 and owner.number:
                self._folder[owner.key] = f"{name} {owner.number}"

    def folder(self, owner: Owner) -> str:
        """The name of a person's folder."""
        return self._folder[owner.key]

    def missing(self) -> list[str]:
        """Who is in the list and not in the archive, as the list names them."""
        if self.roster is None:
            return []
        found = set(self.rows.values())
        return [
            self._shown(row)
            for place, row in enumerate(self.roster.rows)
            if place not in found
        ]

    def is_stranger(self, owner: Owner) -> bool:
        """Whether there is a list, and this person is not found in it."""
        return self.roster is not None and owner.key not in self.rows

    def _known(self, column: str | None) -> str:
        if self.roster is None:
            return ""
        head = self.roster.head
        if column is not None:
            if composed(column) not in head:
                known = ", ".join(head)
                raise NoRoster(f"There is no column {column}; there are {known}.")
            return composed(column)
        likely = [h for h in (*LOGINS, *NUMBERS, *MAILS) if h in head]
        return next((h for h in likely if any(self._cells(h))), "")

    def _cells(self, heading: str) -> list[str]:
        assert self.roster is not None
        at = self.roster.head.index(heading)
        return [row[at] for row in self.roster.rows]

    def _index(self) -> Iterator[tuple[str, Mapping[str, set[int]]]]:
        """By kind of name: which rows are known by it."""
        if self.roster is None:
            return
        head = self.roster.head
        for kind, headings in {
            "number": (self._numbers,),
            "login": LOGINS,
            "student": NUMBERS,
            "mail": (*MAILS, *LOGINS),
            "name": WHOLE_NAMES,
        }.items():
            places: dict[str, set[int]] = {}
            for heading in headings:
                for place, cell in enumerate(
                    self._cells(heading) if heading in head else ()
                ):
                    for key in keys(cell):
                        places.setdefault(key, set()).add(place)
            yield kind, places
        whole = [
            name for h in WHOLE_NAMES if h in head for name in enumerate(self._cells(h))
        ]
        for pair in NAMES:
            if set(pair) <= set(head):
                both = zip(*map(self._cells, pair), strict=True)
                whole += [(place, " ".join(names)) for place, names in enumerate(both)]
        for kind, key_of in (("spelled", _spelled), ("squeezed", _squeezed)):
            places = {}
            for place, name in whole:
                for key in {key_of(k) for k in keys(name)}:
                    places.setdefault(key, set()).add(place)
            # As Canvas sorts it: "Lovelace, Ada" is lovelaceada.
            for place, name in whole if kind == "squeezed" else ():
                places.setdefault(_squeezed(name), set()).add(place)
            yield kind, places

    def _row(self, owner: Owner) -> int | None:
        for kind, value in (
            ("number", owner.number),
            ("login", owner.login),
            ("student", owner.student_number),
            ("mail", owner.email),
            ("login", owner.name),
            ("student", owner.name),
            ("spelled", _spelled(owner.name)),
            ("squeezed", _squeezed(owner.name)),
        ):
            by_name = kind in ("spelled", "squeezed") or value == owner.name
            if not value or (by_name and self._names[owner.name.casefold()] > 1):
                continue
            found = self._places.get(kind, {}).get(composed(value).casefold(), set())
            if len(found) == 1:
                return next(iter(found))
            if found:
                return None
        return None

    def _named(self, owner: Owner) -> str:
        """The folder that is there, the list's name, or what the archive has."""
        row = self.rows.get(owner.key)
        if row is not None and self.roster is not None:
            cells = self.roster.rows[row]
            shared = Counter(c for other in self.roster.rows for c in set(other))
            there = {c for c in cells if c in self._there and shared[c] == 1}
            if len(there) == 1:
                return there.pop()
            if self._column:
                name = cells[self.roster.head.index(self._column)]
                if name and why_no_name(name) is None:
                    return name
        name = owner.login or owner.student_number or owner.email
        if name:
            return composed(name)
        if owner.number and self._numbers == "ID":  # Canvas's, the same in all courses
            return owner.number
        if self._names[owner.name.casefold()] > 1 and owner.number:
            return composed(f"{owner.name} {owner.number}")
        return composed(owner.name)

    def _shown(self, row: Sequence[str]) -> str:
        assert self.roster is not None
        named = dict(zip(self.roster.head, row, strict=True))
        name = next((named[h] for h in WHOLE_NAMES if named.get(h)), "")
        for first, last in NAMES:
            name = name or " ".join(filter(None, (named.get(first), named.get(last))))
        login = named.get(self._column, "")
        known = name or login or row[0]
        return f"{known} ({login})" if login and login != known else known


def _spelled(name: str) -> str:
    return " ".join(composed(name).casefold().split())


def _squeezed(name: str) -> str:
    """A name as Canvas puts it into a file's name."""
    return re.sub(r"\W|_", "", composed(name)).casefold()
