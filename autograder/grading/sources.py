"""The registry's functions as a learner would have typed them into a cell."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import types
from collections.abc import Callable

__all__ = ["CannotWrite", "as_answer", "body_of", "helpers_of"]

_STUB = re.compile(r"^ +raise NotImplementedError\(.*$", re.MULTILINE)
_GIVEN = frozenset({"np", "numpy"})
"""What a chapter's set-up cell imports."""


class CannotWrite(ValueError):
    """A function needs more than its own source and other functions'."""


def as_answer(stub: str, function: Callable) -> str:
    """The source of a released cell with the body of `function` in it."""
    body = textwrap.indent(body_of(function), "    ")
    filled, count = _STUB.subn(lambda _: body, stub, count=1)
    if count != 1:
        raise CannotWrite("the cell has no line that says it is not written yet")
    helpers = helpers_of(function)
    return "\n\n\n".join([*helpers, filled])


def body_of(function: Callable) -> str:
    """The body of a plain function, without its docstring."""
    source, definition = _parsed(function)
    statements = definition.body
    if ast.get_docstring(definition) is not None:
        statements = statements[1:]
    if not statements:
        raise CannotWrite(f"{function.__name__} has no body")
    lines = source.splitlines()[statements[0].lineno - 1 : definition.end_lineno]
    return textwrap.dedent("\n".join(lines))


def helpers_of(function: Callable) -> list[str]:
    """Sources of the functions of its module that `function` calls, in order."""
    found: dict[str, str] = {}
    _gather(function, found, {function.__name__})
    return list(found.values())


def _gather(function: Callable, found: dict[str, str], seen: set[str]) -> None:
    if function.__closure__:
        raise CannotWrite(f"{function.__name__} is made by another function")
    for name in sorted(set(_globals(function.__code__)) - _GIVEN - seen):
        if name not in function.__globals__:
            continue  # a builtin, or an attribute
        helper = function.__globals__[name]
        if not isinstance(helper, types.FunctionType):
            raise CannotWrite(f"{function.__name__} needs {name}")
        seen.add(name)
        _gather(helper, found, seen)
        source = textwrap.dedent(inspect.getsource(helper)).rstrip()
        if helper.__name__ != name:
            source = re.sub(rf"\bdef {helper.__name__}\(", f"def {name}(", source)
        found[name] = source


def _globals(code: types.CodeType) -> list[str]:
    """Names that a function may look up outside itself, nested functions too."""
    names = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names += _globals(constant)
    return names


def _parsed(function: Callable) -> tuple[str, ast.FunctionDef]:
    source = textwrap.dedent(inspect.getsource(function))
    definition = ast.parse(source).body[0]
    if not isinstance(definition, ast.FunctionDef) or definition.decorator_list:
        raise CannotWrite(f"{function.__name__} is not a plain function")
    return source, definition
