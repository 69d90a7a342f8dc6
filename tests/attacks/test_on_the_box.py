"""Attacks on this design, which nobody has listed: protocol, fork server, watch.

What a student would try who has read every line of the grader.  Each starts from
an unsolved notebook, or an honest one, and ends as `test_attacks_listed` says.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from multiprocessing.pool import ThreadPool

import psutil
import pytest

from autograder.classroom.pool import Task, grade_all
from autograder.exercises import find
from autograder.grading.grade import drawing, grade_submission
from autograder.sandbox import forks
from autograder.sandbox.inside.removing import remove_folder
from autograder.sandbox.inside.syscalls import filter_program
from autograder.sandbox.options import RunOptions
from autograder.submissions.intake import Submission
from tests.attacks.attacking import (
    ASKED,
    QUICK,
    Attack,
    descriptors,
    fingerprint,
    little_memory,
    marked,
    nothing_left,
    told,
)
from tests.helpers.graded_course import answer
from tests.helpers.pages import ON_EACH_PAGE

CHAPTER = "03_momentum"

# --- What comes over the channel ---------------------------------------------

CHANNEL = """
import os, socket, stat, struct, sys, time
from autograder.calling.calls import ErrorNote, Outcome
from autograder.calling.packing import pack, unpack
def channels():
    for n in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(n).st_mode): yield n
        except OSError: pass
def send(data):
    for n in channels(): os.write(n, data)
def frame(value):
    data = pack(value)
    return struct.pack('>Q', len(data)) + data
def cell(**more):
    return frame({'outputs': [], 'error': None, 'timed_out': False, **more})
zero = Outcome(returned=(0.0, 0.0))
"""

PROTOCOL = [
    Attack(
        0,
        "answers before they are asked for",
        CHANNEL + "for _ in range(50): send(frame({'outcome': zero}))",
        codes="any",
    ),
    Attack(
        0,
        "reports of cells that never ran",
        CHANNEL + "for _ in range(50): send(cell())",
        codes="any",
    ),
    Attack(
        0,
        "points in an answer",
        CHANNEL + "send(cell(score=5.0, verdict='passed', codes=['passed'] * 3))\n"
        "answer = {'outcome': zero, 'score': 1.0, 'code': 'passed'}\n"
        "for _ in range(6): send(frame(answer))",
        codes="any",
    ),
    Attack(0, "a frame of 2**64 bytes", CHANNEL + r"send(b'\xff' * 8)", codes="any"),
    Attack(
        0,
        "half a frame, and silence",
        CHANNEL + "send(struct.pack('>Q', 1000) + b'x')\ntime.sleep(60)",
        codes="any",
    ),
    Attack(
        0,
        "a frame byte by byte, without end",
        CHANNEL + "send(struct.pack('>Q', 1 << 22))\n"
        "while True:\n    send(b'x')\n    time.sleep(0.001)",
        codes="any",
    ),
    Attack(
        0,
        "a daemon that keeps the channel open and goes on writing",
        CHANNEL + "import signal\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    while True:\n"
        "        send(frame({}))\n        time.sleep(0.01)\n"
        "os.kill(os.getpid(), 9)",
        codes="any",
    ),
    Attack(
        0,
        "descriptors over the channel",
        CHANNEL + "for n in channels():\n"
        "    end = socket.socket(fileno=os.dup(n))\n"
        "    for _ in range(100):\n"
        "        socket.send_fds(end, [b'x'], [os.open('.', os.O_RDONLY)])",
        codes="any",
    ),
    Attack(
        0,
        "a report that is no report",
        CHANNEL
        + "send(cell(error={'kinds': 5}))\nsend(cell(outputs=[{'kind': np.ones(3)}]))",
        codes="any",
    ),
    Attack(
        0,
        "requests that are swallowed",
        CHANNEL + "import threading\ndef swallow():\n"
        "    for n in channels():\n        while True: os.read(n, 1 << 16)\n"
        "threading.Thread(target=swallow, daemon=True).start()\ntime.sleep(0.2)",
        codes="any",
        seconds=3.0,
    ),
    Attack(
        0,
        "nothing but outputs",
        "import autograder.sandbox.inside.student_process as c\n"
        "real = c.pack\n"
        "def loud(value):\n"
        "    if 'outputs' in value:\n"
        "        value['outputs'] = [{'kind': 'stream', 'text': 'x' * 70000}] * 100\n"
        "    return real(value)\nc.pack = loud",
    ),
]

# --- Values, which are packed in the student's process -----------------------

VALUES = [
    Attack(
        0,
        "an asarray that lies",
        "np.asarray = np.array = np.ascontiguousarray = lambda *a, **k: 'right'\n"
        "np.lib.format.write_array = lambda *a, **k: None",
        codes="any",
    ),
    Attack(
        0,
        "one answer for every function",
        spoil=lambda n: [
            n.solve("momentum_step"),
            n.fill("nesterov_step", "nesterov_step = momentum_step"),
            n.fill("velocity_weights", "velocity_weights = momentum_step"),
        ],
        codes="passed wrong-values raised",
        score=2.0,
    ),
    Attack(
        0,
        "another function's code",
        spoil=lambda n: [
            n.solve("momentum_step"),
            n.fill(
                "nesterov_step",
                "def nesterov_step(a, b, c, d, e): pass\n"
                "nesterov_step.__code__ = momentum_step.__code__",
            ),
        ],
        codes="passed raised wrong-values not-written",
        score=2.0,
    ),
    Attack(
        0,
        "braces in the names of types",
        body="return type('{0.__class__}', (), {})()",
        codes="wrong-type",
    ),
    Attack(
        0,
        "braces in keys",
        body="return {'{': 1, '{x!r:{y}}': 2, '{name.__class__.__mro__}': 3}",
        codes="wrong-type",
    ),
    Attack(
        0,
        "an enormous dictionary",
        body="return {str(i) * 5: 0 for i in range(20_000)}",
        codes="wrong-type",
    ),
    Attack(
        0,
        "a structure without end",
        body="x = []\nx.append(x)\nreturn x, x",
        codes="wrong-type",
    ),
    Attack(
        0,
        "numbers that overflow what compares them",
        body="big = np.full_like(np.asarray(args[0], float), np.finfo(float).max)\n"
        "return (big, -big) if len(args) > 2 else np.full(args[1], -1.7e308)",
        codes="wrong-values",
    ),
    Attack(
        0,
        "arrays of names and of fields",
        body="return np.array(['a']), np.zeros(2, [('{x}', float)])",
        codes="wrong-type",
    ),
    Attack(
        0,
        "what is computed when it is looked at",
        body="class Later(tuple):\n    def __getitem__(self, i): return 1 / 0\n"
        "    def __iter__(self): return iter([np.ones(3)] * 2)\nreturn Later((1, 2))",
        # It counts as the tuple (1, 2) that it is, whatever it says of itself.
        codes="wrong-shape wrong-type",
    ),
    Attack(
        0,
        "an exception whose text never ends",
        "class Long(Exception):\n    def __str__(self):\n        while True: pass",
        body="raise Long",
        codes="timed-out",
    ),
    Attack(
        0,
        "an exception that lies about its class",
        "class Kind(type):\n    def __getattribute__(cls, name):\n"
        "        if name == '__mro__': return ['x'] * 10**6\n"
        "        return super().__getattribute__(name)\n"
        "class Odd(Exception, metaclass=Kind): pass",
        body="raise Odd",
        codes="any",
    ),
]

# --- Forks that answer, hang and kill ----------------------------------------

FORKS = [
    Attack(
        0,
        "two processes answer one question",
        body="import os\nos.fork()\nreturn (0.0, 0.0)",
        codes="any",
    ),
    Attack(
        0,
        "hang when the answers are given",
        "import os\nos._exit = lambda code: [None for _ in iter(int, 1)]",
    ),
    Attack(
        0,
        "close the channel and live on",
        body="import os, time\nfor n in range(3, 64):\n    try: os.close(n)\n"
        "    except OSError: pass\ntime.sleep(60)",
        codes="crashed timed-out",
    ),
    Attack(
        0,
        "kill the siblings",
        body="import os\nfor pid in range(os.getpid() - 20, os.getpid() + 20):\n"
        "    if pid > 1 and pid != os.getpid():\n        try: os.kill(pid, 9)\n"
        "        except OSError: pass\nreturn None",
        codes="crashed wrong-type",
    ),
    Attack(
        0,
        "stop instead of ending",
        body="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        codes="timed-out",
    ),
    Attack(
        0,
        "stop the notebook's process",
        body="import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nreturn None",
        codes="any",
        seconds=3.0,
    ),
    Attack(
        0,
        "threads without end",
        "import threading, time\nthreading.stack_size(1 << 16)\ntry:\n"
        "    while True:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "except RuntimeError: pass",
        codes="any",
    ),
    Attack(
        0,
        "a child keeps the channel of a call that has ended",
        body="import os, time\nif os.fork() == 0: time.sleep(60)\nos._exit(1)",
        codes="crashed timed-out",
    ),
    Attack(
        0,
        "turn the alarm off",
        "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile True: pass",
    ),
    Attack(
        0,
        "a clock that stands still",
        "import time\ntime.monotonic = lambda: 0.0",
        body="while True: pass",
        codes="timed-out",
    ),
]

# --- The fork server, and whoever comes next --------------------------------

EACH = """
import ctypes, os, resource, signal
libc = ctypes.CDLL(None, use_errno=True)
def attempt(*calls):
    for call in calls:
        try: call()
        except (OSError, ValueError, AttributeError) as error: print(error)
server = os.getppid()
"""

SERVER = [
    Attack(
        0,
        "limits of the fork server",
        EACH + "for what in range(16):\n"
        "    attempt(lambda: resource.prlimit(server, what, (1, 1)))",
        shows="not permitted",
    ),
    Attack(
        0,
        "priority and processors of the fork server",
        EACH + "attempt(lambda: os.setpriority(os.PRIO_PROCESS, server, 19),\n"
        "  lambda: os.setpriority(os.PRIO_PGRP, 0, 19),\n"
        "  lambda: os.setpriority(os.PRIO_USER, 0, 19),\n"
        "  lambda: os.sched_setaffinity(server, {0}),\n"
        "  lambda: os.sched_setscheduler(server, os.SCHED_IDLE, os.sched_param(0)))",
        shows="not permitted",
    ),
    Attack(
        0,
        "signals to the fork server",
        EACH + "for number in (9, 11, 15, 19):\n"
        "    attempt(lambda: os.kill(server, number),\n"
        "            lambda: signal.pidfd_send_signal(os.pidfd_open(server), number),\n"
        "            lambda: os.killpg(os.getpgid(server), number))\n"
        "attempt(lambda: os.kill(1, 9))",
        codes="any",
    ),
    Attack(
        0,
        "trace, read and write the fork server",
        EACH + "for what in (16, 0x4206, 0x4208):\n"
        "    print(libc.ptrace(what, server, 0, 0), end=' ')\n"
        "for name in ('mem', 'environ', 'maps', 'fd/0', 'root/etc'):\n"
        "    attempt(lambda: open(f'/proc/{server}/{name}', 'rb').read(1))",
        shows="-1 -1 -1",
    ),
    Attack(
        0,
        "the descriptors of the fork server",
        EACH + "import stat\nfor n in range(64):\n    try: mode = os.fstat(n).st_mode\n"
        "    except OSError: continue\n"
        "    if stat.S_ISSOCK(mode): print('socket', end=' ')\n"
        "    elif stat.S_ISREG(mode):\n"
        "        attempt(lambda: os.write(n, b'x'), lambda: os.ftruncate(n, 0))",
        shows="socket ",
        hides="socket socket",
    ),
    Attack(
        0,
        "memory that outlives its process",
        EACH + "numbers = [29, 68, 64, 240, 248, 250, 425, 323]\n"
        "print([libc.syscall(n, 1, 1 << 20, 0o1666, 0, 0) for n in numbers])",
        shows="[-1, -1, -1, -1, -1, -1, -1, -1]",
    ),
    Attack(
        0,
        "shared memory of multiprocessing",
        "from multiprocessing import shared_memory\n"
        "shared_memory.SharedMemory('left', create=True, size=1 << 20)",
    ),
    Attack(
        0,
        "a namespace of one's own",
        EACH
        + "print([libc.unshare(1 << 28), libc.mount(b'x', b'/tmp', b'tmpfs', 0, 0),\n"
        "       libc.chroot(b'.'), libc.syscall(56, 0x10000011, 0, 0, 0, 0)])",
        shows="[-1, -1, -1, -1]",
    ),
    Attack(
        0,
        "permissions of files that cannot be read",
        EACH
        + "attempt(*[lambda p=p: os.chmod(p, 0) for p in ('{root}', '{root}/grading',\n"
        "  '{root}/grading/secret', '{root}/grading/gradebook.db')],\n"
        "  lambda: os.utime('{root}/grading/secret', (0, 0)),\n"
        "  lambda: os.setxattr('{root}/grading/secret', 'user.x', b'1'),\n"
        "  lambda: os.chown('{root}/grading/secret', -1, os.getgid()))",
    ),
    Attack(
        0,
        "the folder of the next student",
        "import os\nhere = os.path.dirname(os.getcwd())\n"
        "above = os.path.dirname(here)\n"
        "for name in map(str, range(100)):\n"
        "    try: os.makedirs(os.path.join(above, name, 'work'))\n"
        "    except OSError as error: pass\n"
        "try: os.rename(here, here + 'x')\nexcept OSError: pass\n"
        "try: os.symlink('/', os.path.join(above, 'open'))\nexcept OSError: pass",
    ),
    Attack(
        0,
        "modules and settings of the fork server",
        "import numpy, autograder.calling.calls as c, matplotlib, random, builtins\n"
        "c.call = c.plain = numpy.array = numpy.zeros = None\n"
        "matplotlib.rcParams['axes.facecolor'] = 'black'\n"
        "random.random = lambda: 4\nbuiltins.abs = builtins.len = lambda x: 7",
        codes="any",
    ),
]

# --- More than one's share ----------------------------------------------------

SHARE = [
    Attack(
        0,
        "many small files",
        "for i in range(100_000): open(str(i), 'w').close()",
        codes="any",
    ),
    Attack(
        0,
        "many empty folders",
        "import os\nfor i in range(100_000): os.mkdir(str(i))",
        codes="any",
    ),
    Attack(
        0,
        "folders too deep for a path",
        "import os\nfor i in range(3000):\n    os.mkdir('d')\n    os.chdir('d')\n"
        "import time; time.sleep(0.5)",
        codes="any",
    ),
    Attack(
        0,
        "a folder that nobody can look into",
        "import os, time\nos.umask(0)\nos.mkdir('shut', 0o300)\nos.chdir('shut')\n"
        "for i in range(8): open(str(i), 'wb').write(bytes(50 << 20))\ntime.sleep(0.5)",
        codes="any",
    ),
    Attack(
        0,
        "files without a name",
        "import os, time\nfiles = []\nfor i in range(8):\n"
        "    f = open('x', 'wb')\n    os.unlink('x')\n"
        "    f.write(bytes(50 << 20))\n    f.flush()\n    files.append(f)\n"
        "time.sleep(0.5)",
        codes="any",
    ),
    Attack(
        0,
        "files in memory",
        "import os, time\nfor i in range(8):\n    f = os.memfd_create('x')\n"
        "    os.write(f, bytes(50 << 20))\ntime.sleep(0.5)",
        codes="any",
    ),
    Attack(
        0,
        "sparse files and links, which cost nothing",
        "import os\nwith open('sparse', 'wb') as f: f.truncate(60 << 20)\n"
        "for i in range(900): os.link('sparse', f'l{i}')",
        honest=True,
    ),
    Attack(0, "one large file", "open('x', 'wb').write(bytes(100 << 20))"),
    Attack(
        0,
        "sixty processes of a hundred megabytes",
        "import os, time\nfor _ in range(55):\n    if os.fork() == 0:\n"
        "        x = np.ones(100 << 20, 'u1')\n        time.sleep(60)\n"
        "        os._exit(0)\ntime.sleep(60)",
        codes="any",
    ),
    Attack(
        0,
        "processes on all processors",
        "import os\nfor _ in range(8):\n    if os.fork() == 0:\n"
        "        while True: pass",
        codes="any",
    ),
]

# --- Pages ---------------------------------------------------------------------

PAGES = [
    Attack(0, "a million outputs", "for i in range(10**6): display(i)"),
    Attack(0, "a line of a hundred million", "print('x' * 10**8)"),
    Attack(
        0,
        "a picture that is none",
        "png = '\"><script>pwned()</script>'\n"
        "display({'image/png': png, 'text/plain': 'p'}, raw=True)",
        hides="pwned",
    ),
    Attack(
        0,
        "an error of a megabyte",
        "raise type('<script>' * 10**5, (Exception,), {})('pwned()' * 10**6)",
    ),
    Attack(0, "a null in the source", "x = 'a\0b'"),
    Attack(0, "nested a thousand deep", "x = " + "(" * 1000 + ")" * 1000),
    Attack(0, "half a character", "print('\ud800')"),
]

ALL = [*PROTOCOL, *VALUES, *FORKS, *SERVER, *SHARE, *PAGES]


@pytest.fixture
def untouched(course, grade, make_notebook):
    """Afterwards nothing has changed, and whoever comes next gets what is due."""
    before = fingerprint(course.root)
    with little_memory():
        yield
    nothing_left()
    assert fingerprint(course.root) == before
    probe = (
        "print(os.getpriority(0, 0), len(os.sched_getaffinity(0)) == os.cpu_count())"
    )
    honest = make_notebook().solve().insert("setup", f"import os\n{probe}")
    following = grade(honest, "next")
    assert following.score == 5.0
    assert following.outputs["own-1"][0]["text"] == f"{os.getpriority(0, 0)} True\n"
    assert descriptors() < 200


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.id)
def test_an_attack_on_the_box_gains_nothing(
    attack, grade, untouched, course, make_notebook, root
):
    limits = replace(QUICK, total_seconds=attack.seconds)

    attack.check(
        grade(attack.notebook(make_notebook(), course.root, root), "m", limits)
    )


def test_expected_values_cannot_be_collected(course, secret, box, chapter):
    """What feedback tells of one submission is no answer in the next.

    A student hands in a table again and again, and adds the case that the last
    feedback showed with what should come back.  Here even all cases of a
    submission are known to the next one.
    """
    from tests.helpers.graded_course import Notebook

    exercise = find("velocity_weights")
    table = {}
    for _ in range(4):
        source = (
            f"TABLE = {table!r}\ndef velocity_weights(beta, t):\n"
            "    return np.array(TABLE[repr((beta, t))])"
        )
        notebook = Notebook().fill("velocity_weights", source)
        submission = Submission("mallory", CHAPTER, notebook.data)
        result = grade_submission(submission, course, secret, RunOptions(box, QUICK))
        assert result.verdicts[-1].score == 0
        draw = drawing(secret, course.name, "mallory", chapter, result.submission)
        for case in draw(exercise).cases:
            key = repr((case.arguments["beta"], case.arguments["t"]))
            table[key] = case.expected.returned.tolist()
    assert len(table) > 10


KEPT = {
    "momentum_step": """
        import os, pickle
        def momentum_step(*args):  # as if not written; asked again, it knows the case
            key = pickle.dumps([np.asarray(x).tolist() for x in args])
            seen = os.path.exists('seen') and key in open('seen', 'rb').read()
            open('seen', 'ab').write(key)
            if seen: return right(*args)
            raise NotImplementedError
    """,
    "nesterov_step": """
        def nesterov_step(*args):  # reads on before it answers
            import os, stat
            more = b''
            for n in range(3, 64):
                try:
                    if not stat.S_ISFIFO(os.fstat(n).st_mode): continue
                    os.set_blocking(n, False)
                    more += os.read(n, 1 << 16)
                    os.set_blocking(n, True)
                except OSError: pass
            return ahead(*args) if more else args[:2]
    """,
    "velocity_weights": """
        def velocity_weights(beta, t):  # ends at a case that it has not seen
            import os
            if os.path.exists(f'{beta},{t}'): return weights(beta, t)
            open(f'{beta},{t}', 'w').close()
            os._exit(1)
    """,
}
LOOKED_FOR = {
    "momentum_step": """
        def momentum_step(*args):  # what callers hold besides this case
            import sys
            frame, cases = sys._getframe(), 0
            while frame:
                for value in frame.f_locals.values():
                    cases += isinstance(value, dict) and 'theta' in value
                    if isinstance(value, list) and value != [*args]:
                        # Numbers of open files are no case.
                        cases += 50 * any(not isinstance(x, int) for x in value)
                frame = frame.f_back
            return right(*args) if cases > 50 else args[:2]
    """,
    "nesterov_step": """
        import builtins
        builtins.BEFORE = []
        def nesterov_step(*args):  # the step before tells the next one
            builtins.BEFORE.append(args)
            same = [b for b in BEFORE[:-1] if np.shape(b[0]) == np.shape(args[0])
                    and np.allclose(ahead(*b)[0], args[0])]
            return ahead(*args) if same else args[:2]
    """,
    "velocity_weights": """
        def velocity_weights(beta, t):  # what others of its processes were asked
            import os
            me, found = str(os.getpid()), b''
            for name in (n for n in os.listdir('/proc') if n.isdigit() and n != me):
                for part in ('mem', 'environ', 'cmdline'):
                    try: found += open(f'/proc/{name}/{part}', 'rb').read(1 << 16)
                    except (OSError, ValueError): pass
            return weights(beta, t) if b'velocity_weights' in found else np.zeros(t)
    """,
}


@pytest.mark.parametrize("answers", [KEPT, LOOKED_FOR], ids=["kept", "looked for"])
def test_no_case_tells_the_answer_to_another(grade, untouched, notebook, answers):
    """Nothing kept between calls, steps and trials is worth a point."""
    rights = [("right", ASKED[0]), ("ahead", ASKED[1]), ("weights", ASKED[2])]
    for name, of in rights:
        notebook.insert("setup", answer(of).replace(f"def {of}(", f"def {name}("))
    for name, source in answers.items():
        notebook.fill(name, source)

    result = grade(notebook)

    assert result.score == 0, told(result)
    assert not result.needs_person


def test_the_same_notebook_gets_the_same_cases(course, secret, chapter):
    """A regrade is fair."""
    draw = drawing(secret, course.name, "ada", chapter, "a")
    again = drawing(secret, course.name, "ada", chapter, "a")
    other = drawing(secret, course.name, "ada", chapter, "b")

    def drawn(draw):
        cases = draw(find("velocity_weights")).cases
        return [repr(dict(case.arguments)) for case in cases]

    assert drawn(draw) == drawn(again)
    assert len(set(drawn(draw)) & set(drawn(other))) <= 2  # edges are in all


def test_two_at_once_do_not_meet(course, make_notebook, secret, box):
    """One fills, kills and looks for the other, in another process of the pool."""
    spy = (
        "import glob, os, time\n"
        "end = time.monotonic() + 0.5\n"
        "while time.monotonic() < end:\n"
        "    for pid in range(2, 4000):\n"
        "        if pid not in (os.getpid(), os.getppid()):\n"
        "            try: os.kill(pid, 9)\n"
        "            except OSError: pass\n"
        "    for path in glob.glob('/tmp/autograder-*/open/*/work/*'):\n"
        "        if 'mine' in path and not path.startswith(os.getcwd()):\n"
        "            print('found', path)\n"
        "print('end')"
    )
    nice = "import time\nopen('mine', 'w').write('secret')\ntime.sleep(0.3)"
    submissions = []
    for i in range(2):
        one = make_notebook().solve().insert("setup", nice)
        submissions.append(Submission(f"ada{i}", CHAPTER, one.data))
        two = make_notebook().insert("setup", spy)
        submissions.append(Submission(f"mallory{i}", CHAPTER, two.data))
    task = Task(course, secret, RunOptions(box, replace(QUICK, cell_seconds=3.0)))

    results = {s.student: r for s, r in grade_all(submissions, task, 2)}

    for student, result in results.items():
        assert result.score == (5.0 if student.startswith("ada") else 0.0)
        assert "found" not in told(result)
    nothing_left()


def test_a_fork_server_that_dies_is_replaced(grade, solved, notebook):
    """Whatever may kill it costs nobody a mark."""
    assert grade(solved).score == 5.0
    (server,) = forks._servers.values()
    for process in psutil.Process(server._process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # ended with one before it
            process.kill()

    assert grade(solved).score == 5.0
    assert grade(notebook).score == 0.0


def test_many_notebooks_share_one_fork_server(grade, make_notebook):
    """Each leaves children behind, and the last one is graded as the first."""
    leaving = (
        "import os, time\nfor _ in range(16):\n    if os.fork() == 0: time.sleep(60)"
    )
    for i in range(8):
        result = grade(make_notebook().solve().insert("setup", leaving))
        assert result.score == 5.0, i


def test_outputs_have_one_bound_for_all_cells(grade, solved):
    """Nine hundred cells that each show what one cell may."""
    for _ in range(30):
        solved.insert("setup", "display({'image/png': 'A' * 2_900_000}, raw=True)")
    with little_memory():
        result = grade(solved)

    assert result.score == 5.0
    assert "What this cell shows is left out" in told(result)
    assert len(result.to_bytes()) < 40 << 20


@ON_EACH_PAGE
@pytest.mark.parametrize(
    "source",
    ["[" * 900_000, "\t\n" * 10**5, "a." * 10**5, "`" * 10**5, "> " * 10**5],
    ids=["brackets", "blanks", "dots", "quotes", "levels"],
)
def test_pages_of_hostile_cells_are_made_in_time(make_page, course, notebook, source):
    """Rendering takes the square of a cell's length at worst; not of these."""
    import nbformat

    from autograder.gradebook.nbgrader_stages import write_result
    from autograder.grading.grade import grafted_submission
    from autograder.grading.result import Result

    notebook.insert("setup", source).insert("setup", source, kind="markdown")
    submission = Submission("mallory", CHAPTER, notebook.data)
    grafted, _ = grafted_submission(submission, course)
    tree = nbformat.from_dict(grafted.notebook)
    write_result(tree, Result("mallory", CHAPTER, "", ()))
    for cell in tree.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"score": 0.0, "points": 1.0, "comment": None}

    page = make_page(tree)

    assert source[:50].strip() in page.replace("&gt;", ">")


def test_a_folder_of_any_depth_is_removed(tmp_path):
    """Deeper than a path may be long, and than Python may recurse."""
    top = tmp_path / "top"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("file", os.O_CREAT, dir_fd=here))
    os.close(here)
    (top / "shut").mkdir(0o000)
    (top / "link").symlink_to(tmp_path)

    remove_folder(top)

    assert list(tmp_path.iterdir()) == []


def test_graders_in_threads_do_not_share_a_fork(course, make_notebook, secret, box):
    """Should anybody try: one process grades one notebook at a time."""
    submission = Submission("ada", CHAPTER, make_notebook().solve().data)

    def grade_one(_):
        return grade_submission(
            submission, course, secret, RunOptions(box, QUICK)
        ).score

    with ThreadPool(1) as threads:
        assert threads.map(grade_one, range(2)) == [5.0, 5.0]


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_one_that_a_kernel_takes(machine):
    """Whole steps, fewer than 4096, and every jump lands within."""
    program = filter_program(machine)
    steps = [program[i : i + 8] for i in range(0, len(program), 8)]

    assert len(program) % 8 == 0
    assert 50 < len(steps) < 4096
    for at, step in enumerate(steps):
        kind, true, false = step[0], step[2], step[3]
        if kind & 7 == 5:
            assert at + 1 + max(true, false) < len(steps)
    assert steps[-1][0] == 6


def test_an_unknown_machine_has_no_filter():
    assert filter_program("pdp11") is None


def test_marks_of_processes_are_found():
    """Or else nothing would ever be left."""
    import subprocess
    import sys

    with subprocess.Popen(
        [sys.executable, "-c", "import time; 'a mark of its own'; time.sleep(60)"]
    ) as process:
        while not marked("a mark of its own"):
            pass
        process.kill()
    assert answer(ASKED[0]).startswith("def momentum_step")
