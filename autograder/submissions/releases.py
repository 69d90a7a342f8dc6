"""From which release of a chapter a notebook comes, and what that one asks for.

`autograder release` freezes a chapter's notebook and writes its number into the
metadata.  Who hands in is graded against the release that they have worked on.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from autograder.exercises.spec import Chapter
from autograder.language import ENGLISH, N_, or_english

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = [
    "KEY",
    "NOTES",
    "Released",
    "gradable",
    "language_in",
    "number_in",
    "release_of",
    "with_points",
]

KEY = "autograder_release"
"""In a notebook's metadata: the number of its release."""

_OLDER = N_("From release {number}, and graded by it; the newest is {newest}.")
_NO_NUMBER = N_("Without a number; by its cells it is of release {number}.")
_LOST = N_("From release {number}, which is not kept here; graded by release {newest}.")

NOTES = (_OLDER, _NO_NUMBER, _LOST)
"""What may be noted of a release."""

# Within a cell's text the quotes would have backslashes before them.
_NUMBER = re.compile(rb'"' + KEY.encode() + rb'"\s*:\s*(\d{1,4})\b')
_LANGUAGE = re.compile(rb'"autograder"\s*:\s*\{[^{}]*?"language"\s*:\s*"(\w{2,8})"')
_GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"([^"\\]+)"')


@dataclass(frozen=True)
class Released:
    """The release that a notebook is graded against.

    Attributes
    ----------
    data : bytes
    number : int or None
        None where nothing of the chapter is frozen.
    note : str
        What is to be known of it; empty for the newest.
    """

    data: bytes
    number: int | None = None
    note: str = ""


def number_in(data: bytes) -> int | None:
    """The release's number in a notebook's metadata; None if there is none."""
    found = _NUMBER.search(_plain(data))
    return None if found is None else int(found[1])


def language_in(data: bytes | None) -> str:
    """The language that a notebook says it is in; English if we do not speak that."""
    return or_english(None if data is None else _language_said(data))


@lru_cache(maxsize=8)  # of each notebook it is asked several times in a row
def _language_said(data: bytes) -> str:
    found = _LANGUAGE.search(_plain(data))
    return ENGLISH if found is None else found[1].decode()


def release_of(data: bytes | None, course: Course, chapter: str) -> Released:
    """The release that a notebook comes from, in its language.

    One without a number, which some programs drop, is of the newest release all of
    whose graded cells it has, and else of the newest.
    """
    found = _english(data, course, chapter)
    translated = course.translated.get((language_in(data), chapter, found.number))
    return found if translated is None else replace(found, data=translated)


def _english(data: bytes | None, course: Course, chapter: str) -> Released:
    frozen = course.frozen.get(chapter)
    if not frozen:
        return Released(course.releases[chapter])
    newest = max(frozen)
    number = None if data is None else number_in(data)
    if number is not None and number in frozen:
        told = _OLDER.format(number=number, newest=newest)
        return Released(frozen[number], number, told if number < newest else "")
    if number is None and data is not None:
        there = _grade_ids(_plain(data))
        whole = [n for n in frozen if _grade_ids(frozen[n]) <= there]
        found = max(whole, default=newest)
        told = _NO_NUMBER.format(number=found)
        return Released(frozen[found], found, told if found < newest else "")
    told = _LOST.format(number=number, newest=newest) if number is not None else ""
    return Released(frozen[newest], newest, told)


@lru_cache(maxsize=64)
def gradable(release: bytes) -> Mapping[str, float]:
    """Points of each graded cell of a release, by grade id."""
    cells = json.loads(release)["cells"]
    flags = [cell["metadata"].get("nbgrader") or {} for cell in cells]
    return {one["grade_id"]: float(one["points"]) for one in flags if one.get("grade")}


def with_points(chapter: Chapter, release: bytes) -> Chapter:
    """The chapter with the points that its exercises have in a release."""
    points = gradable(release)
    exercises = [
        (one, int(points.get(f"{one.name}_check", one.points)))
        for one in chapter.exercises
    ]
    if all(one.points == then for one, then in exercises):
        return chapter
    frozen = tuple(replace(one, points=then) for one, then in exercises)
    return replace(chapter, exercises=frozen)


def _plain(data: bytes) -> bytes:
    """A notebook's bytes, of one in UTF-16 in UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def _grade_ids(data: bytes) -> frozenset[bytes]:
    return frozenset(_GRADE_ID.findall(data))
