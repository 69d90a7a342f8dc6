"""Small changes of one expression: each may be what undoes a mistake."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.diagnosis.bank import Entry
from autograder.checking.words.phrases import Said
from autograder.diagnosis.program import BINARY, Change, Node, OfCall, Program
from autograder.language import N_

__all__ = ["Alteration", "operand", "shortened", "structural"]


@dataclass(frozen=True, eq=False)
class Alteration:
    """One small change.

    Attributes
    ----------
    node : Node
        Where.
    changes : mapping of int to Change
        What takes the place of which value.
    words : Said
        What is changed: "with `-` in place of `+`".
    function : callable, optional
        The rebuilt function, where a statement is changed.
    entry : Entry, optional
        The right answer's value that it puts there.
    removes : str
        What it leaves out, if that is all it does.
    brings_in : str
        The variable that it uses besides.
    blurs : bool
        Whether what it gives keeps little of what was there, so that another
        mistake may be hit by chance.
    """

    node: Node
    changes: Mapping[int, Change | OfCall]
    words: Said
    function: Callable | None = None
    removes: str = ""
    entry: Entry | None = None
    blurs: bool = False
    brings_in: str = ""


def _parts(node: Node) -> tuple[Node | None, Node | None]:
    tree = node.tree
    if isinstance(tree, ast.BinOp):
        return node.part(tree.left), node.part(tree.right)
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        return node.part(tree.left), node.part(tree.comparators[0])
    return None, None


def operand(node: Node, op: ast.operator, side: str) -> str:
    """Its text as the learner wrote it, in parentheses where that side needs them."""
    gap = ast.Name("_")
    pair = (node.tree, gap) if side == "left" else (gap, node.tree)
    whole = ast.unparse(ast.BinOp(pair[0], op, pair[1]))
    needs = f"({ast.unparse(node.tree)})" in whole
    return f"({node.source})" if needs else node.source


def _two(made: Callable[[Any, Any], Any], left: Node, right: Node) -> Change:
    def change(program: Program, node: Node, value: Any) -> Any:
        return made(program.last[left.number], program.last[right.number])

    return change


def _one(made: Callable[[Any], Any]) -> Change:
    return lambda program, node, value: made(value)


def _constantly(new: Any) -> Change:
    return lambda program, node, value: new


def _reordered(order: tuple[int, ...]) -> Change:
    return lambda program, node, value: tuple(value[i] for i in order)


def _of_part(part: Node) -> Change:
    return lambda program, node, value: program.last[part.number]


OTHERS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.MatMult, ast.Add, ast.Pow),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq,),
}


def structural(node: Node) -> Iterator[Alteration]:
    """Changes that need no other value than those that stand there."""
    tree = node.tree
    left, right = _parts(node)
    if left is not None and right is not None:
        yield from _operators(node, left, right)
        yield from _parentheses(node)
    if isinstance(tree, ast.Constant):
        yield from _constants(node, tree.value)
    if isinstance(tree, ast.UnaryOp):
        part = node.part(tree.operand)
        if part is not None:
            sign = "-" if isinstance(tree.op, ast.USub) else "not"
            words = Said(N_("without the `{code}`"), {"code": sign})
            yield Alteration(node, {node.number: _of_part(part)}, words)
    if isinstance(tree, ast.Subscript):
        part = node.part(tree.value)
        if part is not None:
            index = {"index": ast.unparse(tree.slice)}
            words = Said(N_("without the index `[{index}]`"), index)
            yield Alteration(node, {node.number: _of_part(part)}, words)
    if isinstance(tree, ast.Attribute):
        part = node.part(tree.value)
        if part is not None and tree.attr == "T":
            words = Said(N_("without the `{code}`"), {"code": ".T"})
            yield Alteration(node, {node.number: _of_part(part)}, words)
    if isinstance(tree, ast.Tuple) and 2 <= len(tree.elts) <= 4:
        yield from _orders(node, len(tree.elts))


def _operators(node: Node, left: Node, right: Node) -> Iterator[Alteration]:
    tree: Any = node.tree
    op = tree.op if isinstance(tree, ast.BinOp) else tree.ops[0]
    here = BINARY.get(type(op))
    if here is None:
        return
    sign, own = here
    for other in OTHERS.get(type(op), ()):
        new_sign, made = BINARY[other]
        words = Said(
            N_("with `{new}` in place of the `{old}`"), {"new": new_sign, "old": sign}
        )
        yield Alteration(node, {node.number: _two(made, left, right)}, words)
    if isinstance(tree, ast.Compare):
        return
    for kept, lost, gone in (
        (left, right, f"{sign} {operand(right, op, 'right')}"),
        (right, left, f"{operand(left, op, 'left')} {sign}"),
    ):
        change = {node.number: _of_part(kept)}
        words = Said(N_("without `{code}`"), {"code": shortened(gone)})
        # A number that is added or multiplied may be all of a mistake; what takes
        # a part from a number, as `1 - beta` does, is another part.
        alone = isinstance(lost.tree, ast.Constant) and gone != f"{lost.source} -"
        removes = "" if alone else gone
        yield Alteration(node, change, words, removes=removes)
    if not isinstance(op, ast.Add | ast.Mult):
        words = Said(
            N_("with `{one}` and `{other}` exchanged"),
            {"one": shortened(left.source), "other": shortened(right.source)},
        )
        exchanged = _two(lambda a, b: own(b, a), left, right)
        yield Alteration(node, {node.number: exchanged}, words)


def _parentheses(node: Node) -> Iterator[Alteration]:
    """The same operators and functions, with parentheses in another place."""
    tree = node.tree
    left, right = _parts(node)
    if left is None or right is None:
        return
    if not isinstance(tree, ast.BinOp) or type(tree.op) not in BINARY:
        return
    yield from _regrouped(node, left, tree.op, right)
    yield from _regrouped(node, right, tree.op, left)


def _regrouped(
    node: Node, inside: Node, op: ast.operator, other: Node
) -> Iterator[Alteration]:
    """`inside` is an operand of `node` with an operator of its own."""
    a, b = _parts(inside)
    if a is None or b is None or not isinstance(inside.tree, ast.BinOp):
        return
    own = inside.tree.op
    if type(own) not in BINARY:
        return
    (outer, out), (inner, within) = BINARY[type(op)], BINARY[type(own)]
    if inside is _parts(node)[0]:
        if inner + outer not in ("++", "**"):
            rest = f"{operand(b, op, 'left')} {outer} {operand(other, op, 'right')}"
            yield from _moved(
                node,
                (a, b, other),
                lambda x, y, z: within(x, out(y, z)),
                f"{operand(a, own, 'left')} {inner} ({rest})",
            )
    elif outer + inner not in ("++", "**"):
        first = f"{operand(other, op, 'left')} {outer} {operand(a, op, 'right')}"
        yield from _moved(
            node,
            (other, a, b),
            lambda x, y, z: within(out(x, y), z),
            f"({first}) {inner} {operand(b, own, 'right')}",
        )


def _moved(
    node: Node, parts: tuple[Node, ...], made: Callable, source: str
) -> Iterator[Alteration]:
    def change(program: Program, at: Node, value: Any) -> Any:
        return made(*(program.last[part.number] for part in parts))

    words = Said(
        N_("with the parentheses as in `{code}`"), {"code": shortened(source, 60)}
    )
    yield Alteration(node, {node.number: change}, words)


_TINY = 1e-6
"""Below this a number stands for hardly anything, whichever it is."""


def _constants(node: Node, value: Any) -> Iterator[Alteration]:
    if isinstance(value, bool):
        words = Said(N_("with `{code}`"), {"code": not value})
        yield Alteration(node, {node.number: _one(lambda v: not value)}, words)
        return
    around = node.parent.tree if node.parent is not None else None
    if isinstance(around, ast.BinOp) and isinstance(around.op, ast.Add | ast.Sub):
        found: list[float] = []  # without it, says another change
    else:
        found = [0]
    found += [1, 2]
    if not 0 < abs(value) < _TINY:  # twice as tiny is as tiny
        found += [value + 1, value - 1, -value, 2 * value, value / 2]
    found += [4, 3, 6, 0.5, -1]
    if isinstance(value, int):
        found = [int(v) if v == int(v) else v for v in found]
    for new in dict.fromkeys(found):
        if new != value:
            words = Said(
                N_("with `{new}` in place of `{old}`"),
                {"new": f"{new:g}", "old": f"{value:g}"},
            )
            yield Alteration(node, {node.number: _constantly(new)}, words)


def _orders(node: Node, n: int) -> Iterator[Alteration]:
    for order in permutations(range(n)):
        if order != tuple(range(n)):
            places = ", ".join(
                shortened(node.parts[i].source, 20) if len(node.parts) == n else str(i)
                for i in order
            )
            yield Alteration(
                node,
                {node.number: _reordered(order)},
                Said(N_("in the order `{code}`"), {"code": places}),
                blurs=not node.returned,
            )


def shortened(text: str, width: int = 30) -> str:
    """`text`, cut where it is longer than a message has room for."""
    return text if len(text) <= width else f"{text[: width - 1]}…"
