"""Attacks and accidents that stock nbgrader suffers from, on one notebook.

The numbers are those of the table of what was tried, 1 to 76.  What is about
files and folders is in `test_attacks_on_a_class.py`.
"""

from __future__ import annotations

from tests.attacks.attacking import ASKED, Attack

__all__ = ["ROWS", "returned_as_float32"]

FAKE_MODULES = """
import sys, types
fake = types.ModuleType('autograder')
fake.check = fake.judge = fake.call = lambda *a, **k: None
for name in [n for n in sys.modules if n.startswith('autograder')]:
    sys.modules[name] = fake
"""

SHELL = "ip = get_ipython()\n"

SEARCH_FRAMES = """
import sys
frame = sys._getframe()
while frame:
    for scope in (frame.f_locals, frame.f_globals):
        for name, value in scope.items():
            if name in ('expected', 'desired', 'reference', 'REF', 'mistaken', 'fixed'):
                return value
    frame = frame.f_back
"""

SEARCH_MEMORY = """
import gc
for found in gc.get_objects():
    if type(found) is dict and 'expected' in found and 'mistaken' in found:
        return found['expected']
    if type(found).__name__ in ('Case', 'Question', 'Exercise', 'Verdict'):
        return found
"""

LAZY = """
import sys
class Lazy:
    def __array__(self, *a, **k):
        frame = sys._getframe()
        while frame:
            for name in ('desired', 'expected', 'right'):
                if name in frame.f_locals:
                    return np.asarray(frame.f_locals[name])
            frame = frame.f_back
        return np.zeros(3)
"""

AGREEABLE = """
class Agreeable(np.ndarray):
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return True
    def __eq__(self, other): return True
    def all(self, *a, **k): return True
class Yes:
    def __eq__(self, other): return True
    def __float__(self): return 1.0
"""

FLOOD_OF_DAEMONS = """
import subprocess, sys
for _ in range({n}):
    subprocess.Popen(
        [sys.executable, '-S', '-c', 'import time; "{mark}"; time.sleep(99)'],
        start_new_session=True)
"""

CLASH = """
import builtins, os, numpy
x = rng = range = sum = print = id = expected = check = args = outcome = 3
os.chdir('/')
del builtins.sum
"""


def everything(change):
    """A spoiling that does `change` to every cell."""
    return lambda notebook: [change(cell) for cell in notebook.cells]


def checks(change):
    """A spoiling that does `change` to every check cell."""
    return lambda notebook: [change(notebook[f"{name}_check"]) for name in ASKED]


def nbgrader(cell, **entries):
    """Change what nbgrader finds in a cell."""
    cell["metadata"]["nbgrader"] |= entries


def skip_checks(notebook):
    for name in ASKED:
        notebook[f"{name}_check"]["metadata"]["tags"] = ["skip-execution"]


def rewrite_checks(notebook):
    first, second, third = (notebook[f"{name}_check"] for name in ASKED)
    first["source"] = "pass"
    second["cell_type"] = "markdown"
    nbgrader(third, points=100)
    notebook.tree["metadata"]["kernelspec"]["name"] = "always-right"


def delete_checks(notebook):
    for name in ASKED:
        del notebook.cells[notebook.at(f"{name}_check")]


def double_a_check(notebook):
    notebook.cells.insert(3, notebook.copy_of("momentum_step_check"))


def spoil_everything(notebook):
    notebook.tree["cells"] += [notebook.copy_of(cell["id"]) for cell in notebook.cells]
    first, second, third = (notebook[f"{name}_check"] for name in ASKED)
    nbgrader(first, points="x", grade_id="nobody_knows")
    second["metadata"] = "text"
    nbgrader(third, schema_version=1)
    del third["metadata"]["nbgrader"]["grade_id"]


def turn_round(notebook):
    """Check cells first, then the rest."""
    are = [cell["id"].endswith("_check") for cell in notebook.cells]
    cells = zip(notebook.cells, are, strict=True)
    notebook.tree["cells"] = [
        cell for cell, _ in sorted(cells, key=lambda pair: not pair[1])
    ]


def in_answers(line, names=ASKED):
    """A spoiling that puts a line at the start of right answers."""

    def spoil(notebook):
        for name in names:
            lines = notebook[name]["source"].splitlines()
            end = next(i for i, text in enumerate(lines) if text.endswith(":"))
            notebook[name]["source"] = "\n".join(
                [*lines[: end + 1], f"    {line}", *lines[end + 1 :]]
            )

    return spoil


def after_answers(line):
    """A spoiling that puts a line below right answers."""
    return lambda notebook: [
        notebook.fill(name, f"{notebook[name]['source']}\n{line}") for name in ASKED
    ]


def returned_as_float32(notebook):
    for name in ASKED:
        right = notebook[name]["source"].replace(f"def {name}", "def right")
        single = (
            f"\n_{name} = right\ndef {name}(*args):\n    out = _{name}(*args)\n"
            "    one = lambda a: np.asarray(a).astype(np.float32)\n"
            "    return tuple(map(one, out)) if type(out) is tuple else one(out)"
        )
        notebook.fill(name, right + single)


def own_cells(notebook):
    for i in range(2000):
        notebook.cells.append({**notebook["setup"], "id": f"own{i}", "source": "1"})


ROWS = [
    Attack(
        1,
        "patch the comparison",
        "np.testing.assert_allclose = lambda *a, **k: None\n"
        "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True",
    ),
    Attack(
        2,
        "an object that is anything",
        "class Any:\n"
        "    def __getattr__(self, name): return self\n"
        "    def __call__(self, *a, **k): return self\n"
        "    __add__ = __sub__ = __mul__ = __eq__ = __lt__ = __le__ = __call__\n"
        "np = Any()",
        spoil=lambda n: [n.fill(name, f"{name} = Any()") for name in ASKED],
        codes="wrong-type",
    ),
    Attack(
        3,
        "replace the grader's modules",
        FAKE_MODULES,
        codes="not-written crashed",
    ),
    Attack(4, "redefine check", "def check(*a): pass"),
    Attack(
        5,
        "input transformer that deletes tests",
        SHELL + "ip.input_transformers_post.append(lambda lines: ['pass\\n'] "
        "if any('check' in line for line in lines) else lines)",
    ),
    Attack(
        6,
        "transformer that empties every cell",
        SHELL + "import ast\nclass Empty(ast.NodeTransformer):\n"
        "    def visit_Module(self, node):\n"
        "        node.body = []\n        return node\n"
        "ip.ast_transformers.append(Empty())",
        codes="not-written",
    ),
    Attack(
        7,
        "patch run_code",
        SHELL + "async def nothing(self, *a, **k): return False\n"
        "type(ip).run_code = nothing",
        codes="not-written",
    ),
    Attack(
        8,
        "forge success",
        SHELL + "from IPython.core.interactiveshell import ExecutionResult\n"
        "ExecutionResult.success = property(lambda self: True)\n"
        "ip.showtraceback = lambda *a, **k: None",
    ),
    Attack(
        9,
        "rewrite the kernel's messages",
        SHELL + "k = ip.kernel\ntype(k.session).send = lambda *a, **k: None",
    ),
    Attack(
        10,
        "print points from the function",
        body="get_ipython().displayhook(1.0)\nraise ValueError",
        codes="raised",
    ),
    Attack(
        11,
        "print points that are no number",
        body="get_ipython().displayhook(float('nan'))\nraise ValueError",
        codes="raised",
    ),
    Attack(
        12,
        "print too many points",
        spoil=in_answers("get_ipython().displayhook(100.0)"),
        honest=True,
    ),
    Attack(
        13,
        "swallow exceptions",
        SHELL + "ip.set_custom_exc((Exception,), lambda *a: None)",
    ),
    Attack(14, "mute tracebacks", SHELL + "ip.showtraceback = lambda *a, **k: None"),
    Attack(
        15,
        "clear outputs after each cell",
        SHELL + "from IPython.display import clear_output\n"
        "ip.events.register('post_run_cell', lambda result: clear_output())",
    ),
    Attack(
        16,
        "an exception that shows nothing",
        "import sys\nclass Silent(BaseException):\n"
        "    def _render_traceback_(self): return []\n"
        "sys.settrace(lambda *a: None)\nsys.excepthook = lambda *a: None",
        body="raise Silent",
        codes="crashed",
    ),
    Attack(17, "the tag skip-execution", spoil=skip_checks),
    Attack(18, "edit source, type and points of checks", spoil=rewrite_checks),
    Attack(
        19,
        "marks of nbgrader taken away",
        spoil=checks(lambda cell: nbgrader(cell, grade=False, solution=True)),
        honest=True,
    ),
    Attack(20, "check cells deleted", spoil=delete_checks, honest=True),
    Attack(21, "a check cell copied", spoil=double_a_check, honest=True),
    Attack(22, "every cell doubled, marks broken", spoil=spoil_everything, honest=True),
    Attack(23, "check cells before their functions", spoil=turn_round, honest=True),
    Attack(24, "search the callers for values", body=SEARCH_FRAMES, codes="wrong-type"),
    Attack(
        25,
        "an answer that looks when asked",
        LAZY,
        "return Lazy(), Lazy()",
        codes="wrong-type",
    ),
    Attack(26, "search the memory", body=SEARCH_MEMORY, codes="wrong-type"),
    Attack(
        27,
        "import the reference",
        body="from autograder.kernels import momentum\n"
        "return momentum.momentum_step(*args)",
        codes="raised",
        shows="ModuleNotFoundError",
    ),
    Attack(
        27,
        "import the reference by its path",
        "import sys\nfor name in [n for n in sys.modules if 'autograder' in n]:\n"
        "    del sys.modules[name]\nsys.path.insert(0, '{project}')",
        body="from autograder.kernels import momentum\n"
        "return momentum.momentum_step(*args)",
        codes="raised",
        shows="ModuleNotFoundError",
    ),
    Attack(
        27,
        "read the reference",
        body="return open('{project}/autograder/kernels/momentum.py').read()",
        codes="raised",
    ),
    Attack(
        28,
        "a subclass of ndarray",
        AGREEABLE,
        "both = np.zeros(3).view(Agreeable)\n"
        "return both if len(args) == 2 else (both, both)",
        codes="wrong-type",
    ),
    Attack(
        29,
        "objects that equal everything",
        AGREEABLE,
        "out = np.empty(3, object)\nout[...] = Yes()\n"
        "return out if len(args) == 2 else (out, out)",
        codes="wrong-type",
    ),
    Attack(
        30,
        "spoil the arguments",
        body="for a in args:\n    if isinstance(a, np.ndarray): a[...] = 0\n"
        "return args[:2] if len(args) > 2 else np.zeros(args[1])",
        codes="wrong-values",
    ),
    Attack(
        31,
        "poison the arguments with NaN",
        body="for a in args:\n    if isinstance(a, np.ndarray): a[...] = np.nan\n"
        "like = [np.nan * np.asarray(a, float) for a in args[:2]]\n"
        "return tuple(like) if len(args) > 2 else np.full(args[1], np.nan)",
        codes="wrong-values",
        shows="NOT FINITE",
    ),
    Attack(
        32,
        "empty arrays",
        body="none = np.empty((0, 10))\nreturn (none, none) if len(args) > 2 else none",
        codes="wrong-shape",
    ),
    Attack(
        33,
        "arrays that could be broadcast",
        body="one = np.ones((1, 1, 1))\nreturn (one, one) if len(args) > 2 else one",
        codes="wrong-shape",
    ),
    Attack(
        34,
        "a generator that draws zeros",
        "class Zeros:\n    def __getattr__(self, name):\n"
        "        return lambda *a, **k: np.zeros(k.get('size', a[-1] if a else ()))\n"
        "np.random.default_rng = lambda *a: Zeros()",
        body="zero = [0.0 * np.asarray(a, float) for a in args[:2]]\n"
        "return tuple(zero) if len(args) > 2 else np.zeros(args[1])",
        codes="wrong-values",
    ),
    Attack(
        36,
        "notice that this is grading",
        body="import os\nfor name in ('NBGRADER_EXECUTION', 'AUTOGRADER_BOX'):\n"
        "    if name in os.environ: return None\nraise KeyError(name)",
        codes="raised",
    ),
    Attack(
        37,
        "print the hidden test",
        "print(get_ipython().user_ns['In'])",
        body="print(get_ipython().user_ns['In'], get_ipython().user_ns['_ih'])\n"
        "raise ValueError(str(get_ipython().user_ns['In'][-1]))",
        codes="raised",
        hides="mistaken",
    ),
    Attack(
        38,
        "run the instructor's solution",
        "import json\n"
        "solved = json.load(open('{root}/solutions/03_momentum/03_momentum.ipynb'))\n"
        "for cell in solved['cells']:\n"
        "    if cell['id'] == 'momentum_step': exec(''.join(cell['source']))",
        body="import json\n"
        "solved = json.load(open('{root}/solutions/03_momentum/03_momentum.ipynb'))\n"
        "space = {}\n"
        "for cell in solved['cells']:\n"
        "    if cell['id'] == 'momentum_step': exec(''.join(cell['source']), space)\n"
        "return space['momentum_step'](*args)",
        codes="raised",
    ),
    Attack(
        39,
        "edit the gradebook",
        "import sqlite3\nbook = sqlite3.connect('{root}/grading/gradebook.db')\n"
        "book.execute('create table forged (x)')\nbook.commit()",
    ),
    Attack(
        40,
        "edit it later",
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', "
        '\'import time; "{mark}"; time.sleep(1); '
        'open("{root}/grading/gradebook.db", "a").write("x"); time.sleep(60)\'], '
        "start_new_session=True)",
    ),
    Attack(
        41,
        "lock it",
        "import fcntl\nbook = open('{root}/grading/gradebook.db', 'rb')\n"
        "fcntl.flock(book, fcntl.LOCK_EX)",
    ),
    Attack(
        42,
        "other students' files",
        "bob = '{root}/grading/submitted/bob/03_momentum/03_momentum.ipynb'\n"
        "try: print(open(bob).read())\n"
        "except OSError: open(bob, 'w').write('gone')",
        hides="cell_type",
    ),
    Attack(
        43,
        "code for the next command",
        "open('{root}/nbgrader_config.py', 'a').write('import os')",
    ),
    Attack(
        44,
        "code for the next student",
        "import os, sys\n"
        "places = [os.path.expanduser('~/.ipython/profile_default/startup'),\n"
        "          os.path.expanduser('~/.config/matplotlib'), os.getcwd(), '/tmp',\n"
        "          os.environ['MPLCONFIGDIR'], os.path.dirname(os.environ['HOME']),\n"
        "          os.path.dirname(os.path.dirname(os.environ['HOME'])), *sys.path]\n"
        "for place in places:\n"
        "    for name in ('00.py', 'sitecustomize.py', 'numpy.py', 'matplotlibrc'):\n"
        "        try:\n"
        "            os.makedirs(place, exist_ok=True)\n"
        "            open(os.path.join(place, name), 'w').write('raise SystemExit')\n"
        "        except OSError: pass",
    ),
    Attack(
        45,
        "be earlier",
        "import os\nstamp = '{root}/grading/submitted/bob/03_momentum/timestamp.txt'\n"
        "try: os.utime(stamp, (0, 0))\nexcept OSError: pass\n"
        "open(stamp, 'w').write('2001-01-01 00:00:00 UTC')",
    ),
    Attack(
        46,
        "shadow a library",
        "for name in ('numpy.py', 'matplotlib.py', 'autograder.py'):\n"
        "    open(name, 'w').write('raise SystemExit')\n"
        "import sys; sys.path.insert(0, '.')",
    ),
    Attack(
        52,
        "delete the course",
        "import shutil\nshutil.rmtree('{root}', ignore_errors=True)",
        honest=True,
    ),
    Attack(53, "leave at cell level", "import os\nos._exit(0)", honest=True),
    Attack(53, "exit()", "exit()", honest=True),
    Attack(
        53, "a segmentation fault", "import ctypes\nctypes.string_at(0)", honest=True
    ),
    Attack(
        53,
        "leave when called",
        spoil=in_answers("import os; os._exit(0)", ASKED[:1]),
        honest=True,
        codes="crashed passed",
        score=3.0,
    ),
    Attack(54, "kill the grader", "import os\nos.kill(os.getppid(), 9)"),
    Attack(54, "kill everybody", "import os\nos.kill(-1, 9)"),
    Attack(
        54,
        "kill the grader when called",
        body="import os\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)",
        codes="crashed",
    ),
    Attack(55, "an endless cell", "while True: pass", honest=True),
    Attack(
        55,
        "an endless cell that catches everything",
        "while True:\n    try:\n        while True: pass\n    except: pass",
        honest=True,
    ),
    Attack(
        56,
        "ignore signals, and count for ever in C",
        spoil=in_answers(
            "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); 7**7**9",
            ASKED[:1],
        ),
        honest=True,
        codes="timed-out passed",
        score=3.0,
    ),
    Attack(
        57,
        "sleep in every cell",
        spoil=after_answers("import time; time.sleep(60)"),
        honest=True,
    ),
    Attack(58, "a fork bomb", "import os\nwhile True: os.fork()", codes="any"),
    Attack(
        58,
        "a fork bomb when called",
        body="import os\nwhile True: os.fork()",
        codes="any",
    ),
    Attack(59, "daemons", FLOOD_OF_DAEMONS.replace("{n}", "20"), honest=True),
    Attack(60, "memory in a cell", "x = np.ones(6 << 30, 'u1')", honest=True),
    Attack(
        60,
        "memory when called",
        body="return np.ones(6 << 30, 'u1')",
        codes="out-of-memory",
    ),
    Attack(61, "a flood of output", "while True: print('x' * 2**16)", honest=True),
    Attack(
        61,
        "a flood of output when called",
        body="while True: print('x' * 2**16)",
        codes="timed-out out-of-memory",
    ),
    Attack(
        62,
        "break the transport",
        "import os\nfor n in range(3, 64):\n"
        "    try: os.close(n)\n    except OSError: pass",
        honest=True,
    ),
    Attack(
        64,
        "find other kernels' keys",
        "import glob\n"
        "print('keys', glob.glob('/tmp/*.json') + glob.glob('/tmp/*/*.json')\n"
        "      + glob.glob('/run/*'), 'end')",
        shows="keys [] end",
    ),
    Attack(
        65,
        "HTML and scripts in outputs",
        "from IPython.display import HTML, Javascript, SVG, Markdown, display\n"
        "display(HTML('<script>pwned()</script>'), Javascript('pwned()'))\n"
        "display({'text/html': '<b onclick=pwned()>', 'text/markdown': 'pwned()',\n"
        "         'application/json': {'pwned()': 1},\n"
        "         'image/svg+xml': '<svg onload=pwned()>',\n"
        "         'text/plain': 'only this'}, raw=True)",
        shows="only this",
        hides="pwned",
    ),
    Attack(
        67,
        "control sequences",
        r"print('\x1b]0;pwned\x07\x1b[2J\x9b31mA')",
        body=r"raise ValueError('\x1b]0;pwned\x07\x1b[2J' + chr(0x202e) + '=cmd|x')",
        codes="raised",
        hides="\u202e",
    ),
    Attack(
        68,
        "a pickle",
        "import os\nclass Pickle:\n"
        "    def __reduce__(self): return os.system, ('echo {mark}',)",
        body="return Pickle(), np.array([Pickle()], object)",
        codes="wrong-type",
    ),
    Attack(
        70,
        "warnings",
        spoil=in_answers("import warnings; warnings.warn('hi'); np.log(np.zeros(1))"),
        honest=True,
    ),
    Attack(
        71,
        "a thread that prints",
        "import threading, sys, time\ndef noise():\n"
        "    while True:\n"
        "        print('x', file=sys.stderr)\n        time.sleep(0.01)\n"
        "threading.Thread(target=noise, daemon=True).start()",
        honest=True,
    ),
    Attack(72, "names that clash", CLASH, honest=True),
    Attack(
        72,
        "a reset at the end",
        spoil=lambda n: n.insert("velocity_weights_check", "%reset -f"),
        honest=True,
    ),
    Attack(
        75,
        "two thousand cells",
        spoil=own_cells,
        honest=True,
        codes="unreadable",
        score=0.0,
        shows="1000 are the most",
    ),
]
