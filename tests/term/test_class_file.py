"""`class.toml` says what it means, and an error says what was meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from autograder.course import NotACourse
from autograder.term.class_file import read_rules
from autograder.term.keys import KEYS, explained
from autograder.term.rules import Amount, Late

CHAPTERS = ("03_momentum", "05_adam")
NIGHT = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)  # in Berlin it is 23:59


def read(text: str):
    return read_rules(text.encode(), CHAPTERS)


def refused(text: str) -> str:
    with pytest.raises(NotACourse) as wrong:
        read(text)
    first, *_, last = str(wrong.value).splitlines()
    assert last == "Nothing is graded: put that right first."
    return first


def test_the_examples_that_explain_the_keys_are_read():
    """Together they are a file, and each key of it is one that is explained."""
    rules = read("\n".join(line[4:] for line in explained() if line[:4] == "    "))

    assert rules.zone == "Europe/Berlin"
    assert rules.due == {"03_momentum": NIGHT}
    tenth, half = Amount(10.0, True), Amount(50.0, True)
    assert rules.late == Late("a day", tenth, timedelta(minutes=15), half)
    assert rules.extensions == {
        "ada": {"03_momentum": NIGHT + timedelta(days=7)},
        "boris": {"03_momentum": NIGHT + timedelta(days=3)},
    }
    assert rules.groups == {"red": ("ada", "boris")}
    assert rules.weights == {"03_momentum": 2}
    assert (rules.attempt, rules.drop_lowest, rules.bonus_cap) == ("in time", 1, 10)
    assert (rules.roster, rules.column) == ("roster.csv", "SIS Login ID")


def test_a_file_in_which_all_is_a_comment_says_nothing():
    rules = read("\n".join(explained(comment=True)))

    assert rules.there
    assert rules.due is rules.late is rules.extensions is None


@pytest.mark.parametrize("name", [key.name for key in KEYS])
def test_a_misspelt_key_says_which_is_meant(name):
    told = refused(f"# a comment\n{name[:-1]} = 1")

    assert told == (
        f"grading/class.toml, line 2: there is no key {name[:-1]}: is {name} meant?"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[due]\n03_momentun = 1", "line 2: there is no released chapter 03_momentun: "
         "is 03_momentum meant?"),
        ("[late]\nrule = 'zero'\ngraze = 1", "line 3: there is no key graze: is grace"),
        ("[late]\nrule = 'zer'", 'rule: zer is none of "none", "zero", "a day".'),
        ("[late]\nrule = 'a day'", 'rule = "a day" needs an amount'),
        ("[late]\ncap = 3", 'needs a rule, one of "none", "zero", "a day".'),
        ("[late]\nrule = 'a day'\namount = '10'", 'Write "10 %" for hundredths'),
        ("[late]\nrule = 'zero'\ngrace = '5 mn'", '"15 min", "2 h", "3 days"'),
        ("timezone = 'Europe/Berln'", "there is no time zone Europe/Berln"),
        ("[due]\n05_adam = '2026-11-20 12:00'", "says no time zone. Write timezone ="),
        ("[due]\n05_adam = '20 November 2026 Z'", "Forms that are read: 2026-11-20 23"),
        ("[due]\n05_adam = 2026-11-20", "says the day and no time of day. Forms"),
        ("[due]\n05_adam = '03/04/2026 12:00 UTC'", "may be 4 March 2026 or 3 April"),
        ("[due]\nattempt = 'first'", "line 2: attempt has to stand above the first"),
        ("[extensions.ada]\n05_adam = '+1 day'", "05_adam has no due date in [due]"),
        ("[extensions]\nada = 3", "write [extensions.ada], and below it"),
        ("[groups]\na = ['x', 'y']\nb = ['y']", "line 3: y is in two groups, a and b"),
        ("[groups]\na = 'x'", 'a is a list of names: a = ["ada", "boris"].'),
        ("column = 'Login'", "column is one of a roster, and no roster is named."),
        ("roster = '../roster.csv'", "has to lie beside class.toml"),
        ("drop_lowest = -1", "-1 has to be a whole number, 0 or more."),
        ("due = 3", "due is a table: write [due]"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_what_can_be_written(text, told):
    assert told in refused(text)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(NotACourse) as wrong:
        read("timezon = 'UTC'\ndrop_lowest = 'one'\n[late]\nrul = 'zero'")

    assert len(str(wrong.value).splitlines()) == 5


def test_a_fault_of_toml_has_its_line_and_the_usual_cause():
    with pytest.raises(NotACourse, match=r"line 2.*stands in quotes"):
        read("[due]\n05_adam = 2026-11-20 12:00\n")


@pytest.mark.parametrize(
    "due",
    ["2026-11-20T23:59:00", "'20 November 2026 23:59'", "2026-11-20T22:59:00Z",
     "'2026-11-20 23:59 +0100'", "'Fri, 20 Nov 2026 22:59:00 GMT'"],
)  # fmt: skip
def test_times_are_read_in_every_usual_form(due):
    rules = read(f"timezone = 'Europe/Berlin'\n[due]\n05_adam = {due}")

    assert rules.due == {"05_adam": NIGHT}
