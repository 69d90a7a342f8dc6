"""Nothing that is not markup becomes markup, wherever a template puts it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from autograder.limits import MAX_REPORT_TEXT
from autograder.report import rendering
from autograder.report.rendering import asset, environment, prose

EVIL = "<img src=x onerror='alert(1)'>\"\x1b[31m\u202e"
TAME = "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&#34;"
TEMPLATES = sorted(
    path
    for path in (Path(rendering.__file__).parent / "templates").iterdir()
    if path.suffix in (".html", ".svg")
)


def rendered(template, **values):
    return environment().from_string(template).render(values)


@pytest.mark.parametrize(
    "template",
    [
        "{{ x }}",
        "{{ [x] | join(', ') }}",
        "{{ x | prose }}",
        "{{ '' ~ x }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(x) }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ x }}{% endcall %}",
        "{% set y %}{{ x }}{% endset %}{{ y }}",
    ],
)
def test_text_is_cleaned_and_escaped_by_every_way(template):
    assert rendered(template, x=EVIL) == TAME


def test_text_in_an_attribute_stays_there():
    made = rendered('<td class="{{ x }}">7</td>', x='a" onclick="x')

    assert made == '<td class="a&#34; onclick=&#34;x">7</td>'


def test_names_are_text_few_or_many():
    template = '{% from "macros.html" import names %}{{ names(x) }}'

    assert rendered(template, x=[EVIL]) == f"<p>{TAME}</p>\n"
    assert rendered(template, x=[EVIL] * 13).count(f"<li>{TAME}</li>") == 13


def test_markup_is_not_escaped_again():
    assert rendered("{{ x }}", x=Markup("<b>1 &lt; 2</b>")) == "<b>1 &lt; 2</b>"


def test_what_cannot_be_encoded_is_replaced():
    assert rendered("{{ x }}", x="c\x00d\ud800") == "cd?"


def test_a_flood_is_cut():
    assert len(rendered("{{ x }}", x="x" * 10 * MAX_REPORT_TEXT)) == MAX_REPORT_TEXT


def test_a_name_that_is_not_given_is_an_error():
    """A template that asks for something else than it gets shows nothing."""
    for template in ("{{ y }}", "{% if y %}{% endif %}", "{{ x.y }}"):
        with pytest.raises(UndefinedError):
            rendered(template, x={})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_template_takes_text_for_markup(path):
    """Nor loads anything, nor has a script of its own."""
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\bsafe\b|autoescape|Markup|\bsrc=|https?:|\bon\w+=", text)
    assert re.findall("<script.*", text) == (
        ["<script>{{ script }}</script>"] if path.name == "report.html" else []
    )


def test_style_and_script_end_nowhere_but_at_their_end():
    assert "</" not in asset("report.css") + asset("report.js")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a `b` c", "a <code>b</code> c"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("one ` alone <", "one ` alone &lt;"),
    ],
)
def test_words_in_backquotes_are_code(text, shown):
    assert prose(text) == shown
