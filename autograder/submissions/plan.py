"""Which cells of a notebook are run when it is graded.

Figures and long training runs are tagged, and no mark depends on them, so they
are skipped, and so is whatever a release defines for them alone.  Unless an answer
needs something of such a cell, which a learner may have put there: a helper function,
an import, the answer itself.  Then it runs after all.
Cells of the learner's own that no answer needs run when all has been judged, after
what they need.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.answers import Names
from autograder.submissions.released_cells import (
    SKIPPED_TAGS,
    answer_name,
    checked_name,
    tags_of,
)

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
    released: bool = False,
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
    released : bool
        Whether the cells are a release's, but for those of the learner's own.
    """
    code = [
        at
        for at, cell in enumerate(cells)
        if cell["cell_type"] == "code" and checked_name(cell) is None
    ]
    if full:
        return Plan(frozenset(code))
    skipped = {at for at in code if tags_of(cells[at]) & SKIPPED_TAGS}
    own = {at for at in code if cells[at]["id"].startswith("own")} - skipped
    # What binds nothing is run for what it does, an answer for its function.
    defining = {
        at
        for at in set(code) - skipped - own
        if released and names[at].bound and answer_name(cells[at]) is None
    }
    running = set(code) - skipped - own - defining
    # Every cell is looked at once: a notebook may have very many names.
    binding: dict[str, list[int]] = {}
    perhaps = skipped | own | defining
    for at in perhaps:
        for name in names[at].bound:
            binding.setdefault(name, []).append(at)
    running |= _needed_by(running, answers, binding, names, perhaps)
    rest = own - running
    # What looks at a skipped cell's results cannot run.
    there = _bound(running | rest | defining, names)
    without = _bound(skipped - running, names) - there
    after = {at for at in rest if names[at].needed.isdisjoint(without)}
    after |= _needed_by(after, (), binding, names, defining - running)
    return Plan(frozenset(running), frozenset(after))


def _needed_by(
    running: Collection[int],
    wanted: Collection[str],
    binding: Mapping[str, Sequence[int]],
    names: Sequence[Names],
    among: Collection[int],
) -> set[int]:
    """Which of the cells `among` bind what is wanted, or what running cells need."""
    found: set[int] = set()
    bound = _bound(running, names)
    missing = _needed(running, names) - bound | set(wanted)
    while missing:
        more = {at for name in missing for at in binding.get(name, ()) if at in among}
        more -= found
        found |= more
        bound |= _bound(more, names)
        missing = _needed(more, names) - bound
    return found


def _bound(cells: Collection[int], names: Sequence[Names]) -> set[str]:
    return set().union(*(names[at].bound for at in cells))


def _needed(cells: Collection[int], names: Sequence[Names]) -> set[str]:
    return set().union(*(names[at].needed for at in cells))
