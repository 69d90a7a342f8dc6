"""Limits hold whatever a notebook does: in each box, with the kernel's account or not.

As root and as an ordinary user too: continuous integration runs this as both.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from autograder.grading import grade as grade_module
from autograder.grading import walk
from autograder.limits import SPARE_TASKS
from autograder.sandbox import forks
from autograder.sandbox import run as run_module
from autograder.sandbox.bounds import account as accounts_module
from autograder.sandbox.bounds.account import LOOKED_AT, place_in_force
from autograder.sandbox.bounds.usage import Watch
from tests.attacks.attacking import QUICK, nothing_left, told
from tests.attacks.limit_rows import (
    HEAD,
    MEMORY,
    REFUSED,
    TIME,
    WITHOUT_GROUP,
    WRITES,
    Row,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="boxes are Linux's")

MB = 1 << 20
SMALL = replace(
    QUICK, memory=400 * MB, disk=32 * MB, file_size=64 * MB, cell_seconds=10.0
)
WIDE = replace(QUICK, cell_seconds=120.0, total_seconds=180.0)
"""For many rows in one cell, on a machine at work."""
FILLED = 1200 * MB
"""Bytes that the notebooks of these tests fill in a second, between two looks."""
X86 = pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")


@pytest.fixture(params=["account", "no account"])
def counted(request, monkeypatch):
    """With the kernel's account if one can be had here, and without."""
    if request.param == "account":
        if place_in_force() is None:
            pytest.skip("no control group can be had here")
        return True
    monkeypatch.setattr(forks, "place_in_force", lambda: None)
    return False


@pytest.fixture
def attacked(grade, make_notebook, counted):
    """Grades an honest notebook with a cell put in; gives the result."""

    def attack(row, limits):
        notebook = make_notebook().solve().insert("setup", HEAD + row.cell)
        result = grade(notebook, limits=limits)
        assert (result.account == LOOKED_AT) != counted
        assert not result.needs_person
        nothing_left()
        return result

    return attack


_tried: dict[tuple, tuple] = {}


@pytest.fixture
def together(attacked, box, counted, monkeypatch):
    """Tries all rows of a table in one notebook; gives it, and what one row showed.

    A cell of a learner's own gets no time for so many, on a machine at work.
    """
    monkeypatch.setattr(walk, "OWN_CELLS_SECONDS", WIDE.cell_seconds)
    monkeypatch.setattr(run_module, "IDLE_SECONDS", WIDE.cell_seconds)

    def said(rows, row, limits):
        key = box, counted, rows[0]
        if key not in _tried:
            cell = "\n".join(f"row({r.name!r}, {r.cell!r})" for r in rows)
            result = attacked(Row("all", cell), limits)
            bounded = all(server.bounded for server in forks._servers.values())
            _tried[key] = result, bounded
        result, bounded = _tried[key]
        lines = told(result).splitlines()
        shown = [line for line in lines if line.startswith(f"[{row.name}] ")]
        return result, "\n".join(shown), bounded

    return said


class Usage:
    """The most memory that a notebook took: as the kernel counts, or looked at.

    What is looked at are its own processes, and the files that only they see.
    """

    def __init__(self):
        self.most = 0
        self.may = 1.1 * SMALL.memory
        self._looked = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def counted(self, account):
        """Note what the kernel has counted, before an account is closed."""
        for name in ("memory.peak", "memory.max_usage_in_bytes"):
            file = account.folders["memory"] / name
            if file.exists():
                self.most = max(self.most, int(file.read_text()))

    @contextmanager
    def looking(self, watch):
        """While the box looks: the limit may be passed by what is filled between two.

        On a machine at work the next look comes late, and takes long.
        """
        yield
        now = time.monotonic()
        filled = (now - self._looked[watch]) * FILLED
        self.may = max(self.may, 1.1 * SMALL.memory + filled)
        self._looked[watch] = now

    def begun(self, watch):
        """Note when a box begins to be looked at."""
        self._looked[watch] = time.monotonic()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def _look(self):
        while not self._end.wait(0.05):
            total = 0
            for process in [
                p for s in [*forks._servers.values()] for p in s.processes()
            ]:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.most = max(self.most, total)


@pytest.fixture
def usage(counted, monkeypatch):
    """What is used meanwhile, and the most that may be.

    Without a control group, by as much more as is filled between two looks.
    """
    found = Usage()
    if not counted:
        watches, excess = Watch._watch, Watch._excess

        def watching(watch):
            found.begun(watch)
            watches(watch)

        def looking(watch, processes):
            with found.looking(watch):
                return excess(watch, processes)

        found.may += 160 * MB
        monkeypatch.setattr(Watch, "_watch", watching)
        monkeypatch.setattr(Watch, "_excess", looking)
        with found:
            yield found
        return
    close = accounts_module.Account.close

    def noted(account):
        found.counted(account)
        close(account)

    monkeypatch.setattr(accounts_module.Account, "close", noted)
    yield found


@X86
@pytest.mark.parametrize("row", [*REFUSED, WITHOUT_GROUP], ids=lambda row: row.name)
def test_what_reaches_beyond_the_notebook_is_refused(row, together, counted):
    """Nothing of it is done, and the notebook keeps its marks."""
    if row is WITHOUT_GROUP and counted:
        pytest.skip("a control group counts what is in flight: see MEMORY")
    rows = REFUSED if counted else [*REFUSED, WITHOUT_GROUP]
    result, said, _ = together(rows, row, WIDE)

    assert "refused:" in said or "SIGSYS" in said  # sandlock kills for some
    assert "DONE" not in said, said
    assert result.score == 5.0


@pytest.mark.parametrize("row", MEMORY, ids=lambda row: row.name)
def test_memory_is_bounded_whatever_holds_it(row, attacked, usage):
    """All that a notebook started takes no more than it may, or is ended soon."""
    result = attacked(row, SMALL)

    assert 20 * MB < usage.most < usage.may
    assert {v.code for v in result.verdicts} <= {"passed", "out-of-memory", "crashed"}


def test_whoever_only_shares_memory_goes_on(attacked):
    """More than there is if each is counted in full: looked at closely, and let be."""
    cell = (
        "x = np.ones(150 * MB, 'u1')\nbegan = time.monotonic()\n"
        "children = []\nfor _ in range(3):\n    child = os.fork()\n"
        "    if child == 0:\n"
        "        while time.monotonic() < began + 2: x[::4096].sum()\n"
        "        os._exit(0)\n"
        "    children.append(child)\n"
        "print('ended with', [os.waitpid(child, 0)[1] for child in children])"
    )
    result = attacked(Row("shares", cell), SMALL)

    assert "ended with [0, 0, 0]" in told(result)
    assert result.score == 5.0


@pytest.mark.parametrize(
    "making",
    [
        "if os.fork() == 0: time.sleep(60)",
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    ],
    ids=["processes", "threads"],
)
def test_processes_are_bounded_whatever_makes_them(making, attacked, counted):
    """Where the kernel counts them for a notebook, none is too many for a moment."""
    cell = (
        "import threading\nthreading.stack_size(1 << 16)\nmade = 0\ntry:\n"
        f"    while made < 2000:\n        {making}\n        made += 1\n"
        "except (OSError, RuntimeError): pass\nprint('made', made)"
    )
    result = attacked(Row("many", cell), QUICK)

    if counted:
        (made,) = re.findall(r"made (\d+)", told(result))
        assert 30 < int(made) <= QUICK.processes + SPARE_TASKS


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
def test_what_is_written_is_bounded_in_bytes_and_files(row, together):
    """By the kernel, at once; the notebook sees a full disk and keeps its marks."""
    wide = replace(WIDE, memory=SMALL.memory, disk=SMALL.disk)
    result, said, bounded = together(WRITES, row, wide)
    if not bounded:
        pytest.skip("no file system of one's own can be had here: it is looked at")

    assert row.shows in said, told(result)
    assert "WRITTEN" not in said
    assert "NOT EMPTIED" not in said
    assert result.score == 5.0


@pytest.mark.parametrize("row", TIME, ids=lambda row: row.name)
def test_a_notebook_ends_when_it_has_to(row, attacked):
    """Whatever it does then; the bound is generous for a machine at work."""
    began = time.monotonic()
    attacked(row, replace(SMALL, cell_seconds=1.0, total_seconds=3.0))

    assert time.monotonic() - began < 40


def test_a_fork_server_of_its_own_works_where_what_is_sent_is_counted(
    attacked, counted
):
    """Without a control group it is refused, in words; a pool is refused in both."""
    forks_away = (
        "from multiprocessing import get_context\n"
        "context = get_context({!r})\n"
        "process = context.Process(target=print, args=(1,))\n"
        "process.start()\nprocess.join()\nprint('ended with', process.exitcode)"
    )
    said = told(attacked(Row("server", forks_away.format("forkserver")), WIDE))

    assert ("ended with 0" in said) == counted
    assert ("A notebook that is graded may not" in said) != counted


def test_replay_ends_with_the_notebook(grade, make_notebook, monkeypatch):
    """Sixty cells that sleep when they are run again: they have what is left."""
    notebook = make_notebook()
    for _ in range(60):
        notebook.insert("setup", "if REPLAY: time.sleep(1.5)")
    notebook.insert(
        "setup",
        "import builtins, sys, time\nbuiltins.REPLAY = False\n"
        "def profile(frame, event, arg):\n"
        "    if event == 'return' and frame.f_code.co_name == '_run':\n"
        "        before = frame.f_back.f_locals.get('answer', {})\n"
        "        builtins.REPLAY = 'names' not in before\n"
        "        sys.setprofile(None)\n"
        "sys.setprofile(profile)",
    )
    notebook.insert("momentum_step_text", "import os\nos._exit(1)")
    began = time.monotonic()

    grade(notebook, limits=replace(QUICK, cell_seconds=2.0, total_seconds=8.0))

    assert time.monotonic() - began < 40


def test_whoever_makes_us_fail_has_no_more_time(
    course, make_notebook, secret, monkeypatch
):
    """A second trial has what the first has left."""
    from autograder.sandbox.box import BoxFailed
    from autograder.sandbox.options import OWN_CODE
    from autograder.submissions.intake import Submission

    given = []

    def fail(notebook, chapter, draw, options, *more):
        given.append(options.bounds.total_seconds)
        raise BoxFailed("for a reason of ours")

    clock = iter([0.0, 0.0, 100.0, 100.0, 130.0, 130.0])
    monkeypatch.setattr(grade_module, "examine", fail)
    monkeypatch.setattr(grade_module.time, "monotonic", lambda: next(clock))
    submission = Submission("ada", "03_momentum", make_notebook().data)

    result = grade_module.grade_submission(submission, course, secret, OWN_CODE)

    assert given == [120.0, 20.0]
    assert result.needs_person


def test_a_box_is_the_first_to_go_where_memory_ends(box):
    """And never the grader."""
    from autograder.sandbox.box import Box
    from autograder.sandbox.options import RunOptions

    with Box(RunOptions(box, QUICK)):
        (server,) = forks._servers.values()
        for process in server._all_processes():
            score = Path(f"/proc/{process.pid}/oom_score_adj").read_text()
            assert score.strip() == "1000"
    assert Path("/proc/self/oom_score_adj").read_text().strip() != "1000"


def test_no_account_is_left(grade, solved):
    """Of those that were made, also when a grader was killed before."""
    place = place_in_force()
    if place is None:
        pytest.skip("no control group can be had here")
    left = place.folders["memory"] / "autograder-4194303-1"
    left.mkdir(exist_ok=True)

    accounts_module._sweep(place)
    grade(solved)

    own = f"autograder-{os.getpid()}-*"
    for folder in place.folders.values():
        assert not list(folder.glob(own))
    assert not left.exists()
