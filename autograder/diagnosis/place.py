"""Where in the learner's own code the mistake is, proved by a change there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from autograder.calling.calls import Outcome
from autograder.checking.cases import Question
from autograder.checking.verdict import Statement
from autograder.diagnosis.alterations import Alteration
from autograder.diagnosis.instrument import instrumented
from autograder.diagnosis.program import Node
from autograder.diagnosis.repairs import Repair, find_repairs
from autograder.diagnosis.trials import Trials

__all__ = ["places"]


def places(
    question: Question,
    outcomes: Sequence[Outcome],
    function: Callable,
    seconds: float,
) -> list[Statement]:
    """The places in `function` where a small change makes every case right.

    Where it makes the answer a known mistake, that is told as well.
    """
    program = instrumented(function)
    if program is None:
        return []
    trials = Trials(question, outcomes, program, seconds)
    if not trials.wrong:
        return []
    repair = find_repairs(trials)
    if repair is None:
        return []
    return _statements(question, repair, _all_right(trials))


def _statements(question: Question, repair: Repair, right: str) -> list[Statement]:
    name = question.name
    *before, last = repair.alterations
    told = [_statement(one, name, "one of two mistakes is gone") for one in before]
    if not repair.leaves:
        return [*told, _statement(last, name, right)]
    form, why = question.forms[repair.leaves]
    if last.removes:
        then = f"these are exactly the numbers of {form}. {why}".rstrip(" .")
        return [*told, _statement(last, name, then)]
    first = _statement(last, name, "one of two mistakes is gone")
    second = f"What is left then are exactly the numbers of {form}. {why}".rstrip()
    return [*told, first, Statement("mistake", second)]


def _all_right(trials: Trials) -> str:
    n = len(trials.question.cases)
    if len(trials.asked) == n:
        return f"all {n} cases come right"
    return f"all {len(trials.asked)} cases that return a value come right"


def _statement(alteration: Alteration, name: str, then: str) -> Statement:
    node = _shown(alteration.node)
    where = (
        f"Line {node.line}"
        if node.function == name
        else (f"Line {node.line}, in `{node.function}`")
    )
    words = alteration.words[0].lower() + alteration.words[1:]
    if alteration.n_places > 1:
        words += f", in all {alteration.n_places} places that read so"
    text = f"{where}, `{_short(node.source)}`: {words}, {then}."
    return Statement("place", text, node.line, node.source)


def _shown(node: Node) -> Node:
    """The expression that is shown: of a single name or number, what is around it."""
    single = isinstance(node.tree, ast.Name | ast.Constant) and node.number >= 0
    return node.parent if single and node.parent is not None else node


def _short(source: str, width: int = 60) -> str:
    return source if len(source) <= width else f"{source[: width - 1]}…"
