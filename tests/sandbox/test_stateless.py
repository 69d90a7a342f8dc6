"""Which functions are called in the notebook's own process, and which in a fork."""

from __future__ import annotations

import math
import random
import types

import numpy as np
import pytest

from autograder.exercises import CHAPTERS
from autograder.exercises.edited import source_of
from autograder.lab import landscapes
from autograder.sandbox.inside.stateless import is_stateless

NOTHING_LEFT = {
    "arithmetic": "def f(x): return 2 * x",
    "NumPy and math": "def f(x): return np.linalg.norm(x) + math.sqrt(2)",
    "arguments in place": "def f(x):\n    x += 1\n    x[0] = 2\n    return x",
    "another answer": "def g(x): return x\ndef f(x): return g(x)",
    "itself": "def f(x): return f(x - 1) if x > 0 else 0",
    "a constant": "EPS = 1e-8\nSIZES = (2, 3)\ndef f(x): return x + EPS + SIZES[0]",
    "a name from NumPy": "exp = np.exp\ndef f(x): return exp(x)",
    "functions inside": (
        "def f(x):\n"
        "    n = 0\n"
        "    def g():\n        nonlocal n\n        n += 1\n        return n\n"
        "    return [g() for _ in x]"
    ),
    "an import of its own": "def f(x):\n    import numpy as np\n    return np.abs(x)",
    "a default": "def f(x, eps=1e-8, *, axis=None): return x + eps",
    "what it makes": (
        "class f:\n"
        "    '''An optimiser.'''\n"
        "    def __init__(self, lr=0.1):\n        self.lr, self.m = lr, None\n"
        "    def step(self, x):\n        self.m = x\n        return x\n"
    ),
    "what it counts": (
        "class f:\n"
        "    def __init__(self):\n        self.t = self.n = 0\n"
        "    def step(self, x):\n        self.t += (y := x)\n"
        "        self.n -= self.t\n"
        "        x, self.a, self.b = x\n        return y\n"
    ),
    "a class of a class": (
        "class Base:\n    def __init__(self): self.x = 0\n"
        "class f(Base):\n"
        "    def __init__(self):\n        super().__init__()\n        self.y = 1\n"
    ),
    "the course's library": "def f(x): return landscapes.ravine(x)",
    "errors": "def f(x): raise NotImplementedError('not written yet')",
    "a name that is nowhere": "def f(x): return nowhere(x)",
    "an attribute called as a list": "seen = []\ndef f(x): return x.seen + x.open",
}
SOMETHING_LEFT = {
    "a global name": "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n",
    "a list of the notebook": "seen = []\ndef f(x):\n    seen.append(x)",
    "a list called as an attribute": "seen = []\ndef f(x): return x.seen + seen",
    "a list and what it sets": "seen = []\ndef f(x):\n    x.seen = seen\n    return x",
    "an array of the notebook": "total = np.zeros(2)\ndef f(x): return total",
    "a generator of the notebook": "rng = np.random.default_rng(0)\n"
    "def f(x): return rng.normal()",
    "a generator's method": "draw = np.random.default_rng(0).normal\n"
    "def f(x): return draw()",
    "an object of the notebook": "o = types.SimpleNamespace()\ndef f(x):\n    o.x = x",
    "a default": "def f(x, seen=[]):\n    seen.append(x)",
    "a default by name": "def f(x, *, seen={}):\n    seen[x] = 1",
    "its own attribute": "def f(x):\n    f.n = x",
    "an attribute from before": "def f(x): f.seen.append(x)\nf.seen = []",
    "an attribute of a module": "def f(x):\n    np.pi = 3",
    "an attribute of its class": "class f:\n    def step(self):\n        f.n = 1",
    "what its class counts": "class f:\n    n = 0\n    def __init__(self):\n"
    "        self.n = 1\n        f.n += self.n",
    "a list of its class": "class f:\n    seen = []\n    def step(self): pass",
    "a property of its class": "seen = []\nclass f:\n    @property\n"
    "    def n(self): return seen.append(1)",
    "a closure": "def g():\n    n = 0\n    def f(x):\n        nonlocal n\n"
    "        n += 1\n    return f\nf = g()",
    "a closure's list": "def g():\n    seen = []\n    def f(x): seen.append(x)\n"
    "    return f\nf = g()",
    "a closure that is empty": "def g():\n    def f(x): return later\n"
    "    if not f: later = 1\n    return f\nf = g()",
    "one that keeps": "def g(x, seen=[]): seen.append(x)\ndef f(x): return g(x)",
    "one that is remembered": "import functools\n@functools.cache\ndef f(x): return x",
    "one that calls what is remembered": "import functools\n@functools.cache\n"
    "def g(x): return x\ndef f(x): return g(x)",
    "deep inside": "seen = []\ndef f(x): return [lambda: seen.append(i) for i in x]",
    "random numbers": "def f(x): return random.random()",
    "settings of NumPy": "def f(x): np.set_printoptions(precision=2)",
    "files": "def f(x): return open('x', 'w')",
    "a module": "def f(x):\n    import os\n    os._exit(3)",
    "eval": "def f(x): return eval('seen.append(1)')",
    "globals": "def f(x): globals()['n'] = 1",
    "setattr": "def f(x): setattr(np, 'pi', 3)",
    "a metaclass": "class M(type):\n    pass\nclass f(metaclass=M):\n    pass",
}


def made(source, name="f"):
    """What a cell makes."""
    names = {"np": np, "math": math, "random": random, "types": types}
    namespace = names | {"landscapes": landscapes, "__name__": "__main__"}
    exec(source, namespace)  # noqa: S102 -- it is written above
    return namespace[name]


@pytest.mark.parametrize("source", NOTHING_LEFT.values(), ids=NOTHING_LEFT)
def test_what_leaves_nothing_needs_no_fork(source):
    assert is_stateless(made(source))


@pytest.mark.parametrize("source", SOMETHING_LEFT.values(), ids=SOMETHING_LEFT)
def test_what_may_leave_something_needs_one(source):
    assert not is_stateless(made(source))


@pytest.mark.parametrize("value", [np.exp, len, 3, None, str.join])
def test_what_has_no_code_to_read_needs_one(value):
    assert not is_stateless(value)


@pytest.mark.parametrize(
    "exercise", [e for c in CHAPTERS for e in c.exercises], ids=lambda e: e.name
)
def test_references_need_none(exercise):
    """Or each right answer takes as long as a fork does."""
    answer = made(source_of(exercise.reference), exercise.name)

    assert is_stateless(answer)
