"""How student code is run: one object, from the command line down to the box."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from autograder.limits import FULL_LIMITS, LIMITS, Limits
from autograder.sandbox.boxes import AUTO, NONE, choose_box
from autograder.sandbox.inside.drawing import DRAWING

__all__ = ["DEFAULT_OPTIONS", "OWN_CODE", "RunOptions"]

_DRAWS = re.compile(
    rf"^(?=[^\s#]).*(?:\bplt\b|matplotlib|\b(?:{'|'.join(DRAWING)})\.\w)",
    re.MULTILINE,
)
"""A statement that draws, outside of functions."""


@dataclass(frozen=True)
class RunOptions:
    """How the notebooks of a class are run, all of them alike.

    Attributes
    ----------
    box : str
        One of `boxes.CHOICES`.
    limits : Limits, optional
        Others than those that `bounds` gives.
    full : bool
        Whether experiments run too.
    pictures : bool
        Whether figures are drawn and kept; otherwise only their words are.
    draws : bool
        Whether what draws is loaded before a notebook runs; else when it is used.
    """

    box: str = AUTO
    limits: Limits | None = None
    full: bool = False
    pictures: bool = False
    draws: bool = field(default=True, repr=False)

    @property
    def bounds(self) -> Limits:
        """What one notebook may use: more where experiments run too."""
        return self.limits or (FULL_LIMITS if self.full else LIMITS)

    def within(self, seconds: float) -> RunOptions:
        """The same with no more than these seconds for all of a notebook."""
        bounds = self.bounds
        seconds = min(seconds, bounds.total_seconds)
        return replace(self, limits=replace(bounds, total_seconds=seconds))

    def for_cells(self, sources: Iterable[str]) -> RunOptions:
        """The same for a notebook of which these cells are likely to run."""
        draws = self.full or self.pictures or any(map(_DRAWS.search, sources))
        return replace(self, draws=draws)

    def with_box_chosen(self) -> RunOptions:
        """The same with a box that works here.

        Raises
        ------
        NoBox
            If there is none.
        """
        return replace(self, box=choose_box(self.box))


DEFAULT_OPTIONS = RunOptions()

OWN_CODE = RunOptions(NONE)
"""Nothing confines it: for code of one's own."""
