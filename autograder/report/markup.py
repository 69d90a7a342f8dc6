"""HTML that is put together safely: what is not markup already is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable

from autograder.limits import MAX_REPORT_TEXT
from autograder.text import clean

__all__ = ["Html", "element", "join", "prose"]

_VOID = frozenset({"br", "col", "hr", "img", "link", "meta"})


class Html(str):
    """Text that is markup, and is not escaped again."""

    __slots__ = ()


def element(
    tag: str, /, *content: str | None, **attributes: str | float | bool | None
) -> Html:
    """An element; its strings are escaped unless they are `Html`.

    ``class_`` gives the attribute ``class``, ``aria_label`` gives
    ``aria-label``, True an attribute without a value; None and False none.
    """
    parts = [tag]
    for key, value in attributes.items():
        written = key.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(written)
        elif value is not None and value is not False:
            parts.append(f'{written}="{_escaped(str(value))}"')
    opening = f"<{' '.join(parts)}>"
    if tag in _VOID:
        return Html(opening)
    return Html(f"{opening}{join(content)}</{tag}>")


def join(parts: Iterable[str | None]) -> Html:
    """Parts one after another, escaped where they are not `Html`; None is nothing."""
    return Html(
        "".join(
            part if isinstance(part, Html) else _escaped(part)
            for part in parts
            if part is not None
        )
    )


def prose(text: str) -> Html:
    """Text whose words in backquotes are code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return join([text])
    return join(
        element("code", piece) if at % 2 else piece for at, piece in enumerate(pieces)
    )


def _escaped(text: str) -> str:
    return html.escape(clean(text, MAX_REPORT_TEXT))
