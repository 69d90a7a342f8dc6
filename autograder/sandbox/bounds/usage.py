"""What a box uses in total, which no limit of a single process bounds."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import psutil

from autograder.limits import (
    MAX_FILES_WRITTEN,
    MEMORY_RATE,
    MIN_WATCH_SECONDS,
    WATCH_SECONDS,
    Limits,
)
from autograder.sandbox.bounds.account import Account, has_ended

__all__ = ["Watch", "processor_seconds", "waited_seconds"]

FULL = 1 << 60
_PIPE = 1 << 16


class Watch:
    """Looks at all processes of a box again and again, and kills when it has to.

    Parameters
    ----------
    processes : callable
        Gives the processes that belong to the box now: at first the one that runs
        the notebook.  When that has ended, so do all others.
    folder : path
        Where they write.
    bounded : bool
        Whether the kernel bounds that, as memory.
    account : Account or None
        What the kernel bounds the rest by.
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
        bounded: bool,
        account: Account | None,
        limits: Limits,
    ):
        self.reason = ""
        self.used = 0.0
        self._processes = processes
        self._folder = folder
        self._bounded = bounded
        self._account = account
        self._limits = limits
        self._pause = WATCH_SECONDS
        if account is None:
            self._first = [process.pid for process in processes()]
        else:
            self._first = account.processes()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._end.set()
        self._thread.join()
        if self._account is not None:
            self.used = self._account.processor_seconds()
            if self._account.out_of_memory():
                self.reason = "out-of-memory"

    def _watch(self) -> None:
        while not self._end.wait(self._pause):
            processes = self._processes() if self._looks_at_each else []
            self.reason = self.reason or self._excess(processes)
            if self.reason or any(map(has_ended, self._first)):
                self._kill(processes)

    @property
    def _looks_at_each(self) -> bool:
        return self._account is None or not self._bounded

    def _kill(self, processes: Sequence[psutil.Process]) -> None:
        """Again and again: what is just being forked is not listed yet."""
        if self._account is not None:
            self._account.end()
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()

    def _excess(self, processes: Sequence[psutil.Process]) -> str:
        if self._account is None:
            if len(processes) > self._limits.processes:
                return "crashed"
            memory = _memory(processes, self._limits.memory)
            memory += _buffers(processes) + self._files_in_memory()
            if memory > self._limits.memory:
                return "out-of-memory"
            # Nearer to the limit, look more often: memory is filled at this rate.
            left = (self._limits.memory - memory) / MEMORY_RATE
            self._pause = min(WATCH_SECONDS, max(left, MIN_WATCH_SECONDS))
            self.used = processor_seconds(processes)
        else:
            if self._account.out_of_memory():
                return "out-of-memory"
            self.used = self._account.processor_seconds()
        if self.used > self._limits.total_seconds:
            return "timed-out"
        if self._bounded:
            return ""
        disk = _stored(self._folder) + _unnamed(processes)
        return "too-much-output" if disk > self._limits.disk else ""

    def _files_in_memory(self) -> int:
        """Bytes in the folder that is a file system of its own, which only they see."""
        if self._bounded:
            for process in self._first:
                with contextlib.suppress(OSError):
                    room = os.statvfs(f"/proc/{process}/root{self._folder}")
                    return (room.f_blocks - room.f_bfree) * room.f_frsize
        return 0


def waited_seconds(processes: Iterable[int]) -> float:
    """Seconds that their threads were ready to run and had no processor."""
    total = 0
    for process in processes:
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{process}/task"):
                with contextlib.suppress(OSError, IndexError):
                    path = Path(f"/proc/{process}/task/{thread}/schedstat")
                    total += int(path.read_text().split()[1])
    return total / 1e9


def _memory(processes: Iterable[psutil.Process], enough: int) -> int:
    """Bytes of memory, shared pages counted once if that makes a difference."""
    resident = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            resident += process.memory_info().rss
    if resident <= enough:
        return resident
    proportional = 0
    with _standing_still(processes):
        for process in processes:
            try:
                proportional += process.memory_full_info().pss
            except psutil.AccessDenied:
                return resident  # whoever hides counts in full
            except psutil.Error:
                continue
    return proportional


@contextlib.contextmanager
def _standing_still(processes: Iterable[psutil.Process]) -> Iterator[None]:
    """A long look in which nothing is filled; nobody waits who is not near a limit."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.resume()


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
    """Bytes of files without a name: removed ones that are open or mapped."""
    sizes: dict[tuple[int, int], int] = {}
    for process in processes:
        for found in _open_files(process):
            if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
                sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
    for file, size in _mapped(processes).items():
        sizes.setdefault(file, size)
    return sum(sizes.values())


def _mapped(processes: Iterable[psutil.Process]) -> dict[tuple[int, int], int]:
    """By file, how far removed files are mapped: no descriptor is needed for that."""
    sizes: dict[tuple[int, int], int] = {}
    for process in processes:
        with contextlib.suppress(OSError, ValueError):
            for line in Path(f"/proc/{process.pid}/maps").read_text().splitlines():
                if not line.endswith("(deleted)"):
                    continue
                places, _, offset, device, inode = line.split()[:5]
                first, last = (int(place, 16) for place in places.split("-"))
                major, minor = (int(number, 16) for number in device.split(":"))
                file = os.makedev(major, minor), int(inode)
                size = int(offset, 16) + last - first
                sizes[file] = max(size, sizes.get(file, 0))
    return sizes


def _buffers(processes: Iterable[psutil.Process]) -> int:
    """Bytes that may lie in their sockets and pipes."""
    socket = _socket_buffer()
    held: dict[tuple[int, int], int] = {}
    for process in processes:
        for found in _open_files(process):
            if stat.S_ISSOCK(found.st_mode):
                held[found.st_dev, found.st_ino] = socket
            elif stat.S_ISFIFO(found.st_mode):
                held[found.st_dev, found.st_ino] = _PIPE
    return sum(held.values())


def _open_files(process: psutil.Process) -> Iterator[os.stat_result]:
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{process.pid}/fd"):
            with contextlib.suppress(OSError):
                yield os.stat(entry.path)


@lru_cache
def _socket_buffer() -> int:
    """Bytes that a socket takes; student code cannot have more than that."""
    with contextlib.suppress(OSError, ValueError):
        return int(Path("/proc/sys/net/core/wmem_default").read_text())
    return 212_992
