"""Which failed cell is to blame where a name is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.calling.calls import ErrorNote
from autograder.checking.message import Message
from autograder.grading.accidents import left_behind
from autograder.sandbox.answers import CellReport
from autograder.submissions.bindings import binds, imports_all

__all__ = ["Ran", "failed_cell", "with_missing_name"]

_NO_NAME = re.compile(r"\bname '(\w+)'")


@dataclass(frozen=True)
class Ran:
    """A cell that was run, and what became of it."""

    source: str
    report: CellReport

    @property
    def failed(self) -> bool:
        """Whether it stopped before its end."""
        return self.report.error is not None or self.report.accident is not None


def failed_cell(name: str, ran: Sequence[Ran]) -> CellReport | None:
    """The report of the cell that should have bound `name` and went wrong."""
    failed = [cell for cell in ran if cell.failed]
    likely = [cell for cell in failed if binds(cell.source, name)]
    # Something that cannot be seen may stand before it.
    likely += [c for c in failed if re.search(rf"\bdef\s+{name}\s*\(", c.source)]
    likely += [c for c in failed if imports_all(c.source)]
    return likely[0].report if likely else None


def with_missing_name(
    message: Message, error: ErrorNote | None, ran: Sequence[Ran]
) -> Message:
    """The message on a call that raised `error`, with the cell to blame for it.

    Nothing is added unless a name was missing that a failed cell should have bound.
    """
    if error is None or error.kind != "NameError":
        return message
    found = _NO_NAME.search(error.text)
    report = failed_cell(found[1], ran) if found else None
    if found is None or report is None:
        return message
    *blocks, last = message.blocks
    added = left_behind(found[1], report)
    return replace(message, blocks=(*blocks, *added, last))
