"""Changes that bring something in: a function, a variable, another place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from autograder.diagnosis.alterations import Alteration, structural
from autograder.diagnosis.program import Change, Node, OfCall, Program
from autograder.limits import MAX_SEARCHED

__all__ = ["at_once", "everywhere", "exchanged_names", "with_names"]


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
        blurs = bool(_BLURS & set(words.split()))
        yield Alteration(node, {node.number: _one(made)}, words, blurs=blurs)


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
        return made(value, program.variables()[name])

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


def everywhere(alteration: Alteration, nodes: Iterable[Node]) -> Alteration | None:
    """The same change at every expression that reads the same; None if it is alone."""
    own = alteration.node
    others = [n for n in nodes if n.source == own.source and n is not own]
    if not others or len(alteration.changes) != 1:
        return None
    changes = dict(alteration.changes)
    for other in others:
        for twin in structural(other):
            if twin.words == alteration.words:
                changes |= twin.changes
                break
        else:
            return None
    return replace(alteration, changes=changes, n_places=1 + len(others))
