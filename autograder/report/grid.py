"""A table of single lines in the terminal: rich's own takes seconds for thousands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.segment import Segment

__all__ = ["Cell", "Grid"]

Cell = tuple[str, str]
"""A text, and its style; empty for none."""

GAP = 2
LEAST = 8
"""So much of a name is shown, however narrow the terminal is."""


@dataclass(frozen=True)
class Grid:
    """Rows under headings of two lines each.

    Attributes
    ----------
    title : str
    heads : sequence of pair of str
    rows : sequence of sequence of Cell
    right : frozenset of int
        Columns whose texts stand at the right end.
    """

    title: str
    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]
    right: frozenset[int] = frozenset()

    @cached_property
    def widths(self) -> list[int]:
        """How wide each column is."""
        widths = [max(map(cell_len, head)) for head in self.heads]
        for row in self.rows:
            for at, (text, _) in enumerate(row):
                size = cell_len(text)
                if size > widths[at]:
                    widths[at] = size
        return widths

    @property
    def width(self) -> int:
        """How wide it is with the gaps between."""
        return sum(self.widths) + GAP * (len(self.widths) - 1)

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[Segment]:
        """Lines as they are; where they are too wide, the first column is cut."""
        widths = list(self.widths)
        too_wide = self.width - options.max_width
        if too_wide > 0:
            widths[0] = max(min(LEAST, widths[0]), widths[0] - too_wide)
        style = {name: console.get_style(name) for name in self._styles()}
        bold = console.get_style("bold")
        yield Segment(f"\n{self.title}\n", bold)
        for line in range(2):
            heads = [head[line] for head in self.heads]
            yield Segment("".join(self._padded(heads, widths)) + "\n", bold)
        for row in self.rows:
            padded = self._padded([text for text, _ in row], widths)
            for text, (_, name) in zip(padded, row, strict=True):
                yield Segment(text, style[name] if name else None)
            yield Segment("\n")

    def _styles(self) -> set[str]:
        return {name for row in self.rows for _, name in row if name}

    def _padded(self, texts: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
        last = len(texts) - 1
        for at, (text, width) in enumerate(zip(texts, widths, strict=True)):
            free = width - cell_len(text)
            if free < 0:
                text, free = f"{set_cell_size(text, width - 1)}…", 0
            gap = " " * (GAP if at < last else 0)
            yield (
                f"{' ' * free}{text}{gap}"
                if at in self.right
                else (f"{text}{' ' * free}{gap}")
            )
