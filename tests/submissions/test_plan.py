"""Which cells run: experiments do not, unless an answer needs them."""

from __future__ import annotations

from collections import Counter

from autograder.grading.walk import _names as names_of_cells
from autograder.sandbox.options import OWN_CODE
from autograder.sandbox.run import Run
from autograder.submissions.plan import Names, Plan, cells_to_run
from autograder.submissions.released_cells import OWN


def cell(name, *tags, kind="code"):
    return {
        "cell_type": kind,
        "id": name,
        "metadata": {"tags": list(tags)},
        "source": "",
    }


def names(bound="", needed=""):
    return Names(frozenset(bound.split()), frozenset(needed.split()))


def running(*plan, answers=("f",), full=False, after=False, released=False):
    """Ids of the cells that run, of cells given with their names."""
    cells = [one for one, _ in plan]
    chosen = cells_to_run(cells, [n for _, n in plan], answers, full, released)
    return [cells[at]["id"] for at in sorted(chosen.after if after else chosen.before)]


SETUP = (cell("setup", "setup"), names("np"))
ANSWER = (cell("f"), names("f", "np"))


def test_experiments_and_tries_are_skipped():
    plan = [
        SETUP,
        ANSWER,
        (cell("try", "try"), names("", "f")),
        (cell("figure", "experiment"), names("path", "f np")),
        (cell("text", kind="markdown"), names()),
    ]

    assert running(*plan) == ["setup", "f"]
    assert running(*plan, full=True) == ["setup", "f", "try", "figure"]


def test_a_helper_in_a_try_cell_runs():
    """A learner put a function that the answer calls where there was room."""
    plan = [
        SETUP,
        (cell("try", "try"), names("helper")),
        (cell("f"), names("f", "helper")),
    ]

    assert running(*plan) == ["setup", "try", "f"]


def test_what_a_needed_cell_needs_runs_too():
    plan = [
        (cell("figure", "experiment"), names("table")),
        (cell("try", "try"), names("helper", "table")),
        (cell("f"), names("f", "helper")),
    ]

    assert running(*plan) == ["figure", "try", "f"]


def test_an_answer_in_a_try_cell_runs():
    plan = [(cell("f"), names("f")), (cell("try", "try"), names("f"))]

    assert running(*plan) == ["f", "try"]


def test_own_cells_run_after_all_unless_they_look_at_an_experiment():
    plan = [
        ANSWER,
        (cell("figure", "experiment"), names("path", "f")),
        (cell("own-1"), names("k", "f")),
        (cell("own-2"), names("", "path")),
    ]

    assert running(*plan) == ["f"]
    assert running(*plan, after=True) == ["own-1"]


def test_an_own_cell_that_an_answer_needs_brings_its_experiment():
    plan = [
        (cell("figure", "experiment"), names("path")),
        (cell("own-1"), names("helper", "path")),
        (cell("f"), names("f", "helper")),
    ]

    assert running(*plan) == ["figure", "own-1", "f"]


RELEASE = [
    SETUP,
    (cell("data"), names("digits", "np")),
    (cell("helper"), names("walk", "f digits")),
    (cell("seed"), names("", "np")),
    ANSWER,
    (cell("figure", "experiment"), names("path", "walk")),
]


def test_what_a_release_defines_for_its_experiments_is_skipped():
    """Of a file of one's own nobody knows what is for experiments."""
    assert running(*RELEASE, released=True) == ["setup", "seed", "f"]
    assert running(*RELEASE) == ["setup", "data", "helper", "seed", "f"]


def test_what_an_answer_needs_of_a_release_runs():
    using = [*RELEASE[:4], (cell("f"), names("f", "walk"))]

    assert running(*using, released=True) == ["setup", "data", "helper", "seed", "f"]


def test_what_an_own_cell_needs_of_a_release_runs_before_it_after_all():
    plan = [
        *RELEASE,
        (cell("own-1"), names("", "walk")),
        (cell("own-2"), names("", "path")),
    ]

    assert running(*plan, released=True) == ["setup", "seed", "f"]
    assert running(*plan, released=True, after=True) == ["data", "helper", "own-1"]


def test_nothing_of_a_release_runs_after_all_for_itself():
    plan = [*RELEASE, (cell("own-1"), names("", "path"))]

    assert running(*plan, released=True, after=True) == []


NAMED = {
    "a function and what it uses": ("def f(x):\n    return g(x) + K", "f", "K g"),
    "its own names": ("def f(x):\n    y = 1\n    return len(x) + y", "f", ""),
    "imports and loops": (
        "import a.b\nfrom c import d as e\nfor i in e: j = i",
        "a e i j",
        "e i",
    ),
    "nested functions": ("def f():\n    def g(): return h()\n    return g", "f", "h"),
    "a global": ("def f():\n    global k\n    k = 1", "f k", "k"),
    "magics": ("%matplotlib inline\nx = 1", "x", "get_ipython"),
    "no Python": ("def f(:", "", ""),
    "too deep": ("(" * 5000 + "x" + ")" * 5000, "", ""),
}


def test_names_of_cells():
    """What the student's process finds, which alone reads the student's code."""
    with Run(OWN_CODE) as run:
        found = run.names([source for source, _, _ in NAMED.values()])

    assert dict(zip(NAMED, found, strict=True)) == {
        what: names(bound, needed) for what, (_, bound, needed) in NAMED.items()
    }


def test_the_box_is_asked_for_the_names_of_what_somebody_wrote_alone():
    """Of the rest the same is found without it, which is the same for everybody."""
    sources = [source for source, _, _ in NAMED.values()]
    both = [source for source in sources for _ in range(2)]
    cells = [{"metadata": {}}, {"metadata": {OWN: True}}] * len(sources)
    asked = []

    with Run(OWN_CODE) as run:
        box = run.names

        def names_of(sources):
            asked.extend(sources)
            return box(sources)

        run.names = names_of
        found = names_of_cells(run, cells, both, lambda names: Plan(frozenset()))

    assert found[::2] == found[1::2]
    no_python = {NAMED[what][0] for what in ("magics", "no Python", "too deep")}
    assert Counter(asked) == {s: 2 if s in no_python else 1 for s in sources}
