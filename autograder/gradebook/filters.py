"""What templates call on a student's cells, in a time that nobody can drive up.

nbgrader's formgrader takes its filters by configuration, in the place of nbconvert's.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import escape
from typing import Any

from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer

from autograder.text import PLAIN, clean

__all__ = ["highlight_code", "numbered_code", "strip_files_prefix"]

_NO_COLOUR = re.compile(r'<span class="(?:n|nn|nb|bp|fm|vm|o|p|w|err)">([^<]*)</span>')
"""What looks like the text around it: most bytes of code as HTML."""


def highlight_code(source: str, metadata: NotebookNode | None = None, **_: Any) -> str:
    """A code cell as HTML, without colours if finding them could take hours."""
    if PLAIN in (metadata or {}):
        return f'<div class="highlight"><pre>{escape(source)}</pre></div>'
    return _highlighter()(source)


@cache
def _highlighter() -> Highlight2HTML:
    return Highlight2HTML()


def strip_files_prefix(text: str) -> str:
    """`text` as it is; nbconvert's looks for links to a folder that nobody has.

    It takes hours for a page of brackets.
    """
    return text


def numbered_code(source: str, plain: bool) -> str:
    """Code as HTML with the numbers of its lines, for a feedback page.

    It is without colours if `plain`.
    """
    source = clean(source, len(source))
    return f"<pre>{escape(source)}</pre>" if plain else _numbered(source)


@lru_cache(maxsize=128)  # in a class, many answers are one, unwritten ones above all
def _numbered(source: str) -> str:
    lexer, formatter = _colours()
    coloured = _NO_COLOUR.sub(r"\1", highlight(source, lexer, formatter))
    numbers = "\n".join(str(n + 1) for n in range(coloured.count("\n")))
    return (
        f'<div class="code"><pre class="numbers" aria-hidden="true">{numbers}</pre>'
        f'<pre tabindex="0">{coloured}</pre></div>'
    )


@cache
def _colours() -> tuple[Any, Any]:
    return PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)
