"""The registry's functions as a learner would have typed them into a cell."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
import types
from collections.abc import Callable, Mapping

from autograder.exercises.edited import text_of
from autograder.exercises.pairs import MEND

__all__ = ["CannotWrite", "as_answer", "body_of", "can_write", "helpers_of"]

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
    if isinstance(function, type) or isinstance(definition, ast.ClassDef):
        return _class_answer(stub, definition, function)
    lines = stub.splitlines()
    start, first = definition.lineno, definition.body[0].lineno
    statements = definition.body
    if ast.get_docstring(definition) is not None and len(statements) > 1:
        first = statements[1].lineno
    if not isinstance(definition.body[-1], ast.Raise) and MEND not in stub:
        raise CannotWrite("the cell has no line that says it is not written yet")
    head = f"def {definition.name}{inspect.signature(function)}:"
    docstring = lines[statements[0].lineno - 1 : first - 1]
    helpers = helpers_of(function)
    if any(f"def {definition.name}(" in helper for helper in helpers):
        raise CannotWrite(f"{function.__name__} uses {definition.name} itself")
    # A function that calls itself has another name in the notebook.
    body = re.sub(
        rf"(?<!\.)\b{function.__name__}\b", definition.name, body_of(function)
    )
    body = textwrap.indent(body, "    ")
    written = [*lines[: start - 1], head, *docstring, body]
    written += lines[definition.end_lineno :]
    return "\n\n\n".join([*helpers, "\n".join(written)]) + "\n"


def can_write(name: str, function: Callable) -> bool:
    """Whether `function` can stand in a cell as the answer called `name`."""
    kind = "class" if isinstance(function, type) else "def"
    inside = "    def f(self):\n    " if kind == "class" else ""
    try:
        as_answer(f"{kind} {name}():\n{inside}    raise NotImplementedError", function)
    except CannotWrite:
        return False
    return True


def _class_answer(
    stub: str, definition: ast.FunctionDef | ast.ClassDef, answer: Callable
) -> str:
    """The same for a class: its docstring stays, its methods are the answer's."""
    if not isinstance(answer, type):
        raise CannotWrite(f"{answer.__name__} is no class")
    source = _without_modules(text_of(answer), vars(sys.modules[answer.__module__]))
    written = ast.parse(source).body[0]
    assert isinstance(written, ast.ClassDef)
    methods = [n for n in written.body if isinstance(n, ast.FunctionDef)]
    docstring = []
    if ast.get_docstring(definition) is not None:
        told = definition.body[0]
        docstring = [*stub.splitlines()[told.lineno - 1 : told.end_lineno], ""]
    body = source.splitlines()[methods[0].lineno - 1 :]
    whole = "\n".join([f"class {definition.name}:", *docstring, *body])
    return "\n\n\n".join([*helpers_of(answer), whole]) + "\n"


def _last_definition(source: str) -> ast.FunctionDef | ast.ClassDef:
    kinds = ast.FunctionDef | ast.ClassDef
    found = [node for node in ast.parse(source).body if isinstance(node, kinds)]
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
    """Sources of what a function, or a class, uses of its module, in order."""
    found: dict[str, str] = {}
    seen = {function.__name__}
    whole = isinstance(function, type)
    for one in list(vars(function).values()) if whole else [function]:
        if not whole or isinstance(one, types.FunctionType):
            _gather(one, found, seen)
    return list(found.values())


def _gather(function: Callable, found: dict[str, str], seen: set[str]) -> None:
    if function.__closure__:
        raise CannotWrite(f"{function.__name__} is made by another function")
    for name in sorted(set(_looked_up(function.__code__)) - _GIVEN):
        if name in function.__globals__:  # no builtin and no attribute
            _add(name, function, found, seen)


def _add(name: str, function: Callable, found: dict[str, str], seen: set[str]) -> None:
    """Add the source of one thing that a function uses, after what that uses."""
    helper = function.__globals__[name]
    if isinstance(helper, types.ModuleType):
        if not helper.__name__.startswith(_OURS):
            found[name] = f"import {helper.__name__} as {name}"
            return
        for used in _used_of(name, function):
            _add_helper(used, getattr(helper, used), helper, found, seen)
        return
    module = sys.modules[function.__module__]
    _add_helper(name, helper, module, found, seen)


def _add_helper(
    name: str,
    helper: object,
    module: types.ModuleType,
    found: dict[str, str],
    seen: set[str],
) -> None:
    if name in seen:
        return
    seen.add(name)
    if isinstance(helper, types.FunctionType):
        _gather(helper, found, seen)
        found[name] = _plain_source(helper).rstrip()
    else:
        found[name] = _constant(name, module)


def _constant(name: str, module: types.ModuleType) -> str:
    """The line of a module that gives a constant its value."""
    source = inspect.getsource(module)
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        if any(isinstance(t, ast.Name) and t.id == name for t in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            assert node.value is not None
            value = ast.get_source_segment(source, node.value)
            needed = {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
            if needed & set(vars(module)) <= _GIVEN:
                return f"{name} = {value}"
    raise CannotWrite(f"{module.__name__} needs more than functions and constants")


def _used_of(name: str, function: Callable) -> list[str]:
    """What a function uses of one of our modules, as in ``kernels.gd_step``."""
    source = inspect.getsource(function)
    return list(dict.fromkeys(re.findall(rf"\b{name}\.(\w+)", source)))


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
    return _without_modules(source, function.__globals__)


def _without_modules(source: str, space: Mapping[str, object]) -> str:
    for name, value in space.items():
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
