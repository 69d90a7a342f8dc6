"""Which small change makes an answer right, or a known mistake: found by trying.

A change that makes every case right proves where the mistake is.  One after
which the answer is exactly a known mistake proves that there are two.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from autograder.diagnosis.alterations import Alteration, structural
from autograder.diagnosis.bank import Bank, as_numbers, bank_of
from autograder.diagnosis.calls_changed import of_calls
from autograder.diagnosis.combined import (
    at_once,
    everywhere,
    exchanged_names,
    of_arguments,
    with_names,
)
from autograder.diagnosis.program import Change, Node, OfCall, Program
from autograder.diagnosis.statements_changed import of_statements
from autograder.diagnosis.substitution import Look, substitutions
from autograder.diagnosis.trials import Trials, unnoticed

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
    base: dict[int, Change | OfCall] = field(default_factory=dict)
    function: Callable | None = None
    half: list[Repair] = field(default_factory=list)
    """Changes that leave a known mistake."""


def find_repairs(trials: Trials) -> Repair | None:
    """The smallest change that explains a wrong answer; None if none is found."""
    with unnoticed():
        found = _one_change(_Search(trials))
        if trials.only_errors:
            return found
        if found is None or _cost(found) > _FAR_FETCHED:
            cut_short = trials.over and not (found and _leaves_out_a_term(found))
            found = _by_values(trials) or (None if cut_short else found)
        return found


def _one_change(search: _Search) -> Repair | None:
    """One change that makes all right, or leaves one known mistake."""
    trials = search.trials
    names = trials.program.names(trials.question.parameters)
    nodes = trials.program.nodes
    in_place = (a for node in nodes for a in with_names(node, names, 0))
    question = trials.question
    given = question.cases[trials.probe].arguments
    whole = of_arguments(trials.program, given, question.returns)
    for alterations in (
        chain(
            _structural(trials.program),
            exchanged_names(nodes, names),
            _at_once(trials),
            whole,
            in_place,
        ),
        (a for k in (1, 2, 3) for n in nodes for a in with_names(n, names, k)),
    ):
        found = _right(search, alterations)
        if found is not None:
            return Repair((found,))
        best = _best(search)
        if best is not None and _cost(best) <= 1:
            return best
    return _best(search)


def _best(search: _Search) -> Repair | None:
    """The least far-fetched change that leaves a known mistake.

    A part that is moved to where it has no effect might as well be left out.
    """
    best = min(search.half, key=_cost, default=None)
    words = set(_words(best)) if best is not None else set()
    if best is None or not words & {"outside", "parentheses", "square", "root"}:
        return best
    for other in search.half:
        (one,) = other.alterations
        same_line = one.node.line == best.alterations[0].node.line
        if not one.removes or other.leaves != best.leaves or not same_line:
            continue
        if words & {"outside", "parentheses"}:
            return other
        if one.removes in _UNDOES:  # then what is inside is right as it is
            return Repair((replace(one, removes=""),), other.leaves)
    return best


_UNDOES = {"sqrt", ".sqrt", "square"}


def _words(repair: Repair) -> list[str]:
    return str(repair.alterations[0].words).replace(",", "").split()


_FAR_FETCHED = 3
"""What leaves a known mistake and costs more is told only if nothing else is found."""


def _leaves_out_a_term(repair: Repair) -> bool:
    """Whether it leaves out something added: what a factor is for is less clear."""
    removes = repair.alterations[0].removes
    return removes.startswith(("+ ", "- ")) or removes.endswith((" +", " -"))


def _is_plain(repair: Repair) -> bool:
    """Whether two changes that leave a known mistake as well are no chance."""
    numbers = any(isinstance(a.node.tree, ast.Constant) for a in repair.alterations)
    return _cost(repair) <= len(repair.alterations) and not numbers


def _cost(repair: Repair) -> int:
    """How far-fetched an explanation is."""
    if not repair.leaves:
        return 0
    return sum(_cost_of(one) for one in repair.alterations)


def _cost_of(alteration: Alteration) -> int:
    words = str(alteration.words)
    if alteration.entry is not None or "this line" in words:
        return 5
    if "with `0`" in words and isinstance(alteration.node.parent_tree, ast.Compare):
        return 5
    if alteration.brings_in:
        return 2 if "place of `" in words else 5
    if alteration.removes:
        return 4
    if "outside" in words:
        return 2
    if "parentheses" in words:
        return 3
    if "exchanged" in words:
        return 4
    if alteration.function is not None:
        return 4
    return 2 if words.startswith(("with 1 ", "with `1 -")) else 1


def _right(search: _Search, alterations: Iterable[Alteration]) -> Alteration | None:
    """The first of these that makes all right; those that leave a mistake are kept."""
    trials = search.trials
    for alteration in alterations:
        if trials.over:
            return None
        changes = {**search.base, **alteration.changes}
        name = trials.alike(changes, alteration.function or search.function)
        if name == "":
            return alteration
        if name is None or alteration.blurs or trials.tells_little:
            continue
        if trials.near.gives_back(name):
            continue
        # What a part hid comes out where it is left out, and only there.
        if not alteration.removes and trials.spoils(name):
            continue
        search.half.append(Repair((alteration,), name))
    return None


def _by_values(trials: Trials) -> Repair | None:
    """Places found by what right answers pass through, one or two of them."""
    bank = None if trials.is_choice or trials.over else bank_of(trials)
    if bank is None:
        return None
    look = Look(trials, bank)
    search = _Search(trials)
    # A right value may be used wrongly: the place is then around it.
    nodes = sorted(
        trials.program.nodes[:-1], key=lambda n: look.right[n.number] is True
    )
    for node in nodes:
        put = (a for a in substitutions(look, node) if not _is_final(a, trials))
        found = _right(search, put)
        # The numbers of what is returned are shown anyway.
        if found is not None and not found.node.returned:
            return Repair((found,))
    for node in look.first_wrong()[:3]:
        for first in _local(look, node):
            if trials.over:
                return None
            if trials.alike(first.changes, first.function) == "":
                continue
            second = _Search(trials, dict(first.changes), first.function)
            more = _second(second, bank)
            whole = more and Repair((first, *more.alterations), more.leaves)
            if whole and (not whole.leaves or _is_plain(whole)):
                return whole
    return None


def _local(look: Look, node: Node) -> list[Alteration]:
    """Changes at a first wrong expression after which its value is a right one."""
    trials = look.trials
    at = trials.probe
    inner = [part for part in node.parts if not part.parts]
    found: list[Alteration] = []
    for place in (node, *inner):
        for alteration in chain(structural(place), of_calls(place)):
            if trials.over:
                return found
            trials.returned(alteration.changes, at, alteration.function, noted=True)
            values = (trials.program.noted or {}).get(node.number, [])
            if values and all(look.bank.holds(at, value) for value in values):
                found.append(alteration)
    trials.program.noted = None
    put = [one for one in substitutions(look, node) if not _is_final(one, trials)]
    return [*found[:4], *put[:12]]


def _is_final(alteration: Alteration, trials: Trials) -> bool:
    """Whether it puts a result there as it is to come back: then little is left."""
    assert alteration.entry is not None
    at = trials.probe
    returned = trials.question.cases[at].expected.returned
    results = returned if isinstance(returned, tuple) else (returned,)
    return any(
        np.shape(value) == np.shape(result) and np.allclose(value, result)
        for value in alteration.entry.values[at]
        for result in results
        if as_numbers(result) is not None
    )


def _second(search: _Search, bank: Bank) -> Repair | None:
    """What has to be changed besides."""
    trials = search.trials
    cheap = chain(_structural(trials.program), _at_once(trials, search.base))
    found = _right(search, cheap)
    if found is not None:
        return Repair((found,))
    look = Look(trials, bank, search.base)
    for node in look.first_wrong()[:2]:
        put = (a for a in substitutions(look, node) if not _is_final(a, trials))
        found = _right(search, put)
        if found is not None and not found.node.returned:
            return Repair((found,))
    best = _best(search)
    return best if best is not None and _cost(best) <= 2 else None


def _at_once(
    trials: Trials, base: Mapping[int, Change | OfCall] | None = None
) -> Iterator[Alteration]:
    """What could be done to a value, where it makes another one of it."""
    trials.returned(base or {}, trials.probe, noted=True)
    noted = trials.program.noted or {}
    trials.program.noted = None
    for node in trials.program.nodes:
        value = as_numbers(noted.get(node.number, [None])[0])
        if value is not None:
            yield from at_once(node, value)


def _structural(program: Program) -> Iterator[Alteration]:
    """Changes that one would think of first."""
    nodes = program.nodes
    for node in nodes:
        yield from chain(structural(node), of_calls(node))
    for node in nodes:
        for alteration in structural(node):
            yield from everywhere(alteration, nodes)
    yield from of_statements(program)
