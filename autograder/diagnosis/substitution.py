"""A right answer's value put in place of one of the learner's, to see what comes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.checking.words.phrases import Said
from autograder.diagnosis.alterations import Alteration
from autograder.diagnosis.bank import Bank, Entry, as_numbers
from autograder.diagnosis.program import Change, Node, OfCall, Program
from autograder.diagnosis.trials import Trials

__all__ = ["Look", "substitutions"]


class Look:
    """What every expression is in every case, beside what right answers pass through.

    Parameters
    ----------
    trials : Trials
    bank : Bank
    base : mapping
        Changes that are made already.
    """

    def __init__(
        self, trials: Trials, bank: Bank, base: dict[int, Change | OfCall] | None = None
    ):
        self.trials = trials
        self.bank = bank
        self.noted: dict[int, dict[int, list[Any]]] = {}
        for at in trials.asked:
            trials.returned(base or {}, at, noted=True)
            self.noted[at] = trials.program.noted or {}
        trials.program.noted = None
        self.right = {
            node.number: self._is_right(node) for node in trials.program.nodes
        }

    def values(self, node: Node, at: int) -> list[Any]:
        """The values of an expression in one case."""
        return self.noted[at].get(node.number, [])

    def _is_right(self, node: Node) -> bool | None:
        """Whether it is right in all cases; None if it is no number, or never comes."""
        seen = False
        for at in self.trials.asked:
            case = self.trials.question.cases[at]
            for value in self.values(node, at):
                array = as_numbers(value)
                if array is None:
                    return None
                seen = True
                if not self.bank.holds(at, value) and not _is_given(case, array):
                    return False
        return True if seen else None

    def has_right_numbers(self, node: Node, at: int) -> bool:
        """Whether its first value in one case is right, whatever its shape."""
        array = as_numbers(self.values(node, at)[0])
        if array is None:
            return False
        case = self.trials.question.cases[at]
        return any(
            self.bank.holds(at, one) or _is_given(case, one)
            for one in (array, array.ravel())
        )

    def first_wrong(self) -> list[Node]:
        """Expressions that are not right, and all of whose parts are.

        A number that stands in the code is neither: what is made of it may be.
        """
        return [
            node
            for node in self.trials.program.nodes
            if self._is_wrong(node) and not any(map(self._is_wrong, _inside(node)))
        ]

    def _is_wrong(self, node: Node) -> bool:
        return self.right[node.number] is False and not _is_number(node.tree)

    def is_another_way(self, node: Node) -> bool:
        """Whether it is wrong on the way to a right value, or only prepares for one."""
        around = node.parent
        while around is not None:
            if self.right[around.number]:
                return True
            around = around.parent
        made_by = getattr(node.tree, "func", node.tree)
        return getattr(made_by, "attr", getattr(made_by, "id", "")) in _PREPARES

    def parts_right(self, node: Node) -> bool:
        """Whether it has parts that are numbers, and all of them are right."""
        inside = list(_inside(node))
        return any(self.right[part.number] for part in inside) and not any(
            map(self._is_wrong, inside)
        )


_PREPARES = {"len", "shape", "size", "ndim", "empty", "eye", "full", "ones", "zeros"}
_PREPARES |= {"empty_like", "full_like", "ones_like", "zeros_like"}
"""What counts entries, or makes an array that is filled later."""


def _is_number(tree: ast.expr) -> bool:
    inner = tree.operand if isinstance(tree, ast.UnaryOp) else tree
    return isinstance(inner, ast.Constant)


def _inside(node: Node) -> Iterator[Node]:
    for part in node.parts:
        yield part
        yield from _inside(part)


def _is_given(case: Any, array: np.ndarray) -> bool:
    """Whether it is an argument of the call, as it was given."""
    for value in case.arguments.values():
        plain = isinstance(value, int | float | np.ndarray)
        if plain and np.array_equal(np.asarray(value, dtype=float), array):
            return True
    return False


def substitutions(look: Look, node: Node) -> Iterator[Alteration]:
    """Each right value that may belong in the place of `node`'s."""
    trials = look.trials
    counts = {at: len(look.values(node, at)) for at in trials.asked}
    if look.right[node.number] is None or not any(counts.values()):
        return
    for entry in look.bank.entries:
        if any(len(entry.values[at]) != counts[at] for at in trials.asked):
            continue
        if all(_same(look.values(node, at), entry, at) for at in trials.asked):
            continue
        change = _put(entry, trials)
        yield Alteration(node, {node.number: change}, Said(""), entry=entry)


def _same(values: list[Any], entry: Entry, at: int) -> bool:
    return all(
        np.shape(mine) == right.shape and np.allclose(mine, right, rtol=1e-9, atol=0)
        for mine, right in zip(values, entry.values[at], strict=True)
    )


def _put(entry: Entry, trials: Trials) -> Change:
    """Each value of the entry in turn, in whatever case is tried."""
    state = {"call": -1, "next": 0}

    def change(program: Program, node: Node, value: Any) -> Any:
        if state["call"] != trials.n_trials:
            state.update(call=trials.n_trials, next=0)
        found = entry.values[trials.at]
        at = state["next"]
        state["next"] += 1
        if at >= len(found):
            return value
        right = found[at]
        if not right.ndim:
            number = right.item()
            whole = isinstance(value, int) and number == int(number)
            return int(number) if whole else number
        return right.copy()

    return change
