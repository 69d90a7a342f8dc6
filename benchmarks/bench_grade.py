"""Grading a class: beside nbgrader alone, and how it grows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from benchmarks.measuring import Row

COMPARED = ("00_gradient_descent", "03_momentum", "05_adam")
"""Chapters that both graders grade."""
N_COMPARED = 15
"""Submissions of each of them."""
N_ALONE = 9
"""Submissions of one chapter that nbgrader grades again and again."""
GROWTH = "03_momentum"
SIZES = (10, 100, 3000)
WORKERS = 2
HOW = {how or "default": how.split() for how in ("", "--full", "--full --pictures")}
"""Without the experiments, with them, and with their figures too."""
FIRST_VERDICT = "from start to the first verdict, median of five"

STOCK = """
from pathlib import Path
c = get_config()
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.ignore = ["*.py", "__pycache__", ".ipynb_checkpoints"]
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("not written yet")'}
c.Exchange.root = str(Path(__file__).resolve().parent / "exchange")
"""
"""nbgrader as it comes: only its folders are named."""

WHOLE = ("all right", "mistaken", "half done", "untouched")
"""What nbgrader alone can grade too: a broken notebook may end its whole run."""

_BIN = str(Path(sys.executable).parent)
"""nbgrader starts a program that lies there."""


@dataclass(frozen=True)
class Used:
    """What a command used."""

    seconds: float
    processor: float
    peak: int


def run(folder: Path, *words: str) -> Used:
    """Run a command of this Python in `folder`; on a machine that is idle besides."""
    before, start = _processor_seconds(), time.perf_counter()
    with open(folder / "bench.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=folder,
            stdout=log,
            stderr=log,
            env=os.environ | {"PATH": os.pathsep.join([_BIN, os.environ["PATH"]])},
        )
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):  # 3: graded, and something waits
        said = (folder / "bench.log").read_text()[-2000:]
        raise RuntimeError(f"`{' '.join(words)}` failed:\n{said}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Used(seconds, _processor_seconds() - before, usage.ru_maxrss * unit)


def _processor_seconds() -> float:
    """Seconds that all processors have worked; a box's are nobody's children."""
    import psutil

    times = psutil.cpu_times()
    return times.user + times.nice + times.system


@contextmanager
def course(config: str | None = None) -> Iterator[Path]:
    """A folder with the checkout's course in it, and nothing handed in."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder)
        for name in ("solutions", "notebooks", "data"):
            shutil.copytree(here / name, root / name)
        if config is None:
            shutil.copy(here / "nbgrader_config.py", root)
        else:
            (root / "nbgrader_config.py").write_text(config)
        yield root


def hand_in(submitted: Path, chapter: str, n: int) -> None:
    """`n` notebooks as learners hand them in: right, mistaken, unfinished."""
    from autograder.exercises import CHAPTERS
    from autograder.sample.sample_class import make_sample_class

    release = Path("notebooks", chapter, f"{chapter}.ipynb").read_bytes()
    known = next(c for c in CHAPTERS if c.name == chapter)
    students = [
        student
        for student in make_sample_class(release, known)
        if student.what.startswith(WHOLE)
    ]
    for i, student in enumerate(islice(cycle(students), n)):
        folder = submitted / f"student-{i:04}" / chapter
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{chapter}.ipynb").write_bytes(student.data)


def rows() -> Iterator[Row]:
    yield from beside_nbgrader(_stock(COMPARED, 1), _stock(COMPARED, N_COMPARED))
    yield Row(FIRST_VERDICT, median(first_verdict() for _ in range(5)), "s", limit=1.5)
    alone = [_alone(GROWTH)]
    yield from one_chapter(alone)
    yield from growth(alone[-1])


def beside_nbgrader(
    stock_start: Sequence[Used], stock: Sequence[Used]
) -> Iterator[Row]:
    """Both graders on the same submissions; what starting costs is taken off."""
    n = len(COMPARED) * (N_COMPARED - 1)
    yield Row(f"submissions graded by both, of {len(COMPARED)} chapters", n, "1")
    yield Row("nbgrader autograde, the first of each", _total(stock_start), "s")
    each = (_total(stock) - _total(stock_start)) / n
    yield Row("nbgrader autograde, each further one", each, "s")
    yield Row("  submissions a minute", 60 / each, "1")
    for what, words in HOW.items():
        first = _ours(COMPARED, 1, words)
        many = _ours(COMPARED, N_COMPARED, words)
        ours = (many.seconds - first.seconds) / n
        processor = (many.processor - first.processor) / n
        yield Row(f"autograder grade, {what}: the first of each", first.seconds, "s")
        yield Row(f"{what}: each further one, 2 processes", ours, "s")
        yield Row(f"{what}: submissions a minute", 60 / ours, "1")
        yield Row(f"{what}: processor time of each", processor, "s")
        yield Row(f"{what}: times as many as nbgrader alone", each / ours, "1")


def one_chapter(alone: list[float]) -> Iterator[Row]:
    """A class of one chapter, between two times of nbgrader alone.

    A machine's pace changes within minutes.  `alone` are the seconds that nbgrader
    took for each until now; what it takes after each way is added.
    """
    few, many = SIZES[:2]
    for what, words in HOW.items():
        used = [_ours([GROWTH], n, words).seconds for n in (few, many)]
        each = (used[1] - used[0]) / (many - few)
        alone.append(_alone(GROWTH))
        beside = (alone[-2] + alone[-1]) / 2
        yield Row(f"a class of {many} of {GROWTH}, {what}: each further one", each, "s")
        yield Row("  nbgrader autograde right before and after it", beside, "s")
        yield Row(f"  {what}: times as many as nbgrader alone", beside / each, "1")


def _alone(chapter: str) -> float:
    """Seconds that nbgrader takes for each further submission of a chapter."""
    first, many = _stock([chapter], 1), _stock([chapter], N_ALONE)
    return (_total(many) - _total(first)) / (N_ALONE - 1)


def first_verdict() -> float:
    """Seconds from the command to the first result of a class that is kept."""
    with course() as root:
        hand_in(root / "grading" / "submitted", GROWTH, SIZES[0])
        start = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "autograder", "grade", "--jobs", str(WORKERS)],
            cwd=root,
            stdout=subprocess.DEVNULL,
        ) as process:
            while not any(root.glob("grading/results/*/*.json")):
                if process.poll() is not None:
                    raise RuntimeError(f"it ended with {process.returncode}")
                time.sleep(0.005)
            seconds = time.perf_counter() - start
        return seconds


def _total(used: Sequence[Used]) -> float:
    return sum(one.seconds for one in used)


def _stock(chapters: Sequence[str], n: int) -> list[Used]:
    with course(STOCK) as root:
        used = []
        for chapter in chapters:
            run(root, "nbgrader", "generate_assignment", chapter, "--force")
            hand_in(root / "submitted", chapter, n)
            used.append(run(root, "nbgrader", "autograde", chapter))
        return used


def _ours(chapters: Sequence[str], n: int, words: Sequence[str]) -> Used:
    with course() as root:
        for chapter in chapters:
            hand_in(root / "grading" / "submitted", chapter, n)
        return run(root, "autograder", "grade", "--jobs", str(WORKERS), *words)


def growth(alone: float) -> Iterator[Row]:
    """More submissions, more processes, and the workers of a cluster.

    `alone` is what nbgrader takes for each, in seconds.
    """
    used = {}
    for n in SIZES:
        with course() as root:
            hand_in(root / "grading" / "submitted", GROWTH, n)
            used[n] = run(root, "autograder", "grade", "--jobs", str(WORKERS))
            if n == SIZES[-1]:
                again = run(root, "autograder", "grade", "--jobs", str(WORKERS))
        yield Row(f"a class of {n:,}", used[n].seconds, "s")
        yield Row("  peak memory of the first process", used[n].peak / 1e6, "MB")
        if n > SIZES[0]:
            each = (used[n].seconds - used[SIZES[0]].seconds) / (n - SIZES[0])
            yield Row("  each further one", 1e3 * each, "ms")
    yield Row("  times as many as nbgrader alone", alone / each, "1")
    name = f"a class of {SIZES[-1]:,} again, nothing changed"
    yield Row(name, again.seconds, "s", limit=5)
    few, many = used[SIZES[1]], used[SIZES[-1]]
    grown = (many.peak - few.peak) / 1e6
    span = f"{SIZES[-1]:,} than {SIZES[1]:,}"
    yield Row(f"more memory for {span}", grown, "MB", limit=50)
    cost = many.seconds / SIZES[-1] / ((few.seconds) / SIZES[1]) - 1
    yield Row(f"dearer, each of {span}, start included", 100 * cost, "%", limit=10)
    for jobs in (1, 2, 4):
        with course() as root:
            hand_in(root / "grading" / "submitted", GROWTH, SIZES[1])
            one = run(root, "autograder", "grade", "--jobs", str(jobs))
        yield Row(f"a class of {SIZES[1]}, processes: {jobs}", one.seconds, "s")
    yield Row(f"a class of {SIZES[1]}, Dask, workers: {WORKERS}", _dask(), "s")


def _dask() -> float:
    from distributed import LocalCluster

    with (
        LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=50,
            host="127.0.0.1",
        ) as cluster,
        course() as root,
    ):
        hand_in(root / "grading" / "submitted", GROWTH, SIZES[1])
        address = cluster.scheduler_address
        return run(root, "autograder", "grade", "--scheduler", address).seconds


if __name__ == "__main__":
    for row in rows():
        print(row)
