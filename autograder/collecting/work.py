"""From sorted files to rows: what is graded, what is kept, what is left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.collecting.choosing import Candidate, Choice, choose
from autograder.collecting.collected import Collected, Row, Unaccounted
from autograder.collecting.forms import sort_by_owner
from autograder.collecting.owner import Owner
from autograder.collecting.people import Folders
from autograder.collecting.placing import EARLIER, CannotPlace, Place, Version
from autograder.collecting.reading import Reader, as_utf8
from autograder.collecting.sorting import Person, Sorting, in_zone
from autograder.collecting.spool import Member
from autograder.course import Course
from autograder.exports.archive_names import keep_names
from autograder.exports.roster import Roster
from autograder.submissions.names import why_no_name
from autograder.text import clean

__all__ = ["Work"]

FEW = 0.2
"""In an assignment's archive, a chapter that so few of the people have is a slip."""


class Work:
    """One run over all members."""

    def __init__(
        self,
        course: Course,
        chapter: str | None,
        roster: Roster | None,
        column: str | None,
        zone: ZoneInfo | None,
        write: bool,
    ) -> None:
        self._course, self._only, self._write = course, chapter, write
        self._roster, self._column, self._zone = roster, column, zone
        self._reader = Reader(course.releases)
        self._unaccounted: list[Unaccounted] = []
        self._rows: list[Row] = []
        self._notes = list(roster.notes if roster else ())
        self._used: set[str] = set()
        self._parts: dict[str, dict[str, str]] = {}

    def collect(
        self, members: Sequence[Member], harmless: int, form: str | None
    ) -> Collected:
        """Sort, choose, write."""
        found = sort_by_owner(members, tuple(self._course.releases), form)
        self._used |= found.read
        sorting = Sorting(self._reader, self._zone)
        people = sorting.people(members, found)
        self._unaccounted += sorting.unaccounted
        asked = self._asked(people, found.system)
        there = _folders(self._course.submitted)
        owners = [person.owner for person in people]
        folders = Folders(owners, self._roster, self._column, found.column, there)
        for person in people:
            self._one(person, folders, asked, found.system)
        for chapter, parts in self._parts.items() if self._write else ():
            keep_names(self._course.grading, chapter, found.system, parts)
        for name in folders.missing():
            self._rows.append(Row(name, "missing", why=("nothing in the archive",)))
        if sorting.without_zone:
            self._notes.append(
                "The archive's times name no time zone: give --timezone, as in "
                "--timezone Europe/Berlin, or lateness waits."
            )
        rows = sorted(
            self._rows, key=lambda r: (r.what == "missing", r.student.casefold())
        )
        bad = {one.path for one in self._unaccounted}
        return Collected(
            found.system,
            tuple(rows),
            tuple(sorted(set(self._unaccounted), key=lambda one: one.path)),
            len(self._used - bad),
            harmless,
            tuple(self._notes),
        )

    def _asked(self, people: Iterable[Person], system: str) -> set[str]:
        """The chapters that the archive is about: in one of an assignment, not all."""
        if self._only is not None:
            return {self._only}
        held = Counter(
            chapter
            for person in people
            for chapter in {c.reading.chapter for c in person.notebooks}
        )
        if system in ("plain", "Google Drive"):
            return set(held)
        most = max(held.values(), default=0)
        return {chapter for chapter, count in held.items() if count >= FEW * most}

    def _one(
        self, person: Person, folders: Folders, asked: set[str], system: str
    ) -> None:
        """One person's notebooks, chapter by chapter, and everything else of theirs."""
        self._unaccounted += person.refused
        student = folders.folder(person.owner)
        shown = clean(person.owner.name or student, 60)
        told = ("not in the list",) if folders.is_stranger(person.owner) else ()
        chosen = []
        for chapter in sorted({c.reading.chapter for c in person.notebooks}):
            mine = [c for c in person.notebooks if c.reading.chapter == chapter]
            if chapter not in asked:
                about = " and ".join(sorted(asked))
                for one in mine:
                    why = f"It is {chapter}, and this is about {about}."
                    self._unaccounted.append(Unaccounted(one.member.path, why))
                continue
            slips = [c for c in mine if self._is_slip(c)]
            for one in slips:
                why = f"It is {chapter}, and its name says another chapter."
                self._unaccounted.append(Unaccounted(one.member.path, why))
            mine = [c for c in mine if c not in slips]
            if not mine:
                continue
            choice = choose(mine)
            place = Place(
                self._course.submitted, self._course.grading / EARLIER, student, chapter
            )
            no_name = why_no_name(student)
            problem = f"The name {student!r} {no_name}." if no_name else ""
            row = None if problem else self._put(place, choice, shown, told)
            if row is None:
                for one in mine:
                    if problem:
                        self._unaccounted.append(Unaccounted(one.member.path, problem))
                continue
            self._rows.append(row)
            self._used |= {c.member.path for c in mine}
            if part := choice.chosen.owner.part:
                self._parts.setdefault(chapter, {})[student] = part
            chosen.append((place, choice))
        for member, owner in person.others:
            self._other(member, owner, chosen, system)
        if not chosen:
            self._rows.append(self._nothing(person, student, shown, told))

    def _nothing(
        self, person: Person, student: str, shown: str, told: tuple[str, ...]
    ) -> Row:
        """The row of somebody of whom nothing can be graded, with the first reason."""
        paths = {
            *(one.path for one in person.refused),
            *(one.member.path for one in person.notebooks),
            *(member.path for member, _ in person.others),
        }
        first = next(one for one in self._unaccounted if one.path in paths)
        return Row(student, "nothing", shown, file=first.path, why=(first.why, *told))

    def _is_slip(self, one: Candidate) -> bool:
        """Whether somebody took another chapter's notebook: its path says a third."""
        path = one.member.path.casefold()
        named = {c for c in self._course.releases if c.casefold() in path}
        return self._only is None and bool(named) and one.reading.chapter not in named

    def _put(
        self, place: Place, choice: Choice, shown: str, told: tuple[str, ...]
    ) -> Row | None:
        one = choice.chosen
        why = (*choice.why, *told)
        if choice.doubt:
            self._notes.append(
                f"{place.student}: two notebooks were worked on; {one.member.path} is "
                f"taken, the other is in {EARLIER}: look which is meant."
            )
        try:
            what = self._written(place, choice)
        except CannotPlace as error:
            path = one.member.path
            self._unaccounted.append(Unaccounted(path, f"{place.student}: {error}"))
            return None
        return Row(
            place.student,
            what[0],
            shown,
            place.chapter,
            one.member.path,
            one.owner.time,
            (*why, *what[1]),
        )

    def _written(self, place: Place, choice: Choice) -> tuple[str, tuple[str, ...]]:
        versions = [_version(c) for c in (choice.chosen, *choice.earlier)]
        there, _ = place.there()
        if not self._write:
            if there is None:
                return "new", ()
            return ("same" if there == versions[0].data else "replaced"), ()
        better = False
        if there is not None and choice.chosen.reading.work == 0:
            reading = self._reader.read(place.notebook.name, place.notebook)
            better = reading is not None and reading.work > 0
        placed = place.put(versions[0], versions[1:], better)
        return placed.what, placed.notes

    def _other(
        self,
        member: Member,
        owner: Owner,
        chosen: list[tuple[Place, Choice]],
        system: str,
    ) -> None:
        """A file that is no notebook: beside the notebook that it came with."""
        if not chosen or member.copy is None:
            why = "It is no notebook, and none came with it."
            self._unaccounted.append(Unaccounted(member.path, why))
            return
        folder = owner.file.rpartition("/")[0]
        place, choice = min(chosen, key=lambda pair: _apart(pair[1], folder))
        with_it = Candidate(member, in_zone(owner, self._zone), choice.chosen.reading)
        apart = system != "Canvas" and with_it.follows() != choice.chosen.follows()
        base = choice.chosen.owner.file.rpartition("/")[0]
        name = owner.file.removeprefix(f"{base}/") if base else owner.file
        try:
            if self._write:
                note = place.put_beside(name, member.copy.read_bytes(), apart)
                self._notes += [f"{place.student}: {note}."] if note else []
            self._used.add(member.path)
        except CannotPlace as error:
            self._unaccounted.append(
                Unaccounted(member.path, f"{place.student}: {error}")
            )


def _version(candidate: Candidate) -> Version:
    assert candidate.member.copy is not None
    data, _ = as_utf8(candidate.member.copy.read_bytes())
    return Version(data, candidate.owner.time)


def _apart(choice: Choice, folder: str) -> bool:
    """Whether a notebook was handed in from another folder."""
    return choice.chosen.owner.file.rpartition("/")[0] != folder


def _folders(submitted: Path) -> set[str]:
    try:
        return {path.name for path in submitted.iterdir() if path.is_dir()}
    except OSError:
        return set()
