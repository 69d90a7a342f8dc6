"""A learner's function rebuilt so that each expression can be seen and changed.

Every expression is passed to a hook with its number.  The hook notes its value
and may put another one there: so one rebuilt function serves for a look at
everything that it computes, and for each trial of what else would be right.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from autograder.diagnosis.program import Node, Program
from autograder.limits import MAX_HELPERS

__all__ = ["instrumented"]

_UNTOUCHED = (ast.Raise, ast.JoinedStr, ast.Assert, ast.pattern)
"""What holds no expression that could be changed one by one."""


_SIZING = {"arange", "broadcast_to", "empty", "eye", "full", "identity", "linspace"}
_SIZING |= {"ones", "permutation", "range", "repeat", "tile", "zeros", "choice"}
_SIZING |= {"normal", "uniform", "standard_normal", "random", "integers", "rand"}


def _sizes(tree: ast.AST) -> bool:
    """Whether it is a call that makes as many numbers as it is told to."""
    name = getattr(tree, "func", None)
    return getattr(name, "attr", getattr(name, "id", "")) in _SIZING


_AT: dict[str, Any] = {
    "lineno": 1,
    "col_offset": 0,
    "end_lineno": 1,
    "end_col_offset": 0,
}
_LEAVES = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)


def _hooked(tree: Any, numbers: Mapping[ast.AST, int]) -> Any:
    """A copy of a tree in which every expression that has a number has a hook."""
    if isinstance(tree, list):
        return [_hooked(item, numbers) for item in tree]
    if not isinstance(tree, ast.AST) or isinstance(tree, (*_UNTOUCHED, *_LEAVES)):
        return tree
    new = _like(tree)
    if isinstance(tree, ast.FunctionDef):
        new.body = _hooked(tree.body, numbers)
        return new
    number = numbers.get(tree)
    if isinstance(tree, ast.Call):
        return _hooked_call(tree, new, number, numbers)
    for name in tree._fields:
        setattr(new, name, _hooked(getattr(tree, name, None), numbers))
    if isinstance(new, ast.comprehension):
        new.iter = _call("counted", [new.iter])
    if isinstance(new, ast.For | ast.While):
        new.body.insert(0, ast.Expr(_call("tick", []), **_AT))
    return new if number is None else _call("see", [_number_of(number), new])


def _hooked_call(
    tree: ast.Call, new: ast.Call, number: int | None, numbers: Mapping[ast.AST, int]
) -> ast.Call:
    if isinstance(tree.func, ast.Attribute):
        new.func = callee = _like(tree.func)
        callee.value = _hooked(tree.func.value, numbers)
    elif not isinstance(tree.func, ast.Name):
        new.func = _hooked(tree.func, numbers)
    new.args = _hooked(tree.args, numbers)
    new.keywords = _hooked(tree.keywords, numbers)
    if number is None:
        return new
    return _call("called", [_number_of(number), new.func, *new.args], new.keywords)


def _like(tree: Any) -> Any:
    """A copy of one node, with the same nodes in it."""
    kind: type[ast.AST] = type(tree)
    new = kind.__new__(kind)
    new.__dict__.update(tree.__dict__)
    return new


def _number_of(number: int) -> ast.Constant:
    return ast.Constant(number, **_AT)


def _call(
    name: str, given: list[ast.expr], keywords: Sequence[ast.keyword] = ()
) -> ast.Call:
    """A call of a hook."""
    program = ast.Name("__program__", ast.Load(), **_AT)
    hook = ast.Attribute(program, name, ast.Load(), **_AT)
    return ast.Call(hook, given, list(keywords), **_AT)


def instrumented(function: Callable) -> Program | None:
    """`function` with hooks, and the functions of the learner's that it calls.

    None if its source is not to be had, or it has a form that is not known.
    """
    sources = _sources(function)
    if not sources:
        return None
    nodes: list[Node] = []
    numbers: dict[ast.AST, int] = {}
    trees = []
    for of, source, first_line in sources:
        tree = ast.parse(textwrap.dedent(source)).body[0]
        if not isinstance(tree, ast.FunctionDef):
            return None
        trees.append(tree)
        lines = textwrap.dedent(source).encode().splitlines(keepends=True)
        for statement in tree.body:
            _number(statement, None, of.__name__, lines, first_line, nodes, numbers)
    for node in reversed(nodes):  # what is around an expression comes after it
        node.root = node.parent.root if node.parent is not None else node.number
    program = Program(function, nodes, trees)
    space = dict(getattr(function, "__globals__", {}))
    space["__program__"] = program
    codes: dict[tuple[int, frozenset[int]], types.CodeType] = {}

    def rebuild(
        changed: Sequence[ast.FunctionDef], wanted: Collection[int] | None = None
    ) -> Callable:
        if wanted is None:
            return _made([_code(t, numbers) for t in changed], space, sources)
        parts = []
        for at, tree in enumerate(changed):
            here = {
                t: n
                for t, n in numbers.items()
                if nodes[n].function == tree.name and (n in wanted or _sizes(t))
            }
            key = at, frozenset(here.values())
            if key not in codes:
                codes[key] = _code(tree, here)
            parts.append(codes[key])
        return _made(parts, space, sources)

    program.rebuild = rebuild
    program.function = rebuild(trees)
    return program


def _code(tree: ast.FunctionDef, numbers: Mapping[ast.AST, int]) -> types.CodeType:
    new = _hooked(tree, numbers)
    new.decorator_list = []
    return compile(ast.Module([new], []), "<trial>", "exec")


def _made(
    codes: Sequence[types.CodeType],
    globals_: Mapping[str, Any],
    sources: Sequence[tuple[Callable, str, int]],
) -> Callable:
    """The functions, in a space of their own: they call each other."""
    space = dict(globals_)
    for code in codes:
        exec(code, space)  # noqa: S102
    for of, _, _ in sources:
        made = space[of.__name__]
        made.__defaults__ = of.__defaults__
        made.__kwdefaults__ = of.__kwdefaults__
    return space[sources[0][0].__name__]


def _sources(function: Callable) -> list[tuple[Callable, str, int]]:
    """The function and its helpers: function, source, first line."""
    found: dict[str, tuple[Callable, str, int]] = {}
    queue: list[Any] = [function]
    home = getattr(function, "__module__", None)
    while queue and len(found) < MAX_HELPERS:
        one = queue.pop(0)
        if not isinstance(one, types.FunctionType) or one.__name__ in found:
            continue
        if one is not function and (one.__module__ != home or one.__closure__):
            continue
        try:
            lines, first = inspect.getsourcelines(one)
        except (OSError, TypeError):
            continue
        if one.__name__ == "<lambda>":
            continue
        found[one.__name__] = one, "".join(lines), max(first, 1)
        space = one.__globals__
        queue += [space.get(name) for name in one.__code__.co_names]
    if function.__name__ not in found or getattr(function, "__closure__", None):
        return []
    return list(found.values())


def _number(
    tree: ast.AST,
    parent: Node | None,
    function: str,
    lines: Sequence[bytes],
    first_line: int,
    nodes: list[Node],
    numbers: dict[ast.AST, int],
    returned: bool = False,
) -> None:
    """Give every expression that is looked at a number, inner ones first."""
    if isinstance(tree, _UNTOUCHED):
        return
    here = parent
    node = None
    if isinstance(tree, ast.expr) and _is_seen(tree):
        text = _text(lines, tree)
        line = first_line + tree.lineno - 1
        node = here = Node(-1, tree, " ".join(text.split()), line, function)
        node.parent = parent
        node.returned = returned
    for child in ast.iter_child_nodes(tree):
        if isinstance(tree, ast.Call) and child is tree.func:
            if isinstance(child, ast.Attribute):
                inner: ast.AST = child.value
                _number(inner, here, function, lines, first_line, nodes, numbers)
            elif not isinstance(child, ast.Name):
                _number(child, here, function, lines, first_line, nodes, numbers)
            continue
        if isinstance(tree, ast.FunctionDef) and child not in tree.body:
            continue
        if isinstance(tree, ast.AnnAssign) and child is tree.annotation:
            continue
        ends = isinstance(tree, ast.Return)
        _number(child, here, function, lines, first_line, nodes, numbers, ends)
    if node is not None:
        node.number = numbers[tree] = len(nodes)
        nodes.append(node)
        if parent is not None:
            parent.parts.append(node)


def _text(lines: Sequence[bytes], tree: ast.expr) -> str:
    """What an expression looks like in the source."""
    start, end = tree.lineno - 1, (tree.end_lineno or tree.lineno)
    found = list(lines[start:end])
    found[-1] = found[-1][: tree.end_col_offset]
    found[0] = found[0][tree.col_offset :]
    return b"".join(found).decode()


def _is_seen(tree: ast.expr) -> bool:
    context = getattr(tree, "ctx", None)
    if context is not None and not isinstance(context, ast.Load):
        return False
    if isinstance(tree, ast.Constant):
        return isinstance(tree.value, int | float)
    if isinstance(tree, ast.Name):
        return not hasattr(builtins, tree.id)
    if isinstance(tree, ast.Tuple):
        return not any(isinstance(item, ast.Slice | ast.Starred) for item in tree.elts)
    unseen = ast.Starred | ast.Slice | ast.Lambda | ast.GeneratorExp | ast.JoinedStr
    return not isinstance(tree, unseen | ast.Await | ast.Yield | ast.YieldFrom)
