"""Nothing that is not markup becomes markup."""

from __future__ import annotations

import pytest

from autograder.report.rendering import Html, element, join, prose


def test_text_is_escaped_and_markup_is_not():
    inner = element("b", "1 < 2 & 'x'")

    assert element("p", inner, " <i>") == (
        "<p><b>1 &lt; 2 &amp; &#x27;x&#x27;</b> &lt;i&gt;</p>"
    )


def test_attributes_are_escaped_and_named():
    made = element("td", "7", class_='a" onclick="x', aria_label="<", data_value=3)

    assert made == (
        '<td class="a&quot; onclick=&quot;x" aria-label="&lt;" data-value="3">7</td>'
    )


def test_attributes_without_a_value_or_without_themselves():
    assert element("details", "", open=True, id=None, hidden=False) == (
        "<details open></details>"
    )


def test_an_element_without_content_has_no_end():
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_control_characters_are_gone():
    assert element("p", "a\x1b[31mb\u202ec\x00d\ud800") == "<p>abcd?</p>"


def test_nothing_is_left_out_and_none_is_nothing():
    assert join(["a", None, element("b", "c")]) == "a<b>c</b>"
    assert isinstance(join([]), Html)


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
