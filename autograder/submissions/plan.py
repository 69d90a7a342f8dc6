"""Which cells of a notebook are run when it is graded.

Figures and long training runs are tagged, and no mark depends on them, so they
are skipped.  Unless a learner put something into such a cell that an answer
needs: a helper function, an import, the answer itself.  Then it runs after all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from autograder.sandbox.answers import Names
from autograder.submissions.graft import SKIPPED_TAGS, checked_name, tags_of

__all__ = ["cells_to_run"]


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
    without = _bound(set(range(len(cells))) - running - own, names)
    without -= _bound(running | own, names)
    running |= {at for at in own if names[at].needed.isdisjoint(without)}
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
    return running


def _bound(cells: Collection[int], names: Sequence[Names]) -> set[str]:
    return set().union(*(names[at].bound for at in cells))


def _needed(cells: Collection[int], names: Sequence[Names]) -> set[str]:
    return set().union(*(names[at].needed for at in cells))
