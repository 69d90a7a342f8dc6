"""How much an archive may hold.

Sizes are counted while bytes are read: what an archive says of itself is no
measure.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.limits import (
    MAX_INNER_MEMBERS,
    MAX_INNER_UNPACKED,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED,
)

__all__ = ["Budget", "Refused", "inner_budget", "outer_budget"]


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
    return Budget(MAX_MEMBERS, max(MAX_UNPACKED, MAX_RATIO * size))


def inner_budget(size: int) -> Budget:
    """For an archive that one person handed in."""
    return Budget(MAX_INNER_MEMBERS, max(MAX_INNER_UNPACKED, MAX_RATIO * size))
