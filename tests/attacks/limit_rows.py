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
import ctypes, fcntl, glob, mmap, os, resource, shutil, signal, socket, subprocess
import sys, tempfile, time
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [
    ctypes.c_long]
MB = 1 << 20
FREE = os.statvfs('.').f_bfree
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
    time.sleep(4)
def row(name, source):
    r, w = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            for number in (signal.SIGALRM, signal.SIGBUS):
                signal.signal(number, signal.SIG_DFL)
            signal.alarm(20)
            os.dup2(w, 1)
            sys.stdout = os.fdopen(w, 'w')
            try: exec(source, globals())
            except OSError as error: print('refused:', error.strerror)
            except BaseException as error: print(type(error).__name__, error)
            sys.stdout.flush()
        finally: os._exit(0)
    os.close(w)
    status = os.waitpid(child, 0)[1]
    try: os.killpg(child, 9)
    except ProcessLookupError: pass
    said = b''.join(iter(lambda: os.read(r, MB), b'')).decode()
    os.close(r)
    if os.WIFSIGNALED(status): said += signal.Signals(os.WTERMSIG(status)).name
    for path in [*glob.glob('*'), *glob.glob(tempfile.gettempdir() + '/*')]:
        if os.path.isdir(path) and not os.path.islink(path): shutil.rmtree(path)
        else: os.unlink(path)
    for _ in range(500):  # until the last process has gone
        if os.statvfs('.').f_bfree >= FREE - 256: break
        time.sleep(0.01)
    else: print(f'[{name}] NOT EMPTIED')
    for line in said.splitlines(): print(f'[{name}]', line)
"""
"""What rows may use.  `row` runs one in a child and removes what it leaves."""

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
        "many messages at once",
        "a, b = socket.socketpair()\nask('sendmmsg', 307, a.fileno(), 0, 0, 0)",
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
    Row(
        "signals of a file, by another door",
        "f = os.open('x', os.O_CREAT)\na, b = socket.socketpair()\n"
        "for code in (0x8901, 0x8902, 0x5452):\n"
        "    attempt('ioctl', lambda: fcntl.ioctl(a, code, bytes([1, 0, 0, 0])))",
    ),
    Row(
        "typing into a terminal, and having one",
        "for code in (0x5412, 0x540E, 0x5410, 0x541C):\n"
        "    attempt('ioctl', lambda: fcntl.ioctl(0, code, b'x'))",
    ),
    Row(
        "blocks and flags of files",
        "f = os.open('x', os.O_CREAT | os.O_RDWR)\n"
        "for code in (0x40049409, 0x4020940D, 0x40086602, 0xC0189436):\n"
        "    attempt('ioctl', lambda: fcntl.ioctl(f, code, bytes(64)))",
    ),
    Row(
        "what becomes of its children, memory and clock",
        "for option in (24, 26, 28, 33, 35, 36, 47, 59, 62, 67):\n"
        "    ask(f'prctl {option}', 157, option, 1, 0, 0, 0)",
    ),
    Row(
        "hints that outlive a file",
        "f = os.open('x', os.O_CREAT)\n"
        "for command in (1029, 1036, 1038):\n"
        "    attempt('fcntl', lambda: fcntl.fcntl(f, command, bytes(8)))",
    ),
    Row(
        "locks, which the kernel counts for nobody",
        "import struct\nf = os.open('x', os.O_CREAT | os.O_RDWR)\n"
        "for command in (6, 7, 37, 38):\n"
        "    fcntl.fcntl(f, command, struct.pack('hhqqi', 1, 0, 0, 1, 0))\n"
        "if os.fork() == 0:\n"
        "    found = fcntl.fcntl(f, 5, struct.pack('hhqqi', 1, 0, 0, 1, 0))\n"
        "    free = struct.unpack('hhqqi', found)[0] == 2\n"
        "    os.write(1, b'lock refused: none kept' if free else b'lock DONE')\n"
        "    os._exit(0)\nos.wait()",
    ),
    Row(
        "filters and copies of a socket",
        "a, b = socket.socketpair()\n"
        "for option in (14, 26, 27, 34, 36, 46, 50, 51, 60):\n"
        "    attempt('option', lambda: a.setsockopt(1, option, bytes(16)))",
    ),
    Row(
        "memory and messages that stay",
        "for number in (29, 68, 64, 240): ask('stays', number, 0, MB, 0o1666, 0)\n"
        "ask('key', 248, b'user', b'x', b'y', 1, -5)",
    ),
    Row(
        "rare doors",
        "for name, n in dict(bpf=321, perf=298, faults=323, persona=135).items():\n"
        "    ask(name, n, 1, 0, 0, 0, 0)",
    ),
    Row(
        "files in other folders",
        "for top in '/dev/shm /tmp /var/tmp /run /dev/mqueue / ../..'.split():\n"
        "    attempt('file', lambda: os.open(top + '/x', os.O_CREAT | os.O_RDWR))\n"
        "    attempt('unnamed', lambda: os.open(top, os.O_TMPFILE | os.O_RDWR))",
    ),
    Row(
        "memory with a name",
        "from multiprocessing import shared_memory, get_context\n"
        "attempt('memory', lambda: shared_memory.SharedMemory(create=True, size=MB))\n"
        "attempt('semaphore', lambda: get_context('fork').Semaphore())",
    ),
    Row(
        "the clock, priority and processors of others",
        "ask('scheduler', 144, os.getppid(), 5, bytes(4))\n"
        "attempt('group', lambda: os.setpriority(os.PRIO_PGRP, 0, 19))\n"
        "attempt('user', lambda: os.setpriority(os.PRIO_USER, 0, 19))\n"
        "attempt('clock', lambda: time.clock_settime(0, 0))",
    ),
]
"""What is refused: each line that these show says so."""

WITHOUT_GROUP = Row(
    "a descriptor in flight",
    "a, b = socket.socketpair()\n"
    "attempt('send', lambda: socket.send_fds(a, [b'x'], [0]))",
)
"""The same where no control group counts what is sent."""

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
        "descriptors in flight",
        "def fill():\n    a, b = socket.socketpair()\n    try:\n"
        "        while True:\n            pair = socket.socketpair()\n"
        "            for one in pair:\n                one.setblocking(False)\n"
        "                try:\n                    while True: one.send(bytes(4096))\n"
        "                except BlockingIOError: pass\n"
        "            socket.send_fds(a, [b'x'], [one.fileno() for one in pair])\n"
        "    except OSError: pass\n    time.sleep(30)\nmany(fill, 24)",
    ),
    Row(
        "children of children, in sessions of their own",
        "def fill():\n    if os.fork(): return\n    os.setsid()\n"
        "    x = np.ones(70 * MB, 'u1')\n    time.sleep(30)\nmany(fill)",
    ),
    Row(
        "other programs",
        "fill = 'x = bytearray(70 << 20); x[::4096] = bytes(len(x[::4096])); input()'\n"
        "for _ in range(8): subprocess.Popen([sys.executable, '-S', '-c', fill],\n"
        "    stdin=os.pipe()[0])\ntime.sleep(4)",
    ),
    Row(
        "threads, each with a stack",
        "import threading\n"
        "def deep():\n    a = np.ones(30 * MB, 'u1')\n    time.sleep(30)\n"
        "try:\n"
        "    for _ in range(20):\n"
        "        threading.Thread(target=deep, daemon=True).start()\n"
        "finally: time.sleep(1)",
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
        "def fill():\n    f = open('x%d' % os.getpid(), 'wb')\n"
        "    os.unlink(f.name)\n"
        "    try: f.write(bytes(12 * MB)), f.flush()\n"
        "    except OSError: os.write(w, b'n')\n    else: os.write(w, b'y')\n"
        "    time.sleep(60)\n"
        "r, w = os.pipe()\n"
        "for _ in range(6):\n    if os.fork() == 0: fill()\n"
        "done = b''.join(os.read(r, 1) for _ in range(6))\n"
        "print('No space left' if b'n' in done else 'WRITTEN')",
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
    Row(
        "a hole, filled bit by bit",
        "f = os.open('x', os.O_CREAT | os.O_RDWR)\nos.ftruncate(f, 60 * MB)\n"
        "for at in range(0, 60 * MB, 4096): os.pwrite(f, b'x', at)\n"
        "print('WRITTEN')",
        "No space left",
    ),
    Row(
        "a mapping of a hole",
        "f = os.open('x', os.O_CREAT | os.O_RDWR)\nos.ftruncate(f, 60 * MB)\n"
        "m = mmap.mmap(f, 60 * MB)\n"
        "for at in range(0, 60 * MB, 4096): m[at] = 1\n"
        "print('WRITTEN')",
        "SIGBUS",
    ),
    Row(
        "files that never had a name",
        "kept = []\nfor i in range(5):\n"
        "    kept.append(os.open('.', os.O_TMPFILE | os.O_RDWR))\n"
        "    os.write(kept[-1], bytes(10 * MB))\nprint('WRITTEN')",
        "No space left",
    ),
    Row(
        "many names of one file",
        "os.close(os.open('x', os.O_CREAT))\n"
        "for i in range(3000): os.link('x', f'{i}')\nprint('WRITTEN')",
        "No space left",
    ),
    Row(
        "long names for nothing",
        "for i in range(3000): os.symlink('x' * 4000, f'{i}' * 50)\nprint('WRITTEN')",
        "No space left",
    ),
    Row(
        "copies without reading",
        "f = os.open('x', os.O_CREAT | os.O_RDWR)\nos.write(f, bytes(10 * MB))\n"
        "for i in range(4):\n"
        "    g = os.open(f'y{i}', os.O_CREAT | os.O_RDWR)\n"
        "    os.lseek(f, 0, 0)\n    left = 10 * MB\n"
        "    while left: left -= os.sendfile(g, f, None, left)\nprint('WRITTEN')",
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
