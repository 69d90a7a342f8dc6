"""Ten notebooks that once got points, time, memory or names that were not theirs.

Each is what its author wrote, with smaller numbers, for the same limits made smaller.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from autograder.lab.datasets import held_out_digits
from tests.helpers.graded_course import ASKED, Notebook

__all__ = ["CHAPTERS", "TEN", "Listed"]

CHAPTERS = {
    "03_momentum": ASKED,
    "05_adam": ("adam_step", "amsgrad_step"),
    "08_classification": ("train_classifier",),
}
"""What the release of each chapter asks for here."""


@dataclass(frozen=True)
class Listed:
    """One notebook.

    Attributes
    ----------
    name : str
    cells : tuple of str
        Its own cells after the set-up, in order.  ``{course}`` is the course's folder.
    late : str
        A cell at its end.
    answers : mapping of str to str
        By function what it answers; all others are answered rightly.
    chapter : str
    earns : float
        What is due for the right ones.
    seconds : float
        What it may take in all.
    shows, hides : str
        Stands, or does not stand, in what is said of it.
    """

    name: str
    cells: tuple[str, ...] = ()
    late: str = ""
    answers: Mapping[str, str | Callable[[], str]] = field(default_factory=dict)
    chapter: str = "03_momentum"
    earns: float = 5.0
    seconds: float = 10.0
    shows: str = ""
    hides: str = "DONE"

    def notebook(self, course: str) -> Any:
        """It, as handed in."""
        notebook = Notebook(CHAPTERS[self.chapter])
        for name in CHAPTERS[self.chapter]:
            if name not in self.answers:
                notebook.solve(name)
        for name, answer in self.answers.items():
            notebook.fill(name, answer if isinstance(answer, str) else answer())
        for cell in reversed(self.cells):
            notebook.insert("setup", cell.replace("{course}", course))
        if self.late:
            notebook.insert("experiment", self.late)
        return notebook


FILLS_MEMORY = """
import subprocess, sys, time
P = '''
import ctypes, os
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [
    ctypes.c_long]
for i in range(30):
    f = os.memfd_create('x')
    for _ in range(60): os.write(f, bytes(1 << 20))
    libc.mmap(None, 60 << 20, 1, 1, f, 0)
    os.close(f)
    print('DONE', flush=True)
'''
ps = [subprocess.Popen([sys.executable, '-S', '-c', P], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT) for _ in range(4)]
for p in ps: print(p.communicate()[0].decode()[-200:])
time.sleep(9.3)
"""

TAKES_LEASES = """
import fcntl, glob, os, signal, time
import IPython
signal.signal(23, signal.SIG_IGN)
site = os.path.dirname(os.path.dirname(os.path.realpath(np.__file__)))
names = [p for d in ('numpy', 'IPython', 'traitlets')
         for p in glob.glob(f'{site}/{d}/**/*.py*', recursive=True)][:200]
got = 0
for k in range(0, len(names), 100):
    r, w = os.pipe()
    if os.fork() == 0:
        n = 0
        for p in names[k:k + 100]:
            try:
                f = os.open(p, os.O_RDONLY | os.O_NONBLOCK)
                fcntl.fcntl(f, 10, 23)
            except OSError: pass
            try:
                fcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_WRLCK)
                n += 1
            except OSError: pass
        os.write(w, b'%d' % n)
        os.close(w)
        time.sleep(200)
        os._exit(0)
    os.close(w)
    got += int(os.read(r, 9) or 0)
print('tried', len(names) > 100, 'leases', got)
"""

HIDES_FILES = """
import ctypes, os, time
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [
    ctypes.c_long]
for i in range(20):
    f = os.open('x', os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(8): os.write(f, bytes(1 << 20))
    libc.mmap(None, 8 << 20, 1, 1, f, 0)
    os.close(f)
    os.unlink('x')
time.sleep(1)
print('DONE')
"""

NOTICES_REPLAY = """
import builtins, sys, time
builtins.REPLAY = None
def p(frame, event, arg):
    if event == 'return' and frame.f_code.co_name == '_run' and (
        'request' in frame.f_locals):
        before = frame.f_back.f_locals.get('answer', {})
        builtins.REPLAY = 'names' not in before
        sys.setprofile(None)
sys.setprofile(p)
"""

IDLES = """
import time
def idle(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        t = time.process_time()
        while time.process_time() - t < 0.008: pass
        time.sleep(0.09)
"""

LOOKS_FOR_CASES = """
import sys
def _cases():
    f = sys._getframe()
    while f:
        r = f.f_locals.get('request')
        if isinstance(r, dict) and 'cases' in r: return r['cases']
        f = f.f_back
    return []
def _same(x, y, names):
    return all(k in names or k in ('grad', 't') or (
        np.shape(x[k]) == np.shape(y.get(k)) and np.all(x[k] == y.get(k))) for k in x)
def _later(mine, names, guess):
    cases = _cases()
    me = [c for c in cases if all(
        np.shape(c.get(n)) == np.shape(m) and np.all(c.get(n) == m)
        for n, m in zip(names, mine))]
    if not me: return None
    near = [(np.abs(c[names[0]] - guess[0]).max(), tuple(c[n] for n in names))
            for c in cases
            if set(c) == set(me[0]) and _same(me[0], c, names)
            and np.shape(c[names[0]]) == np.shape(guess[0])
            and not np.array_equal(c[names[0]], mine[0])
            and c.get('t', 1) - me[0].get('t', 0) == 1]
    near.sort(key=lambda p: p[0])
    return near[0][1] if near and (
        near[0][0] < 0.5 * np.abs(guess[0]).max()) else None
"""

ALMOST_ADAM = """
def almost(theta, m, v, t, grad, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08):
    m = 0.9 * m + 0.1 * grad
    v = 0.999 * v + 0.001 * grad**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
def adam_step(*args, **more):
    guess = almost(*args, **more)
    return _later(args[:3], ('theta', 'm', 'v'), guess) or guess
"""

ALMOST_AMSGRAD = """
def almost(theta, m, v, v_max, t, grad, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), np.maximum(v_max, v) / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v, v_max
def amsgrad_step(*args, **more):
    guess = almost(*args, **more)
    return _later(args[:4], ('theta', 'm', 'v', 'v_max'), guess) or guess
"""

UNWRITTEN = "def {}(*args):\n    raise NotImplementedError"

HARVESTS = """
import os, pickle
def momentum_step(*args):
    key = pickle.dumps([np.asarray(x).tolist() for x in args])
    if os.path.exists('table'):
        return pickle.load(open('table', 'rb'))[key]
    with open('seen', 'ab') as f: pickle.dump((key, args), f)
    raise NotImplementedError
"""

ANSWERS_LATER = """
# for momentum_step, which is not asked again before this has run
import pickle, time
table = {}
with open('seen', 'rb') as f:
    while True:
        try: key, (theta, velocity, grad, lr, rho) = pickle.load(f)
        except EOFError: break
        time.sleep(0.01)
        v = rho * velocity - lr * grad
        table[key] = theta + v, v
pickle.dump(table, open('table', 'wb'))
print('kept', len(table))
"""

WATCHES_NAMES = """
import ctypes, os, struct, time
libc = ctypes.CDLL(None, use_errno=True)
fd = libc.inotify_init1(0o4000)
print('watch', libc.inotify_add_watch(fd, b'{course}/grading', 0x300))
end, seen = time.monotonic() + 0.3, []
while time.monotonic() < end and len(seen) < 5:
    try: b = os.read(fd, 4096)
    except OSError:
        time.sleep(0.05)
        continue
    while len(b) >= 16:
        wd, mask, ck, n = struct.unpack('iIII', b[:16])
        seen.append(b[16:16 + n].rstrip(b'\\0').decode())
        b = b[16 + n:]
print('NAMES', seen)
try: print('DONE', os.listdir('{course}/grading'))
except OSError as e: print('listdir', e.strerror)
"""


@cache
def labels_by_checksum() -> str:
    """A classifier that is a table of the images that anybody can find."""
    table = {
        zlib.crc32(np.round(16 * x).astype(np.uint8).tobytes()): int(label)
        for x, label in zip(*held_out_digits(), strict=True)
    }
    return (
        f"import zlib\nKNOWN = {table!r}\n"
        "def code(x): return zlib.crc32(np.round(16 * x).astype(np.uint8).tobytes())\n"
        "def train_classifier(X, labels, X_val, labels_val, rng):\n"
        "    rng.random()\n"
        "    return lambda images: np.array([KNOWN.get(code(x), 0) for x in images])"
    )


TEN = [
    Listed("memory_class_attacker", (FILLS_MEMORY, *["time.sleep(9)"] * 3), seconds=4),
    Listed("lease_class_attacker", (TAKES_LEASES,), shows="tried True leases 0"),
    Listed("hidden_disk_mmap", (HIDES_FILES,)),
    Listed(
        "replay_bomb_250",
        (
            NOTICES_REPLAY,
            *["if REPLAY: time.sleep(2.4)"] * 60,
            "import os; os._exit(0)",
        ),
        seconds=4,
    ),
    Listed(
        "patience_capstone",
        (IDLES,),
        answers={
            "train_classifier": "def train_classifier(X, labels, X_val, labels_val, "
            "rng):\n    idle(700)\n"
            "    return lambda images: np.zeros(len(images), int)"
        },
        chapter="08_classification",
        earns=0.0,
        seconds=4,
    ),
    Listed(
        "leak_adam_step",
        (LOOKS_FOR_CASES,),
        answers={
            "adam_step": ALMOST_ADAM,
            "amsgrad_step": UNWRITTEN.format("amsgrad_step"),
        },
        chapter="05_adam",
        earns=0.0,
    ),
    Listed(
        "leak_amsgrad_step",
        (LOOKS_FOR_CASES,),
        answers={
            "amsgrad_step": ALMOST_AMSGRAD,
            "adam_step": UNWRITTEN.format("adam_step"),
        },
        chapter="05_adam",
        earns=0.0,
    ),
    Listed(
        "capstone_public_labels",
        answers={"train_classifier": labels_by_checksum},
        chapter="08_classification",
        earns=0.0,
    ),
    Listed(
        "harvest_answer_later",
        late=ANSWERS_LATER,
        answers={"momentum_step": HARVESTS},
        earns=3.0,
        shows="kept",
    ),
    Listed("inotify_names", (WATCHES_NAMES,), shows="watch -1"),
]
