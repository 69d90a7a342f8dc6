"""Archives that no system made: a folder for each person, or names in files' names.

Google Drive gives a folder as a zip, in parts ``…-001.zip``, ``…-002.zip`` if it is
large.  Classroom names what each learner got ``Ada Lovelace - notebook.ipynb``,
Forms names uploads ``notebook - Ada Lovelace.ipynb``; of two with one name the
second has `` (1)``.  What people put together themselves mostly has a folder, an
archive or a file for each person.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from dateutil import parser

from autograder.collecting.owner import Owner, Sorted
from autograder.collecting.spool import Member, archive_suffix
from autograder.limits import MAX_TIMESTAMP

__all__ = ["COPY", "drive", "plain", "stem_of"]

COPY = re.compile(r"(?:[ _-]*\(\d+\)|[ _-]*[Cc]opy(?: ?\d+)?| - [Cc]opy|-\d+)+$")
"""What browsers, desktops and JupyterLab add to the name of a second file."""

STAMP = "timestamp.txt"
"""What nbgrader's exchange leaves beside a notebook."""

_ENDINGS = re.compile(r"(?:\.ipynb|\.json|\.txt)+$", re.IGNORECASE)
_ATTEMPT = re.compile(r"(?:attempt|version|submission|v)[ _-]?(\d{1,9})", re.IGNORECASE)


def stem_of(name: str) -> str:
    """A file's name without its endings and without the marks of a copy."""
    suffix = archive_suffix(name)
    stem = name[: -len(suffix)] if suffix else name
    return COPY.sub("", _ENDINGS.sub("", stem)).strip()


def drive(members: Sequence[Member], chapters: Collection[str]) -> Sorted:
    """Files named after a person and a chapter, with `` - `` between.

    On which side people's names stand, most files say; the others follow.
    """
    split = {m.path: part for m in members if (part := _divided(m.path, chapters))}
    sides = Counter(side for _, side, _ in split.values())
    owners = {}
    for path, (name, side, who) in split.items():
        if not side:
            halves = stem_of(name).split(" - ", 1)
            who = halves[sides["right"] > sides["left"]].strip()
        if who:
            owners[path] = (Owner(name=who, file=path[path.index(name) :]),)
    return Sorted("Google Drive", owners if any(sides[s] for s in sides if s) else {})


def _divided(path: str, chapters: Collection[str]) -> tuple[str, str, str] | None:
    """The part of a path with `` - ``, and on which side of a chapter who stands."""
    for name in path.split("/"):
        stem = stem_of(name)
        if " - " not in stem:
            continue
        left, _, right = stem.rpartition(" - ")
        if _is_chapter(right, chapters):
            return name, "left", left.strip()
        left, _, right = stem.partition(" - ")
        if _is_chapter(left, chapters):
            return name, "right", COPY.sub("", right).strip()
        return name, "", ""
    return None


def _is_chapter(text: str, chapters: Collection[str]) -> bool:
    return COPY.sub("", text).strip().casefold() in {c.casefold() for c in chapters}


def plain(members: Sequence[Member], chapters: Collection[str]) -> Sorted:
    """The first folder, archive or file of each path is a person's."""
    paths = [member.path.split("/") for member in members]
    while _is_wrapped(paths, chapters):
        paths = [path[1:] for path in paths]
    owners = {}
    times = {m.path: time for m in members if (time := _stamped(m))}
    for member, parts in zip(members, paths, strict=True):
        who = _person(parts, chapters)
        if who:
            rest = "/".join(parts[1:]) or parts[0]
            number = max((int(n) for n in _ATTEMPT.findall(rest)), default=0)
            folder = member.path.rpartition("/")[0]
            time = times.get(f"{folder}/{STAMP}")
            owner = Owner(name=who, file=rest, attempt=number, time=time)
            owners[member.path] = (owner,)
    return Sorted("plain", owners, frozenset(times))


def _stamped(member: Member) -> datetime | None:
    """The time in a file of nbgrader's; not in one that came in somebody's archive."""
    *folders, name = member.path.split("/")
    if name != STAMP or member.copy is None or any(map(archive_suffix, folders)):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of a zone that may be several
        try:
            text = member.copy.read_bytes()[:MAX_TIMESTAMP].decode("utf-8-sig").strip()
            return parser.parse(text)
        except (ValueError, OverflowError, parser.UnknownTimezoneWarning):
            return None


def _is_wrapped(paths: list[list[str]], chapters: Collection[str]) -> bool:
    """Whether all lies in one folder that is nobody's: several people's is in it."""
    if len({path[0] for path in paths}) != 1 or any(len(path) < 2 for path in paths):
        return False
    if _is_chapter(stem_of(paths[0][0]), chapters):
        return True
    inside = {_person(path[1:], chapters) for path in paths}
    return "" not in inside and len(inside) > 1


def _person(parts: Sequence[str], chapters: Collection[str]) -> str:
    """Whom the first part of a path names; nobody if it is a chapter's name."""
    name = parts[0]
    if len(parts) > 1 and not archive_suffix(name):
        return "" if _is_chapter(name, chapters) else name
    if len(parts) == 1 and not _ENDINGS.search(name):
        return ""
    stem = stem_of(name)
    for chapter in chapters:
        found = re.search(re.escape(chapter), stem, re.IGNORECASE)
        if found:
            stem = stem[: found.start()] + stem[found.end() :]
    return COPY.sub("", stem).strip(" _-.,")
