"""Whether a translated cell does what the English one does, with the same signs."""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import zip_longest

from autograder.authoring.functions import python_of

__all__ = ["other_code", "other_signs"]

_NAMED = ("compare", "predict")
"""Functions whose first argument is a name that the course finds a guess by."""

_FENCED = re.compile(r"```.*?```", re.DOTALL)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_WORDS = re.compile(r"\\text\{[^}]*\}")
_MARK = re.compile(
    r"^(?:\#+[ ](?:\d+[ ]·)?|>[ ]\*\*|-[ ](?:\[[\d.]+\])?|\d+\.[ ]|\|)"
    r"|</?(?:details|summary)>",
    re.MULTILINE | re.VERBOSE,
)
"""A heading with its number, a question, an item with its points, a row, a fold."""


def other_code(english: str, translated: str) -> tuple[int, str] | None:
    """The first statement that differs in more than texts and comments.

    Returns
    -------
    line : int
        Of the translated cell.
    wanted : str
        The English statement; empty if there is none.
    None
        If there is no such statement.
    """
    ours, theirs = python_of(english).body, python_of(translated).body
    for our, their in zip_longest(ours, theirs):
        if our is None or their is None or _bare(our) != _bare(their):
            line = their.lineno if their else translated.count("\n") + 1
            return line, ast.unparse(our) if our else ""
    return None


def other_signs(english: str, translated: str) -> list[str]:
    """Formulas, code and marks of layout that the prose of one of the two has alone."""
    english, translated = (_FENCED.sub("", one) for one in (english, translated))
    ours, theirs = Counter(_MARK.findall(english)), Counter(_MARK.findall(translated))
    marks = (ours - theirs) + (theirs - ours)
    return sorted(
        {*(_signs(english) ^ _signs(translated)), *(m.strip() for m in marks)}
    )


def _signs(prose: str) -> set[str]:
    formulas = (_WORDS.sub("", one or other) for one, other in _FORMULA.findall(prose))
    rest = _FORMULA.sub("", prose)
    return {
        *(re.sub(r"\s", "", formula).strip(".,;") for formula in formulas),
        *_CODE.findall(rest),
    } - {""}


def _bare(statement: ast.stmt) -> str:
    return ast.dump(_WithoutTexts().visit(statement))


class _WithoutTexts(ast.NodeTransformer):
    """Leaves of a text what is computed in it, in whatever order it stands there."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return _text([]) if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return _text(
            [
                (self.visit(part.value), part.conversion, part.format_spec)
                for part in node.values
                if isinstance(part, ast.FormattedValue)
            ]
        )

    def visit_Call(self, node: ast.Call) -> ast.expr:
        named = isinstance(node.func, ast.Name) and node.func.id in _NAMED
        first = node.args[:1] if named else []
        self.generic_visit(node)
        node.args[: len(first)] = first
        return node


def _text(values: list[tuple[ast.expr, int, ast.expr | None]]) -> ast.expr:
    shown = [
        f"{ast.dump(value)} {how} {ast.dump(form) if form else ''}"
        for value, how, form in values
    ]
    return ast.List([ast.Constant(one) for one in sorted(shown)], ast.Load())
