"""Who is found alike: copies in disguise, and nobody for what all have in common."""

from __future__ import annotations

import pytest

from autograder.report.likeness import Handed, alike
from autograder.report.likeness_page import write_likeness
from tests.helpers.copies import COPIED, DISGUISED, FORMS, HEAD, copied_class

TEXT = (
    "Because the steps of a valley's two sides cancel out, and those along it add up."
)


def person(name, body, wrong=None, text=""):
    answers = {"momentum_step": HEAD + body} | ({"why": text} if text else {})
    return Handed(name, answers, ["why"], wrong or {})


def a_class(*more):
    usual = [person(f"s{at:02d}", FORMS[at % 3]) for at in range(24)]
    return [*usual, *more]


def test_what_a_class_has_in_common_makes_nobody_alike():
    assert alike(a_class()) == []


def test_a_copy_in_disguise_is_found():
    found = alike(a_class(person("ada", COPIED), person("bo", DISGUISED)))
    assert [pair.students for pair in found] == [("ada", "bo")]
    first, second = found[0].lines["momentum_step"]
    # All but what it has in common with others, which is the first line here.
    assert first >= {2, 3, 4}
    assert second >= {2, 3, 6}


def test_equal_wrong_numbers_come_before_equal_code():
    copies = person("ada", COPIED), person("bo", DISGUISED)
    did = {"momentum_step": "f00", "nesterov_step": "f01"}
    wrong = person("chen", FORMS[0], did), person("dora", FORMS[1], did)
    found = alike(a_class(*copies, *wrong))
    assert [pair.students for pair in found] == [("chen", "dora"), ("ada", "bo")]
    assert found[0].wrong == {"momentum_step": 2, "nesterov_step": 2}


def test_a_mistake_that_many_make_is_nobodys():
    did = {"momentum_step": "f00", "nesterov_step": "f01"}
    many = [person(f"t{at}", FORMS[0], did) for at in range(6)]
    assert alike(a_class(*many)) == []


def test_equal_words_are_found_and_the_releases_are_not():
    long = f"{TEXT} {TEXT.replace('valley', 'ravine')}"
    pair = person("ada", FORMS[0], text=long), person("bo", FORMS[1], text=long.upper())
    found = alike(a_class(*pair))
    assert [one.students for one in found] == [("ada", "bo")]
    assert found[0].lines == {"why": ({1}, {1})}
    assert alike(a_class(*pair), [long]) == []


@pytest.mark.parametrize("body", ["return theta +", "é" * 30, "\x00"])
def test_what_is_no_python_is_compared_too(body):
    odd = f"{COPIED}\n    {body}"
    found = alike(a_class(person("ada", odd), person("bo", odd)))
    assert [pair.students for pair in found] == [("ada", "bo")]


def test_the_page_shows_both_and_runs_nothing(course):
    path = write_likeness(copied_class(course))
    page = path.read_text(encoding="utf-8")
    assert "<h3>ada and bo</h3>" in page
    assert "s01" not in page
    assert "<mark>    pushed = np.asarray(" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert path.stat().st_mode & 0o077 == 0
