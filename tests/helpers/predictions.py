"""What a notebook asks to predict, and whether its page tells before the run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbformat import NotebookNode

__all__ = ["calls", "code", "told_above", "unexplained"]

TELLING_DIGITS = 2
"""A number of fewer digits stands in a text for many reasons."""

CLOSE = 0.02
"""How far the explanation may round a number, as part of it."""


def code(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """The code cells and their places."""
    return [(i, c) for i, c in enumerate(notebook.cells) if c.cell_type == "code"]


def calls(cell: NotebookNode, function: str) -> list[ast.Call]:
    """The calls of `function` in a cell, in order."""
    return [
        node
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == function
    ]


def told_above(notebook: NotebookNode, came: Mapping[str, Any]) -> list[tuple]:
    """Questions whose answer can be read before their experiment has run.

    Numbers are searched in all that stands above the result without a click, and
    in the experiment's own code, as they are shown and rounded to two digits; of a
    choice or an order, whether a title, an alt text or an assertion has it.  Of a
    sketch the highest place counts.
    """
    told: list[tuple] = []
    for at, cell in code(notebook):
        for call in calls(cell, "compare"):
            name = call.args[0].value
            value = _highest(came[name])
            if isinstance(value, str | Sequence):
                told += [(name, word) for word in _literal(cell) if _has(word, value)]
                continue
            page = [_without_a_click(above) for above in notebook.cells[:at]]
            place = "\n".join([*page, cell.source])
            words = {f"{value:.3g}", f"{value:.2g}", f"{value:,.0f}"}
            told += [
                (name, word)
                for word in {w.removeprefix("-") for w in words}
                if _digits(word) >= TELLING_DIGITS
                and re.search(
                    rf"(?<![\w.])(?<!e-){re.escape(word)}(?![\w]|\.\d)",
                    place,
                    re.ASCII,  # a Chinese word may stand next to a number
                )
            ]
    return told


def unexplained(notebook: NotebookNode, came: Mapping[str, Any]) -> list[tuple]:
    """Questions after whose result the folded text does not say the number."""
    missing: list[tuple] = []
    for at, cell in code(notebook):
        for call in calls(cell, "compare"):
            name = call.args[0].value
            value, text = _highest(came[name]), notebook.cells[at + 1].source
            if isinstance(value, int | float) and not any(
                abs(said - abs(value)) <= CLOSE * abs(value) + 1e-9
                for said in _numbers(text)
            ):
                missing.append((name, value))
    return missing


def _highest(value: Any) -> Any:
    """Of a sketch its highest place; whatever else came as it is."""
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    if listed and all(isinstance(v, int | float) for v in value):
        return max(value)
    return value


def _numbers(text: str) -> Iterator[float]:
    for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
        yield float(number.replace(",", ""))
    for number, power in re.findall(r"([\d.]+)\\cdot ?10\^\{?(-?\d+)", text):
        yield float(number) * 10.0 ** int(power)


def _without_a_click(cell: NotebookNode) -> str:
    return re.sub(r"<details>.*?</details>", "", cell.source, flags=re.DOTALL)


def _digits(number: str) -> int:
    return len(re.sub(r"e.*|\D", "", number).strip("0"))


def _has(text: str, value: str | Sequence[str]) -> bool:
    if isinstance(value, str) and value.isascii():
        return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None
    if isinstance(value, str):
        return value in text  # some scripts have nothing between words
    places = [text.find(word) for word in value]
    return min(places) >= 0 and places == sorted(places)


def _literal(cell: NotebookNode) -> Iterator[str]:
    """What titles, alt texts and assertions say in plain words, not computed."""
    for node in ast.walk(ast.parse(cell.source)):
        names = [getattr(t, "id", "") for t in getattr(node, "targets", ())]
        named = {getattr(node, "arg", None), *names} & {"title", "alt"}
        if isinstance(node, ast.Assert) or (
            named and isinstance(node, ast.Assign | ast.keyword)
        ):
            yield " ".join(
                part.value
                for part in ast.walk(node)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )
