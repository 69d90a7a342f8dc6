"""The registry's functions as a learner would have typed them into a cell."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import types
from collections.abc import Callable

__all__ = ["CannotWrite", "as_answer", "body_of", "helpers_of"]

_GIVEN = frozenset({"np", "numpy"})
"""What a chapter's set-up cell imports."""
_OURS = "autograder."


class CannotWrite(ValueError):
    """A function needs more than its own source and that of other functions."""


def as_answer(stub: str, function: Callable) -> str:
    """The source of a released cell with `function` written into it.

    The stub's name and docstring stay; the default values are the function's.
    """
    definition = _last_definition(stub)
    lines = stub.splitlines()
    start, first = definition.lineno, definition.body[0].lineno
    statements = definition.body
    if ast.get_docstring(definition) is not None and len(statements) > 1:
        first = statements[1].lineno
    if not isinstance(definition.body[-1], ast.Raise):
        raise CannotWrite("the cell has no line that says it is not written yet")
    head = f"def {definition.name}{inspect.signature(function)}:"
    docstring = lines[statements[0].lineno - 1 : first - 1]
    body = textwrap.indent(body_of(function), "    ")
    written = [*lines[: start - 1], head, *docstring, body]
    written += lines[definition.end_lineno :]
    return "\n\n\n".join([*helpers_of(function), "\n".join(written)]) + "\n"


def _last_definition(source: str) -> ast.FunctionDef:
    found = [
        node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)
    ]
    if not found:
        raise CannotWrite("the cell has no line that says it is not written yet")
    return found[-1]


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
    """Sources of what `function` uses of its module, in order."""
    found: dict[str, str] = {}
    _gather(function, found, {function.__name__})
    return list(found.values())


def _gather(function: Callable, found: dict[str, str], seen: set[str]) -> None:
    if function.__closure__:
        raise CannotWrite(f"{function.__name__} is made by another function")
    for name in sorted(set(_looked_up(function.__code__)) - _GIVEN - seen):
        helper = function.__globals__.get(name)
        if name not in function.__globals__:
            continue  # a builtin, or an attribute
        if isinstance(helper, types.ModuleType):
            if helper.__name__.startswith(_OURS):
                helpers = _used_of(name, helper, function)
            else:
                found[name] = f"import {helper.__name__} as {name}"
                continue
        else:
            helpers = [helper]
        for one in helpers:
            _add(one, found, seen, function)


def _add(
    helper: object, found: dict[str, str], seen: set[str], function: Callable
) -> None:
    if not isinstance(helper, types.FunctionType):
        raise CannotWrite(f"{function.__name__} needs more than functions")
    if helper.__name__ not in seen:
        seen.add(helper.__name__)
        _gather(helper, found, seen)
        found[helper.__name__] = _plain_source(helper).rstrip()


def _used_of(name: str, module: types.ModuleType, function: Callable) -> list[object]:
    """What a function uses of one of our modules, as in ``kernels.gd_step``."""
    source = inspect.getsource(function)
    used = dict.fromkeys(re.findall(rf"\b{name}\.(\w+)", source))
    return [getattr(module, attribute) for attribute in used]


def _looked_up(code: types.CodeType) -> list[str]:
    """Names that a function may look up outside itself, nested functions too."""
    names = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names += _looked_up(constant)
    return names


def _plain_source(function: Callable) -> str:
    """Source in which ``kernels.gd_step`` is ``gd_step``, as in a notebook."""
    source = textwrap.dedent(inspect.getsource(function))
    for name, value in function.__globals__.items():
        if isinstance(value, types.ModuleType) and value.__name__.startswith(_OURS):
            source = re.sub(rf"\b{name}\.(?=\w)", "", source)
    return source


def _parsed(function: Callable) -> tuple[str, ast.FunctionDef]:
    source = _plain_source(function)
    try:
        definition = ast.parse(source).body[0]
    except SyntaxError:
        definition = ast.Pass()
    if not isinstance(definition, ast.FunctionDef) or definition.decorator_list:
        raise CannotWrite(f"{function.__name__} is not a plain function")
    return source, definition
