"""How much an archive may hold.

Sizes are counted while bytes are read: what an archive says of itself is no
measure.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MAX_DEPTH", "MAX_FILE", "Budget", "Refused", "inner_budget", "outer_budget"]

MAX_FILE = 256 << 20
"""Bytes of one file: pictures in a notebook's outputs are many."""
MAX_DEPTH = 3
"""Archives in archives."""
_MEMBERS, _INNER_MEMBERS = 50_000, 2_000
_BYTES, _INNER_BYTES = 2 << 30, 512 << 20
_RATIO = 50
"""A class's notebooks become ten times smaller; a bomb a thousand times."""


class Refused(Exception):
    """Why an archive or a file in it is not read, in one sentence."""


@dataclass
class Budget:
    """What may still be read from one archive."""

    members: int
    size: int

    def member(self) -> None:
        """Count a file."""
        self.members -= 1
        if self.members < 0:
            raise Refused("It holds more files than a class hands in.")

    def bytes(self, count: int) -> None:
        """Count what was read."""
        self.size -= count
        if self.size < 0:
            raise Refused(
                "It unpacks to far more than its size: this is no archive of notebooks."
            )


def outer_budget(size: int) -> Budget:
    """For the archive that a teacher gave, of `size` bytes."""
    return Budget(_MEMBERS, max(_BYTES, _RATIO * size))


def inner_budget(size: int) -> Budget:
    """For an archive that one person handed in."""
    return Budget(_INNER_MEMBERS, max(_INNER_BYTES, _RATIO * size))
