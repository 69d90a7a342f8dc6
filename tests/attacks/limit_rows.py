"""Attempts to pass a limit, as a table: what each does, and what must come of it.

Each starts from an honest notebook, whose marks stay, and uses in vain what no single
process shows, or what is looked at too late.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HEAD", "MEMORY", "REFUSED", "TIME", "WRITES", "Row"]


@dataclass(frozen=True)
class Row:
    """One attempt.

    Attributes
    ----------
    name : str
        In words.
    cell : str
        A cell after the set-up.
    shows : str
        Stands in what cells show, or in what is said of them.
    """

    name: str
    cell: str
    shows: str = ""


HEAD = """
import ctypes, fcntl, mmap, os, resource, signal, socket, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [
    ctypes.c_long]
MB = 1 << 20
def attempt(name, call):
    try: found = call()
    except OSError as error: print(name, 'refused:', error.strerror)
    else: print(name, 'DONE', found)
def ask(name, number, *arguments):
    def call():
        found = libc.syscall(number, *arguments)
        if found < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return found
    attempt(name, call)
def many(work, n=8):
    for _ in range(n):
        if os.fork() == 0:
            try: work()
            finally:
                time.sleep(60)
                os._exit(0)
    time.sleep(8)
"""

REFUSED = [
    Row(
        "lease on a library",
        "import numpy\nf = os.open(numpy.__file__, 0)\n"
        "attempt('lease', lambda: fcntl.fcntl(f, 1024, 1))",
    ),
    Row(
        "lease to read",
        "f = os.open('x', os.O_CREAT | os.O_RDONLY)\n"
        "attempt('lease', lambda: fcntl.fcntl(f, 1024, 0))",
    ),
    Row(
        "word of a folder",
        "f = os.open('.', 0)\n"
        "attempt('notify', lambda: fcntl.fcntl(f, 1026, 0x80000001))",
    ),
    Row(
        "signals of a file to others",
        "f = os.open('x', os.O_CREAT)\n"
        "attempt('setown', lambda: fcntl.fcntl(f, 8, os.getppid()))\n"
        "attempt('setsig', lambda: fcntl.fcntl(f, 10, 9))\n"
        "attempt('setown_ex', lambda: fcntl.fcntl(f, 15, bytes(8)))",
    ),
    Row("inotify", "ask('inotify', 294, 0)\nask('inotify', 253)"),
    Row("fanotify", "ask('fanotify', 300, 0, 0)"),
    Row(
        "a pipe of a megabyte",
        "r, w = os.pipe()\nattempt('pipe', lambda: fcntl.fcntl(w, 1031, MB))",
    ),
    Row(
        "a socket of a gigabyte",
        "a, b = socket.socketpair()\n"
        "for option in (7, 8, 32, 33):\n"
        "    attempt('buffer', lambda: a.setsockopt(1, option, 1 << 30))",
    ),
    Row(
        "a descriptor in flight",
        "a, b = socket.socketpair()\n"
        "attempt('send', lambda: socket.send_fds(a, [b'x'], [0]))\n"
        "ask('sendmmsg', 307, a.fileno(), 0, 0, 0)",
    ),
    Row(
        "a file in memory",
        "attempt('memfd', lambda: os.memfd_create('x'))\nask('secret', 447, 0)",
    ),
    Row(
        "pages lent to a pipe",
        "r, w = os.pipe()\n"
        "ask('vmsplice', 278, w, 0, 0, 0)\n"
        "ask('splice', 275, 0, 0, w, 0, 1, 0)\nask('tee', 276, r, w, 1, 0)",
    ),
    Row(
        "requests that the kernel keeps",
        "ask('aio', 206, 1000, ctypes.byref(ctypes.c_long()))\nask('uring', 425, 8, 0)",
    ),
    Row("huge pages", "attempt('huge', lambda: mmap.mmap(-1, 2 * MB, flags=0x40022))"),
    Row(
        "sockets that are no sockets",
        "for kind in ((16, 3, 0), (17, 3, 768), "
        "(40, 1, 0), (38, 5, 0), (2, 3, 1), (2, 1, 132), (2, 1, 262)):\n"
        "    attempt('socket', lambda: socket.socket(*kind))",
    ),
    Row(
        "a filter of its own",
        "ask('seccomp', 317, 1, 0, 0)\nask('prctl', 157, 22, 2, 0)\n"
        "ask('not dumpable', 157, 4, 0)\nask('traced', 157, 0x59616D61, 1)",
    ),
    Row(
        "calls that nobody has looked at",
        "for n in range(470, 512): ask(f'call {n}', n, 0, 0, 0, 0)",
    ),
    Row("the second set of numbers", "ask('x32', 0x40000000 | 39)"),
    Row(
        "the machine's disks and log",
        "ask('sync', 162)\nask('syncfs', 306, 0)\n"
        "ask('syslog', 103, 3, 0, 0)\nask('quota', 179, 0, 0, 0, 0)",
    ),
    Row(
        "handles of files",
        "ask('handle', 303, -100, b'.', 0, 0, 0)\nask('open', 304, -100, 0, 0)",
    ),
    Row(
        "traces and other memory",
        "ask('ptrace', 101, 16, os.getppid(), 0, 0)\n"
        "ask('read', 310, os.getppid(), 0, 0, 0, 0, 0)\n"
        "ask('advise', 440, 0, 0, 0, 21, 0)\nask('kcmp', 312, 1, 1, 0, 0, 0)",
    ),
    Row(
        "where memory ends, first to go no more",
        "attempt('oom', lambda: "
        "open('/proc/self/oom_score_adj', 'w').write('-1000'))\n"
        "attempt('oom', lambda: open('/proc/self/oom_score_adj', 'w').write('0'))",
    ),
    Row(
        "out of the group",
        "for top in ('/sys/fs/cgroup', '/sys/fs/cgroup/memory'):\n"
        "    attempt('group', lambda: open(top + '/cgroup.procs', 'w').write('0'))\n"
        "    attempt('group', lambda: os.mkdir(top + '/own'))",
    ),
]
"""What is refused: each line that these show says so."""

MEMORY = [
    Row(
        "many processes, each below its limit",
        "many(lambda: time.sleep(30) if np.ones(60 * MB, 'u1').any() else 0)",
    ),
    Row(
        "shared pages that nobody has mapped any more",
        "def fill():\n    for _ in range(60):\n        m = mmap.mmap(-1, 5 * MB)\n"
        "        m.write(bytes(5 * MB))\n        kept.append(m)\n"
        "kept = []\nmany(fill)",
    ),
    Row(
        "socket buffers",
        "def fill():\n    kept = []\n    try:\n"
        "        for _ in range(110):\n            a, b = socket.socketpair()\n"
        "            a.setblocking(False)\n            kept += [a, b]\n"
        "            try:\n                while True: a.send(bytes(4096))\n"
        "            except BlockingIOError: pass\n"
        "    except OSError: pass\n    time.sleep(30)\nmany(fill, 24)",
    ),
    Row(
        "pipes",
        "def fill():\n    kept = []\n    try:\n        while True:\n"
        "            r, w = os.pipe()\n            os.set_blocking(w, False)\n"
        "            kept += [r, w]\n            try:\n"
        "                while True: os.write(w, bytes(4096))\n"
        "            except BlockingIOError: pass\n"
        "    except OSError: pass\n    time.sleep(30)\nmany(fill, 48)",
    ),
    Row(
        "threads, each with a stack",
        "import threading\n"
        "def deep():\n    a = np.ones(30 * MB, 'u1')\n    time.sleep(30)\n"
        "for _ in range(20): threading.Thread(target=deep, daemon=True).start()\n"
        "time.sleep(8)",
    ),
    Row(
        "grows while it is looked at",
        "kept = []\nfor i in range(400):\n"
        "    kept.append(bytearray(b'x' * MB))\ntime.sleep(3)",
    ),
]
"""What takes more memory than there is: whatever ends, it is not the grader."""

WRITES = [
    Row(
        "written, mapped, closed, removed",
        "for i in range(8):\n"
        "    f = os.open('x', os.O_RDWR | os.O_CREAT, 0o600)\n"
        "    for _ in range(10): os.write(f, bytes(MB))\n"
        "    libc.mmap(None, 10 * MB, 1, 1, f, 0)\n    os.close(f)\n"
        "    os.unlink('x')\nprint('WRITTEN')",
        "No space left",
    ),
    Row(
        "removed and open in other processes",
        "import itertools\n"
        "def fill():\n    f = open('x%d' % os.getpid(), 'wb')\n"
        "    os.unlink(f.name)\n    f.write(bytes(12 * MB))\n    f.flush()\n"
        "    open('done', 'ab').write(b'x')\n    kept.append(f)\n"
        "kept = []\nopen('done', 'x').close()\nmany(fill, 6)\n"
        "print('No space left' if os.path.getsize('done') < 6 else 'WRITTEN')",
        "No space left",
    ),
    Row(
        "promised, not written",
        "f = open('x', 'wb')\n"
        "os.posix_fallocate(f.fileno(), 0, 12 * MB)\n"
        "g = open('y', 'wb')\nos.posix_fallocate(g.fileno(), 0, 30 * MB)\n"
        "print('WRITTEN')",
        "No space left",
    ),
    Row(
        "more files than there may be",
        "for i in range(3000):\n"
        "    os.close(os.open(f'{i}', os.O_CREAT))\nprint('WRITTEN')",
        "No space left",
    ),
    Row(
        "links, pipes and sockets for files",
        "for i in range(1500):\n"
        "    os.symlink('x', f'a{i}')\n    os.mkfifo(f'b{i}')\nprint('WRITTEN')",
        "No space left",
    ),
    Row(
        "temporary files",
        "import tempfile\nkept = []\nfor i in range(5):\n"
        "    f = tempfile.TemporaryFile()\n    f.write(bytes(10 * MB))\n"
        "    f.flush()\n    kept.append(f)\nprint('WRITTEN')",
        "No space left",
    ),
]
"""What writes more than there is room for, 32 MB here and 2000 files."""

TIME = [
    Row(
        "sleeps for most of it",
        "if os.path.exists('/nowhere'): pass\ntime.sleep(9)",
    ),
    Row(
        "children hold the channel of a dead notebook",
        "if os.fork() == 0:\n    time.sleep(60)\n    os._exit(0)\n"
        "os.kill(os.getpid(), 9)",
    ),
    Row(
        "a little work, and much sleep",
        "signal.setitimer(signal.ITIMER_REAL, 0)\n"
        "while True:\n    t = time.process_time()\n"
        "    while time.process_time() - t < 0.008: pass\n    time.sleep(0.09)",
    ),
    Row(
        "deaf to the alarm",
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)\ntime.sleep(60)",
    ),
    Row("stops itself", "os.kill(os.getpid(), signal.SIGSTOP)"),
    Row(
        "work in many processes that end",
        "end = time.monotonic() + 60\n"
        "while time.monotonic() < end:\n    if os.fork() == 0:\n"
        "        t = time.process_time()\n"
        "        while time.process_time() - t < 0.05: pass\n"
        "        os._exit(0)\n    os.wait()",
    ),
]
"""What would go on for longer than a notebook may."""
