"""What keeps a right answer from running: said instead of what came of it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from dataclasses import replace

from autograder.checking.message import Message
from autograder.checking.verdict import Verdict
from autograder.grading.newer_syntax import newer_syntax
from autograder.grading.result import NEWER_PYTHON
from autograder.language import N_, _
from autograder.submissions.bindings import hidden_in

__all__ = ["with_reason"]


def with_reason(verdict: Verdict, source: str, sources: Sequence[str] = ()) -> Verdict:
    """The verdict, with what stands in the way of the code in `source`.

    Parameters
    ----------
    verdict : Verdict
    source : str
        The cell that defines the function, or should.
    sources : sequence of str
        All cells that the student wrote.
    """
    name = verdict.exercise
    if verdict.code in ("not-written", "not-defined"):
        hidden = hidden_in(sources, name)
        if hidden is not None:
            return replace(verdict, code="not-defined", message=_inside(name, *hidden))
    if verdict.code == "not-written":
        line = _line_of_raise(source, name)
        if line is None:
            return verdict
        stands = _(
            "The line `{line}` still stands in `{name}` above your code, so nothing "
            "below it runs."
        )
        told = stands.format(line=line, name=name), _("Delete that line.")
        return replace(verdict, message=Message(N_("NOT WRITTEN YET"), name, told))
    if verdict.code == "not-defined":
        needed = newer_syntax(source)
        if needed is None:
            return verdict
        here = ".".join(map(str, sys.version_info[:2]))
        newer = _(
            "The code for `{name}` is written for Python {needed}, and here runs "
            "Python {here}, which does not know that syntax."
        )
        older = _(
            "It is not judged; a person looks at it. Written in the older way it can "
            "be: in an f-string, for instance, other quotes inside than outside."
        )
        told = newer.format(name=name, needed=needed, here=here), older
        message = Message(N_("NEWER PYTHON"), name, told)
        return replace(verdict, code=NEWER_PYTHON, message=message)
    return verdict


def _inside(name: str, kind: str, outer: str) -> Message:
    """Why a function that stands inside something else is not found."""
    stands = _(
        "`{name}` stands inside the function `{outer}`, where nothing outside finds it."
    )
    write = _("Write it at the left margin, outside of `{outer}`.")
    if kind == "class":
        stands = _(
            "`{name}` stands inside the class `{outer}`, where nothing outside finds "
            "it."
        )
        write = _(
            "Write it at the left margin, outside of the class and without `self`."
        )
    told = stands.format(name=name, outer=outer), write.format(outer=outer)
    return Message(N_("NOT DEFINED"), name, told)


def _line_of_raise(source: str, name: str) -> str | None:
    """The line that ends a function before the code in it; None if none does."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name
    ]
    for function in functions[-1:]:
        methods = function.body if isinstance(function, ast.ClassDef) else [function]
        bodies = [m.body for m in methods if isinstance(m, ast.FunctionDef)]
        for statement in (s for body in bodies for s in body[:-1]):
            if isinstance(statement, ast.Raise) and statement.exc is not None:
                line = ast.unparse(statement)
                return line if "NotImplementedError" in line else None
    return None
