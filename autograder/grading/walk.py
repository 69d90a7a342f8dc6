"""A notebook's way from top to bottom: which function is meant, and when.

A function is judged as it is bound where its check stands, wherever it was
written; at the end if it, or something that it calls, is not there yet.  A stub
that nobody touched binds nothing that was bound before.  `autograder check` and
grading go this one way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from autograder.checking.verdict import Verdict
from autograder.grading.failed_cells import Ran
from autograder.limits import MAX_CELLS, OWN_CELLS_SECONDS
from autograder.sandbox.answers import CellReport, Names
from autograder.sandbox.inside.cell_names import names_in
from autograder.sandbox.run import Run
from autograder.sandbox.transcript import Transcript
from autograder.submissions.bindings import is_stub
from autograder.submissions.plan import Plan, cells_to_run
from autograder.submissions.preparation import without_checks, without_preparation
from autograder.submissions.released_cells import OWN, answer_name, checked_name

__all__ = ["Walked", "walk"]

_NOT_THERE = ("not-defined", "not-written", "raised")
_NONE = Names(frozenset(), frozenset())
_NOT_CALLED = ("timed-out", "crashed", "out-of-memory")

Judge = Callable[[str, Sequence[Ran], bool], Verdict]
"""Judges the function of that name, after these cells ran; again if it was called
before, and may have kept what it was asked."""


@dataclass
class Walked:
    """What came of a notebook: verdicts by function, reports by position."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    reports: dict[int, CellReport] = field(default_factory=dict)


def walk(
    run: Run | Transcript,
    cells: Sequence[Mapping[str, Any]],
    asked: Sequence[str],
    judge: Judge,
    full: bool = False,
    released: bool = False,
) -> Walked:
    """Run cells and judge the functions `asked` for.

    Cells of the learner's own that no answer seems to need run when all has been
    judged.  Where something is not right without them, the notebook runs once more
    as it stands, and the better verdict counts.

    Parameters
    ----------
    run : Run
        In which nothing ran yet.
    cells : sequence of dict
        Of a grafted notebook, or of a learner's own file.
    asked : sequence of str
    judge : callable
    full : bool
        Whether to run everything but the checks.
    released : bool
        As in `cells_to_run`.
    """
    sources = [
        without_checks(without_preparation(c["source"]), asked)
        if c["cell_type"] == "code"
        else ""
        for c in cells
    ]
    planned = partial(cells_to_run, cells, answers=asked, full=full, released=released)
    names = [_NONE] * len(cells) if full else _names(run, cells, sources, planned)
    plan = planned(names)
    there = _Pass(run, cells, sources, asked, judge)
    first = there.go(plan.before)
    if not plan.after:
        return first
    after = [sources[at] for at in plan.after]
    if not any(_may_need(verdict, after) for verdict in first.verdicts.values()):
        run.end_within(OWN_CELLS_SECONDS)
        run.end_if_idle()
        for at in sorted(plan.after):
            first.reports[at] = run.cell(at + 1, sources[at])
        return first
    run.anew()
    run.end_if_idle()
    second = there.go(plan.before | plan.after)
    second.verdicts = {
        name: _better(verdict, second.verdicts[name])
        for name, verdict in first.verdicts.items()
    }
    return second


def _names(
    run: Run | Transcript,
    cells: Sequence[Mapping[str, Any]],
    sources: Sequence[str],
    planned: Callable[[Sequence[Names]], Plan],
) -> list[Names]:
    """Of what was released, which is the same for everybody, looked at here and once.

    What somebody wrote is looked at where it runs.
    """
    released = [
        None if cell["metadata"].get(OWN) else _released(source)
        for cell, source in zip(cells, sources, strict=True)
    ]
    others = [at for at, found in enumerate(released) if found is None]
    likely = planned([found or _NONE for found in released])
    run.prepare_for([sources[at] for at in likely.before.union(others)])
    asked = run.names([sources[at] for at in others]) if others else []
    told = dict(zip(others, asked, strict=True))
    return [found or told[at] for at, found in enumerate(released)]


@lru_cache(MAX_CELLS)
def _released(source: str) -> Names | None:
    try:
        found = names_in(source)
    except (RecursionError, MemoryError):  # it was no release's: see `check_file`
        found = None
    return None if found is None else Names(*map(frozenset, found))


def _may_need(verdict: Verdict, after: Sequence[str]) -> bool:
    """Whether what is not right may be so for want of the cells that come after."""
    if verdict.code == "not-written":
        return any(verdict.exercise in source for source in after)
    return not verdict.passed


def _better(without: Verdict, whole: Verdict) -> Verdict:
    """Of the verdicts after a part of a notebook and after all of it."""
    if whole.score > without.score:
        return whole
    if without.score > whole.score or whole.code in _NOT_CALLED:
        return without
    return whole


@dataclass
class _Pass:
    run: Run | Transcript
    cells: Sequence[Mapping[str, Any]]
    sources: Sequence[str]
    asked: Sequence[str]
    judge: Judge

    def go(self, running: Collection[int]) -> Walked:
        """Run those cells in order, and judge each function where it is checked."""
        walked = Walked()
        for at, cell in enumerate(self.cells):
            if at in running:
                if not self._is_idle(cell):
                    walked.reports[at] = self.run.cell(at + 1, self.sources[at])
            elif (name := checked_name(cell)) in self.asked and name is not None:
                walked.verdicts[name] = self._verdict(name, walked)
        for name in self.asked:
            early = walked.verdicts.get(name)
            if early is None or early.code in _NOT_THERE:
                again = early is not None and early.code != "not-defined"
                late = self._verdict(name, walked, again)
                walked.verdicts[name] = _better(early, late) if early else late
        return walked

    def _is_idle(self, cell: Mapping[str, Any]) -> bool:
        """Whether a cell is the stub of a function that is there already."""
        name = answer_name(cell)
        if name is None or not is_stub(cell["source"], name):
            return False
        return bool(self.run.defined([name]))

    def _verdict(self, name: str, walked: Walked, again: bool = False) -> Verdict:
        ran = [
            Ran(self.cells[at]["source"], report)
            for at, report in walked.reports.items()
        ]
        return self.judge(name, ran, again)
