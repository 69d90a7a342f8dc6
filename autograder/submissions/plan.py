"""Which cells of a notebook are run when it is graded.

Figures and long training runs are tagged, and no mark depends on them, so they
are skipped.  Unless a learner put something into such a cell that an answer
needs: a helper function, an import, the answer itself.  Then it runs after all.
Cells of the learner's own that no answer needs run when all has been judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.answers import Names
from autograder.submissions.released_cells import SKIPPED_TAGS, checked_name, tags_of

__all__ = ["Plan", "cells_to_run"]


@dataclass(frozen=True)
class Plan:
    """Positions of the cells that run before a function is judged, and after all."""

    before: frozenset[int]
    after: frozenset[int] = frozenset()


def cells_to_run(
    cells: Sequence[Mapping[str, Any]],
    names: Sequence[Names],
    answers: Collection[str],
    full: bool = False,
) -> Plan:
    """The cells to run.

    Parameters
    ----------
    cells : sequence of dict
        All cells of a grafted notebook.
    names : sequence of Names
        Of each cell; empty for cells that are not code.
    answers : collection of str
        Names of the functions that are judged.
    full : bool
        Whether to run everything but the checks.
    """
    code = [
        at
        for at, cell in enumerate(cells)
        if cell["cell_type"] == "code" and checked_name(cell) is None
    ]
    if full:
        return Plan(frozenset(code))
    optional = {at for at in code if tags_of(cells[at]) & SKIPPED_TAGS}
    own = {at for at in code if cells[at]["id"].startswith("own")} - optional
    running = set(code) - optional - own
    # Every cell is looked at once: a notebook may have very many names.
    binding: dict[str, list[int]] = {}
    for at in (optional | own) - running:
        for name in names[at].bound:
            binding.setdefault(name, []).append(at)
    bound = _bound(running, names)
    wanted = _needed(running, names) - bound | set(answers)
    while wanted:
        more = {at for name in wanted for at in binding.get(name, ())} - running
        running |= more
        bound |= _bound(more, names)
        wanted = _needed(more, names) - bound
    # What looks at a skipped cell's results cannot run.
    rest = own - running
    without = _bound(optional - running, names) - _bound(running | rest, names)
    after = {at for at in rest if names[at].needed.isdisjoint(without)}
    return Plan(frozenset(running), frozenset(after))


def _bound(cells: Collection[int], names: Sequence[Names]) -> set[str]:
    return set().union(*(names[at].bound for at in cells))


def _needed(cells: Collection[int], names: Sequence[Names]) -> set[str]:
    return set().union(*(names[at].needed for at in cells))
