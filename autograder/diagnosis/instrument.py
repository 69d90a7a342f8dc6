"""A learner's function rebuilt so that each expression can be seen and changed.

Every expression is passed to a hook with its number.  The hook notes its value
and may put another one there: so one rebuilt function serves for a look at
everything that it computes, and for each trial of what else would be right.
"""

from __future__ import annotations

import ast
import builtins
import copy
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


class _Hooks(ast.NodeTransformer):
    """Passes every expression to a hook."""

    def __init__(self, numbers: Mapping[ast.AST, int]):
        self.numbers = numbers

    def visit(self, node: Any) -> Any:
        """The node with a hook around it, if it has a number."""
        if isinstance(node, _UNTOUCHED):
            return node
        if isinstance(node, ast.FunctionDef):
            node.body = [self.visit(statement) for statement in node.body]
            return node
        number = self.numbers.get(getattr(node, "origin", node))
        if isinstance(node, ast.Call):
            callee = node.func
            if isinstance(callee, ast.Attribute):
                callee.value = self.visit(callee.value)
            elif not isinstance(callee, ast.Name):
                callee = self.visit(callee)
            node.args = [self.visit(arg) for arg in node.args]
            for keyword in node.keywords:
                keyword.value = self.visit(keyword.value)
            if number is None:
                node.func = callee
                return node
            given: list[ast.expr] = [ast.Constant(number), callee, *node.args]
            return ast.Call(_hook("called"), given, node.keywords)
        node = self.generic_visit(node)
        if isinstance(node, ast.comprehension):
            node.iter = ast.Call(_hook("counted"), [node.iter], [])
        if isinstance(node, ast.For | ast.While):
            node.body.insert(0, ast.Expr(ast.Call(_hook("tick"), [], [])))
        if number is None:
            return node
        return ast.Call(_hook("see"), [ast.Constant(number), node], [])


def _hook(name: str) -> ast.Attribute:
    return ast.Attribute(ast.Name("__program__", ast.Load()), name, ast.Load())


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
        lines = textwrap.dedent(source)
        for statement in tree.body:
            _number(statement, None, of.__name__, lines, first_line, nodes, numbers)
    program = Program(function, nodes, trees)
    space = dict(getattr(function, "__globals__", {}))
    space["__program__"] = program
    program.globals = space

    def rebuild(
        changed: Sequence[ast.FunctionDef], wanted: Collection[int] | None = None
    ) -> Callable:
        chosen = numbers
        if wanted is not None:
            chosen = {t: n for t, n in numbers.items() if n in wanted or _sizes(t)}
        return _made(changed, chosen, space, sources)

    program.rebuild = rebuild
    program.function = rebuild(trees)
    return program


def _made(
    trees: Sequence[ast.FunctionDef],
    numbers: Mapping[ast.AST, int],
    space: dict[str, Any],
    sources: Sequence[tuple[Callable, str, int]],
) -> Callable:
    marked = [_marked(tree) for tree in trees]
    for tree in marked:
        tree.decorator_list = []
    module = ast.Module(marked, [])
    hooked = ast.fix_missing_locations(_Hooks(numbers).visit(module))
    exec(compile(hooked, "<trial>", "exec"), space)  # noqa: S102
    for of, _, _ in sources:
        made = space[of.__name__]
        made.__defaults__ = of.__defaults__
        made.__kwdefaults__ = of.__kwdefaults__
    return space[sources[0][0].__name__]


def _marked(tree: Any) -> Any:
    """A copy of a tree whose nodes know what they are copies of."""
    new = copy.copy(tree)
    new.origin = getattr(tree, "origin", tree)
    for name, value in ast.iter_fields(tree):
        if isinstance(value, list):
            items = [_marked(v) if isinstance(v, ast.AST) else v for v in value]
            setattr(new, name, items)
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            setattr(new, name, _marked(value))
    return new


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
    source: str,
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
        text = ast.get_source_segment(source, tree) or ast.unparse(tree)
        line = first_line + tree.lineno - 1
        node = here = Node(-1, tree, " ".join(text.split()), line, function)
        node.parent = parent
        node.returned = returned
    for child in ast.iter_child_nodes(tree):
        if isinstance(tree, ast.Call) and child is tree.func:
            if isinstance(child, ast.Attribute):
                inner: ast.AST = child.value
                _number(inner, here, function, source, first_line, nodes, numbers)
            elif not isinstance(child, ast.Name):
                _number(child, here, function, source, first_line, nodes, numbers)
            continue
        if isinstance(tree, ast.FunctionDef) and child not in tree.body:
            continue
        if isinstance(tree, ast.AnnAssign) and child is tree.annotation:
            continue
        ends = isinstance(tree, ast.Return)
        _number(child, here, function, source, first_line, nodes, numbers, ends)
    if node is not None:
        node.number = numbers[tree] = len(nodes)
        nodes.append(node)
        if parent is not None:
            parent.parts.append(node)


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
