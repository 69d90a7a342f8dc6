"""Where in the learner's own code the mistake is, proved by a change there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
from autograder.calling.inputs import Driven
from autograder.checking.cases import Question
from autograder.checking.values import told_apart
from autograder.checking.verdict import Statement
from autograder.checking.words.phrases import sentences
from autograder.diagnosis.alterations import Alteration, shortened
from autograder.diagnosis.bank import Entry, as_numbers, bank_of
from autograder.diagnosis.instrument import instrumented
from autograder.diagnosis.program import Node, Program
from autograder.diagnosis.repairs import Repair, find_repairs
from autograder.diagnosis.substitution import Look
from autograder.diagnosis.trials import Trials, unnoticed
from autograder.language import N_, _

__all__ = ["places"]


_SAY_THEMSELVES = {"ImportError", "ModuleNotFoundError", "NameError"}
_SAY_THEMSELVES |= {"NotImplementedError", "UnboundLocalError"}
"""Errors that say what is wrong, and stand in the message with their line."""


def places(
    question: Question,
    outcomes: Sequence[Outcome],
    function: Callable,
    seconds: float,
) -> list[Statement]:
    """The places in `function` where a small change makes every case right.

    Where it makes the answer a known mistake, that is told as well.
    """
    if any(isinstance(v, Driven) for c in question.cases for v in c.arguments.values()):
        return []  # what goes wrong lies between calls, where nobody looks
    errors = {got.error.kind for got in outcomes if got.error is not None}
    program = None if errors & _SAY_THEMSELVES else instrumented(function)
    if program is None:
        return []
    with unnoticed():
        return _found(Trials(question, outcomes, program, seconds))


def _found(trials: Trials) -> list[Statement]:
    program = trials.program
    if not trials.wrong or (trials.only_errors and not _raises(program)):
        return []
    trials.prepare()
    repair = find_repairs(trials)
    if repair is None and trials.only_errors:
        return []
    if repair is None or (len(repair.alterations) > 1 and not repair.leaves):
        look = _looked_at(trials)
        spread = look and _spread(look)
        if spread:  # one mistake, which another one may seem to undo
            return [spread]
        if repair is None:
            return _first_wrong(trials, look) if look else []
    return list(_statements(trials, _parts_right(trials, repair), repair))


def _raises(program: Program) -> bool:
    """Whether an error is raised at all, so that when it is may be wrong."""
    return any(isinstance(s, ast.Raise) for t in program.trees for s in ast.walk(t))


def _looked_at(trials: Trials) -> Look | None:
    bank = None if trials.is_choice else bank_of(trials)
    if bank is None or trials.question.observer is not None:
        return None
    return Look(trials, bank)


def _first_wrong(trials: Trials, look: Look) -> list[Statement]:
    """The first value that no right answer that is known passes through."""
    found = [
        node
        for node in look.first_wrong()
        if look.parts_right(node)
        and not isinstance(node.tree, ast.UnaryOp)
        and not look.is_another_way(node)
    ]
    if not found or found[0].returned:
        return []
    node = found[0]
    text = _(
        "{place}: what it is made of is right; it is the first value that no right "
        "answer which is known here passes through."
    ).format(place=_where(trials, node))
    return [Statement("place", text, node.line, node.source, proved=False)]


def _spread(look: Look) -> Statement | None:
    """The first wrong expression in which NumPy repeats both of two arrays."""
    for node in look.trials.program.nodes:
        if not isinstance(node.tree, ast.BinOp) or look.right[node.number] is not False:
            continue
        if isinstance(node.tree.op, ast.MatMult) or len(node.parts) != 2:
            continue
        at = look.trials.wrong[0]
        seen = [look.values(one, at)[:1] for one in (*node.parts, node)]
        if not all(seen) or any(as_numbers(value) is None for (value,) in seen):
            continue
        left, right, made = (np.shape(value) for (value,) in seen)
        known = all(look.has_right_numbers(part, at) for part in node.parts)
        if made in (left, right) or not known:
            continue
        text = _(
            "{place}: `{left}` has shape {of_left} and `{right}` has shape {of_right}, "
            "and NumPy repeats both to make {shape} of them. No right answer that is "
            "known here has that."
        ).format(
            place=_where(look.trials, node),
            left=shortened(node.parts[0].source),
            of_left=left,
            right=shortened(node.parts[1].source),
            of_right=right,
            shape=made,
        )
        return Statement("place", text, node.line, node.source, proved=False)
    return None


_PLACES = {
    (False, False): N_("Line {line}, `{code}`"),
    (False, True): N_("Line {line}, in `{function}`, `{code}`"),
    (True, False): N_("Line {line}, `{part}` in `{code}`"),
    (True, True): N_("Line {line}, in `{function}`, `{part}` in `{code}`"),
}
"""By whether a part of the code is meant, and whether another function is."""


def _where(trials: Trials, node: Node, part: str = "") -> str:
    """The line, the function if it is another one, and the expression there."""
    words = _(_PLACES[bool(part), node.function != trials.question.name])
    return words.format(
        line=node.line,
        function=node.function,
        part=part,
        code=shortened(node.source, _WIDTH),
    )


def _statements(
    trials: Trials, parts_right: bool, repair: Repair
) -> Iterator[Statement]:
    """The places in order, and the known mistake that is left, if one is."""
    question = trials.question
    *before, last = repair.alterations
    two = bool(before) or (bool(repair.leaves) and not last.removes)
    three = len(before) + 1 + bool(repair.leaves) > 2
    count = _("There are three mistakes.") if three else _("There are two mistakes.")
    gone = _("one of them is gone")
    for number, one in enumerate(before):
        start = count if number == 0 else ""
        yield _statement(trials, one, start, gone, parts_right)
    if not repair.leaves:
        then = _all_right(trials, as_well=bool(before))
        yield _statement(trials, last, "", then, parts_right)
        return
    form, why = question.forms[repair.leaves]
    numbers, left = _of_a_mistake(trials)
    if not two:
        found = _statement(trials, last, "", _(numbers).format(form=form), parts_right)
        yield replace(found, text=sentences(found.text, why))
        return
    start = "" if before else count
    gone = _("another one is gone") if before else gone
    yield _statement(trials, last, start, gone, parts_right)
    yield Statement("mistake", sentences(_(left).format(form=form), why))


def _parts_right(trials: Trials, repair: Repair) -> bool:
    """Whether it is known that the parts of the first place are right."""
    first = repair.alterations[0]
    if first.entry is None:
        return False
    bank = bank_of(trials)
    return bank is not None and Look(trials, bank).parts_right(first.node)


def _of_a_mistake(trials: Trials) -> tuple[str, str]:
    """What of a known mistake an answer has, numbers or statistics: two messages."""
    if any(case.fixed for case in trials.question.cases):
        return (
            N_("these are exactly the statistics of {form}"),
            N_("What is left then are exactly the statistics of {form}."),
        )
    return (
        N_("these are exactly the numbers of {form}"),
        N_("What is left then are exactly the numbers of {form}."),
    )


_RIGHT = {
    (False, False): N_("all {n} cases that return a value come right"),
    (False, True): N_("as well, all {n} cases that return a value come right"),
    (True, False): N_("all {n} cases come right"),
    (True, True): N_("as well, all {n} cases come right"),
}
"""By whether these are all cases, and whether another change is made before."""


def _all_right(trials: Trials, as_well: bool) -> str:
    n = len(trials.asked)
    return _(_RIGHT[n == len(trials.question.cases), as_well]).format(n=n)


_FOUND = {
    (False, False): N_("{place}: {change}, {then}."),
    (False, True): N_("{place}: its parts are right, and {change}, {then}."),
    (True, False): N_("{place}: {values}; {change}, {then}."),
    (True, True): N_("{place}: its parts are right, and {values}; {change}, {then}."),
}
"""By whether values are told, and whether it is told that the parts are right."""


def _statement(
    trials: Trials, alteration: Alteration, start: str, then: str, parts_right: bool
) -> Statement:
    node = _shown(alteration.node)
    is_part = node is not alteration.node and not _names_it(alteration)
    place = _where(trials, node, alteration.node.source if is_part else "")
    values, change = "", alteration.words.told()
    if alteration.entry is not None:
        values, change = _values(trials, alteration), _put(alteration.entry)
    found = _FOUND[bool(values), parts_right and alteration.entry is not None]
    text = _(found).format(place=place, values=values, change=change, then=then)
    return Statement("place", sentences(start, text), node.line, node.source)


def _names_it(alteration: Alteration) -> bool:
    """Whether the words of a change say what it changes."""
    return f"`{alteration.node.source}`" in str(alteration.words)


def _put(entry: Entry) -> str:
    if not entry.label:
        return _("with the right value there")
    return _("with the right `{label}` there").format(label=entry.label)


def _values(trials: Trials, alteration: Alteration) -> str:
    """What the value is and what it should be, in the first wrong case; if short."""
    assert alteration.entry is not None
    at = trials.wrong[0]
    trials.returned({}, at, noted=True)
    mine = (trials.program.noted or {}).get(alteration.node.number, [])
    trials.program.noted = None
    right = alteration.entry.values[at]
    apart = [
        k for k, (a, b) in enumerate(zip(mine, right, strict=False)) if _differ(a, b)
    ]
    if not apart:
        return ""
    first = apart[0]
    truth = isinstance(mine[first], bool | np.bool_) and np.ndim(right[first]) == 0
    shown = told_apart(mine[first], bool(right[first]) if truth else right[first])
    if max(map(len, shown)) > _VALUE_WIDTH:
        return ""
    if at and first:
        words = _(
            "it is {mine} in case {case}, in round {round}, and should be {right}"
        )
    elif at:
        words = _("it is {mine} in case {case} and should be {right}")
    elif first:
        words = _("it is {mine}, in round {round}, and should be {right}")
    else:
        words = _("it is {mine} and should be {right}")
    return words.format(mine=shown[0], right=shown[1], case=at + 1, round=first + 1)


def _differ(a: Any, b: Any) -> bool:
    return np.shape(a) != np.shape(b) or not np.allclose(a, b, rtol=1e-9, atol=0)


_VALUE_WIDTH = 32
"""Characters of a value that a sentence has room for."""
_WIDTH = 60
"""The same of an expression."""


def _shown(node: Node) -> Node:
    """The expression that is shown: of a single name or number, what is around it."""
    single = isinstance(node.tree, ast.Name | ast.Constant) and node.number >= 0
    return node.parent if single and node.parent is not None else node
