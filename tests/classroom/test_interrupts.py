"""Ctrl-C ends a run at any moment: one sentence, nothing left, what is graded kept."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from autograder.classroom.interrupts import held_back
from autograder.cli.grade import INTERRUPTED
from autograder.writing import write_whole
from tests.helpers.folder_state import folder_state

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.timeout(300),
]

CHAPTER = "03_momentum"
PICTURE = "#" * 300_000
"""As much of a notebook as no pipe holds."""
PATIENCE = 60
"""Seconds for what takes two: this is no measurement."""


@pytest.fixture
def place(root, release, tmp_path, make_notebook):
    """Two quick notebooks, then six whose first cell says so and sleeps."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    write_whole(tmp_path / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb", release)
    slow = make_notebook().solve()
    told = f"open({str(tmp_path / 'asleep')!r}, 'w').close()"
    slow.insert("setup", f"{told}\nimport time\ntime.sleep(200)\n{PICTURE}")
    for at in range(8):
        name = f"student{at}"
        data = make_notebook().solve().data if at < 2 else slow.data
        folder = tmp_path / "grading" / "submitted" / name / CHAPTER
        write_whole(folder / f"{CHAPTER}.ipynb", data)
    (tmp_path / "tmp").mkdir()
    return tmp_path


def anything_of(place) -> list[int]:
    """Processes that have this folder in their environment."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit():
                with open(f"/proc/{entry}/environ", "rb") as file:
                    if os.fsencode(place / "tmp") in file.read():
                        found.append(int(entry))
        except OSError:
            pass
    return found


MOMENTS = {
    "before anything is read": lambda place: True,
    "while processes start": lambda place: os.listdir(place / "tmp"),
    "while cells sleep": lambda place: (place / "asleep").exists(),
    "while results are entered": lambda place: list(
        (place / "grading").glob("recorded/*/*.json")
    ),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_an_interrupt_ends_it_at_once(place, moment):
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", "--box", "none", "--jobs", "2"],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(place / "tmp")},
        start_new_session=True,
    )
    lock = place / "grading" / ".lock"
    end = time.monotonic() + PATIENCE
    try:
        while not (lock.exists() and moment(place)):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    finally:
        if process.poll() is None:  # whoever hangs is not left to the next test
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    assert process.returncode == INTERRUPTED
    assert err.strip() == (
        "Interrupted. What is graded is kept: the same command goes on from there."
    )
    assert os.listdir(place / "tmp") == []
    assert anything_of(place) == []
    assert [n for n in folder_state(place / "grading") if n.endswith(".part")] == []


def test_what_is_held_back_comes_afterwards():
    """Once, and not into the middle of what must be done whole."""
    done = []

    def work():
        with held_back():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        work()

    assert done == ["whole"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_thread_is_not_interrupted_and_holds_nothing_back():
    done = []

    def work():
        with held_back():
            done.append("whole")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert done == ["whole"]
