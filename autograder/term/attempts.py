"""Which attempt of a student's counts, and who hands in for whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course
from autograder.limits import MAX_NOTEBOOK_FILE
from autograder.submissions.files import read_regular_file
from autograder.submissions.folder import read_time
from autograder.submissions.intake import Found
from autograder.submissions.names import composed
from autograder.submissions.notebook import Problem, slim
from autograder.submissions.submission import UNACCOUNTED, Doubt, Stray, Submission
from autograder.submissions.timestamp import FORM
from autograder.term.rules import FIRST, LATEST, Rules

__all__ = ["EARLIER", "number_of_attempts", "read_counted", "whose_counts"]

EARLIER = "earlier"
"""Folder beside the marks, in which `autograder collect` keeps other attempts."""

_KEPT = re.compile(r"(?:(\d{4}-\d\d-\d\d_\d{6})_)?(?:.*_)?[0-9a-f]{12}\.ipynb")
_NAMED = "%Y-%m-%d_%H%M%S"


@dataclass(frozen=True)
class _Attempt:
    """An attempt, and when it was handed in, as far as that is known.

    `path` is None for what lies in `grading/submitted`.
    """

    time: datetime | None
    path: Path | None = None


def read_counted(found: Found, course: Course, rules: Rules) -> Submission:
    """What counts of what a student has handed in for a chapter.

    Where the times do not say which attempt that is, the one in `submitted` is
    read, and its mark waits for a person.
    """
    submission = found.read(course)
    if composed(found.folder.parent.name) != found.student:
        # The exchange gives feedback to whom this names: to who handed in.
        submission = replace(submission, token=None)
    kept = list(_kept(course, found)) if rules.attempt != LATEST else []
    if not kept:
        return submission
    now = None if submission.timestamp is None else _time(submission.timestamp)
    attempts = [_Attempt(now), *kept]
    lacking = sum(one.time is None for one in attempts)
    if lacking:
        told = (
            f"{lacking} of {len(attempts)} attempts have no time, so that it is not "
            f'clear which counts as "{rules.attempt}". What lies in '
            f"{course.submitted.name} is graded; take away from {EARLIER} what does "
            "not count."
        )
        doubts = (*submission.doubts, Doubt(UNACCOUNTED, told))
        return replace(submission, doubts=doubts)
    chosen = _chosen(attempts, rules, rules.due_for(found.student, found.chapter))
    if chosen.path is None or chosen.time is None:
        return submission
    try:
        data = slim(read_regular_file(chosen.path, MAX_NOTEBOOK_FILE))
    except (Problem, OSError) as error:
        told = f"The attempt that counts, {chosen.path.name}, cannot be read: {error}"
        doubts = (*submission.doubts, Doubt(UNACCOUNTED, told))
        return replace(submission, doubts=doubts)
    note = (
        f"Of {len(attempts)} attempts the one of {chosen.time:%Y-%m-%d %H:%M} UTC "
        f"counts: {rules.attempt}."
    )
    return replace(
        submission,
        data=data,
        timestamp=chosen.time.strftime(FORM),
        problem=None,
        code="",
        notes=(note,),
        doubts=(),
    )


def number_of_attempts(course: Course, student: str, chapter: str) -> int:
    """How many different notebooks there are of a student's, with the kept ones."""
    folder = course.submitted / student / chapter
    return folder.is_dir() + len(list(_kept(course, Found(student, chapter, folder))))


def whose_counts(
    found: Sequence[Found], course: Course, rules: Rules
) -> tuple[list[Found], list[Stray]]:
    """The same, where all members of a group have what one of them handed in.

    Who has no folder gets the other's.  Where several have handed in and their
    times do not say which counts, each keeps their own, and all marks wait.
    """
    if not rules.groups:
        return list(found), []
    left = {(one.student, one.chapter): one for one in found}
    strays: list[Stray] = []
    for name, members in rules.groups.items():
        for chapter in dict.fromkeys(one.chapter for one in found):
            those = [left[m, chapter] for m in members if (m, chapter) in left]
            if not those:
                continue
            counts = _counts(those, course, rules)
            if counts is None:
                who = " and ".join(one.student for one in those)
                told = (
                    f"{who} of the group {name} have both handed in, and their times "
                    "do not say which counts. Leave the one that does."
                )
                strays += [Stray(told, one.student, chapter) for one in those]
                continue
            left |= {(m, chapter): replace(counts, student=m) for m in members}
    return sorted(left.values(), key=lambda one: (one.chapter, one.student)), strays


def _counts(those: Sequence[Found], course: Course, rules: Rules) -> Found | None:
    """Whose work counts for a group; None if nobody can tell."""
    if len(those) == 1:
        return those[0]
    times = [_time_in(one.folder, course) for one in those]
    if None in times or len(set(times)) < len(times):
        return None
    attempts = [_Attempt(time) for time in times]
    due = rules.due_for(those[0].student, those[0].chapter)
    return those[attempts.index(_chosen(attempts, rules, due))]


def _chosen(
    attempts: Iterable[_Attempt], rules: Rules, due: datetime | None
) -> _Attempt:
    """Which of several attempts counts; all have a time."""
    ordered = sorted(attempts, key=lambda one: str(one.time))
    if rules.attempt == FIRST:
        return ordered[0]
    if rules.attempt == LATEST or due is None:
        return ordered[-1]
    grace = rules.late.grace if rules.late is not None else None
    end = due if grace is None else due + grace
    in_time = [one for one in ordered if one.time is not None and one.time <= end]
    return (in_time or ordered)[-1]


def _kept(course: Course, found: Found) -> Iterator[_Attempt]:
    """Attempts that `autograder collect` has put aside."""
    folder = course.grading / EARLIER / found.folder.parent.name / found.chapter
    for path in sorted(folder.glob("*.ipynb")):
        name = _KEPT.fullmatch(path.name)
        if name is not None:
            told = name[1] and datetime.strptime(name[1], _NAMED).replace(tzinfo=UTC)
            yield _Attempt(told or None, path)


def _time_in(folder: Path, course: Course) -> datetime | None:
    try:
        told = read_time(folder, course.timezone, course.timestamp_format)
    except Problem:
        return None
    return None if told is None else _time(told)


def _time(told: str) -> datetime:
    return datetime.strptime(told, FORM).replace(tzinfo=UTC)
