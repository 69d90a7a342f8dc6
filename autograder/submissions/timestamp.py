"""When something was handed in: what stands in `timestamp.txt`, in UTC.

Everything that nbgrader writes or reads, ISO 8601, RFC 2822, git, seconds since
1970, and the forms of Canvas, Moodle, Blackboard and Gradescope.  A time that
could be two different moments is none: who is late is not decided by a guess.
"""

from __future__ import annotations

import codecs
import json
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil import parser

from autograder.limits import MAX_TIMESTAMP
from autograder.submissions.notebook import Problem
from autograder.text import clean

__all__ = ["FORM", "Unclear", "moment", "parse_timestamp", "read_timestamp"]


FORM = "%Y-%m-%d %H:%M:%S.%f UTC"
"""How nbgrader writes a time, and how it is kept here."""

WAY_OUT = "Write the time as 2026-11-20 12:00:00 UTC."

NO_ZONE = (
    "says no time zone: name yours in nbgrader_config_local.py, as in "
    'c.Exchange.timezone = "Europe/Berlin", or in grading/class.toml'
)

_WRITTEN_HERE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} UTC", re.ASCII)
_EPOCH = re.compile(r"@?(\d{9,10}(?:\.\d+)?|\d{13}|\d{16}|\d{19})(?: [+-]\d{4})?")
_DASHES = re.compile(r"(\d{4}-\d\d-\d\d)[-_ ](\d\d)-(\d\d)(?:-(\d\d))?\b")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
_HEADING = re.compile(r"(?:(?:author|commit)?date|submitted(?: at)?)(?:: ?| )", re.I)
_YEAR_FIRST = re.compile(r"\b\d{4}([-/.])\d\d?\1\d\d?\b|\b\d{8}(?:T|\b)")
_ISO = re.compile(r"(\d{4}-?(?:\d\d-?\d\d|W\d\d-?\d|\d{3}))[T _]\s?(\d\d\S*)")
_CLOCK = re.compile(r"\d:\d\d|T\d{2,6}\b|\d\s?[ap]\.?m\b", re.IGNORECASE)
_CLOCK_AT_END = re.compile(
    r"(?:\d:\d\d(?::\d\d)?(?:[.,]\d+)?|T\d{2,6}(?:[.,]\d+)?|[ap]\.?m\.?|\s\d{4})$",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:(?:UTC|GMT|Z)\s?)?([+\-\u2212])(\d\d?)(?::?(\d\d))?(?::?(\d\d))?", re.I
)
_TAIL = re.compile(
    r"(?P<body>.*?(?:\d|[ap]\.?m\.?))\s*(?P<zone>"
    r"(?:(?:UTC|GMT|Z)\s?)?[+\-\u2212]\d\d?(?::?\d\d){0,2}"  # +01:00, GMT+0100
    r"|[A-Za-z][A-Za-z_]*(?:/[A-Za-z0-9_+-]+)+"  # Europe/Berlin
    r"|[A-Za-z]{3,}\d[A-Za-z]{3,}"  # EST5EDT
    r"|[A-Za-z]+)",  # CET
    re.IGNORECASE,
)
_NAMED_BEFORE_YEAR = re.compile(r"(.*\d:\d\d(?::\d\d)?) ([A-Z]{2,5}) (\d{4})")
_NOT_ZONES = {"am", "pm"}

_DEFAULTS = (datetime(1996, 1, 1, 0, 0), datetime(2004, 12, 28, 13, 0))
"""What stands in for the parts that a text lacks: two, so that it shows."""


class Unclear(Exception):
    """Why a time is none, as the end of a sentence that begins with it."""


def read_timestamp(data: bytes, zone: str = "", form: str = "") -> str:
    """The time in the bytes of a `timestamp.txt`, see `parse_timestamp`."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        else:
            text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        raise Problem(f"timestamp.txt is no readable text. {WAY_OUT}") from None
    return parse_timestamp(text, zone, form)


def parse_timestamp(text: str, zone: str = "", form: str = "") -> str:
    """A time in one form and in UTC.

    Parameters
    ----------
    text : str
    zone : str, optional
        The course's time zone: of times that say none.
    form : str, optional
        How the course writes its times, as for `datetime.strftime`.

    Raises
    ------
    Problem
        If it is no time, or could be more than one.
    """
    told = _one_line(text)
    if not form and _is_written_here(told):
        return told
    try:
        return moment(text, zone, form).strftime(FORM)
    except Unclear as unclear:
        shown = f" {clean(repr(told), 60)}" if told else ""
        raise Problem(f"timestamp.txt{shown} {unclear}. {WAY_OUT}") from None


def moment(text: str, zone: str = "", form: str = "") -> datetime:
    """The same as a moment in UTC.

    Raises
    ------
    Unclear
        With the reason, as the end of a sentence that begins with the text.
    """
    told = _one_line(text)
    try:
        if not told:
            raise Unclear("is empty")
        if len(told) > MAX_TIMESTAMP:
            raise Unclear("is too long to be a time")
        found = _moment(told, zone, form).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unclear("is no time that can be read") from None
    if not 1990 <= found.year < 2200:
        raise Unclear(f"is a time in the year {found.year}")
    return found


def _is_written_here(told: str) -> bool:
    """Whether a time is in `FORM` already, as most are, and needs no reading."""
    if not _WRITTEN_HERE.fullmatch(told):
        return False
    try:
        return 1990 <= datetime.fromisoformat(told.removesuffix(" UTC")).year < 2200
    except ValueError:
        return False


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").strip("\ufeff\"'").split())


def _moment(text: str, zone: str, form: str) -> datetime:
    """The moment that a text names, with its zone."""
    text = _HEADING.sub("", text, count=1)
    if number := _EPOCH.fullmatch(text):
        digits = number[1]
        whole = len(digits.partition(".")[0])
        scale = 10 ** max(0, whole - 10)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
            seconds=float(digits) / scale
        )
    text = _DASHES.sub(_with_colons, text)
    text = _COMPACT.sub(r"\1-\2-\3 \4:\5:\6", text) if text.isdigit() else text
    # What stands in brackets behind an offset is its name; JavaScript and mail
    # programs write that.
    if bracket := re.fullmatch(r"(.*\S) ?\(([^()]*)\)", text):
        text = bracket[1] if _zone_of(bracket[1])[1] else f"{bracket[1]} {bracket[2]}"
    if named := _NAMED_BEFORE_YEAR.fullmatch(text):
        text = f"{named[1]} {named[3]} {named[2]}"
    body, written = _zone_of(text)
    when = _local(body, form)
    if not written:
        if not zone:
            raise Unclear(NO_ZONE)
        return _in_zone(when, _known_zone(zone))
    if offset := _OFFSET.fullmatch(written):
        return when.replace(tzinfo=_offset(*offset.groups()))
    if written.upper() in ("Z", "UTC", "GMT", "UT"):
        return when.replace(tzinfo=UTC)
    if "/" in written or any(c.isdigit() for c in written):
        return _in_zone(when, _known_zone(written))
    return _abbreviated(when, written, zone)


def _with_colons(found: re.Match[str]) -> str:
    """Blackboard's 2026-11-20-12-00-00."""
    return f"{found[1]} {found[2]}:{found[3]}:{found[4] or '00'}"


def _zone_of(text: str) -> tuple[str, str]:
    """A time without its zone, and the zone as it is written there."""
    found = _TAIL.fullmatch(text)
    if found is None or not _CLOCK.search(found["body"]):
        return text, ""
    body, written = found["body"], found["zone"]
    words = parser.parserinfo()
    if written.lower() in _NOT_ZONES or any(
        known(written) is not None for known in (words.month, words.weekday)
    ):
        return text, ""
    # A date may end like an offset: 12:00 2026-11-10.
    if _OFFSET.fullmatch(written) and not _CLOCK_AT_END.search(body):
        return text, ""
    return body, written


def _local(body: str, form: str) -> datetime:
    """Date and time of day; all readings of the text have to agree."""
    plain = re.sub(r"\s*%[zZ]", "", form).strip()
    if plain:
        try:
            return datetime.strptime(body, plain)
        except ValueError:
            pass  # another program wrote this one
    if iso := _ISO.fullmatch(body):
        try:
            return parser.isoparse("T".join(iso.groups()))
        except ValueError:
            pass
    orders = (False,) if _YEAR_FIRST.search(body) else (False, True)
    readings = {_reading(body, day, year) for day in orders for year in orders}
    if len(readings) > 1:
        days = " or ".join(f"{d.day} {d:%B} {d.year}" for d in sorted(readings))
        raise Unclear(f"may be {days}")
    (reading,) = readings
    return reading


def _reading(body: str, day_first: bool, year_first: bool) -> datetime:
    """A text read in one order of day, month and year."""
    one, other = (
        parser.parse(body, dayfirst=day_first, yearfirst=year_first, default=default)
        for default in _DEFAULTS
    )
    if one.date() != other.date():
        raise Unclear("does not say the whole date")
    if one != other:
        raise Unclear("says the day and no time of day")
    return one.replace(tzinfo=None)


def _offset(sign: str, hours: str, minutes: str | None, seconds: str | None) -> tzinfo:
    east = timedelta(
        hours=int(hours), minutes=int(minutes or 0), seconds=int(seconds or 0)
    )
    if east > timedelta(hours=14) or int(minutes or 0) > 59:
        raise Unclear("names a time zone that there is not")
    return timezone(east if sign == "+" else -east)


def _known_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Unclear(f"needs the time zone {clean(name, 40)}, which is none") from None


def _in_zone(when: datetime, zone: ZoneInfo) -> datetime:
    """A local time in a zone; in a night when clocks change it may be two or none."""
    first, second = (when.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise Unclear(f"is in the hour in which clocks change in {zone.key}")
    return first


def _abbreviated(when: datetime, name: str, zone: str) -> datetime:
    """A local time with a zone's abbreviation: of the course's zone, or of all."""
    here = _offsets(name, when.year, (zone,)) if zone else frozenset()
    found = here if len(here) == 1 else _offsets(name, when.year)
    if not found:
        raise Unclear(f"needs the time zone {clean(name, 40)}, which is none")
    if len(found) > 1:
        hours = " or ".join(f"UTC{_hours(offset)}" for offset in sorted(found))
        raise Unclear(f"names the time zone {name}, which may be {hours}")
    return when.replace(tzinfo=timezone(next(iter(found))))


@lru_cache(maxsize=256)
def _offsets(name: str, year: int, zones: tuple[str, ...] = ()) -> frozenset[timedelta]:
    """All that an abbreviation means in a year: in these zones, or anywhere."""
    found = set()
    for zone in zones or sorted(available_timezones()):
        known = _known_zone(zone)
        for month in (1, 7):
            probe = datetime(year, month, 1, 12, tzinfo=known)
            offset = probe.utcoffset()
            if probe.tzname() == name.upper() and offset is not None:
                found.add(offset)
    return frozenset(found)


def _hours(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
