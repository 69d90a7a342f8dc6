"""Reading a chapter's text, and refusing what cannot be a chapter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.authoring.errors import SourceError
from autograder.authoring.source import SourceCell, read_source
from autograder.authoring.source_text import write_source
from autograder.authoring.validation import validate


def _refusal(text, tiny):
    with pytest.raises(SourceError) as refused:
        validate(read_source(text, "tiny.py"), tiny, "tiny.py")
    return refused.value


def test_cells_say_what_they_are(tiny_text):
    """Kind, role, name and tag come from the marker; the line is the marker's."""
    cells = read_source(tiny_text, "tiny.py")

    assert [(c.kind, c.role, c.name, c.tag) for c in cells] == [
        ("markdown", "plain", "", ""),
        ("code", "plain", "", "setup"),
        ("markdown", "statement", "blend", ""),
        ("code", "exercise", "blend", ""),
        ("code", "plain", "", "try"),
        ("code", "plain", "", "experiment"),
        ("markdown", "plain", "", ""),
        ("markdown", "statement", "spread", ""),
        ("code", "exercise", "spread", ""),
        ("markdown", "question", "blend_why", ""),
        ("markdown", "answer", "blend_why", ""),
        ("code", "plain", "", ""),
    ]
    lines = tiny_text.splitlines()
    for cell in cells:
        assert lines[cell.number - 1].startswith("# %%")
    assert cells[3].source.startswith("LIMITS = (0, 1)\n\n\ndef blend(")
    assert cells[7].source == "How far apart are the ends?"


def test_a_right_source_is_accepted(tiny, tiny_text):
    validate(read_source(tiny_text, "tiny.py"), tiny, "tiny.py")


WRONG = {
    "text before the first marker": (
        "# %% [markdown]\n# # Tiny",
        "# jupytext: yes\n# %% [markdown]\n# # Tiny",
        "# jupytext: yes",
        "begins with a cell marker",
    ),
    "unknown key": (
        '# %% [markdown] exercise="spread"',
        '# %% [markdown] excercise="spread"',
        '# %% [markdown] excercise="spread"',
        "Unknown in a cell marker: excercise",
    ),
    "title in a marker": (
        '# %%\nprint("the end")',
        '# %% The end\nprint("the end")',
        "# %% The end",
        'Unknown in a cell marker: title "The end"',
    ),
    "value without quotes": (
        '# %% exercise="spread"',
        "# %% exercise=spread",
        "# %% exercise=spread",
        "cannot be read",
    ),
    "two keys": (
        '# %% exercise="spread"',
        '# %% exercise="spread" question="blend_why"',
        '# %% exercise="spread" question="blend_why"',
        "A cell is one thing",
    ),
    "question as code": (
        '# %% [markdown] question="blend_why"',
        '# %% question="blend_why"',
        '# %% question="blend_why"',
        'A code cell with question="…"',
    ),
    "unknown tag": (
        'tags=["experiment"]',
        'tags=["experimental"]',
        '# %% tags=["experimental"]',
        'Unknown tag "experimental"',
    ),
    "two tags": (
        'tags=["experiment"]',
        'tags=["experiment", "try"]',
        '# %% tags=["experiment", "try"]',
        "More than one tag",
    ),
    "tags that are no list": (
        'tags=["experiment"]',
        'tags="experiment"',
        '# %% tags="experiment"',
        "is not of type 'array'",
    ),
    "tag on prose": (
        "# %% [markdown]\n# # Tiny",
        '# %% [markdown] tags=["try"]\n# # Tiny',
        '# %% [markdown] tags=["try"]',
        "not plain code",
    ),
    "raw cell": (
        '# %%\nprint("the end")',
        "# %% [raw]\n# the end",
        "# %% [raw]",
        "A raw cell",
    ),
    "marker inside a string": (
        'print("the end")',
        'print("""\n# %% the end\n""")',
        "# %% the end",
        "inside a string",
    ),
    "unknown exercise": (
        '# %% [markdown] exercise="spread"',
        '# %% [markdown] exercise="spred"',
        '# %% [markdown] exercise="spred"',
        'Did you mean "spread"?',
    ),
    "exercise without statement": (
        '# %% [markdown] exercise="spread"',
        "# %% [markdown]",
        '# %% exercise="spread"',
        "its exercise before any statement",
    ),
    "exercise twice": (
        "# %% [markdown]\n# $$",
        '# %% [markdown] exercise="blend"\n# $$',
        '# %% [markdown] exercise="blend"\n# $$',
        "for the second time",
    ),
    "wrong function": (
        "def spread(x):",
        "def spreads(x):",
        "def spreads(x):",
        "ends with `spreads`",
    ),
    "something after the function": (
        "return float(np.ptp(x))\n",
        "return float(np.ptp(x))\n\n\nspread(np.ones(3))\n",
        "spread(np.ones(3))",
        "ends with other code",
    ),
    "wrong order of parameters": (
        "def blend(a, b, weight=0.5):",
        "def blend(b, a, weight=0.5):",
        "def blend(b, a, weight=0.5):",
        "`blend(a, b, weight=0.5)`",
    ),
    "wrong default": (
        "def blend(a, b, weight=0.5):",
        "def blend(a, b, weight=0.25):",
        "def blend(a, b, weight=0.25):",
        "`blend(a, b, weight=0.5)`",
    ),
    "default that is no literal": (
        "def blend(a, b, weight=0.5):",
        "def blend(a, b, weight=np.pi):",
        "def blend(a, b, weight=np.pi):",
        "`blend(a, b, weight=np.pi)`",
    ),
    "keyword only": (
        "def blend(a, b, weight=0.5):",
        "def blend(a, b, *, weight=0.5):",
        "def blend(a, b, *, weight=0.5):",
        "The signature is",
    ),
    "body on the line of def": (
        "def spread(x):\n    return float(np.ptp(x))",
        "def spread(x): return float(np.ptp(x))",
        "def spread(x): return",
        "on the line of its `def`",
    ),
    "docstring by hand": (
        "    return float(np.ptp(x))",
        '    """Spread."""\n    return float(np.ptp(x))',
        '    """Spread."""',
        "has a docstring",
    ),
    "solution that is not Python": (
        "    return float(np.ptp(x))",
        "    return float(np.ptp(x)",
        "    return float(np.ptp(x)",
        "This is not Python",
    ),
    "experiment that is not Python": (
        'print("the end")',
        'if True\n    print("the end")',
        "if True",
        "This is not Python",
    ),
    "check by hand": (
        'print("the end")',
        'x = 1\nprint(check(blend), "the end")',
        "print(check(blend)",
        "written by hand",
    ),
    "kernels for learners": (
        'print("the end")',
        "x = 1\nfrom autograder.kernels.momentum import momentum_step",
        "from autograder.kernels",
        "Learners have no autograder.kernels.momentum.momentum_step",
    ),
    "all kernels for learners": (
        'print("the end")',
        "from autograder import kernels, lab",
        "from autograder import kernels",
        "Learners have no autograder.kernels",
    ),
    "solution marked by hand": (
        "    return float(np.ptp(x))",
        "    ### BEGIN SOLUTION\n    return float(np.ptp(x))\n    ### END SOLUTION",
        "    ### BEGIN SOLUTION",
        "means something to nbgrader",
    ),
    "hidden tests": (
        'print("the end")',
        'x = 1\n### BEGIN HIDDEN TESTS\nprint("the end")',
        "### BEGIN HIDDEN TESTS",
        "means something to nbgrader",
    ),
    "unknown question": (
        '# %% [markdown] question="blend_why"',
        '# %% [markdown] question="blend_how"',
        '# %% [markdown] question="blend_how"',
        'no question "blend_how"',
    ),
    "answer without question": (
        '# %% [markdown] question="blend_why"',
        "# %% [markdown]",
        '# %% [markdown] answer="blend_why"',
        "its answer before any question",
    ),
    "something between question and answer": (
        '# %% [markdown] answer="blend_why"',
        '# %% [markdown]\n# A hint.\n\n# %% [markdown] answer="blend_why"',
        '# %% [markdown] answer="blend_why"',
        "Something stands between",
    ),
    "try after prose": (
        'tags=["experiment"]\nprint(blend',
        'tags=["experiment"]\n\n# %% tags=["try"]\nprint(blend',
        '# %% tags=["try"]\nprint(blend',
        "follows no exercise",
    ),
    "two set-up cells": (
        'tags=["experiment"]',
        'tags=["setup"]',
        '# %% tags=["setup"]\nprint(blend',
        "A second set-up cell",
    ),
    "a rubric of too few points": (
        "combination of its points.",
        "combination of its points.\n#\n# - [1] Convex.\n# - [0.5] An interval.",
        '# %% [markdown] answer="blend_why"',
        'The rubric of "blend_why" has 2 points for 1.5 of 3.',
    ),
    "a rubric that says one thing twice": (
        "combination of its points.",
        "combination of its points.\n#\n# - [1.5] Convex.\n# - [1.5] Convex.",
        '# %% [markdown] answer="blend_why"',
        "say the same",
    ),
    "long set-up cell": (
        "import numpy as np\n",
        "import numpy as np\n" + "x = 1\n" * 3,
        '# %% tags=["setup"]',
        "A set-up cell of",
    ),
}


@pytest.mark.parametrize(("old", "new", "at", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_source_is_refused(old, new, at, says, tiny, tiny_text):
    """The message says which line it is, what is wrong, and what to do."""
    assert tiny_text.count(old) == 1
    text = tiny_text.replace(old, new)
    line = text[: text.index(at)].count("\n") + 1

    refused = _refusal(text, tiny)

    assert says in str(refused)
    assert refused.place == str(line)
    assert str(refused).startswith(f"tiny.py:{line}: ")
    assert refused.remedy.strip()


@pytest.mark.parametrize("role", ["exercise", "answer"])
def test_what_is_missing_is_named(role, tiny, tiny_text):
    """A source that ends too early is told so, at its last cell."""
    cells = read_source(tiny_text, "tiny.py")
    kept = [cell for cell in cells if cell.role != role]
    with pytest.raises(SourceError) as refused:
        validate(kept, tiny, "tiny.py")

    name = {"exercise": "blend", "answer": "blend_why"}[role]
    assert refused.value.problem == f'The source ends without the {role} of "{name}".'
    assert refused.value.place == str(cells[-1].number)


def test_exercises_stand_in_the_order_of_the_registry(tiny, tiny_text):
    """Numbers in headings come from the registry, so they have to rise."""
    cells = read_source(tiny_text, "tiny.py")
    swapped = [*cells[:2], *cells[7:9], *cells[2:7], *cells[9:]]

    with pytest.raises(SourceError, match=r'"spread" stands where .* has "blend"'):
        validate(swapped, tiny, "tiny.py")


def test_magics_are_code(tiny, tiny_text):
    """A line for IPython is written as a comment, and is no syntax error."""
    text = tiny_text.replace(
        'print("the end")', '# %config InlineBackend.figure_formats = ["svg"]'
    )
    cells = read_source(text, "tiny.py")
    validate(cells, tiny, "tiny.py")

    assert cells[-1].source.startswith("%config")
    assert write_source(cells, text) == text


PROSE = [
    *("text", "# Title", "- a", "  indented", "```python\nx = 1\n```", '"""', ""),
    *("$$ a $$", "%magic", "!ls", "\\", "`", "a\tb", "é ∇", "---", "<b>", "    code"),
]
CODE = [
    *("x = 1", "# comment", "def f(x):", "    return x", "%time x", "!ls", "?x", "x?"),
    *("# +", "# # twice", "# %time x", "%%time", 's = """a', '"""', "# ---", ""),
]


def _sources(lines):
    drawn = st.lists(st.sampled_from(lines), max_size=5).map("\n".join)
    return drawn.map(lambda source: source.strip("\n"))


def _cells(kind, role, name, tag):
    if kind == "markdown":
        sources = _sources(PROSE)
    else:
        # A quote that stays open would hide the next marker; and jupytext
        # indents the marker of a cell that begins indented.
        sources = _sources(CODE).filter(
            lambda s: s.count('"""') % 2 == 0 and not s.startswith(" ")
        )
    return sources.map(lambda source: SourceCell(kind, source, role, name, tag))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    st.lists(
        st.one_of(
            _cells("markdown", "plain", "", ""),
            _cells("markdown", "answer", "why", ""),
            _cells("code", "plain", "", ""),
            _cells("code", "plain", "", "try"),
            _cells("code", "exercise", "f", ""),
        ),
        min_size=1,
        max_size=5,
    ).map(tuple)
)
def test_cells_survive_the_way_through_text(cells):
    """Written and read again, cells are the same, whatever they hold."""
    assert read_source(write_source(cells), "text") == cells
