"""What attacks may use, and what they cost a class; what an honest student costs.

Attacks are those of the tests, under the limits that a class is graded with.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from unittest import mock

import psutil

from autograder.course import load_course
from autograder.grading.grade import grade_submission
from autograder.limits import LIMITS, Limits
from autograder.sandbox import forks
from autograder.sandbox.bounds.account import Account, accounts, place_in_force
from autograder.sandbox.options import RunOptions
from autograder.submissions.submission import Submission
from benchmarks.bench_grade import WORKERS, course
from benchmarks.measuring import NotMeasured, Row
from tests.attacks.limit_rows import HEAD, MEMORY, TIME
from tests.attacks.listed_notebooks import FILLS_MEMORY, HIDES_FILES

CHAPTER = "03_momentum"
N_HONEST = 10
SMALL_MACHINE = 5 << 30
"""Bytes of memory of all that grades a class."""
N_COMPARED = 8
N_TOGETHER = 10
"""Honest submissions of one turn: processor time is told in hundredths of a second."""


def _larger(cell: str) -> str:
    """An attack on the small limits of the tests, on those of a class."""
    for amount in ("70 * MB", "60 * MB", "30 * MB", "70 << 20", "400"):
        number, space, unit = amount.partition(" ")
        more = int(number) * LIMITS.memory // (400 << 20)
        cell = cell.replace(f"({amount}", f"({more}{space}{unit}")
    return cell


ATTACKS = {
    "files in memory": FILLS_MEMORY,
    **{row.name: HEAD + _larger(row.cell) for row in MEMORY},
}
"""By name a cell that takes more memory than there is."""
FILES = HIDES_FILES.replace("range(8)", "range(60)")
WAITS = {row.name: HEAD + row.cell for row in TIME[:3]}


def rows() -> Iterator[Row]:
    if sys.platform != "linux":
        raise NotMeasured("boxes are Linux's")
    place = place_in_force()
    if place is None:
        raise NotMeasured("no control group can be had here")
    yield from _honest()
    yield from _bounds()
    yield from _in_a_class()


def _notebook(cell: str = "") -> bytes:
    """The chapter's solution, as somebody hands it in, with a cell after the set-up."""
    solution = Path("solutions", CHAPTER, f"{CHAPTER}.ipynb")
    tree = json.loads(solution.read_text(encoding="utf-8"))
    if cell:
        at = next(i for i, c in enumerate(tree["cells"]) if c["cell_type"] == "code")
        new = {"cell_type": "code", "id": "attack", "metadata": {}, "source": cell}
        tree["cells"].insert(at + 1, new | {"outputs": [], "execution_count": None})
    return json.dumps(tree).encode()


# --- What an honest student costs, with the kernel's account and without --------------


def _honest() -> Iterator[Row]:
    """By turns, so that whatever else the machine does is in both."""
    used: dict[bool, list[float]] = {True: [], False: []}
    for _, counted in itertools.product(range(N_COMPARED), (True, False)):
        with _counted(counted):
            before = _processor_seconds()
            for _ in range(N_TOGETHER):
                _grade(_notebook(), LIMITS)
            used[counted].append((_processor_seconds() - before) / N_TOGETHER)
    counted_too, looked_at = (median(used[counted][1:]) for counted in (True, False))
    yield Row("an honest submission, with a control group", counted_too, "s")
    yield Row("  without one", looked_at, "s")
    yield Row("  times as much", counted_too / looked_at, "1", limit=1.05)


def _counted(counted: bool) -> contextlib.AbstractContextManager[object]:
    """With the kernel's account, or without."""
    if counted:
        return contextlib.nullcontext()
    return mock.patch.object(forks, "place_in_force", return_value=None)


def _processor_seconds() -> float:
    """Of this process and all below it, ended ones included."""
    total = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


def _grade(data: bytes, limits: Limits) -> float:
    """Seconds that it takes."""
    here = load_course(Path.cwd())
    began = time.perf_counter()
    submission = Submission("attacker", CHAPTER, data)
    result = grade_submission(submission, here, bytes(32), RunOptions(limits=limits))
    if result.needs_person:
        raise RuntimeError(f"not graded: {result.problem}")
    return time.perf_counter() - began


# --- What an attack may use ----------------------------------------------------------


def _bounds() -> Iterator[Row]:
    """In the kernel's own count."""
    for name, cell in ATTACKS.items():
        used = _used(cell).memory / LIMITS.memory
        yield Row(f"memory, {name}: times the limit", used, "1", limit=1.1)
    used = _used(FILES).files / LIMITS.disk
    yield Row("files, written and removed: times the limit", used, "1", limit=1.1)
    limits = Limits(total_seconds=30)
    for name, cell in WAITS.items():
        used = _grade(_notebook(cell), limits) / limits.total_seconds
        yield Row(f"seconds, {name}: times the limit", used, "1", limit=1.1)


@dataclass
class _Most:
    """The most that a notebook used, in bytes."""

    memory: int = 0
    files: int = 0


def _used(cell: str) -> _Most:
    most, close, ended = _Most(), Account.close, threading.Event()

    def noted(account: Account) -> None:
        for name in ("memory.peak", "memory.max_usage_in_bytes"):
            file = account.folders["memory"] / name
            if file.exists():
                most.memory = max(most.memory, int(file.read_text()))
        close(account)

    def look() -> None:
        while not ended.wait(0.02):
            for server in list(forks._servers.values()):
                for process in server._own:
                    with contextlib.suppress(OSError):
                        at = f"/proc/{process.pid}/root{server.open}"
                        room = os.statvfs(at)
                        used = (room.f_blocks - room.f_bfree) * room.f_frsize
                        if os.path.ismount(at):
                            most.files = max(most.files, used)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        with mock.patch.object(Account, "close", noted):
            _grade(_notebook(cell), LIMITS)
    finally:
        ended.set()
        looking.join()
    return most


# --- An attack among a class ----------------------------------------------------------


def _in_a_class() -> Iterator[Row]:
    """Ten honest students in the memory of a small machine, and one attacker."""
    alone = _class_seconds()
    yield Row(f"a class of {N_HONEST} in {SMALL_MACHINE >> 30} GB", alone, "s")
    for name, cell in ATTACKS.items():
        times = _class_seconds(cell) / alone
        yield Row(f"  with {name}: times as long", times, "1", limit=2)


def _class_seconds(attack: str | None = None) -> float:
    """For all of a class; fails unless every honest student has full marks."""
    with course() as root:
        handed = {f"student-{i}": _notebook() for i in range(N_HONEST)}
        if attack is not None:
            handed["attacker"] = _notebook(attack)
        for name, data in handed.items():
            folder = root / "grading" / "submitted" / name / CHAPTER
            folder.mkdir(parents=True)
            (folder / f"{CHAPTER}.ipynb").write_bytes(data)
        began = time.perf_counter()
        _run_small(root, "autograder", "grade", "--jobs", str(WORKERS))
        seconds = time.perf_counter() - began
        results = json.loads((root / "grading" / "results.json").read_text())
    honest = [row for row in results["results"] if row["student"] != "attacker"]
    if {row["student"] for row in honest} != handed.keys() - {"attacker"}:
        raise RuntimeError("somebody has no mark")
    if lost := [row for row in honest if row["score"] != row["points"]]:
        raise RuntimeError(f"an honest student has lost points: {lost[0]}")
    return seconds


def _run_small(folder: Path, *words: str) -> None:
    """Run a command of this Python in `folder`, on a machine with little memory."""
    limits = replace(LIMITS, memory=SMALL_MACHINE, processes=1 << 14)
    account = accounts(limits, place_in_force())
    assert account is not None
    with contextlib.closing(account), account.entrances() as entrances:

        def join() -> None:
            for entrance in entrances:
                os.write(entrance, b"0")

        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=folder,
            capture_output=True,
            preexec_fn=join,
            text=True,
            check=False,
        )
    if done.returncode not in (0, 3):
        raise RuntimeError(f"`{' '.join(words)}` failed:\n{done.stderr[-2000:]}")
