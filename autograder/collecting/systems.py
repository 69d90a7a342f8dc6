"""The archives of Canvas, Moodle and Blackboard, and all systems by name.

Canvas (Assignments, Download Submissions) has all files beside each other:
``lovelaceada_4711_99001_notebook.ipynb`` or
``lovelaceada_LATE_4711_99001_notebook.ipynb``: the name as it is sorted, with
letters and digits alone, the number of the person, the number of the upload, and
the file's name, with ``-1``, ``-2`` where one of that name was handed in before.
Graded anonymously, ``anon_k3V9a_99001_notebook.ipynb``.  What was typed instead of
uploaded is ``…_4711_text.html``.  There is no time.

Moodle (View all submissions, Download all submissions) has a folder for each
person, ``Ada Lovelace_4711_assignsubmission_file``, older versions with ``_`` at
its end; without folders the file's name follows ``_assignsubmission_file_``.  The
number is that of the submission: it is in the grading worksheet, and another one in the
next assignment.  A group's folder has the group's name.  There is no time.

Blackboard (Assignment File Download) writes
``Homework 3_al01_attempt_2026-11-20-12-00-10_notebook.ipynb`` for each file and,
for each attempt, the same up to the time with ``.txt``: in it stand ``Name: Ada
Lovelace (al01)`` and ``Date Submitted: Friday, November 20, 2026 12:00:10 PM GMT``.

References
----------
https://github.com/instructure/canvas-lms/blob/master/app/models/content_zipper.rb
https://github.com/moodle/moodle/blob/main/mod/assign/classes/downloader.php
https://nbgrader.readthedocs.io/en/stable/user_guide/managing_assignment_files_manually.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from dateutil import parser

from autograder.collecting.gradescope import gradescope
from autograder.collecting.owner import Owner, Sorted
from autograder.collecting.spool import Member
from autograder.limits import MAX_MEMBER_TEXT

__all__ = ["SYSTEMS"]

_CANVAS = re.compile(
    r"(?P<name>.*?)_(?P<late>late_)?(?P<number>\d+)_"
    r"(?:(?P<upload>\d+)_(?P<file>.+)|(?P<typed>(?:text|link)\.html))",
    re.IGNORECASE,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<name>anon(?:ymous)?)_(?P<late>late_)?(?P<number>[a-z0-9]{5})_"
    r"(?:(?P<upload>\d+)_(?P<file>.+)|(?P<typed>(?:text|link)\.html))",
    re.IGNORECASE,
)
_MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)"
    r"(?:_(?P<file>.*))?"
)
_BLACKBOARD = re.compile(
    r"(?P<head>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<told>\.txt))"
)
_TOLD_NAME = re.compile(r"^Name:\s*(.*?)\s*\(([^()\n]+)\)\s*$", re.MULTILINE)
_TOLD_TIME = re.compile(r"^Date Submitted:\s*(.+?)\s*$", re.MULTILINE)

_Found = tuple[re.Match[str], str]


def _matched(path: str, *patterns: re.Pattern[str]) -> _Found | None:
    """The first part of a path that has a system's form, and what follows it."""
    parts = path.split("/")
    for i, part in enumerate(parts):
        for pattern in patterns:
            if found := pattern.fullmatch(part):
                return found, "/".join(parts[i + 1 :])
    return None


def _under(own: str | None, rest: str) -> str:
    """A file's path as its owner named it."""
    return "/".join(filter(None, (own, rest)))


def _canvas(members: Sequence[Member]) -> Sorted:
    owners = {}
    for member in members:
        found = _matched(member.path, _CANVAS_ANONYMOUS, _CANVAS)
        if found is not None:
            one, rest = found
            owners[member.path] = (
                Owner(
                    name=one["name"],
                    number=one["number"],
                    file=_under(one["file"] or one["typed"], rest),
                    attempt=int(one["upload"] or 0),
                    late=one["late"] is not None,
                    part=one[0],
                ),
            )
    return Sorted("Canvas", owners, column="ID")


def _moodle(members: Sequence[Member]) -> Sorted:
    owners = {}
    for member in members:
        found = _matched(member.path, _MOODLE)
        if found is not None:
            one, rest = found
            name = one["name"].replace("_", " ")
            file = _under(one["file"], rest)
            owners[member.path] = (
                Owner(name, one["number"] or "", file=file, part=one[0]),
            )
    return Sorted("Moodle", owners, column="Identifier")


def _blackboard(members: Sequence[Member]) -> Sorted:
    found = [(m, f) for m in members if (f := _matched(m.path, _BLACKBOARD))]
    told: dict[tuple[str, str], str] = {}
    for member, (one, _) in found:
        if one["told"] and member.copy is not None:
            with member.copy.open("rb") as file:
                text = file.read(MAX_MEMBER_TEXT).decode("utf-8-sig", "replace")
            told[one["head"], one["time"]] = text.replace("\r\n", "\n")
    logins = {head: _login(head, text) for (head, _), text in told.items()}
    titles = {head[: -len(login)] for head, login in logins.items() if login}
    owners = {}
    for member, (one, rest) in found:
        head = one["head"]
        login = logins.get(head) or _without_title(head, titles)
        text = told.get((head, one["time"]), "")
        named = _TOLD_NAME.search(text)
        owners[member.path] = (
            Owner(
                name=named[1] if named else "",
                login=login,
                file=_under(one["file"], rest),
                attempt=int(one["time"].replace("-", "")),
                time=_blackboard_time(one["time"], _TOLD_TIME.search(text)),
            ),
        )
    read = {m.path for m, (one, rest) in found if one["told"] and not rest}
    return Sorted("Blackboard", owners, frozenset(read))


def _login(head: str, text: str) -> str:
    """The login in Blackboard's own file, if the file's name has it too."""
    named = _TOLD_NAME.search(text)
    return named[2] if named and head.endswith(f"_{named[2]}") else ""


def _without_title(head: str, titles: Iterable[str]) -> str:
    for title in titles:
        if head.startswith(title):
            return head.removeprefix(title)
    return head.rpartition("_")[2]


def _blackboard_time(name: str, told: re.Match[str] | None) -> datetime | None:
    """With the zone from the text if that is of one known everywhere."""
    when = datetime.strptime(name, "%Y-%m-%d-%H-%M-%S")
    if told and re.search(r"\b(GMT|UTC|Z)$", told[1]):
        try:
            text = re.sub(r"o'clock", "", told[1])
            return parser.parse(text).astimezone(UTC)
        except (ValueError, OverflowError):
            return when
    return when


SYSTEMS: dict[str, Callable[[Sequence[Member]], Sorted]] = {
    "gradescope": gradescope,
    "moodle": _moodle,
    "blackboard": _blackboard,
    "canvas": _canvas,
}
"""By name, the most particular first: what reads an archive of that form."""
