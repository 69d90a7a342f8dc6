"""Changes that bring something in: a function, a variable, another place."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from autograder.checking.words.phrases import Said
from autograder.diagnosis.alterations import Alteration, structural
from autograder.diagnosis.program import Change, Node, OfCall, Program, Stopped
from autograder.language import N_
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
    (N_("with the opposite sign"), lambda v: -v),
    (N_("with the square root of it"), np.sqrt),
    (N_("with the square of it"), lambda v: v**2),
    (N_("multiplied by 2"), lambda v: 2 * v),
    (N_("divided by 2"), lambda v: v / 2),
    (N_("turned upside down"), lambda v: 1 / v),
    (N_("transposed"), np.transpose),
    (N_("with `1 - …` around it"), lambda v: 1 - v),
    (N_("with 1 added"), lambda v: v + 1),
    (N_("with 1 subtracted"), lambda v: v - 1),
    (N_("with the absolute value of it"), np.abs),
    (N_("with the exponential of it"), np.exp),
    (N_("with the logarithm of it"), np.log),
    (N_("rounded down"), np.floor),
    (N_("with its mean"), np.mean),
    (N_("with its sum"), np.sum),
    (N_("with only its diagonal"), lambda v: np.diag(v) if v.ndim == 2 else v),
    (N_("without axes of length 1"), np.squeeze),
    (N_("with its negative part cut off"), lambda v: np.maximum(v, 0)),
    (N_("divided by its norm"), lambda v: np.divide(v, np.linalg.norm(v))),
    (N_("in reverse order"), lambda v: v[::-1]),
    (N_("symmetrised"), lambda v: v + v.T - np.diag(np.diag(v))),
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
        if words.startswith("with `1 -") and _is_taken_from_1(node):
            continue  # which only takes that away
        blurs = bool(_BLURS & set(words.split()))
        yield Alteration(node, {node.number: _one(made)}, Said(words), blurs=blurs)


def _is_taken_from_1(node: Node) -> bool:
    """Whether it is, or stands in, `1 - …`."""
    return any(
        isinstance(tree, ast.BinOp)
        and isinstance(tree.op, ast.Sub)
        and isinstance(tree.left, ast.Constant)
        for tree in (node.tree, node.parent_tree)
    )


_COMBINED: tuple[tuple[str, Callable[[Any, Any], Any]], ...] = (
    (N_("with `{name}` in its place"), lambda v, x: x),
    (N_("multiplied by `{name}`"), lambda v, x: v * x),
    (N_("divided by `{name}`"), lambda v, x: v / x),
    (N_("with `{name}` added"), lambda v, x: v + x),
    (N_("with `{name}` subtracted"), lambda v, x: v - x),
    (N_("multiplied by `1 - {name}`"), lambda v, x: v * (1 - x)),
    (N_("divided by `1 - {name}`"), lambda v, x: v / (1 - x)),
    (N_("divided by the root of `{name}`"), lambda v, x: v / np.sqrt(x)),
    (N_("multiplied by the root of `{name}`"), lambda v, x: v * np.sqrt(x)),
    (N_("divided by `len({name})`"), lambda v, x: v / len(x)),
    (N_("multiplied by `len({name})`"), lambda v, x: v * len(x)),
    (N_("divided by `{name}.size`"), lambda v, x: v / x.size),
    (N_("to the power of `{name}`"), lambda v, x: v**x),
    (N_("indexed by `{name}`"), lambda v, x: v[x]),
    (N_("with `@` and `{name}`"), lambda v, x: v @ x),
    (N_("not above `{name}`"), lambda v, x: np.minimum(v, x)),
    (N_("not below `{name}`"), lambda v, x: np.maximum(v, x)),
)


_GROUPS = ((0, 1), (1, 5), (5, 12), (12, len(_COMBINED)))

_FAR = {words for words, _made in _COMBINED[-5:]}
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
            told = Said(words, {"name": name})
            blurs = words in _FAR or (not group and own is None)
            if own is not None and not group:
                told = Said(
                    N_("with `{new}` in place of `{old}`"), {"new": name, "old": own}
                )
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
        words = Said(
            N_("with `{one}` and `{other}` exchanged everywhere"),
            {"one": one, "other": other},
        )
        yield Alteration(first, changes, words)
    for one in used:
        for other in names:
            if one != other and len(places[one]) > 1:
                changes = {n.number: _with(take, other) for n in places[one]}
                words = Said(
                    N_("with `{new}` in place of `{old}` everywhere"),
                    {"new": other, "old": one},
                )
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
        words = _in_places(alteration.words, places, 1 + len(twins))
        yield replace(alteration, changes=changes, words=words)


def _in_places(change: Said, places: Sequence[Node], n: int) -> Said:
    """A change that is made in several of `n` places."""
    if len(places) == n == 2:
        return Said(N_("{change}, in both places that read so"), {"change": change})
    if len(places) == n:
        words = N_("{change}, in all {n} that read so")
        return Said(words, {"change": change, "n": n})
    first, last = sorted(node.line for node in places)
    words = N_(
        "{change}, in {number} of the {n} places that read so, in lines {first} and "
        "{last}"
    )
    if first == last:
        words = N_(
            "{change}, in {number} of the {n} places that read so, in line {first}"
        )
    given = {"number": len(places), "n": n, "first": first, "last": last}
    return Said(words, {"change": change, **given})


_WITH_VALUE = N_("with `{value}` for `{name}` in the whole function")
_WITH_ROOT = N_("with the root of `{value}` for `{name}` in the whole function")

_OF_ARGUMENTS: tuple[tuple[str, str, Callable[[Any], Any], type], ...] = (
    (_WITH_VALUE, "{} + 1", lambda x: x + 1, int),
    (_WITH_VALUE, "{} - 1", lambda x: x - 1, int),
    (_WITH_VALUE, "1 - {}", lambda x: 1 - x, float),
    (_WITH_VALUE, "{}**2", lambda x: x**2, float),
    (_WITH_ROOT, "{}", np.sqrt, float),
    (_WITH_VALUE, "-{}", lambda x: -x, float),
    (_WITH_VALUE, "{}.T", np.transpose, np.ndarray),
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
        for words, code, made, kind in _OF_ARGUMENTS:
            if type(value) is kind:
                told = Said(words, {"value": code.format(name), "name": name})
                yield Alteration(here, {}, told, _called(program, name, made))
        if name in results and isinstance(value, np.ndarray):
            at = results.index(name) if len(results) > 1 else None
            told = Said(
                N_("with `-{name}` wherever `{name}` is given and returned"),
                {"name": name},
            )
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
