"""What a check says: one content, as text of 78 columns and as HTML."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checking.calling import Foreign
from autograder.lab.inputs import Dataset, Function, Later, Seed

__all__ = ["WIDTH", "Message", "format_call", "format_value", "shown_side_by_side"]

WIDTH = 78
MAX_SHOWN = 60


@dataclass(frozen=True)
class Message:
    """A heading and blocks: strings are prose, tuples are rows, lists are code.

    Attributes
    ----------
    title : str
        ``VALUE MISMATCH`` and the like.
    subject : str
        The function that it is about.
    blocks : tuple
        In order: a str is a paragraph, a list of str is code, a tuple of
        ``(label, value)`` pairs is a table.
    good : bool
        Whether it reports a right answer.
    """

    title: str
    subject: str
    blocks: tuple[str | list[str] | tuple[tuple[str, str], ...], ...]
    good: bool = False

    def text(self) -> str:
        """The message as plain text."""
        dashes = "-" * max(2, WIDTH - len(self.title) - len(self.subject) - 5)
        parts = [f"-- {self.title} {dashes} {self.subject}"]
        for block in self.blocks:
            if isinstance(block, str):
                parts.append(_wrapped(block))
            elif isinstance(block, list):
                parts.append("\n".join(f"    {line}".rstrip() for line in block))
            else:
                parts.append(_text_table(block))
        return "\n\n".join(parts) + "\n"

    def html(self) -> str:
        """The message as HTML, with the same words, for light and dark themes."""
        mark = "✓" if self.good else "✗"
        colour = "#009E73" if self.good else "#D55E00"
        parts = [
            (
                f'<div role="status" style="border-left:4px solid {colour};'
                'padding:.2em 1em;max-width:48em">'
            ),
            (
                f"<p><strong>{mark} {html.escape(self.title)}</strong> "
                f"<code>{html.escape(self.subject)}</code></p>"
            ),
        ]
        for block in self.blocks:
            if isinstance(block, str):
                parts.append(f"<p>{_code_spans(block)}</p>")
            elif isinstance(block, list):
                parts.append(f"<pre>{html.escape(chr(10).join(block))}</pre>")
            else:
                rows = "".join(
                    '<tr><th scope="row" style="text-align:left;font-weight:normal;'
                    f'padding-right:1em;vertical-align:top">{html.escape(label)}</th>'
                    '<td style="text-align:left"><pre style="margin:0">'
                    f"{html.escape(value)}</pre></td></tr>"
                    for label, value in block
                )
                parts.append(f"<table>{rows}</table>")
        return "".join(parts) + "</div>"


def _wrapped(text: str) -> str:
    """`text` in lines of at most 78 columns, with no break inside backquotes."""
    unbroken = re.sub(r"`[^`]{1,60}`", lambda code: code[0].replace(" ", "\0"), text)
    filled = textwrap.fill(
        unbroken, WIDTH, break_long_words=False, break_on_hyphens=False
    )
    return filled.replace("\0", " ")


def _code_spans(text: str) -> str:
    """Escape `text` and turn its backquoted words into code."""
    pieces = html.escape(text).split("`")
    if len(pieces) % 2 == 0:
        return "`".join(pieces)
    return "".join(
        f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces)
    )


def _text_table(rows: tuple[tuple[str, str], ...]) -> str:
    width = max(len(label) for label, _ in rows)
    lines = []
    for label, value in rows:
        first, *rest = value.splitlines() or [""]
        lines.append(f"    {label:<{width}}  {first}".rstrip())
        lines += [" " * (width + 6) + line for line in rest]
    return "\n".join(lines)


def format_value(value: Any, digits: int = 4, width: int = 56) -> str:
    """A value as a person reads it; large arrays are cut in the middle."""
    match value:
        case np.ndarray():
            return np.array2string(
                value,
                precision=digits,
                suppress_small=_comfortable(value),
                threshold=MAX_SHOWN,
                edgeitems=3,
                max_line_width=width,
            )
        case bool() | None | str():
            return repr(value)
        case float():
            short = f"{value:.{digits}g}" if digits < 17 else repr(value)
            return f"{short}.0" if short.lstrip("-").isdigit() else short
        case complex():
            return f"{value:.{digits}g}" if digits < 17 else repr(value)
        case Function():
            return _format_function(value, width)
        case Seed():
            return f"np.random.default_rng({value.entropy})"
        case Dataset():
            return f"digits.{value.name}"
        case Foreign():
            return f"<{value.type_name}>"
        case list() | tuple():
            left, right = "[]" if isinstance(value, list) else "()"
            items = [format_value(item, digits, width - 2) for item in value[:6]]
            if len(value) > 6:
                items.append(f"… {len(value) - 6} more")
            joined = left + ", ".join(items) + right
            if "\n" not in joined and len(joined) <= width:
                return joined
            lines = ",\n".join(items).replace("\n", "\n ")
            return f"{left}{lines}{right}"
        case dict():
            return "\n".join(
                f"{key}: {format_value(item, digits)}" for key, item in value.items()
            )
    return repr(value)


def _comfortable(array: np.ndarray) -> bool:
    """Whether every entry reads well without an exponent."""
    if array.dtype.kind != "f" or array.size == 0:
        return True
    size = np.abs(array[np.isfinite(array) & (array != 0)])
    return bool(size.size == 0 or (size.min() >= 1e-3 and size.max() < 1e5))


def _format_function(function: Function, width: int) -> str:
    given = ", ".join(
        f"{key}={' '.join(format_value(value).split())}"
        for key, value in function.parameters.items()
    )
    lines = textwrap.wrap(
        f"{function.name}({given})",
        width,
        subsequent_indent="  ",
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def format_call(name: str, arguments: Mapping[str, Any]) -> list[str]:
    """The lines of a call with its arguments by name.

    Of what the returned function is called with, only the names are shown.
    """
    later = [a for a, value in arguments.items() if isinstance(value, Later)]
    now = {a: value for a, value in arguments.items() if a not in later}
    longest = max((len(argument) for argument in now), default=0)
    lines = [f"{name}("]
    for argument, value in now.items():
        start = f"    {argument:<{longest}} = "
        width = WIDTH - len("    ") - len(start) - len(",")
        first, *rest = format_value(value, width=width).splitlines() or [""]
        lines.append(start + first)
        lines += [" " * len(start) + line for line in rest]
        lines[-1] += ","
    return [*lines, f")({', '.join(later)})" if later else ")"]


def shown_side_by_side(returned: Any, expected: Any) -> tuple[tuple[str, str], ...]:
    """Rows that show two values with enough digits to tell them apart."""
    for digits in (4, 8, 17):
        left, right = format_value(returned, digits), format_value(expected, digits)
        if left != right:
            break
    rows = [("it returned", left), ("it should return", right)]
    if _subtractable(returned, expected):
        a, b = np.asarray(returned), np.asarray(expected)
        with np.errstate(all="ignore"):
            difference = a - b
        shown = difference if np.ndim(difference) else float(difference)
        rows.append(("difference", format_value(shown)))
        if difference.size > MAX_SHOWN:
            rows.append(_first_difference(a, b))
    return tuple(rows)


def _subtractable(returned: Any, expected: Any) -> bool:
    kinds = {np.asarray(v).dtype.kind for v in (returned, expected) if _numeric(v)}
    return (
        _numeric(returned)
        and _numeric(expected)
        and np.shape(returned) == np.shape(expected)
        and kinds <= set("fiu")
    )


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float | np.ndarray) and not isinstance(value, bool)


def _first_difference(a: np.ndarray, b: np.ndarray) -> tuple[str, str]:
    wrong = ~np.isclose(a, b, rtol=1e-9, atol=0, equal_nan=True)
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = ", ".join(map(str, index))
    return (
        "first difference",
        (
            f"at [{place}]: {a[index]:.6g} instead of {b[index]:.6g}\n"
            f"{int(wrong.sum())} of {wrong.size} entries differ"
        ),
    )
