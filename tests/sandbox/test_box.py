"""The process in which student code runs: what it may do to whoever asks it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.calling.packing import pack
from autograder.limits import LIMITS
from autograder.sandbox import box as box_module
from autograder.sandbox import boxes, bubblewrap, unconfined
from autograder.sandbox.answers import Accident
from autograder.sandbox.box import Box, BoxDied, BoxFailed
from autograder.sandbox.boxes import NONE
from autograder.sandbox.bubblewrap import BUBBLEWRAP
from autograder.sandbox.inside.channel import Channel, FrameTooLong, TooLate
from autograder.sandbox.options import OWN_CODE, RunOptions
from autograder.sandbox.run import Run

posix = pytest.mark.skipif(os.name != "posix", reason="forks and groups of processes")


@pytest.fixture
def box():
    """An open box."""
    with Box(OWN_CODE) as opened:
        yield opened


def run(box, source, seconds=5.0):
    """Run one cell."""
    request = {"do": "run", "source": source, "number": 1, "seconds": seconds}
    return box.ask(request | {"module": ""}, seconds)


def probe(box, source, n_cases=1, seconds=5.0, apart=True):
    """Define `f` and call it."""
    run(box, source)
    request = {"do": "probe", "function": "f", "parameters": ("x",)}
    request |= {"seconds": seconds, "apart": apart}
    answers = []
    for i in range(n_cases):
        case = np.frombuffer(pack({"x": np.full(3, float(i))}), np.uint8)
        answers.append(box.ask(request | {"case": case, "first": i == 0}, seconds))
    return answers


def alive(mark):
    """Processes with this text in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "cmdline").read_text():
                found.append(int(entry.name))
        except OSError:
            pass
    return found


def wait_until(true, seconds=30):
    """What the kernel shows of a process that has just begun may lag behind."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_cell_shows_what_it_prints_and_its_last_value(box):
    answer = run(box, "print('one')\nimport sys\nprint('two', file=sys.stderr)\n40 + 2")

    assert answer["error"] is None
    assert answer["timed_out"] is False
    assert answer["outputs"] == [
        {"kind": "stream", "name": "stdout", "text": "one\n"},
        {"kind": "stream", "name": "stderr", "text": "two\n"},
        {"kind": "data", "plain": "42", "png": "", "result": True},
    ]


def test_an_error_is_told_with_the_line_that_raised_it(box):
    run(box, "def f(x):\n    return 1 / x")

    error = run(box, "a = 1\nf(0)")["error"]

    assert error["kind"] == "ZeroDivisionError"
    assert error["line_number"] == 2
    assert error["line"] == "return 1 / x"


@pytest.mark.parametrize("source", ["exit()", "quit", "import sys; sys.exit(3)"])
def test_leaving_ends_a_cell_and_no_more(box, source):
    run(box, "a = 1")
    run(box, source)

    assert run(box, "a")["outputs"][0]["plain"] == "1"


def test_nobody_is_asked(box):
    assert run(box, "input('name? ')")["error"]["kind"] == "EOFError"


@posix
@pytest.mark.parametrize(
    "loop",
    ["while True: pass", "while True:\n    try:\n        pass\n    except: pass"],
)
def test_an_endless_cell_is_stopped_and_the_rest_is_kept(box, loop):
    run(box, "a = 1")

    assert run(box, loop, seconds=0.3)["timed_out"] is True
    assert run(box, "a")["outputs"][0]["plain"] == "1"


def test_a_cell_that_nothing_stops_is_killed(box, monkeypatch):
    """Whoever swallows every signal still does not keep the grader waiting."""
    monkeypatch.setattr(box_module, "GRACE_SECONDS", 0.3)
    deaf = (
        "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"
    )

    with pytest.raises(BoxDied) as death:
        run(box, deaf, seconds=0.3)

    assert death.value.reason == "timed-out"


def test_a_flood_of_output_is_cut(box):
    answer = run(box, "for _ in range(300):\n    print('x' * 10_000)")

    (shown,) = answer["outputs"]
    assert len(shown["text"]) < 30_000
    assert "the rest of this output is cut off" in shown["text"]


@posix
def test_a_call_returns_values_and_nothing_else(box):
    (answer,) = probe(box, "def f(x):\n    return 2 * x, 'text'")

    returned = answer["outcome"].returned
    np.testing.assert_array_equal(returned[0], np.zeros(3))
    assert returned[1] == "text"


ACCIDENTS = {
    "never ends": ("while True: pass", {"accident": "timed-out"}),
    "leaves": ("import os; os._exit(3)", {"accident": "crashed", "status": 3}),
    "kills itself": (
        "import os; os.kill(os.getpid(), 9)",
        {"accident": "crashed", "status": -9},
    ),
    "segfaults": (
        "import ctypes; ctypes.string_at(0)",
        {"accident": "crashed", "status": -11},
    ),
    "returns too much": (
        "import numpy; return numpy.ones(1 << 20)",
        {"accident": "too-much-output"},
    ),
}


@posix
@pytest.mark.parametrize(("body", "accident"), ACCIDENTS.values(), ids=ACCIDENTS)
def test_an_accident_costs_one_case(box, body, accident):
    """The case in which it happens; the others are answered."""
    source = f"def f(x):\n    if x[0] == 1:\n        {body}\n    return x"

    first, second, third = probe(box, source, n_cases=3, seconds=0.5)

    assert second == accident
    assert first["outcome"].returned[0] == 0
    assert third["outcome"].returned[0] == 2


@posix
def test_no_case_is_there_before_the_one_before_is_answered(box):
    """Neither in the fork that makes the calls nor in the notebook's process."""
    looks = (
        "import gc, numpy\n"
        "from autograder.calling.packing import unpack\n"
        "def f(x):\n"
        "    found = {float(a[0]) for a in gc.get_objects()\n"
        "             if isinstance(a, numpy.ndarray) and a.shape == (3,)}\n"
        "    frame = __import__('sys')._getframe()\n"
        "    while frame:\n"
        "        for value in frame.f_locals.values():\n"
        "            if isinstance(value, dict) and 'case' in value:\n"
        "                case = unpack(value['case'].tobytes())\n"
        "                found.add(float(case['x'][0]))\n"
        "        frame = frame.f_back\n"
        "    return max(found | {float(x[0])})"
    )

    answers = probe(box, looks, n_cases=4)

    assert [answer["outcome"].returned for answer in answers] == [0, 1, 2, 3]


@posix
def test_after_two_accidents_a_function_is_given_up():
    """Of six endless calls two are made."""
    endless = "def f(x):\n    open('calls', 'a').write('.')\n    while True: pass"
    with Run(OWN_CODE) as run_:
        run_.cell(1, endless)
        answers = run_.call("f", [pack({"x": i}) for i in range(6)], ("x",), 1.0)
        shown = run_.cell(2, "print(open('calls').read())").outputs

    assert answers == [Accident("timed-out")] * 6
    assert shown[0]["text"] == "..\n"


@posix
def test_memory_has_a_limit(box):
    (answer,) = probe(
        box, "import numpy\ndef f(x):\n    return numpy.ones(6 << 30, 'u1')"
    )

    assert "MemoryError" in answer["outcome"].error.kinds


@posix
@pytest.mark.parametrize("apart", [True, False])
def test_a_call_leaves_no_trace_in_the_notebook(box, apart):
    source = "calls = []\ndef f(x):\n    calls.append(1)\n    return x"

    probe(box, source, n_cases=2, apart=apart)

    assert run(box, "len(calls)")["outputs"][0]["plain"] == "0"


@posix
@pytest.mark.parametrize(
    "body",
    ["while True: pass", "try:\n            while True: pass\n        finally: x"],
)
def test_an_endless_call_ends_where_cells_run_too(box, body):
    """In the process itself, for what leaves nothing behind."""
    source = f"def f(x):\n    if x[0] == 1:\n        {body}\n    return x"

    first, second, third = probe(box, source, n_cases=3, seconds=0.5, apart=False)

    assert second == {"accident": "timed-out"}
    assert first["outcome"].returned[0] == 0
    assert third["outcome"].returned[0] == 2
    assert run(box, "f.__name__")["outputs"][0]["plain"] == "'f'"


@posix
def test_whoever_catches_the_alarm_is_too_late(box):
    source = "def f(x):\n    try:\n        while True: pass\n    except: return x"

    assert probe(box, source, seconds=0.5, apart=False) == [{"accident": "timed-out"}]


STUBBORN = """
def f(x):
    while x:
        try:
            while True:
                pass
        except BaseException:
            pass
    return x

def g(x):
    return x
"""


@posix
def test_what_cannot_be_ended_is_called_in_a_fork():
    """The notebook's process has to be killed for it once, and no more after that."""
    with Run(OWN_CODE) as run_:
        run_.cell(1, STUBBORN)
        answers = run_.call("f", [pack({"x": x}) for x in (0, 1, 0)], ("x",), 0.3)
        run_.cell(2, "here = 1")
        run_.call("f", [pack({"x": 1})], ("x",), 0.3)
        after = run_.call("g", [pack({"x": 5})], ("x",), 0.3)
        shown = run_.cell(3, "print(here)").outputs

    assert [getattr(one, "returned", one) for one in answers] == [
        0,
        Accident("timed-out"),
        0,
    ]
    assert after[0].returned == 5
    assert shown[0]["text"] == "1\n"


def test_without_forks_calls_are_made_in_place(box):
    """On Windows, where only one's own files are checked."""
    run(box, "import autograder.sandbox.inside.forked_calls as p\np._CAN_FORK = False")

    second = probe(box, "def f(x):\n    return x + 1", n_cases=2)[1]

    assert second["outcome"].returned[0] == 2


@posix
def test_a_call_that_kills_its_parent_closes_the_box(box):
    with pytest.raises(BoxDied) as death:
        probe(box, "import os\ndef f(x):\n    os.kill(os.getppid(), 9)")

    assert death.value.reason == "died"
    assert death.value.status == -9


# The descriptor on which the process answers, found as an attacker would.
WRITE = (
    "import os, stat, struct\n"
    "pipes = [n for n in range(3, 20) if os.path.exists(f'/proc/self/fd/{n}')\n"
    "         and stat.S_ISFIFO(os.fstat(n).st_mode)]\n"
    "def write(data):\n"
    "    for n in pipes:\n"
    "        try: os.write(n, data)\n"
    "        except OSError: pass\n"
)
GARBAGE = {
    "not a packet": ("write(struct.pack('>Q', 5) + b'hello')", "garbled"),
    "a packet that is no answer": (
        "from autograder.calling.packing import pack\n"
        "data = pack([1, 2])\n"
        "write(struct.pack('>Q', len(data)) + data)",
        "garbled",
    ),
    "an endless frame": ("write(b'\\xff' * 8)", "flooded"),
    "half a frame": (
        "write(struct.pack('>Q', 100) + b'x')\nos._exit(0)",
        "died",
    ),
    "silence": ("[os.close(n) for n in pipes]", "died"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(("attack", "reason"), GARBAGE.values(), ids=GARBAGE)
def test_what_comes_over_the_pipe_is_not_believed(box, attack, reason):
    """Bytes that are no answer end the box, not the grader."""
    with pytest.raises(BoxDied) as death:
        run(box, WRITE + attack, seconds=2.0)

    assert death.value.reason == reason
    with pytest.raises(BoxDied):
        run(box, "1")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nothing_survives():
    """Not what has left the group of processes, and not the folder."""
    mark = f"survivor-{os.getpid()}-{time.monotonic_ns()}"
    daemon = f"import time; '{mark}'; time.sleep(300)"
    with Box(OWN_CODE) as box:
        home = run(box, "import os; print(os.environ['HOME'])")["outputs"][0]["text"]
        run(
            box,
            "import subprocess, sys\n"
            f"for _ in range(5):\n"
            f"    subprocess.Popen([sys.executable, '-c', {daemon!r}],\n"
            "                     start_new_session=True)",
        )
        assert Path(home.strip()).is_dir()
        wait_until(lambda: len(alive(mark)) == 5)

    assert alive(mark) == []
    assert not Path(home.strip()).parent.exists()


def test_a_folder_that_resists_is_removed():
    with Box(OWN_CODE) as box:
        run(box, "import os\nos.makedirs('a/b')\nopen('a/b/c', 'w').close()")
        folder = run(box, "print(os.getcwd())")["outputs"][0]["text"].strip()
        run(box, "os.chmod('a/b', 0)\nos.chmod('a', 0)")

    assert not Path(folder).exists()


def test_the_environment_is_clean(monkeypatch):
    monkeypatch.setenv("COURSE_PASSWORD", "swordfish")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    with Box(OWN_CODE) as box:
        answer = run(
            box,
            "import os, sys, tempfile\n"
            "print(os.environ.get('COURSE_PASSWORD'), '/nowhere' in sys.path)\n"
            "print(os.environ['HOME'] in tempfile.gettempdir() or 'private')\n"
            "print(os.listdir(), os.environ['OPENBLAS_NUM_THREADS'])",
        )

    assert answer["outputs"][0]["text"].split() == [
        "None",
        "False",
        "private",
        "[]",
        "1",
    ]


def test_sets_have_one_order():
    """What a notebook prints does not depend on the run."""
    source = "print([*{'theta', 'velocity', 'grad', 'lr', 'beta'}])"
    with Box(OWN_CODE) as one, Box(OWN_CODE) as other:
        assert run(one, source) == run(other, source)


FORK_BOMB = """
import sys
from dataclasses import replace
from autograder.sandbox.box import Box
from autograder.limits import LIMITS
from autograder.sandbox.boxes import NONE
from autograder.sandbox.options import RunOptions
with Box(RunOptions(NONE, replace(LIMITS, processes=20))) as box:
    source = '''
import os, time
made = 0
try:
    for _ in range(500):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
except BlockingIOError:
    pass
print(made)
'''
    request = {"do": "run", "source": source, "number": 1, "seconds": 20.0}
    answer = box.ask(request | {"module": ""}, 20)
    sys.stdout.write(answer["outputs"][0]["text"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts a user's processes")
def test_processes_have_a_limit():
    """A fork bomb comes to an end; run as an ordinary user, since root has no limit."""
    user = (
        {"user": 54321, "group": 54321, "extra_groups": []} if os.getuid() == 0 else {}
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", FORK_BOMB],
            capture_output=True,
            text=True,
            timeout=120,
            cwd="/tmp",
            env={
                "HOME": "/tmp",
                "MPLCONFIGDIR": "/tmp/mpl-of-54321",
                "PATH": os.defpath,
            },
            **user,
        )
    except PermissionError:
        pytest.skip("Python lies where only root can read it")

    assert done.returncode == 0, done.stderr
    assert 1 <= int(done.stdout) <= 25


def test_files_have_a_limit():
    with Box(RunOptions(NONE, replace(LIMITS, file_size=1 << 20))) as box:
        error = run(box, "open('big', 'wb').write(bytes(2 << 20))")["error"]

    assert error["kind"] == "OSError"


def test_a_python_that_does_not_start_is_our_own_failure(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(BoxFailed, match="cannot be started"):
        Box(OWN_CODE)


def test_a_process_that_says_nothing_is_our_own_failure(monkeypatch):
    """And says why Python did not start."""
    monkeypatch.setattr(unconfined, "_start_line", lambda: "import nowhere")
    with pytest.raises(BoxFailed) as failure:
        Box(OWN_CODE)

    assert str(failure.value) == (
        "The process did not start: ModuleNotFoundError: No module named 'nowhere'"
    )
    assert not box_module._open_boxes


@posix
def test_a_channel_waits_for_nobody():
    """Reading, writing and large frames end at the deadline or at the limit."""
    reading, writing = os.pipe()
    channel = Channel(reading, writing)
    soon = time.monotonic() + 0.1
    with pytest.raises(TooLate):
        channel.receive(10, soon)
    with pytest.raises(TooLate):
        channel.send(bytes(1 << 20), time.monotonic() + 0.1)
    channel.close()

    channel = Channel(*os.pipe())
    channel.send(b"x" * 100)
    with pytest.raises(FrameTooLong):
        channel.receive(99, time.monotonic() + 1)
    channel.close()


@posix
@pytest.mark.parametrize("sizes", [(0, 3, 0), (5, 70_000, 4096 - 21, 1, 4096)])
def test_frames_that_arrive_together_are_read_one_by_one(sizes):
    """What is read ahead of a frame belongs to the next one, whatever their sizes."""
    reading, writing = os.pipe()
    channel = Channel(reading, writing)
    frames = [bytes([nth + 1]) * size for nth, size in enumerate(sizes)]
    sender = threading.Thread(target=lambda: [channel.send(f) for f in frames])
    sender.start()

    received = [channel.receive(1 << 20, time.monotonic() + 60) for _ in frames]

    sender.join()
    assert received == frames
    with pytest.raises(TooLate):
        channel.receive(10, time.monotonic() + 0.01)
    channel.close()


@posix
@pytest.mark.skipif(sys.platform != "linux", reason="boxes are Linux's")
def test_ubuntus_refusal_of_namespaces_is_told_with_what_to_type(tmp_path, monkeypatch):
    """bubblewrap alone says `setting up uid map`, which helps nobody."""
    refusing = tmp_path / "bwrap"
    refusal = "bwrap: setting up uid map: Permission denied"
    refusing.write_text(f"#!/bin/sh\necho '{refusal}' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    setting = tmp_path / "setting"
    monkeypatch.setattr(bubblewrap, "_NAMESPACES", setting)
    setting.write_text("0\n")

    assert boxes._why_not.__wrapped__(BUBBLEWRAP.name) == refusal

    setting.write_text("1\n")

    assert boxes._why_not.__wrapped__(BUBBLEWRAP.name) == (
        f"{refusal}; to allow namespaces: "
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    )
