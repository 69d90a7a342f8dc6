"""Text from student code is shown without doing anything."""

from __future__ import annotations

import pytest

from autograder.text import clean, harmless_markdown, one_line, spreadsheet_cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\n\ttext", "plain\n\ttext"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;pwned\x07\x1b[2Jx", "x"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("a\x00b\x08c\x7fd\x9be", "abcde"),
        ("a\r\nb\rc", "a\nbc"),
        ("abc\u202edcba", "abcdcba"),
        ("\ud800", "?"),
        (7, ""),
        (None, ""),
    ],
)
def test_control_characters_are_gone(text, shown):
    assert clean(text) == shown


def test_long_text_is_cut():
    assert clean("x" * 10**7, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    "value", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", "=HYPERLINK('x')"]
)
def test_no_cell_is_a_formula(value):
    assert not spreadsheet_cell(value).startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize("value", ["-1.5", "ada", "2", "", "a=b"])
def test_other_cells_stay_as_they_are(value):
    assert spreadsheet_cell(value) == value


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "&lt;script>alert(1)&lt;/script>",
        "&amp;lt;script>",
        "[x](javascript:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](JavaScript\\:alert(1))",
        "[x]: vbscript:run",
        "![x](data:text/html,1)",
        "<javascript:alert(1)>",
    ],
)
def test_markdown_runs_no_script(source):
    """What nbgrader's pages render has no tag and no link that is a script."""
    from bs4 import BeautifulSoup
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    page = BeautifulSoup(
        markdown2html_mistune(harmless_markdown(source)), "html.parser"
    )

    assert not page.find_all(["script", "img", "iframe"])
    for link in page.find_all("a"):
        assert ":" not in link.get("href", "")


def test_markdown_that_is_harmless_stays():
    source = "a < b and $x<y$, **bold**: see [here](https://example.org) & `f(x)`"

    assert harmless_markdown(source).replace("< y", "<y") == source


@pytest.mark.parametrize(
    "name",
    "007 1e5 1E5 1234567890123456 3-4 1/2 2026-11-20 12:30 MAR1 Sept-2 1-Mar TRUE +5 "
    "nan inf 1_000 .5 5.".split(),
)
def test_for_people_a_name_is_no_number_or_date(name):
    """A spreadsheet would show 7, 100000, a day of April; programs get it as it is."""
    assert spreadsheet_cell(name, for_people=True) == f"'{name}"
    assert spreadsheet_cell(name) == name


@pytest.mark.parametrize("text", ["7", "-7.5", "0.25", "0", "ada", "lee2", "", "a-b"])
def test_for_people_numbers_and_words_stay(text):
    assert spreadsheet_cell(text, for_people=True) == text


def test_a_name_takes_one_line_of_a_table():
    """However long it is, and whatever it holds."""
    assert one_line("a\nb\r\n c\x1b[2J") == "a b c"
    assert one_line("x" * 100) == "x" * 39 + "…"
