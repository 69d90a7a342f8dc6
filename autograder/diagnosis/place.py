"""Where in the learner's own code the mistake is, proved by a change there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome
from autograder.calling.inputs import Driven
from autograder.checking.cases import Question
from autograder.checking.values import format_value
from autograder.checking.verdict import Statement
from autograder.diagnosis.alterations import Alteration, shortened
from autograder.diagnosis.bank import as_numbers, bank_of
from autograder.diagnosis.instrument import instrumented
from autograder.diagnosis.program import Node, Program
from autograder.diagnosis.repairs import Repair, find_repairs
from autograder.diagnosis.substitution import Look
from autograder.diagnosis.trials import Trials, unnoticed

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
    trials = Trials(question, outcomes, program, seconds)
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
    with unnoticed():
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
    text = (
        f"{_where(trials, node)}, `{shortened(node.source, _WIDTH)}`: what it is made "
        "of is right; it is the first value that no right answer which is known here "
        "passes through."
    )
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
        text = (
            f"{_where(look.trials, node)}, `{shortened(node.source, _WIDTH)}`: "
            f"`{shortened(node.parts[0].source)}` has shape {left} and "
            f"`{shortened(node.parts[1].source)}` has shape {right}, and NumPy repeats "
            f"both to make {made} of them. No right answer that is known here has that."
        )
        return Statement("place", text, node.line, node.source, proved=False)
    return None


def _where(trials: Trials, node: Node) -> str:
    inside = node.function != trials.question.name
    return f"Line {node.line}" + (f", in `{node.function}`" if inside else "")


def _statements(
    trials: Trials, parts_right: bool, repair: Repair
) -> Iterator[Statement]:
    """The places in order, and the known mistake that is left, if one is."""
    question = trials.question
    *before, last = repair.alterations
    two = bool(before) or (bool(repair.leaves) and not last.removes)
    n = len(repair.alterations) + bool(repair.leaves)
    for number, one in enumerate(before):
        start = f"There are {_HOW_MANY.get(n, n)} mistakes. " if number == 0 else ""
        yield _statement(trials, one, start, "one of them is gone", parts_right)
    if not repair.leaves:
        also = "as well, " if before else ""
        yield _statement(trials, last, "", also + _all_right(trials), parts_right)
        return
    form, why = question.forms[repair.leaves]
    words = f"{_numbers(trials, repair.leaves)} {form}. {why}".rstrip()
    if not two:
        then = f"these are exactly {words}"
        yield _statement(trials, last, "", then.rstrip("."), parts_right)
        return
    start = "" if before else "There are two mistakes. "
    gone = "another one is gone" if before else "one of them is gone"
    yield _statement(trials, last, start, gone, parts_right)
    yield Statement("mistake", f"What is left then are exactly {words}")


_HOW_MANY = {2: "two", 3: "three"}


def _parts_right(trials: Trials, repair: Repair) -> bool:
    """Whether it is known that the parts of the first place are right."""
    first = repair.alterations[0]
    if first.entry is None:
        return False
    bank = bank_of(trials)
    return bank is not None and Look(trials, bank).parts_right(first.node)


def _numbers(trials: Trials, name: str) -> str:
    """What of a known mistake an answer has: numbers, or statistics."""
    if any(case.fixed for case in trials.question.cases):
        return "the statistics of"
    return "the numbers of"


def _all_right(trials: Trials) -> str:
    n = len(trials.question.cases)
    if len(trials.asked) == n:
        return f"all {n} cases come right"
    return f"all {len(trials.asked)} cases that return a value come right"


def _statement(
    trials: Trials, alteration: Alteration, start: str, then: str, parts_right: bool
) -> Statement:
    node = _shown(alteration.node)
    where = _where(trials, node)
    if node is not alteration.node and not _names_it(alteration):
        where += f", `{alteration.node.source}` in"
    else:
        where += ","
    where += f" `{shortened(node.source, _WIDTH)}`:"
    if alteration.entry is not None:
        words = _put(trials, alteration, parts_right)
        return Statement(
            "place", f"{start}{where} {words}, {then}.", node.line, node.source
        )
    words = alteration.words[0].lower() + alteration.words[1:]
    text = f"{start}{where} {words}, {then}."
    return Statement("place", text, node.line, node.source)


def _names_it(alteration: Alteration) -> bool:
    """Whether the words of a change say what it changes."""
    return f"`{alteration.node.source}`" in alteration.words


def _put(trials: Trials, alteration: Alteration, parts_right: bool) -> str:
    """What the value is and what it should be, in the first wrong case."""
    assert alteration.entry is not None
    at = trials.wrong[0]
    node = alteration.node
    trials.returned({}, at, noted=True)
    mine = (trials.program.noted or {}).get(node.number, [])
    trials.program.noted = None
    right = alteration.entry.values[at]
    label = alteration.entry.label
    named = f"the right `{label}`" if label else "the right value"
    parts = "its parts are right, and " if parts_right else ""
    apart = [
        k for k, (a, b) in enumerate(zip(mine, right, strict=False)) if _differ(a, b)
    ]
    if not apart:
        return f"{parts}with {named} there"
    first = apart[0]
    shown = _told_apart(_plain(mine[first]), _plain(right[first]))
    if max(map(len, shown)) > _VALUE_WIDTH:
        return f"{parts}with {named} there"
    case = "" if at == 0 else f" in case {at + 1}"
    time = "" if first == 0 else f", in round {first + 1},"
    return (
        f"{parts}it is {shown[0]}{case}{time} and should be {shown[1]}; with {named} "
        "there"
    )


def _differ(a: Any, b: Any) -> bool:
    return np.shape(a) != np.shape(b) or not np.allclose(a, b, rtol=1e-9, atol=0)


def _told_apart(a: Any, b: Any) -> list[str]:
    """Two values on a line each, with enough digits to see that they differ."""
    shown: list[str] = []
    for digits in (4, 8, 17):
        shown = [" ".join(format_value(v, digits).split()) for v in (a, b)]
        if shown[0] != shown[1]:
            break
    return shown


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray) and not value.ndim else value


_VALUE_WIDTH = 32
"""Characters of a value that a sentence has room for."""
_WIDTH = 60
"""The same of an expression."""


def _shown(node: Node) -> Node:
    """The expression that is shown: of a single name or number, what is around it."""
    single = isinstance(node.tree, ast.Name | ast.Constant) and node.number >= 0
    return node.parent if single and node.parent is not None else node
