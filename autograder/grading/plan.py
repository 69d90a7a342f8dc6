"""Which cells of a notebook are run when it is graded.

Figures and long training runs are tagged, and no mark depends on them, so they
are skipped.  Unless a learner put something into such a cell that an answer
needs: a helper function, an import, the answer itself.  Then it runs after all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.grading.graft import SKIPPED_TAGS, checked_name, tags_of

__all__ = ["Names", "cells_to_run"]


@dataclass(frozen=True)
class Names:
    """Names that a cell binds at its top level, and names that it needs."""

    bound: frozenset[str]
    needed: frozenset[str]


def cells_to_run(
    cells: Sequence[dict[str, Any]],
    names: Sequence[Names],
    answers: Collection[str],
    full: bool = False,
) -> set[int]:
    """Positions of the cells to run.

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
        return set(code)
    optional = {at for at in code if tags_of(cells[at]) & SKIPPED_TAGS}
    own = {at for at in code if cells[at]["id"].startswith("own")} - optional
    running = set(code) - optional - own
    # Cells of the learner's own run unless they look at a skipped cell's results.
    running |= {at for at in own if not _left_without(at, running | own, names)}
    while True:
        wanted = _wanted(running, names) | frozenset(answers)
        more = {at for at in (optional | own) - running if names[at].bound & wanted}
        if not more:
            return running
        running |= more


def _wanted(running: set[int], names: Sequence[Names]) -> frozenset[str]:
    """Names that the running cells need and none of them binds."""
    needed = frozenset().union(*(names[at].needed for at in running))
    bound = frozenset().union(*(names[at].bound for at in running))
    return needed - bound


def _left_without(at: int, running: set[int], names: Sequence[Names]) -> bool:
    """Whether a cell needs a name that only skipped cells bind."""
    skipped = set(range(len(names))) - running
    bound = frozenset().union(*(names[i].bound for i in running))
    elsewhere = frozenset().union(*(names[i].bound for i in skipped))
    return bool((names[at].needed & elsewhere) - bound)
