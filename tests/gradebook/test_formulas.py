"""Feedback pages and the formgrader show formulas and run nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.gradebook.formulas import markdown_to_html, render, to_mathml
from autograder.limits import (
    MAX_ENVIRONMENTS,
    MAX_FORMULA,
    MAX_OPENINGS,
    MAX_RENDERED_CELL,
    MAX_RENDERED_PAGE,
)
from tests.attacks.harm import ATTACHMENTS, HARM
from tests.gradebook import make_math_font
from tests.helpers.pages import ON_EACH_PAGE

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("notebooks/*/*.ipynb")) + sorted(
    ROOT.glob("solutions/*/*.ipynb")
)


def texts(path: Path) -> list[str]:
    """The text cells of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: "/".join(p.parts[-3::2]))
def test_every_formula_of_the_course_is_set(path):
    """No dollar sign is left, none is shown as code, and all numbers are there."""
    n_formulas = 0
    for text in texts(path):
        page = BeautifulSoup(render(text), "html.parser")
        n_formulas += len(page.select("math"))
        numbers = [cell.text for cell in page.select("mtd > mtext:only-child")]
        for number in re.findall(r"\\tag\{([^}]*)\}", text):
            assert f"({number})" in numbers
        for shown in page.select("code"):
            assert not shown.text.startswith("$"), shown.text
            shown.decompose()
        for annotation in page.select("annotation"):
            annotation.decompose()
        assert "$" not in page.text
        assert "\\" not in page.text

    assert n_formulas > 50


def test_a_formula_keeps_its_source():
    """Whoever copies a formula, or cannot see it, gets what was typed."""
    page = BeautifulSoup(render(r"$\hat m_t < \sqrt{v_t}$"), "html.parser")

    assert page.select_one("annotation").text == r"\hat m_t < \sqrt{v_t}"
    assert page.select_one("mover > mi").text == "m"
    assert page.select_one("msqrt > msub") is not None


@pytest.mark.parametrize(
    "source",
    [
        r"$$\begin{aligned} a &= b \\ c &= d \end{aligned} \tag{5.7}$$",
        r"\begin{align} a &= b \\ c &= d \end{align}",
        r"$$\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$$",
        r"\\[ \sum_{i=1}^n x_i \\]",
        r"a \\(x^2\\) b",
        r"**$x$**, [$y$](http://a.org), | $z$",
    ],
)
def test_every_way_to_write_a_formula(source):
    page = BeautifulSoup(render(source), "html.parser")

    assert page.select("math")
    assert "$" not in page.text


@pytest.mark.parametrize(
    ("latex", "shown", "superscript"),
    [
        ("n'", "n′", None),
        ("L'''", "L‴", None),
        ("h'^2", "h′2", "2"),
        ("g_t'", "g′t", None),
        (r"\hat x'", "xˆ′", None),
        (r"\left(\frac{a}{b}\right)'", "(ab)′", None),
        ("x^2 + y'", "x2+y′", "2"),
    ],
)
def test_primes_are_no_superscripts(latex, shown, superscript):
    """Fonts raise a prime already; raised and made small again, nobody sees it."""
    page = BeautifulSoup(to_mathml(latex), "html.parser")
    page.annotation.decompose()

    assert page.text == shown
    found = page.select_one("msup > :last-child")
    assert (found and found.text) == superscript
    assert not page.select("msubsup")


@pytest.mark.parametrize("latex", [r"\frac{1}", r"\nosuch{x}", "x^2^3", r"\text{<b>"])
def test_what_is_no_formula_is_shown_as_typed(latex):
    shown = to_mathml(latex)

    assert shown.startswith("<code>$")
    assert BeautifulSoup(shown, "html.parser").text == f"${latex}$"


def test_markdown_is_still_markdown():
    """What learners use in an answer looks as it does in Jupyter."""
    page = BeautifulSoup(
        render(
            "# Title\n\n*a* **b** `c<d` [e](https://f.org/?g=1&h=2)\n\n- one\n- two\n\n"
            "| x | y |\n|---|---|\n| 1 | 2 |\n\n```python\nreturn 1 < 2\n```\n"
            "5 < 6 &amp; 7 > 6, \\$8"
        ),
        "html.parser",
    )

    for selector, text in {
        "h1": "Title",
        "em": "a",
        "strong": "b",
        "p > code": "c<d",
        "a": "e",
        "li:last-child": "two",
        "td:last-child": "2",
        "div.highlight pre": "return 1 < 2",
    }.items():
        assert page.select_one(selector).text.strip() == text
    assert page.select_one("a")["href"] == "https://f.org/?g=1&h=2"
    assert "5 < 6 & 7 > 6, $8" in page.text


def test_the_font_has_what_the_course_needs():
    """Every character of the chapters' formulas, and how mathematics is set."""
    font = TTFont(make_math_font.FILE)
    characters = set(font.getBestCmap())
    slanted = {"h": 0x210E}
    needed = set()
    for path in NOTEBOOKS:
        for text in texts(path):
            for formula in BeautifulSoup(render(text), "html.parser").select("math"):
                formula.annotation.decompose()
                needed |= set(map(ord, formula.text))
                # A browser slants a variable of one letter.
                for variable in formula.select("mi:not([mathvariant])"):
                    if re.fullmatch("[A-Za-z]", variable.text):
                        letter = ord(variable.text) - ord("a")
                        small = 0x1D44E + letter
                        large = 0x1D434 + letter + ord("a") - ord("A")
                        code = small if variable.text.islower() else large
                        needed.add(slanted.get(variable.text, code))

    assert len(needed) > 100
    assert {chr(code) for code in needed - characters if code > 0x20} == set()
    assert "MATH" in font
    assert font["name"].getDebugName(1) == make_math_font.NAME


# --- Text that means harm ----------------------------------------------------

TAGS = set(
    "a annotation blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr img "
    "input li math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom "
    "mprescripts mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext "
    "mtr munder munderover ol p pre semantics span strong table tbody td th thead tr "
    "ul".split()
)


class Found(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    """Nothing in it runs, and nothing is fetched."""
    for tag, attributes in Found(html).tags:
        assert tag in TAGS, html
        for name, value in attributes.items():
            assert not name.startswith("on"), html
            assert name not in {"srcset", "srcdoc", "action", "background"}, html
            if name == "src":
                assert re.match(r"data:image/(png|jpeg|gif);base64,", value), html
            if name == "href":
                assert re.match(r"(?i)https?://|mailto:|#", value), html
            if name == "style":
                assert "(" not in value, html


@pytest.mark.parametrize("text", HARM)
def test_nothing_in_a_text_runs(text):
    assert_harmless(render(text, ATTACHMENTS))
    assert_harmless(render(f"# {text}\n\n> {text}\n\n- {text}\n", ATTACHMENTS))


PIECES = (
    "$$ \\\\[ \\begin{a} \\end{a} \\text{ \\tag{ \\color{red} <img <!-- script "
    "onerror= javascript: http:// ``` &lt; &#60; attachment: good.png"
).split()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from([*"<>\"'`$\\[](){}!&;:#|\n\t x/=*_~", *PIECES]),
        max_size=40,
    ).map("".join)
)
def test_nothing_runs_however_the_pieces_are_put_together(text):
    assert_harmless(render(text, ATTACHMENTS))


@pytest.mark.parametrize(
    "attachments",
    [None, [], "x", {"a.png": None}, {"a.png": []}, {"a.png": {"image/png": [1]}}, {}],
)
def test_strange_attachments_are_not_shown(attachments):
    """nbconvert's own renderer stops at a missing one, and the page with it."""
    assert "<img" not in render("![a](attachment:a.png)", attachments)


def test_an_attached_picture_is_shown():
    page = BeautifulSoup(
        render("![a < b](attachment:good.png)", ATTACHMENTS), "html.parser"
    )

    assert page.select_one("img")["src"] == "data:image/png;base64,iVBORw0KGgo="
    assert page.select_one("img")["alt"] == "a < b"


def test_deep_formulas_end_no_process():
    """The converter calls itself for each group, on a stack that may be short."""
    nests = [
        ("{", "}"),
        (r"\frac1{", "}"),
        (r"\frac1", ""),
        (r"\sqrt", ""),
        (r"\left(", r"\right)"),
        (r"\begin{cases}", r"\end{cases}"),
        ("x_{", "}"),
        (r"\def\a{\sqrt\a}", r"\a"),
    ]
    program = f"""
import threading
from autograder.gradebook.formulas import to_mathml

def convert():
    for opening, closing in {nests!r}:
        for n in (20, {MAX_OPENINGS} // 2, {MAX_OPENINGS}, 10_000):
            formula = opening * n + "1" + closing * n
            print(to_mathml(formula, display=True)[:5])

threading.stack_size(512 << 10)
thread = threading.Thread(target=convert)
thread.start()
thread.join()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT
    )

    assert done.returncode == 0, done.stderr
    shown = done.stdout.split()
    assert len(shown) == 4 * len(nests)
    assert set(shown[::4]) == {"<math", "<code"}  # no macros
    assert shown[::4].count("<code") == 1
    assert set(shown[3::4]) == {"<code"}


def test_what_takes_too_long_is_shown_as_it_is():
    """Bounds on a cell, its formulas, and all cells of a page."""
    long = f"<b> *x* {'y ' * MAX_RENDERED_CELL}"
    many = "*x* " + r"\begin{a}" * (MAX_ENVIRONMENTS + 1)
    for text in (long, many):
        assert render(text).startswith("<pre>")
        assert "<em>" not in render(text)
    assert_harmless(render(long))
    assert to_mathml("x" * (MAX_FORMULA + 1)).startswith("<code>$xx")

    page: dict = {"resources": {}}
    text = "*x* " * (MAX_RENDERED_CELL // 4)
    for _ in range(MAX_RENDERED_PAGE // MAX_RENDERED_CELL):
        assert "<em>" in markdown_to_html(page, text)
    assert "<em>" not in markdown_to_html(page, text)


# --- The pages ---------------------------------------------------------------


def graded(*texts: str) -> nbformat.NotebookNode:
    """A notebook as grading leaves it."""
    cells = [nbformat.v4.new_markdown_cell(text) for text in texts]
    for cell in cells:
        cell.attachments = ATTACHMENTS
        cell.metadata["autograder_own"] = True
    return nbformat.v4.new_notebook(cells=cells)


@ON_EACH_PAGE
def test_a_page_asks_no_other_machine(make_page):
    """No script, style, font or picture comes from the web."""
    notebook = nbformat.read(NOTEBOOKS[3], as_version=4)
    for cell in notebook.cells:  # feedback shows what a student wrote
        cell.metadata["autograder_own"] = True
    html = make_page(notebook)

    for tag, attributes in Found(html).tags:
        for name in ("src", "href") if tag != "a" else ():
            address = attributes.get(name, "")
            assert not re.match(r"(https?:)?//", address), (tag, address)
    assert "cdnjs" not in html
    assert not re.search(r"@import|url\(['\"]?(https?:)?//", html)
    assert html.count("<math") > 50


@ON_EACH_PAGE
def test_a_page_runs_nothing_of_a_students(make_page):
    """A text of the student's brings no tag into the page but those of Markdown."""
    with_harm = Found(make_page(graded(*HARM))).tags
    without = Found(make_page(graded("x"))).tags

    assert {tag for tag, _ in with_harm} <= {tag for tag, _ in without} | TAGS
    for tag in ("script", "style", "link", "iframe"):
        assert sum(t == tag for t, _ in with_harm) == sum(t == tag for t, _ in without)
    assert not any(
        name.startswith("on") and "pwned" in value
        for _, attributes in with_harm
        for name, value in attributes.items()
    )
