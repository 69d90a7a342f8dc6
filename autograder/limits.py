"""How much of a machine one submission may use."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FULL_LIMITS", "LIMITS", "Limits"]


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    cell_seconds : float
        For one cell.
    total_seconds : float
        For the whole submission, restarts included; of processor time as well.
    memory : int
        Bytes of address space of one process, and of memory of all together.
    file_size, disk : int
        Bytes of one file, and of all files together.
    processes : int
        Processes and threads beyond those that the user has already.  Does not
        bind root.
    """

    cell_seconds: float = 10.0
    total_seconds: float = 120.0
    memory: int = 2 << 30
    file_size: int = 64 << 20
    disk: int = 256 << 20
    processes: int = 64


LIMITS = Limits()
"""What a submission gets unless somebody says otherwise."""

FULL_LIMITS = Limits(cell_seconds=120, total_seconds=1800, memory=4 << 30)
"""The same where experiments run too."""
