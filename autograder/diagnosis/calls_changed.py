"""Small changes of a call: another function, another axis, other arguments."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.checking.words.phrases import Said
from autograder.diagnosis.alterations import Alteration, operand
from autograder.diagnosis.program import BINARY, Node, OfCall, Program
from autograder.language import N_

__all__ = ["NAMES_MIXED_UP", "of_calls"]

NAMES_MIXED_UP = {
    "max": ("min", "mean"),
    "min": ("max",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "all": ("any",),
    "any": ("all",),
    "sum": ("mean",),
    "mean": ("sum",),
    "var": ("std",),
    "std": ("var",),
    "zeros_like": ("ones_like",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "sin": ("cos",),
    "cos": ("sin",),
}
"""NumPy's functions that are written one for the other; none is ever right for it."""

RIVALS = {
    **NAMES_MIXED_UP,
    "max": ("min", "mean", "sum"),
    "eigvals": ("eigvalsh",),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "round": ("floor",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "normal": ("uniform",),
    "dot": ("multiply",),
    "log": ("log1p",),
    "exp": ("expm1",),
}

REDUCTIONS = {"sum", "mean", "var", "std", "max", "min", "argmax", "prod", "norm"}
REDUCTIONS |= {"any", "all", "cumsum", "median", "argmin", "amax", "amin", "ptp"}


def of_calls(node: Node) -> Iterator[Alteration]:
    """Another call in place of the one that stands there."""
    tree = node.tree
    if not isinstance(tree, ast.Call):
        return
    name = _name(tree)
    attribute = isinstance(tree.func, ast.Attribute)
    keywords = {k.arg: ast.unparse(k.value) for k in tree.keywords if k.arg}
    for rival in RIVALS.get(name, ()) if attribute else ():
        yield _changed(
            node,
            lambda f, args, given, rival=rival: _rival(f, rival)(*args, **given),
            Said(N_("with `{new}` in place of `{old}`"), {"new": rival, "old": name}),
        )
    if name in REDUCTIONS:
        yield from _reduced(node, keywords)
    first = node.part(tree.args[0]) if tree.args else None
    if first is not None:
        yield _changed(
            node,
            lambda f, args, given: args[0],
            Said(N_("without the `{code}`"), {"code": name}),
            removes=name,
        )
    if attribute:
        yield _changed(
            node,
            lambda f, args, given: _owner(f),
            Said(N_("without the `{code}`"), {"code": f".{name}"}),
            removes=f".{name}",
        )
    if len(tree.args) > 1:
        yield _changed(
            node,
            lambda f, args, given: f(args[1], args[0], *args[2:], **given),
            Said(N_("with the first two arguments exchanged")),
        )
    for key in keywords:
        yield _changed(
            node,
            lambda f, args, given, key=key: f(
                *args, **{k: v for k, v in given.items() if k != key}
            ),
            Said(N_("without `{code}`"), {"code": f"{key}={keywords[key]}"}),
        )
    yield from _taken_out(node, tree, name)


def _reduced(node: Node, keywords: dict[str, str]) -> Iterator[Alteration]:
    for axis in (0, 1, -1, None, 2):
        if keywords.get("axis") == str(axis):
            continue
        words = Said(N_("with `{code}`"), {"code": f"axis={axis}"})
        kept = Said(N_("with `{code}`, `keepdims=True`"), words.given)
        if axis is None:
            words = Said(N_("over all axes"))
            kept = Said(N_("over all axes and `keepdims=True`"))
        yield _changed(
            node, lambda f, args, given, a=axis: _over(f, args, given, axis=a), words
        )
        yield _changed(
            node,
            lambda f, args, given, a=axis: _over(f, args, given, axis=a, keepdims=True),
            kept,
        )
    for key, value in (("keepdims", True), ("ddof", 1), ("ddof", 0)):
        if keywords.get(key) != str(value):
            yield _changed(
                node,
                lambda f, args, given, k=key, v=value: f(*args, **{**given, k: v}),
                Said(N_("with `{code}`"), {"code": f"{key}={value}"}),
            )


def _over(f: Callable, args: tuple, given: dict, **new: Any) -> Any:
    """The call with another axis, which may have been given without its name."""
    array = () if getattr(f, "__self__", None) is not None else args[:1]
    if isinstance(getattr(f, "__self__", None), type(np)):
        array = args[:1]
    return f(*array, **{**given, **new})


def _owner(f: Any) -> Any:
    """The array that a method is called on."""
    owner = getattr(f, "__self__", None)
    if not isinstance(owner, np.ndarray | np.generic):
        raise TypeError("no method of an array")
    return owner


def _rival(f: Any, name: str) -> Callable:
    """The function or method called `name` beside `f`."""
    owner = getattr(f, "__self__", None)
    if owner is not None and not isinstance(owner, type(np)):
        return getattr(owner, name)
    return getattr(np, name)


def _taken_out(node: Node, tree: ast.Call, name: str) -> Iterator[Alteration]:
    """``f(a + b)`` as ``f(a) + b``: the call ends earlier."""
    if len(tree.args) != 1 or tree.keywords:
        return
    inner = node.part(tree.args[0])
    if inner is None or not isinstance(inner.tree, ast.BinOp):
        return
    left, right = inner.part(inner.tree.left), inner.part(inner.tree.right)
    if left is None or right is None or type(inner.tree.op) not in BINARY:
        return
    op = inner.tree.op
    sign, made = BINARY[type(op)]
    first, second = operand(left, op, "left"), operand(right, op, "right")
    called = ast.unparse(tree.func)

    def changed(program: Program, f: Any, args: tuple, given: dict) -> Any:
        return made(f(program.last[left.number]), program.last[right.number])

    outside = N_("with `{code}` outside, `{whole}`")
    whole = f"{called}({left.source}) {sign} {second}"
    words = Said(outside, {"code": right.source, "whole": whole})
    yield Alteration(node, {node.number: OfCall(changed)}, words)

    def other(program: Program, f: Any, args: tuple, given: dict) -> Any:
        return made(program.last[left.number], f(program.last[right.number]))

    whole = f"{first} {sign} {called}({right.source})"
    words = Said(outside, {"code": left.source, "whole": whole})
    yield Alteration(node, {node.number: OfCall(other)}, words)


def _changed(node: Node, made: Callable, words: Said, removes: str = "") -> Alteration:
    def change(program: Program, f: Any, args: tuple, given: dict) -> Any:
        return made(f, args, given)

    blurs = str(words).startswith(("over all", "with `ax"))
    changes = {node.number: OfCall(change)}
    return Alteration(node, changes, words, removes=removes, blurs=blurs)


def _name(tree: ast.Call) -> str:
    if isinstance(tree.func, ast.Attribute):
        return tree.func.attr
    return tree.func.id if isinstance(tree.func, ast.Name) else ""
