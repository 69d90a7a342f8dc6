"""Small changes of statements: another order, another block, not in place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from autograder.checking.words.phrases import Said
from autograder.diagnosis.alterations import Alteration
from autograder.diagnosis.program import Node, Program
from autograder.language import N_

__all__ = ["of_statements"]

Block = list[ast.stmt]


def of_statements(program: Program) -> Iterator[Alteration]:
    """Each small change of a statement, as a rebuilt function."""
    assert program.rebuild is not None
    for tree in program.trees:
        for block in list(_blocks(tree)):
            for at in range(len(block)):
                for new, words in _changed(block, at):
                    made = _built(program, block, new)
                    if made is not None:
                        node = _place(program, tree, block[at])
                        yield Alteration(node, {}, Said(words), made)
        for owner, block in list(_with_bodies(tree)):
            yield from _out_of(program, tree, owner, block)
        for conditions in ast.walk(tree):
            if isinstance(conditions, ast.BoolOp):
                yield from _other_bool(program, tree, conditions)


def _place(program: Program, tree: ast.FunctionDef, statement: ast.stmt) -> Node:
    """A statement as a place."""
    first = min(
        (n.line - n.tree.lineno for n in program.nodes if n.function == tree.name),
        default=0,
    )
    source = " ".join(ast.unparse(statement).split("\n")[0].split())
    return Node(-1, ast.Constant(None), source, first + statement.lineno, tree.name)


def _blocks(tree: ast.AST) -> Iterator[Block]:
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _with_bodies(tree: ast.AST) -> Iterator[tuple[ast.For | ast.While | ast.If, Block]]:
    for block in _blocks(tree):
        for statement in block:
            if isinstance(statement, ast.For | ast.While | ast.If):
                yield statement, block


def _built(program: Program, block: Block, new: Block) -> Callable | None:
    """The function with `new` in place of `block`."""
    assert program.rebuild is not None
    old = list(block)
    block[:] = new
    try:
        return program.rebuild(program.trees, None)
    except (SyntaxError, ValueError, TypeError, AttributeError):
        return None
    finally:
        block[:] = old


def _changed(block: Block, at: int) -> Iterator[tuple[Block, str]]:
    statement = block[at]
    before, after = block[:at], block[at + 1 :]
    if isinstance(statement, ast.AugAssign):
        plain = _not_in_place(statement)
        words = N_("with a new array in place of the change in it")
        yield [*before, plain, *after], words
    if isinstance(statement, ast.Expr | ast.Assign) and _appends(statement):
        copied = _append_copy(statement)
        if copied is not None:
            yield [*before, copied, *after], N_("with a copy of it")
    is_end = isinstance(statement, ast.Return | ast.Raise)
    if after and not is_end:
        exchanged = [*before, after[0], statement, *after[1:]]
        yield exchanged, N_("with this line and the next exchanged")
    if (before or after) and not is_end:
        yield [*before, *after], N_("without this line")


def _not_in_place(statement: ast.AugAssign) -> ast.Assign:
    target = statement.target
    loaded = ast.parse(ast.unparse(target), mode="eval").body
    value = ast.BinOp(loaded, statement.op, statement.value)
    new = ast.copy_location(ast.Assign([target], value), statement)
    return ast.fix_missing_locations(new)


def _appends(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "append"
        and len(value.args) == 1
    )


def _append_copy(statement: ast.stmt) -> ast.stmt | None:
    call = statement.value  # type: ignore[attr-defined]
    copied = ast.Call(ast.Attribute(call.args[0], "copy", ast.Load()), [], [])
    new = ast.Expr(ast.Call(call.func, [copied], []))
    return ast.fix_missing_locations(ast.copy_location(new, statement))


def _out_of(
    program: Program,
    tree: ast.FunctionDef,
    owner: ast.For | ast.While | ast.If,
    block: Block,
) -> Iterator[Alteration]:
    """The last line of a block moved behind it, and the next line moved into it."""
    at = block.index(owner)
    body = owner.body
    candidates: list[tuple[Block, Block, str, ast.stmt]] = []
    if len(body) > 1:
        candidates.append(
            (
                body[:-1],
                [*block[: at + 1], body[-1], *block[at + 1 :]],
                N_("indented less, behind the block that it ends"),
                body[-1],
            )
        )
    for inner in body:
        otherwise = inner.orelse if isinstance(inner, ast.If) else []
        if len(otherwise) == 1 and isinstance(otherwise[0], ast.Return):
            candidates.append(
                (body, block, N_("behind the loop, not inside it"), otherwise[0])
            )
    if at + 1 < len(block):
        moved = block[at + 1]
        if not isinstance(moved, ast.Return):
            candidates.append(
                (
                    [*body, moved],
                    [*block[: at + 1], *block[at + 2 :]],
                    N_("indented more, inside the block before it"),
                    moved,
                )
            )
    for new_body, new_block, words, moved in candidates:
        old_body, old_block = list(body), list(block)
        orelse: Block | None = None
        if words.startswith("behind"):
            holder = next(
                s for s in body if isinstance(s, ast.If) and moved in s.orelse
            )
            orelse, holder.orelse = holder.orelse, []
            new_block = [*block[: at + 1], moved, *block[at + 1 :]]
        body[:], block[:] = new_body, new_block
        try:
            assert program.rebuild is not None
            made = program.rebuild(program.trees, None)
            yield Alteration(_place(program, tree, moved), {}, Said(words), made)
        except (SyntaxError, ValueError, TypeError, AttributeError):
            pass
        finally:
            body[:], block[:] = old_body, old_block
            if orelse is not None:
                holder.orelse = orelse


def _other_bool(
    program: Program, tree: ast.FunctionDef, node: ast.BoolOp
) -> Iterator[Alteration]:
    assert program.rebuild is not None
    old, was = node.op, "and" if isinstance(node.op, ast.And) else "or"
    node.op = ast.Or() if was == "and" else ast.And()
    try:
        made = program.rebuild(program.trees, None)
    finally:
        node.op = old
    new = "or" if was == "and" else "and"
    place = next((n for n in program.nodes if n.tree is node), None)
    if place is not None:
        words = Said(N_("with `{new}` in place of `{old}`"), {"new": new, "old": was})
        yield Alteration(place, {}, words, made)
