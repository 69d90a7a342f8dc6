"""Changes that bring something in: a function, a variable, another place."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from autograder.diagnosis.alterations import Alteration, structural
from autograder.diagnosis.program import Change, Node, OfCall, Program, Stopped
from autograder.limits import MAX_SEARCHED

__all__ = [
    "at_once",
    "everywhere",
    "exchanged_names",
    "of_arguments",
    "with_names",
]


def _one(made: Callable[[Any], Any]) -> Change:
    return lambda program, node, value: made(value)


_BLURS = {"mean", "sum", "diagonal", "length", "cut", "norm", "absolute", "down"}


FUNCTIONS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("With the opposite sign", lambda v: -v),
    ("With the square root of it", np.sqrt),
    ("With the square of it", lambda v: v**2),
    ("Multiplied by 2", lambda v: 2 * v),
    ("Divided by 2", lambda v: v / 2),
    ("Turned upside down", lambda v: 1 / v),
    ("Transposed", np.transpose),
    ("With `1 - …` around it", lambda v: 1 - v),
    ("With 1 added", lambda v: v + 1),
    ("With 1 subtracted", lambda v: v - 1),
    ("With the absolute value of it", np.abs),
    ("With the exponential of it", np.exp),
    ("With the logarithm of it", np.log),
    ("Rounded down", np.floor),
    ("With its mean", np.mean),
    ("With its sum", np.sum),
    ("With only its diagonal", lambda v: np.diag(v) if v.ndim == 2 else v),
    ("Without axes of length 1", np.squeeze),
    ("With its negative part cut off", lambda v: np.maximum(v, 0)),
    ("Divided by its norm", lambda v: np.divide(v, np.linalg.norm(v))),
    ("In reverse order", lambda v: v[::-1]),
    ("Symmetrised", lambda v: v + v.T - np.diag(np.diag(v))),
)


def at_once(node: Node, value: np.ndarray) -> Iterator[Alteration]:
    """Something done to the value that is there, unless that leaves it as it is."""
    if isinstance(node.tree, ast.Constant) or value.size > MAX_SEARCHED:
        return
    for words, made in FUNCTIONS:
        try:
            new = np.asarray(made(value))
        except (TypeError, ValueError, IndexError, np.linalg.LinAlgError):
            continue
        if np.array_equal(new, value, equal_nan=True):
            continue
        if words.startswith("With `1 -") and _is_taken_from_1(node):
            continue  # which only takes that away
        blurs = bool(_BLURS & set(words.split()))
        yield Alteration(node, {node.number: _one(made)}, words, blurs=blurs)


def _is_taken_from_1(node: Node) -> bool:
    """Whether it is, or stands in, `1 - …`."""
    return any(
        isinstance(tree, ast.BinOp)
        and isinstance(tree.op, ast.Sub)
        and isinstance(tree.left, ast.Constant)
        for tree in (node.tree, node.parent_tree)
    )


_COMBINED: tuple[tuple[str, Callable[[Any, Any], Any]], ...] = (
    ("With `{}` in its place", lambda v, x: x),
    ("Multiplied by `{}`", lambda v, x: v * x),
    ("Divided by `{}`", lambda v, x: v / x),
    ("With `{}` added", lambda v, x: v + x),
    ("With `{}` subtracted", lambda v, x: v - x),
    ("Multiplied by `1 - {}`", lambda v, x: v * (1 - x)),
    ("Divided by `1 - {}`", lambda v, x: v / (1 - x)),
    ("Divided by the root of `{}`", lambda v, x: v / np.sqrt(x)),
    ("Multiplied by the root of `{}`", lambda v, x: v * np.sqrt(x)),
    ("Divided by `len({})`", lambda v, x: v / len(x)),
    ("Multiplied by `len({})`", lambda v, x: v * len(x)),
    ("Divided by `{}.size`", lambda v, x: v / x.size),
    ("To the power of `{}`", lambda v, x: v**x),
    ("Indexed by `{}`", lambda v, x: v[x]),
    ("With `@` and `{}`", lambda v, x: v @ x),
    ("Not above `{}`", lambda v, x: np.minimum(v, x)),
    ("Not below `{}`", lambda v, x: np.maximum(v, x)),
)


_GROUPS = ((0, 1), (1, 5), (5, 12), (12, len(_COMBINED)))

_FAR = {words for words, _ in _COMBINED[-5:]}
"""Combinations that hit another mistake by chance."""


def with_names(node: Node, names: Iterable[str], group: int) -> Iterator[Alteration]:
    """The value combined with a variable, as the ways of a group have it.

    Group 0 puts the variable in its place; later ones are less common.
    """
    own = node.tree.id if isinstance(node.tree, ast.Name) else None
    start, stop = _GROUPS[group]
    for words, made in _COMBINED[start:stop]:
        for name in names:
            if name == own and words == _COMBINED[0][0]:
                continue
            told = words.format(name)
            blurs = words in _FAR or (not group and own is None)
            if own is not None and not group:
                told = f"With `{name}` in place of `{own}`"
            change = {node.number: _with(made, name)}
            yield Alteration(node, change, told, blurs=blurs, brings_in=name)


def _with(made: Callable[[Any, Any], Any], name: str) -> Change:
    def change(program: Program, node: Node, value: Any) -> Any:
        x = program.variables()[name]
        if isinstance(x, list):
            # A list that came to stand in itself has no end for NumPy.
            raise Stopped
        return made(value, x)

    return change


def exchanged_names(
    nodes: Sequence[Node], names: Sequence[str]
) -> Iterator[Alteration]:
    """Two variables exchanged wherever they are read, or one read as the other."""
    places: dict[str, list[Node]] = {name: [] for name in names}
    for node in nodes:
        if isinstance(node.tree, ast.Name) and node.tree.id in places:
            places[node.tree.id].append(node)
    used = [name for name in names if places[name]]
    take = _COMBINED[0][1]
    for one, other in combinations(used, 2):
        changes: dict[int, Change | OfCall] = {
            n.number: _with(take, other) for n in places[one]
        }
        changes |= {n.number: _with(take, one) for n in places[other]}
        first = places[one][0]
        words = f"With `{one}` and `{other}` exchanged everywhere"
        yield Alteration(first, changes, words)
    for one in used:
        for other in names:
            if one != other and len(places[one]) > 1:
                changes = {n.number: _with(take, other) for n in places[one]}
                words = f"With `{other}` in place of `{one}` everywhere"
                yield Alteration(places[one][0], changes, words, blurs=True)


def everywhere(alteration: Alteration, nodes: Iterable[Node]) -> Iterator[Alteration]:
    """The same change at every expression that reads the same, or at all but one."""
    own = alteration.node
    others = [n for n in nodes if n.source == own.source and n is not own]
    if not others or len(alteration.changes) != 1:
        return
    twins = []
    for other in others:
        found = [t for t in structural(other) if t.words == alteration.words]
        if not found:
            return
        twins.append(found[0])
    left_out: list[Alteration | None] = [None]
    if len(twins) == 2:
        left_out += twins
    for one in left_out:
        changes = dict(alteration.changes)
        for twin in twins:
            changes |= twin.changes if twin is not one else {}
        places = [own, *(twin.node for twin in twins if twin is not one)]
        words = f"{alteration.words}, {_in_places(places, 1 + len(twins))}"
        yield replace(alteration, changes=changes, words=words)


def _in_places(places: Sequence[Node], n: int) -> str:
    """Where a change is made that is made in several of `n` places."""
    if len(places) == n:
        return "in both places that read so" if n == 2 else f"in all {n} that read so"
    first, last = sorted(node.line for node in places)
    lines = f"in line {first}" if first == last else f"in lines {first} and {last}"
    return f"in {len(places)} of the {n} places that read so, {lines}"


_OF_ARGUMENTS: tuple[tuple[str, Callable[[Any], Any], type], ...] = (
    ("`{} + 1`", lambda x: x + 1, int),
    ("`{} - 1`", lambda x: x - 1, int),
    ("`1 - {}`", lambda x: 1 - x, float),
    ("`{}**2`", lambda x: x**2, float),
    ("the root of `{}`", np.sqrt, float),
    ("`-{}`", lambda x: -x, float),
    ("`{}.T`", np.transpose, np.ndarray),
)


def of_arguments(
    program: Program, arguments: Mapping[str, Any], results: Sequence[str]
) -> Iterator[Alteration]:
    """The whole function called with another value of one argument."""
    tree = program.trees[0]
    first = next((n.line - n.tree.lineno for n in program.nodes), 0)
    here = Node(-1, ast.Constant(None), f"def {tree.name}", first + tree.lineno, "")
    here.function = tree.name
    for name, value in arguments.items():
        for words, made, kind in _OF_ARGUMENTS:
            if type(value) is kind:
                told = f"With {words.format(name)} for `{name}` in the whole function"
                yield Alteration(here, {}, told, _called(program, name, made))
        if name in results and isinstance(value, np.ndarray):
            at = results.index(name) if len(results) > 1 else None
            told = f"With `-{name}` wherever `{name}` is given and returned"
            yield Alteration(here, {}, told, _called(program, name, np.negative, at))


def _called(
    program: Program, name: str, made: Callable[[Any], Any], at: int | None = -1
) -> Callable:
    """The function, given what is `made` of an argument.

    The same is made of its result `at`, or of all that it returns if that is None.
    """
    parameters = inspect.signature(program.function)

    def called(*args: Any, **given: Any) -> Any:
        bound = parameters.bind(*args, **given)
        if name in bound.arguments:
            bound.arguments[name] = made(bound.arguments[name])
        returned = program.function(*bound.args, **bound.kwargs)
        if at == -1:
            return returned
        if at is None:
            return made(returned)
        return (*returned[:at], made(returned[at]), *returned[at + 1 :])

    return called
