"""The rules of a class, as plain data: what `grading/class.toml` says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from autograder.language import _, ngettext

__all__ = [
    "ATTEMPTS",
    "A_DAY",
    "FIRST",
    "IN_TIME",
    "LATEST",
    "LATE_RULES",
    "NONE",
    "ZERO",
    "Amount",
    "Late",
    "Rules",
    "span",
]

NONE, ZERO, A_DAY = "none", "zero", "a day"
LATE_RULES = (NONE, ZERO, A_DAY)

LATEST, FIRST, IN_TIME = "latest", "first", "in time"
ATTEMPTS = (LATEST, FIRST, IN_TIME)

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Amount:
    """So many points, or so many hundredths of what was earned."""

    value: float
    percent: bool

    def of(self, score: float) -> float:
        """How many points that is."""
        return score * self.value / 100 if self.percent else self.value

    def __str__(self) -> str:
        told = _("{n} %") if self.percent else _("{n} points")
        return told.format(n=f"{self.value:g}")


@dataclass(frozen=True)
class Late:
    """What is taken off for late work.

    Attributes
    ----------
    rule : str
        One of `LATE_RULES`.
    amount : Amount
        For each day that has begun, under the rule `A_DAY`.
    grace : timedelta
        Who is late by no more than that is not late.  Who is later is late from
        the due date on, not from the end of the grace time.
    cap : Amount or None
        No more than that is taken off.
    """

    rule: str = NONE
    amount: Amount = Amount(0.0, True)
    grace: timedelta = timedelta(0)
    cap: Amount | None = None

    def days(self, seconds: float) -> int:
        """How many days have begun since the due date; 0 within the grace time."""
        late = timedelta(seconds=seconds)
        return 0 if late <= self.grace else math.ceil(late / _DAY)

    def taken_off(self, score: float, seconds: float) -> float:
        """Points that are taken off what was earned; never more than that."""
        days = self.days(seconds)
        if days == 0 or self.rule == NONE:
            return 0.0
        lost = score if self.rule == ZERO else days * self.amount.of(score)
        if self.cap is not None:
            lost = min(lost, self.cap.of(score))
        return round(min(max(lost, 0.0), score), 2)

    def __str__(self) -> str:
        if self.rule == NONE:
            return _("nothing is taken off")
        told = _("all is taken off")
        if self.rule == A_DAY:
            told = _("{amount} for each day that has begun").format(amount=self.amount)
        if self.cap is not None:
            told = _("{rule}, at most {amount}").format(rule=told, amount=self.cap)
        if self.grace:
            more = _("{rule}; up to {span} is not late")
            told = more.format(rule=told, span=span(self.grace))
        return told


@dataclass(frozen=True)
class Rules:
    """All that a class has agreed on; by default nothing.

    Attributes
    ----------
    there : bool
        Whether there is a `class.toml`.
    zone : str
        Of times that name none; empty if nothing says so.
    due : mapping of str to datetime, or None
        By chapter, in UTC; None leaves the gradebook's own dates alone.
    late : Late or None
        None leaves it to nbgrader's settings.
    extensions : mapping of str to mapping, or None
        By student and chapter, when it is due instead; None leaves the
        gradebook's own alone.
    attempt : str
        Which counts, one of `ATTEMPTS`.
    groups : mapping of str to tuple of str
        By name, the members: one of them hands in for all.
    weights : mapping of str to float
        By chapter; 1 where none is given.
    drop_lowest : int
        How many of a student's chapters do not count.
    bonus_cap : float or None
        How many hundredths above all of a chapter's core its further work may
        bring; None counts further work as any other.
    roster, column : str
        A file beside `class.toml`, and the heading under which names stand.
    """

    there: bool = False
    zone: str = ""
    due: Mapping[str, datetime] | None = None
    late: Late | None = None
    extensions: Mapping[str, Mapping[str, datetime]] | None = None
    attempt: str = LATEST
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    drop_lowest: int = 0
    bonus_cap: float | None = None
    roster: str = ""
    column: str = ""

    def due_for(self, student: str, chapter: str) -> datetime | None:
        """When a chapter is due for one student, with what was granted."""
        granted = (self.extensions or {}).get(student, {})
        return granted.get(chapter, (self.due or {}).get(chapter))

    def extension(self, student: str, chapter: str) -> timedelta | None:
        """How much longer a student has than others; None for no longer."""
        due, own = (self.due or {}).get(chapter), self.due_for(student, chapter)
        return None if due is None or own is None or own == due else own - due

    def group_of(self, student: str) -> tuple[str, ...]:
        """With whom a student hands in, in order; nobody else by default."""
        found = (members for members in self.groups.values() if student in members)
        return next(found, (student,))


def span(time: timedelta) -> str:
    """A length of time in words: 2 days 3 h 5 min; the smallest is a minute."""
    minutes = max(1, round(time.total_seconds() / 60)) if time else 0
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [ngettext("{n} day", "{n} days", days).format(n=days)] if days else []
    parts += [_("{n} h").format(n=hours)] if hours else []
    parts += [_("{n} min").format(n=minutes)] if minutes or not parts else []
    return " ".join(parts)
