"""No box: an explicit choice, for code of one's own, that marks every result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.limits import Limits

if TYPE_CHECKING:
    from autograder.sandbox.options import RunOptions
    from autograder.sandbox.unconfined import Unconfined

__all__ = ["NO_BOX", "Unboxed"]


class Unboxed:
    """Has a process start that nothing confines, in place of a box."""

    name = "none"

    def open(self, options: RunOptions, folder: Path | None) -> Unconfined:
        """A process for one notebook or module, which starts in `folder`."""
        # Late: it needs Matplotlib, and the command line this module.
        from autograder.sandbox.unconfined import Unconfined

        return Unconfined(folder, options.pictures)

    def tasks(self, limits: Limits) -> dict[str, int]:
        """How many processes and threads beyond those that the user has already."""
        return {"processes": limits.processes}


NO_BOX = Unboxed()
