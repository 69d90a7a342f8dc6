"""Which small change makes an answer right, or a known mistake: found by trying.

A change that makes every case right proves where the mistake is.  One after
which the answer is exactly a known mistake proves that there are two.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from autograder.diagnosis.alterations import Alteration, structural
from autograder.diagnosis.calls_changed import of_calls
from autograder.diagnosis.combined import (
    at_once,
    everywhere,
    exchanged_names,
    with_names,
)
from autograder.diagnosis.program import Program
from autograder.diagnosis.statements_changed import of_statements
from autograder.diagnosis.trials import Trials, quiet

__all__ = ["Repair", "find_repairs"]


@dataclass(frozen=True)
class Repair:
    """Changes after which an answer is right, or one known mistake.

    Attributes
    ----------
    alterations : tuple of Alteration
    leaves : str
        Name of the known mistake that is left; empty if all is right.
    """

    alterations: tuple[Alteration, ...]
    leaves: str = ""


@dataclass
class _Search:
    trials: Trials
    sure: list[Repair] = field(default_factory=list)
    """Changes that leave a known mistake."""
    removing: list[Repair] = field(default_factory=list)
    """The same by leaving something out, which says less."""


def find_repairs(trials: Trials) -> Repair | None:
    """The smallest change that explains a wrong answer; None if none is found."""
    with quiet():
        search = _Search(trials)
        names = _names(trials)
        nodes = trials.program.nodes
        in_place = [a for node in nodes for a in with_names(node, names, only=True)]
        for alterations in (
            _structural(trials.program),
            (a for node in nodes for a in at_once(node)),
            chain(exchanged_names(nodes, names), in_place),
            (a for node in nodes for a in with_names(node, names)),
        ):
            found = _right(search, alterations)
            if found is not None:
                return Repair((found,))
            if search.sure:
                return search.sure[0]
        return search.removing[0] if search.removing else None


def _right(search: _Search, alterations: Iterable[Alteration]) -> Alteration | None:
    """The first of these that makes all right; those that leave a mistake are kept."""
    trials = search.trials
    for alteration in alterations:
        if trials.over:
            return None
        name = trials.alike(alteration.changes, alteration.function)
        if name == "":
            return alteration
        if name is None or alteration.blurs or trials.is_choice:
            continue
        kept = search.removing if alteration.removes else search.sure
        kept.append(Repair((alteration,), name))
    return None


def _structural(program: Program) -> Iterator[Alteration]:
    """Changes that one would think of first."""
    nodes = program.nodes
    for node in nodes:
        yield from chain(structural(node), of_calls(node))
    for node in nodes:
        for alteration in structural(node):
            more = everywhere(alteration, nodes)
            if more is not None:
                yield more
    yield from of_statements(program)


def _names(trials: Trials) -> list[str]:
    """The variables of the answer, its arguments first."""
    found = list(trials.question.parameters)
    for tree in trials.program.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.append(node.id)
    return list(dict.fromkeys(found))
