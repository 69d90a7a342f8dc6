"""A learner's function as its hooks see it: expressions, values, changes."""

from __future__ import annotations

import ast
import math
import operator
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.limits import (
    MAX_GROWTH,
    MAX_HOOKS,
    MAX_NOTED,
    MAX_SEARCHED,
    MAX_WHOLE,
    MIN_GROWTH,
)

__all__ = ["BINARY", "Change", "Node", "OfCall", "Program", "Stopped"]

BINARY: dict[type[ast.AST], tuple[str, Callable]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
    ast.MatMult: ("@", operator.matmul),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
}


class Stopped(BaseException):
    """A trial goes on for too long, as one with a changed loop may.

    Not an `Exception`, so that few handlers swallow it.
    """


Change = Callable[["Program", "Node", Any], Any]
"""What takes the place of an expression's value."""


@dataclass(frozen=True)
class OfCall:
    """What takes the place of a call: made of the function and its arguments."""

    made: Callable[[Program, Any, tuple, dict[str, Any]], Any]


Rebuild = Callable[[Sequence[ast.FunctionDef], Collection[int] | None], Callable]
"""From trees, and the numbers that get hooks or None for all, to a function."""


@dataclass(eq=False)
class Node:
    """One expression of the learner's code.

    Attributes
    ----------
    number : int
    tree : ast.expr
        As it was written.
    source : str
    line : int
        In the file or cell.
    function : str
        The function in which it stands.
    parts : list of Node
        The expressions directly inside.
    parent : Node or None
    returned : bool
        Whether its value is what the function returns.
    root : int
        Number of the outermost expression around it.
    """

    number: int
    tree: ast.expr
    source: str
    line: int
    function: str
    parts: list[Node] = field(default_factory=list)
    parent: Node | None = None
    returned: bool = False
    root: int = 0

    @property
    def parent_tree(self) -> ast.expr | None:
        """What is directly around it, if that is an expression."""
        return self.parent.tree if self.parent is not None else None

    def part(self, tree: ast.AST) -> Node | None:
        """The part that `tree` is."""
        return next((part for part in self.parts if part.tree is tree), None)


@dataclass
class Program:
    """A rebuilt function, and what its hooks see.

    Attributes
    ----------
    function : callable
        To be called as the learner's.
    nodes : list of Node
        Inner ones first.
    changes : mapping of int to Change
        What is put in the place of a value in the next calls, by number.
    noted : dict of int to list, or None
        Values of each expression in the last call, if they are to be noted.
    """

    function: Callable
    nodes: list[Node]
    trees: list[ast.FunctionDef]
    changes: Mapping[int, Change | OfCall] = field(default_factory=dict)
    noted: dict[int, list[Any]] | None = None
    last: dict[int, Any] = field(default_factory=dict)
    n_seen: int = 0
    largest: int = 0
    most_seen: int = MAX_HOOKS
    rebuild: Rebuild | None = None
    made: dict[frozenset[int], Callable] = field(default_factory=dict)

    def hooked(self, numbers: Iterable[int]) -> Callable:
        """The function with hooks at these expressions and around them alone."""
        roots = frozenset(self.nodes[number].root for number in numbers)
        if roots not in self.made:
            wanted = {node.number for node in self.nodes if node.root in roots}
            assert self.rebuild is not None
            self.made[roots] = self.rebuild(self.trees, wanted)
        return self.made[roots]

    def counted(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items of a comprehension, each of which counts as a round of a loop."""
        for item in items:
            self.tick()
            yield item

    def tick(self) -> None:
        """Count one round of a loop."""
        self.n_seen += 1
        if self.n_seen > self.most_seen:
            raise Stopped

    def see(self, number: int, value: Any) -> Any:
        """Note a value, and give it back or what is to take its place."""
        self.n_seen += 1
        if self.n_seen > self.most_seen:
            raise Stopped
        change = self.changes.get(number)
        if change is not None and not isinstance(change, OfCall):
            value = change(self, self.nodes[number], value)
        if type(value) is int and abs(value) > MAX_WHOLE and self.changes:
            raise Stopped
        self.last[number] = value
        if self.noted is not None:
            values = self.noted.setdefault(number, [])
            if len(values) < MAX_NOTED:
                values.append(_kept(value))
        return value

    def called(self, number: int, function: Any, /, *args: Any, **given: Any) -> Any:
        """Call what is called there; a change sees the call before it is made."""
        self._keep_small(args, given)
        if function is np.arange:
            lengths = tuple(int(x) for x in args if type(x) is float and abs(x) < 1e9)
            self._keep_small(lengths, {})
        change = self.changes.get(number)
        if isinstance(change, OfCall):
            return self.see(number, change.made(self, function, args, given))
        return self.see(number, function(*args, **given))

    def _keep_small(self, args: tuple, given: Mapping[str, Any]) -> None:
        """Stop before a call that would make far more numbers than the answer does."""
        size = max(map(_size_asked, (*args, *given.values())), default=0)
        if not self.changes:
            self.largest = max(self.largest, size)
        elif size > MAX_GROWTH * self.largest + MIN_GROWTH:
            raise Stopped

    def names(self, parameters: Iterable[str]) -> list[str]:
        """Its variables by name, these parameters first."""
        found = dict.fromkeys(parameters)
        for tree in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found.setdefault(node.id)
        return list(found)

    def variables(self) -> Mapping[str, Any]:
        """The variables of the learner's function at this moment."""
        frame: Any = sys._getframe(1)
        while frame is not None and not frame.f_code.co_filename.startswith("<trial"):
            frame = frame.f_back
        found: dict[str, Any] = {}
        while frame is not None and frame.f_code.co_filename.startswith("<trial"):
            found = {**frame.f_locals, **found}
            if not frame.f_code.co_name.startswith("<"):
                break
            frame = frame.f_back
        return found


def _size_asked(argument: Any) -> int:
    """How many numbers an argument may ask for: a length, or a shape."""
    if isinstance(argument, int | np.integer):
        return abs(int(argument))
    if isinstance(argument, tuple):
        whole = [int(n) for n in argument if isinstance(n, int | np.integer)]
        return math.prod(map(abs, whole)) if len(whole) == len(argument) else 0
    return 0


def _kept(value: Any) -> Any:
    """A copy that later changes in place do not reach."""
    if isinstance(value, np.ndarray):
        return value.copy() if value.size <= MAX_SEARCHED else None
    if isinstance(value, list | tuple):
        return type(value)(map(_kept, value)) if type(value) in (list, tuple) else None
    return value
