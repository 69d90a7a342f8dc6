"""Times: every form that somebody writes is read, and nothing is guessed."""

from __future__ import annotations

import datetime

import pytest

from autograder.submissions.notebook import Problem
from autograder.submissions.timestamp import parse_timestamp, read_timestamp

NOON = "2026-11-21 12:00:00.000000 UTC"
BERLIN = "Europe/Berlin"

FORMS = {
    "nbgrader": "2026-11-21 12:00:00.000000 UTC",
    "an offset, as nbgrader 0.5 wrote": "2026-11-21 13:00:00.000000 +0100",
    "nbgrader in Berlin": "2026-11-21 13:00:00.000000 CET",
    "nbgrader in Brazil": "2026-11-21 09:00:00.000000 -03",
    "a zone by name": "2026-11-21 13:00:00 Europe/Berlin",
    "a zone of three parts": "2026-11-21 09:00:00 America/Argentina/Salta",
    "ISO 8601": "2026-11-21T12:00:00Z",
    "ISO 8601, to the minute": "2026-11-21T12:00Z",
    "ISO 8601, basic": "20261121T130000+0100",
    "ISO 8601, by week": "2026-W47-6T12:00:00Z",
    "RFC 2822": "Sat, 21 Nov 2026 12:00:00 GMT",
    "RFC 2822, with a comment": "Sat, 21 Nov 2026 13:00:00 +0100 (CET)",
    "git": "Sat Nov 21 13:00:00 2026 +0100",
    "git log": "Date:   Sat Nov 21 13:00:00 2026 +0100",
    "git, raw": "1795262400 +0100",
    "the command date": "Sat Nov 21 13:00:00 CET 2026",
    "seconds": "1795262400",
    "seconds of the command date": "@1795262400",
    "milliseconds": "1795262400000",
    "JavaScript": "Sat Nov 21 2026 13:00:00 GMT+0100 (Central European Standard Time)",
    "Gradescope": "2026-11-21T04:00:00.000000-08:00",
    "a clock of twelve hours": "November 21, 2026 at 12:00 PM UTC",
    "a space that does not break": "November 21, 2026 12:00\u202fPM UTC",
    "small letters": "2026-11-21 12:00:00 utc",
    "the time first": "12:00 2026-11-21 UTC",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_moment_is_one_however_it_is_written(text):
    assert parse_timestamp(text) == NOON


LOCAL = {
    "nbgrader's zip_collect": "2026-11-21 13:00:00",
    "Moodle": "Saturday, 21 November 2026, 1:00 PM",
    "Canvas": "Nov 21, 2026 at 1pm",
    "Blackboard": "2026-11-21-13-00-00",
    "day first, and no month is 21": "21/11/2026 13:00",
    "digits alone": "20261121130000",
    "ISO 8601 without a zone": "2026-11-21T13:00",
}


@pytest.mark.parametrize("text", LOCAL.values(), ids=LOCAL)
def test_a_time_without_a_zone_needs_the_courses(text):
    """Where the course says none, nobody knows when that was."""
    assert parse_timestamp(text, BERLIN) == NOON
    with pytest.raises(Problem, match=r"says no time zone.*c\.Exchange\.timezone"):
        parse_timestamp(text)


UNCLEAR = {
    "China's, Cuba's, America's": ("2026-11-21 12:00:00 CST", "may be UTC-6 or"),
    "India's, Israel's, Ireland's": ("2026-11-21 12:00:00 IST", "may be UTC"),
    "the Philippines' too": ("2026-07-21 12:00:00 PST", "may be UTC-8 or UTC+8"),
    "a zone that is none": ("2026-11-21 12:00:00 Mars/Phobos", "which is none"),
    "letters": ("2026-11-21 12:00:00 QQQ", "which is none"),
    "April or March": ("03/04/2026 12:00 UTC", "4 March 2026 or 3 April 2026"),
    "three readings": ("03-04-05 12:00 UTC", " or "),
    "no year": ("Nov 21 at 12pm UTC", "the whole date"),
    "no day": ("12:00 UTC", "the whole date"),
    "no time of day": ("2026-11-21", "no time of day"),
    "words": ("not a date", "no time that can be read"),
    "a month 13": ("2026-13-01 00:00:00 UTC", "no time that can be read"),
    "nothing": ("", "is empty"),
    "white space": (" \n", "is empty"),
    "too long": ("9" * 300, "too long"),
    "a clock that never was set": ("1970-01-01 00:00:05 UTC", "in the year 1970"),
    "an offset of a day": ("2026-11-21 12:00:00 +2500", "that there is not"),
}


@pytest.mark.parametrize(("text", "says"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_may_be_two_moments_is_none(text, says):
    """In one sentence, with a way out; never a guess, never 'in time'."""
    with pytest.raises(Problem) as problem:
        parse_timestamp(text, BERLIN)

    assert says in str(problem.value)
    assert "Write the time as 2026-11-20 12:00:00 UTC." in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("when", ["2026-10-25 02:30:00", "2026-03-29 02:30:00"])
def test_an_hour_that_is_there_twice_or_never_is_unclear(when):
    with pytest.raises(Problem, match="hour in which clocks change"):
        parse_timestamp(when, BERLIN)


def test_in_that_hour_the_abbreviation_decides():
    summer = parse_timestamp("2026-10-25 02:30:00 CEST", BERLIN)
    winter = parse_timestamp("2026-10-25 02:30:00 CET", BERLIN)

    assert summer == "2026-10-25 00:30:00.000000 UTC"
    assert winter == "2026-10-25 01:30:00.000000 UTC"


@pytest.mark.parametrize(
    ("zone", "utc"), [("America/Chicago", "18"), ("Asia/Shanghai", "04")]
)
def test_the_courses_zone_says_which_of_two_is_meant(zone, utc):
    found = parse_timestamp("2026-11-21 12:00:00.000000 CST", zone)

    assert found == f"2026-11-21 {utc}:00:00.000000 UTC"


def test_the_courses_form_says_what_comes_first():
    """`c.Exchange.timestamp_format` may be any."""
    form = "%d.%m.%Y %H:%M %Z"

    assert (
        parse_timestamp("03.04.2026 12:00 CEST", BERLIN, form)
        == "2026-04-03 10:00:00.000000 UTC"
    )


ZONES = ["UTC", BERLIN, "America/Sao_Paulo", "Asia/Kathmandu", "America/New_York"]


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S.%f %Z", "%d/%m/%Y %H:%M:%S %z"])
@pytest.mark.parametrize("zone", [*ZONES, "Asia/Kolkata", "Australia/Sydney"])
@pytest.mark.parametrize("month", [1, 7])
def test_what_nbgrader_writes_is_read(zone, form, month):
    """In any zone and form, in summer and in winter: made as its exchange does."""
    from dateutil.tz import gettz

    moment = datetime.datetime(2026, month, 4, 17, 5, 9, tzinfo=datetime.UTC)
    text = moment.astimezone(gettz(zone)).strftime(form)

    found = parse_timestamp(text, zone, form)

    assert found == moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_editors_write_times_in_many_encodings(encoding):
    assert read_timestamp("2026-11-21 12:00:00 UTC\r\n".encode(encoding)) == NOON


def test_bytes_that_are_no_text_are_told():
    with pytest.raises(Problem, match="no readable text"):
        read_timestamp(b"\x89PNG\xff\xfe\x81")


def test_nbgrader_reads_that_form_rightly():
    """It takes +0200 for 200 seconds; in UTC it cannot go wrong."""
    from nbgrader.utils import parse_utc

    utc = parse_timestamp("2026-07-01 09:00:00.000000 +0200")

    assert parse_utc(utc) == datetime.datetime(2026, 7, 1, 7, 0)


@pytest.mark.parametrize(
    "text", ["2026-13-20 12:00:00.000000 UTC", "1850-11-20 12:00:00.000000 UTC"]
)
def test_our_own_form_is_read_too_and_not_believed(text):
    """What is in it already is taken as it stands, unless it is no time."""
    assert parse_timestamp("2026-11-21 12:00:00.000000 UTC", BERLIN) == NOON
    with pytest.raises(Problem):
        parse_timestamp(text)
