"""What a check says: one content, as text of 78 columns and as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.checking.beside import PRE, Comparison
from autograder.checking.sketch import Sketch
from autograder.checking.values import WIDTH
from autograder.checking.words.columns import columns, filled
from autograder.checking.words.phrases import in_language
from autograder.language import ENGLISH, N_, _, spoken

__all__ = ["WIDTH", "Block", "Message", "code_spans", "is_reading", "reading"]

Block = str | list[str] | Comparison | Sketch
"""A paragraph, lines of code, values next to each other, or a picture."""


_SIGNS = {True: ("✓ ", "#009E73"), False: ("✗ ", "#D55E00"), None: ("", "#0072B2")}


@dataclass(frozen=True)
class Message:
    """A heading and blocks.

    Attributes
    ----------
    title : str
        ``VALUE MISMATCH`` and the like, in English; it is translated when shown.
    subject : str
        The function that it is about.
    blocks : tuple of Block
        What is said, in order.
    good : bool or None
        Whether it reports a right answer; None if it judges nothing.
    """

    title: str
    subject: str
    blocks: tuple[Block, ...]
    good: bool | None = False

    def text(self) -> str:
        """The message as plain text."""
        title = _(self.title)
        dashes = "-" * max(2, WIDTH - columns(title) - len(self.subject) - 5)
        parts = [f"-- {title} {dashes} {self.subject}"]
        for block in self.blocks:
            match block:
                case str():
                    parts.append(filled(block, WIDTH))
                case list():
                    parts.append(_indented(block))
                case Comparison():
                    parts.append(_indented(block.lines(WIDTH - 4)))
                case Sketch():
                    parts.append(filled(block.words, WIDTH))
        return "\n\n".join(parts) + "\n"

    def html(self, headings: Sequence[str] = ()) -> str:
        """The message as HTML, with the same words, for light and dark themes.

        A section to be read is a link where `headings`, those of the notebook in
        which it is shown, have it.  Colours of text are the page's own, and whatever
        is marked by colour is marked by a sign, a line or a word as well.
        """
        mark, colour = _SIGNS[self.good]
        parts = [
            f'<div role="status"{_in_which()} style="border-left:4px solid {colour};'
            'padding:.2em 1em;max-width:48em">'
            f'<p><strong><span aria-hidden="true">{mark}</span>'
            f"{html.escape(_(self.title))}</strong> "
            f"<code>{html.escape(self.subject)}</code></p>"
        ]
        for block in self.blocks:
            match block:
                case str():
                    shown = _linked(code_spans(block), headings)
                    parts.append(f"<p>{shown}</p>")
                case list():
                    code = html.escape("\n".join(block))
                    parts.append(f'<pre style="{PRE};margin:.6em 1em">{code}</pre>')
                case Comparison() | Sketch():
                    parts.append(block.html())
        return "".join(parts) + "</div>"


def _in_which() -> str:
    """The language as an attribute, for fonts and readers; English goes unsaid."""
    language = spoken()
    return "" if language == ENGLISH else f' lang="{language.replace("_", "-")}"'


_READ = N_("Read: {place}.")
_SECTION = N_("section {number}")
_PLACES = (N_("section {number}, equation ({equation})"), _SECTION)


def reading(place: str) -> str:
    """The block that says where the chapter explains it: "section 2"."""
    return _(_READ).format(place=in_language(place, _PLACES))


def is_reading(block: Block) -> bool:
    """Whether it is such a block."""
    before, _place, after = _(_READ).partition("{place}")
    words = block if isinstance(block, str) else ""
    return bool(words) and words.startswith(before) and words.endswith(after)


def _linked(markup: str, headings: Sequence[str]) -> str:
    """`markup` with the section that is to be read as a link, if it is there."""
    start = html.escape(_(_READ).partition("{place}")[0])
    section = re.escape(_(_SECTION)).replace(r"\{number\}", r"(\d+)")
    found = re.match(rf"({re.escape(start)})({section})(?!\d)", markup)
    here = [h for h in headings if found and h.split() and h.split()[0] == found[3]]
    if not found or not here:
        return markup
    # As JupyterLab and nbconvert make a heading's place of its text.
    place = html.escape(here[0].strip().replace(" ", "-"))
    link = f'<a href="#{place}">{found[2]}</a>'
    return f"{start}{link}{markup[found.end() :]}"


def _indented(lines: list[str]) -> str:
    return "\n".join(f"    {line}".rstrip() for line in lines)


def code_spans(text: str) -> str:
    """Escape `text` and turn its backquoted words into code."""
    pieces = html.escape(text).split("`")
    if len(pieces) % 2 == 0:
        return "`".join(pieces)
    return "".join(
        f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces)
    )
