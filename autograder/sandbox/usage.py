"""What a box uses in total, which no limit of a single process bounds."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import psutil

from autograder.limits import MAX_FILES_WRITTEN, WATCH_SECONDS, Limits

__all__ = ["Watch", "processor_seconds"]

FULL = 1 << 60


class Watch:
    """Looks at all processes of a box again and again, and kills when it has to.

    Parameters
    ----------
    processes : callable
        Gives the processes that belong to the box now.
    folder : path
        Where they write.
    limits : Limits

    Attributes
    ----------
    reason : str
        Why they were killed: ``out-of-memory``, ``timed-out``, ``crashed`` for
        too many, or ``too-much-output``; empty if they were not.
    used : float
        Seconds of processor time that they had used at the last look.
    """

    def __init__(
        self,
        processes: Callable[[], Sequence[psutil.Process]],
        folder: Path,
        limits: Limits,
    ):
        self.reason = ""
        self.used = 0.0
        self._processes = processes
        self._folder = folder
        self._limits = limits
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(WATCH_SECONDS):
            processes = self._processes()
            self.reason = self.reason or self._excess(processes)
            if self.reason:
                # Again and again: what is just being forked is not listed yet.
                for process in processes:
                    with contextlib.suppress(psutil.Error):
                        process.kill()

    def _excess(self, processes: Sequence[psutil.Process]) -> str:
        if len(processes) > self._limits.processes:
            return "crashed"
        if _memory(processes, self._limits.memory) > self._limits.memory:
            return "out-of-memory"
        self.used = processor_seconds(processes)
        if self.used > self._limits.total_seconds:
            return "timed-out"
        disk = _stored(self._folder) + _unnamed(processes)
        return "too-much-output" if disk > self._limits.disk else ""


def _memory(processes: Iterable[psutil.Process], enough: int) -> int:
    """Bytes of memory, shared pages counted once if that makes a difference."""
    resident = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            resident += process.memory_info().rss
    if resident <= enough:
        return resident
    proportional = 0
    for process in processes:
        try:
            proportional += process.memory_full_info().pss
        except psutil.AccessDenied:
            return resident  # whoever hides counts in full
        except psutil.Error:
            continue
    return proportional


def processor_seconds(processes: Iterable[psutil.Process]) -> float:
    """Processor time of all of them, and of those that have ended already."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


def _stored(folder: Path) -> int:
    """Bytes of all files; a folder of very many counts as full.

    So does one into which nobody can look: too deep for a path, or closed.
    """
    total = n_entries = 0
    folders = [str(folder)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    n_entries += 1
                    if n_entries > MAX_FILES_WRITTEN:
                        return FULL
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    with contextlib.suppress(FileNotFoundError):
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except (FileNotFoundError, NotADirectoryError):
            continue  # it is gone again
        except OSError:
            return FULL
    return total


def _unnamed(processes: Iterable[psutil.Process]) -> int:
    """Bytes of open files without a name: removed ones, and files in memory."""
    sizes: dict[tuple[int, int], int] = {}
    for process in processes:
        with contextlib.suppress(OSError):
            for entry in os.scandir(f"/proc/{process.pid}/fd"):
                with contextlib.suppress(OSError):
                    found = os.stat(entry.path)
                    if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
                        sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(sizes.values())
