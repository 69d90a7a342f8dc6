"""Values and calls as a person reads them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.calling.calls import Foreign
from autograder.calling.drivers import HOW
from autograder.calling.inputs import Dataset, Driven, Function, Later, Seed
from autograder.checking.cases import Question
from autograder.language import _

__all__ = ["N_SHOWN", "WIDTH", "format_call", "format_value", "the_call", "told_apart"]

WIDTH = 78
N_SHOWN = 60
"""Entries beyond which an array is cut in the middle."""


def format_value(value: Any, digits: int = 4, width: int = 56) -> str:
    """A value as a person reads it; large arrays are cut in the middle."""
    match value:
        case np.ndarray():
            return np.array2string(
                value,
                precision=digits,
                suppress_small=_comfortable(value),
                threshold=N_SHOWN,
                edgeitems=_edge(value.shape),
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
                items.append(_("… {n} more").format(n=len(value) - 6))
            joined = left + ", ".join(items) + right
            if "\n" not in joined and len(joined) <= width:
                return joined
            lines = ",\n".join(items).replace("\n", "\n ")
            return f"{left}{lines}{right}"
        case dict():
            shown_items = []
            for key, item in value.items():
                below = "\n" + " " * len(f"{key}: ")
                shown = format_value(item, digits).replace("\n", below)
                shown_items.append(f"{key}: {shown}")
            return "\n".join(shown_items)
    return repr(value)


def told_apart(a: Any, b: Any) -> list[str]:
    """Two values on a line each, with enough digits to see that they differ."""
    one, other = (
        value.item() if isinstance(value, np.ndarray) and not value.ndim else value
        for value in (a, b)
    )
    shown: list[str] = []
    for digits in (4, 8, 17):
        shown = [" ".join(format_value(v, digits).split()) for v in (one, other)]
        if shown[0] != shown[1]:
            break
    return shown


def _edge(shape: tuple[int, ...]) -> int:
    """Entries shown at each end of an axis of a large array; few of many axes."""
    for edge in (3, 2):
        if math.prod(min(n, 2 * edge) for n in shape) <= N_SHOWN:
            return edge
    return 1


def _comfortable(array: np.ndarray) -> bool:
    """Whether every entry reads well without an exponent."""
    if array.dtype.kind != "f" or array.size == 0:
        return True
    size = np.abs(array[np.isfinite(array) & (array != 0)])
    size = size[size > 1e-12 * size.max(initial=0.0)]  # not what rounding left of 0
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


def the_call(question: Question, at: int) -> tuple[str, str, list[str]]:
    """Blocks of a message that say which case it is about, and what was called."""
    case = question.cases[at]
    which = _("Case {number} of {n}: {label}.").format(
        number=at + 1, n=len(question.cases), label=case.label
    )
    how = _("I called it like this:")
    return which, how, format_call(question.name, case.arguments)


def format_call(name: str, arguments: Mapping[str, Any]) -> list[str]:
    """The lines of a call with its arguments by name.

    Of what the returned function is called with, only the names are shown.
    """
    later = [a for a, value in arguments.items() if isinstance(value, Later)]
    driven = [value for value in arguments.values() if isinstance(value, Driven)]
    now = {
        a: value
        for a, value in arguments.items()
        if a not in later and not isinstance(value, Driven)
    }
    lines = [f"{name}(", *_named(now, ",")]
    lines.append(f")({', '.join(later)})" if later else ")")
    for one in driven:
        lines += [_(HOW[one.driver]), *_named(one.given, "")]
    return lines


def _named(values: Mapping[str, Any], end: str) -> list[str]:
    """Values with their names, each on lines of its own."""
    longest = max((len(name) for name in values), default=0)
    lines = []
    for name, value in values.items():
        start = f"    {name:<{longest}} = "
        width = WIDTH - len("    ") - len(start) - len(",")
        first, *rest = format_value(value, width=width).splitlines() or [""]
        lines.append(start + first)
        lines += [" " * len(start) + line for line in rest]
        lines[-1] += end
    return lines
