"""Values as a person writes them into `class.toml`: times, spans, amounts.

Each reader says of what it cannot read which forms there are.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from autograder.submissions.timestamp import Unclear, moment
from autograder.term.rules import Amount
from autograder.text import clean

__all__ = ["NoValue", "amount", "due_time", "number", "span_of"]

TIMES = (
    "Forms that are read: 2026-11-20 23:59, 2026-11-20T23:59, 20 November 2026 23:59, "
    "2026-11-20 23:59 +0100, 2026-11-20 23:59 Europe/Berlin, with or without quotes "
    "where TOML allows it"
)
SPANS = 'Forms that are read: "15 min", "2 h", "3 days", "1 week", "1 day 12 h"'
AMOUNTS = 'Write "10 %" for hundredths of what was earned, or 1.5 for points'

_UNITS = {
    "minutes": ("min", "mins", "minute", "minutes"),
    "hours": ("h", "hour", "hours"),
    "days": ("d", "day", "days"),
    "weeks": ("w", "week", "weeks"),
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", re.IGNORECASE)
_LONGER = re.compile(r"\s*\+(.+)", re.DOTALL)
_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


class NoValue(Exception):
    """Why a value is none, in a sentence, and what can be written."""


def due_time(value: Any, zone: str, due: datetime | None = None) -> datetime:
    """A moment in UTC.

    Parameters
    ----------
    value : str, datetime or anything
        Also "+3 days", where there is a `due` to add that to.
    zone : str
        The class's time zone; empty if nothing says which.
    due : datetime, optional
    """
    if isinstance(value, str) and (more := _LONGER.fullmatch(value)):
        if due is None:
            raise NoValue(f"{_shown(value)} is added to a due date, and there is none.")
        return due + span_of(more[1])
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, date | time):  # a datetime is a date
        text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    elif isinstance(value, str):
        text = value
    else:
        raise NoValue(f"{_shown(value)} is no time. {TIMES}.")
    try:
        return moment(text, zone)
    except Unclear as unclear:
        why = str(unclear)
    if why.startswith("says no time zone"):
        way_out = 'Write timezone = "Europe/Berlin" above, with yours'
        raise NoValue(f"{_shown(text)} says no time zone. {way_out}.")
    raise NoValue(f"{_shown(text)} {why}. {TIMES}.")


def span_of(value: Any) -> timedelta:
    """A length of time."""
    parts = list(_PART.finditer(value)) if isinstance(value, str) else []
    known = bool(parts) and all(part[2].lower() in _UNIT for part in parts)
    if not known or "".join(part[0] for part in parts) != value:
        raise NoValue(f"{_shown(value)} is no length of time. {SPANS}.")
    return sum(
        (timedelta(**{_UNIT[part[2].lower()]: float(part[1])}) for part in parts),
        timedelta(0),
    )


def amount(value: Any) -> Amount:
    """Points, or hundredths of what was earned."""
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value)):
        hundredths = float(found[1])
        if hundredths <= 100:
            return Amount(hundredths, True)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return Amount(float(value), False)
    raise NoValue(f"{_shown(value)} is no amount. {AMOUNTS}.")


def number(value: Any, least: float = 0, whole: bool = False) -> float:
    """A plain number that is not too small."""
    kind = int if whole else int | float
    if isinstance(value, kind) and not isinstance(value, bool) and value >= least:
        return value
    what = "whole number" if whole else "number"
    raise NoValue(f"{_shown(value)} has to be a {what}, {least:g} or more.")


def _shown(value: Any) -> str:
    return clean(repr(value) if isinstance(value, str) else str(value), 60)
