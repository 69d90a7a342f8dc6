"""What a check says: one content, as text of 78 columns and as HTML."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.checking.beside import PRE, Comparison
from autograder.checking.sketch import Sketch
from autograder.checking.values import WIDTH

__all__ = ["WIDTH", "Block", "Message", "code_spans"]

Block = str | list[str] | Comparison | Sketch
"""A paragraph, lines of code, values next to each other, or a picture."""


_SIGNS = {True: ("✓ ", "#009E73"), False: ("✗ ", "#D55E00"), None: ("", "#0072B2")}


@dataclass(frozen=True)
class Message:
    """A heading and blocks.

    Attributes
    ----------
    title : str
        ``VALUE MISMATCH`` and the like.
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
        dashes = "-" * max(2, WIDTH - len(self.title) - len(self.subject) - 5)
        parts = [f"-- {self.title} {dashes} {self.subject}"]
        for block in self.blocks:
            match block:
                case str():
                    parts.append(_wrapped(block))
                case list():
                    parts.append(_indented(block))
                case Comparison():
                    parts.append(_indented(block.lines(WIDTH - 4)))
                case Sketch():
                    parts.append(_wrapped(block.words))
        return "\n\n".join(parts) + "\n"

    def html(self, headings: Sequence[str] = ()) -> str:
        """The message as HTML, with the same words, for light and dark themes.

        A section to be read is a link where `headings`, those of the notebook in
        which it is shown, have it.  Colours of text are the page's own, and whatever
        is marked by colour is marked by a sign, a line or a word as well.
        """
        mark, colour = _SIGNS[self.good]
        parts = [
            f'<div role="status" style="border-left:4px solid {colour};'
            'padding:.2em 1em;max-width:48em">'
            f'<p><strong><span aria-hidden="true">{mark}</span>'
            f"{html.escape(self.title)}</strong> "
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


def _linked(markup: str, headings: Sequence[str]) -> str:
    """`markup` with the section that is to be read as a link, if it is there."""
    found = re.match(r"Read: (section (\d+))\b", markup)
    here = [h for h in headings if found and h.split() and h.split()[0] == found[2]]
    if not found or not here:
        return markup
    # As JupyterLab and nbconvert make a heading's place of its text.
    place = html.escape(here[0].strip().replace(" ", "-"))
    link = f'<a href="#{place}">{found[1]}</a>'
    return f"Read: {link}{markup[found.end() :]}"


def _indented(lines: list[str]) -> str:
    return "\n".join(f"    {line}".rstrip() for line in lines)


def _wrapped(text: str) -> str:
    """`text` in lines of at most 78 columns.

    What stands in backquotes is broken only if it would not fit on a line.
    """
    unbroken = re.sub(r"`[^`]+`", _unbroken, text)
    filled = textwrap.fill(
        unbroken, WIDTH, break_long_words=False, break_on_hyphens=False
    )
    return filled.replace("\0", " ")


def _unbroken(code: re.Match) -> str:
    return code[0].replace(" ", "\0") if len(code[0]) <= WIDTH - 2 else code[0]


def code_spans(text: str) -> str:
    """Escape `text` and turn its backquoted words into code."""
    pieces = html.escape(text).split("`")
    if len(pieces) % 2 == 0:
        return "`".join(pieces)
    return "".join(
        f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces)
    )
