"""Markdown with formulas as HTML that needs no script, no network and no trust.

Feedback pages and the formgrader take `markdown_to_html` for their Jinja filter
``markdown2html``.  nbconvert's own leaves formulas to MathJax, which a browser
would have to fetch, and lets HTML in a student's text through.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from xml.etree import ElementTree

from jinja2 import pass_context
from jinja2.runtime import Context
from math_core import LatexError, LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.limits import (
    MAX_ENVIRONMENTS,
    MAX_FORMULA,
    MAX_OPENINGS,
    MAX_RENDERED_CELL,
    MAX_RENDERED_PAGE,
)
from autograder.text import clean

__all__ = ["markdown_to_html", "render", "to_mathml"]

_RENDERED = "autograder_rendered"

_OPENING = re.compile(r"[\\{\[^_]")
_ENVIRONMENT = re.compile(r"\\begin\{(align|equation|gather|multline)\*?\}")
_TAG = re.compile(r'<(/?)([a-z]+)((?: [a-z]+="[^"<>]*")*)/?>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"<>]*)"')
_PLAIN_STYLE = re.compile(r"[\w #:;.%-]*")
_ELEMENTS = frozenset(
    "annotation math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom "
    "mprescripts mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext "
    "mtr munder munderover semantics".split()
)
_ATTRIBUTES = frozenset(
    "accent accentunder class columnspan depth display displaystyle encoding fence "
    "form height largeop linethickness lspace mathvariant maxsize minsize "
    "movablelimits notation rspace scriptlevel separator stretchy style symmetric "
    "voffset width".split()
)

_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot);)\w+;")
_PRIMES = frozenset("′″‴⁗")
_BELOW = {"msup": "mrow", "msubsup": "msub"}
"""What an element with a superscript is without it."""

_LINK = re.compile(r"(?:https?://|mailto:|#)[^\s\\]*", re.IGNORECASE)
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """The filter: a cell's text, or a comment on one, as HTML."""
    cell, page = context.get("cell") or {}, context.get("resources")
    if isinstance(page, dict):
        page[_RENDERED] = page.get(_RENDERED, 0) + len(source)
        if page[_RENDERED] > MAX_RENDERED_PAGE:
            return _as_it_is(source)
    return render(source, cell.get("attachments"))


def render(source: str, attachments: object = None) -> str:
    """Markdown as HTML without anything that runs or is fetched.

    HTML in `source` is shown as text.  Links lead to web pages, mail addresses
    and places in the page; pictures are the attachments or are not shown.

    Parameters
    ----------
    source : str
    attachments : mapping, optional
        A cell's, as a notebook holds them.
    """
    environments = source.count(r"\begin{") + source.count(r"\\[")
    if len(source) > MAX_RENDERED_CELL or environments > MAX_ENVIRONMENTS:
        return _as_it_is(source)
    try:
        return MarkdownWithMath(renderer=_Renderer(attachments)).render(source)
    except RecursionError:
        return _as_it_is(source)


def _as_it_is(source: str) -> str:
    return f"<pre>{html.escape(clean(source, len(source)))}</pre>\n"


def to_mathml(latex: str, *, display: bool = False) -> str:
    r"""A formula as MathML, or its source as code if it is not understood.

    Parameters
    ----------
    latex : str
        Without the dollar signs.  ``\tag{5.7}`` numbers a displayed formula.
    display : bool
        Whether it stands on a line of its own.
    """
    latex = clean(latex, len(latex))
    if len(latex) <= MAX_FORMULA and len(_OPENING.findall(latex)) <= MAX_OPENINGS:
        # LaTeX numbers equations in an environment only; MathJax, everywhere.
        numbered = display and r"\tag" in latex and not _ENVIRONMENT.search(latex)
        asked = rf"\begin{{equation}}{latex}\end{{equation}}" if numbered else latex
        try:
            mathml = _converter().convert_with_local_state(asked, displaystyle=display)
        except LatexError:
            pass
        else:
            if _is_plain(mathml):
                return _with_visible_primes(mathml)
    dollars = "$$" if display else "$"
    return f"<code>{dollars}{html.escape(latex)}{dollars}</code>"


@cache
def _converter() -> LatexToMathML:
    # No macros: an expansion nests deeper than what was counted.
    return LatexToMathML(annotation=True, fancy_error=False, max_expansions=0)


def _is_plain(mathml: str) -> bool:
    """Whether there is nothing in it but the elements that a formula needs."""
    between = _TAG.split(mathml)
    texts, names, attributes = between[::4], between[2::4], between[3::4]
    return (
        not any("<" in text for text in texts)
        and _ELEMENTS.issuperset(names)
        and all(
            name in _ATTRIBUTES and (name != "style" or _PLAIN_STYLE.fullmatch(value))
            for one in attributes
            for name, value in _ATTRIBUTE.findall(one)
        )
    )


def _with_visible_primes(mathml: str) -> str:
    """Primes beside their letters: as superscripts, fonts raise them twice."""
    if _PRIMES.isdisjoint(mathml):
        return mathml
    # XML knows four of HTML's names for characters.
    root = ElementTree.fromstring(_NAMED.sub(lambda m: html.unescape(m[0]), mathml))
    for node in list(root.iter()):
        if node.tag not in _BELOW:
            continue
        top = node[-1]
        prime = top[0] if top.tag == "mrow" and len(top) else top
        if prime.tag != "mo" or prime.text not in _PRIMES:
            continue
        primed = ElementTree.Element("mrow")
        primed.append(node[0])
        ElementTree.SubElement(primed, "mi").text = prime.text
        node[0] = primed
        if prime is top:
            node.remove(top)
            node.tag = _BELOW[node.tag]
        else:
            top.remove(prime)
    return ElementTree.tostring(root, encoding="unicode")


class _Renderer(IPythonRenderer):
    """nbconvert's, with formulas in MathML and everything else escaped."""

    def __init__(self, attachments: object):
        super().__init__(
            escape=True, allow_harmful_protocols=False, exclude_anchor_links=True
        )
        self._pictures = attachments if isinstance(attachments, Mapping) else {}

    def text(self, text: str) -> str:
        return html.escape(html.unescape(text))

    def inline_math(self, body: str) -> str:
        return to_mathml(body)

    def block_math(self, body: str) -> str:
        return to_mathml(body, display=True)

    def latex_environment(self, name: str, body: str) -> str:
        return to_mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", display=True)

    def block_code(self, code: str, info: str | None = None) -> str:
        # Other languages' highlighters, which a student could choose, may be slow.
        python = (info or "").split()[:1] in (["python"], ["py"], ["ipython3"])
        return super().block_code(code, "python" if python else None)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if not _LINK.fullmatch(url):
            return f"{text} ({self.text(url)})"
        return f'<a href="{html.escape(url)}" rel="noopener noreferrer">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        alt = re.sub(r"<[^>]*>", "", text)
        data = _picture(self._pictures.get(url.removeprefix("attachment:")))
        if data is None:
            return f"{alt} ({self.text(url)})"
        return f'<img src="{data}" alt="{alt.replace(chr(34), "&quot;")}">'


def _picture(attachment: Any) -> str | None:
    """A picture that somebody attached, as a URL that holds it."""
    if isinstance(attachment, Mapping):
        for kind in _PICTURES:
            data = attachment.get(kind)
            if isinstance(data, str) and _BASE64.fullmatch(data):
                return f"data:{kind};base64,{''.join(data.split())}"
    return None
