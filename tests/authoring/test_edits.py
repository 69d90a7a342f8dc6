"""Edits made in Jupyter come back into the text."""

from __future__ import annotations

import difflib

import nbformat
import pytest

from autograder.authoring.edits import from_ipynb
from autograder.authoring.errors import BuildError, SourceError
from autograder.authoring.products import build


class Jupyter:
    """The solution notebook of the tiny course, open for edits."""

    def __init__(self, course):
        self.course = course
        self.text = course.source.read_text(encoding="utf-8")
        build(course.root, course=[course.chapter])
        self.notebook = nbformat.read(course.solution, 4)

    def cell(self, name):
        return next(cell for cell in self.notebook.cells if cell.id == name)

    def containing(self, text):
        return next(cell for cell in self.notebook.cells if text in cell.source)

    def save(self):
        nbformat.write(self.notebook, self.course.solution)

    def bring(self):
        self.save()
        return from_ipynb(self.course.solution, course=[self.course.chapter])

    def diff(self):
        """Lines that went and lines that came."""
        now = self.course.source.read_text(encoding="utf-8")
        lines = difflib.ndiff(self.text.splitlines(), now.splitlines())
        return [line for line in lines if line[0] in "+-"]


@pytest.fixture
def jupyter(course):
    return Jupyter(course)


def test_text_to_notebook_to_text_is_the_identity(jupyter):
    """Nothing the build adds comes back, nothing the author wrote is lost."""
    brought = jupyter.bring()

    assert (brought.changed, brought.dropped) == (False, ())
    assert jupyter.diff() == []


def test_a_notebook_alone_makes_a_text_that_makes_the_notebook(jupyter):
    """Even the layout that only the text holds can be written anew."""
    before = jupyter.course.solution.read_bytes()
    jupyter.course.source.unlink()

    assert jupyter.bring().changed
    build(jupyter.course.root, course=[jupyter.course.chapter])

    assert jupyter.course.solution.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "diff"),
    [
        ("How far", "How wide", ["- # How far apart are the ends?"]),
        ("np.ptp(x)", "max(x) - min(x)", ["-     return float(np.ptp(x))"]),
        ("LIMITS = (0, 1)", "LIMITS = (0, 2)", ["- LIMITS = (0, 1)"]),
        ("0.25", "0.75", ["- print(blend(np.zeros(3), np.ones(3), 0.25).sum())"]),
        ("combination of its", "mixture of its", ["- # combination of its points."]),
        ("[3.0, 5.0]", "[3.0, 6.0]", ["- blend(np.array([1.0, 2.0]), np.array"]),
        ("wa + (1 - w)b", "w a + (1 - w) b", ["- # $$ y = wa + (1 - w)b."]),
    ],
)
def test_an_edit_of_one_line_is_a_difference_of_one_line(old, new, diff, jupyter):
    """In a statement, a solution, given code, an experiment, an answer, prose."""
    cell = jupyter.containing(old)
    cell.source = cell.source.replace(old, new)

    assert jupyter.bring().changed
    went, came = jupyter.diff()
    assert went.startswith(diff[0])
    assert came[2:] == went[2:].replace(old, new)


def test_what_running_leaves_behind_is_dropped(jupyter):
    """Outputs, counts, widths of cells, the kernel's version."""
    for count, cell in enumerate(jupyter.notebook.cells):
        cell.metadata["collapsed"] = True
        if cell.cell_type == "code":
            cell.execution_count = count
            cell.outputs = [nbformat.v4.new_output("stream", text="1\n")]
    jupyter.notebook.metadata.language_info["version"] = "3.12.1"

    assert not jupyter.bring().changed


def test_new_cells_come_as_plain_ones(jupyter):
    """And cells that go, go; the others keep every character."""
    jupyter.notebook.cells[1:1] = [
        nbformat.v4.new_markdown_cell("Two\n\nlines.\n"),
        nbformat.v4.new_code_cell("%matplotlib inline"),
    ]
    jupyter.notebook.cells.remove(jupyter.containing("tag{5.1}"))

    assert jupyter.bring().changed
    setup = '# %% tags=["setup"]'
    new = "# %% [markdown]\n# Two\n#\n# lines.\n\n# %%\n# %matplotlib inline\n\n"
    old = "# %% [markdown]\n# $$ y = wa + (1 - w)b. \\tag{5.1} $$\n\n"
    assert jupyter.course.source.read_text(encoding="utf-8") == (
        jupyter.text.replace(setup, new + setup).replace(old, "")
    )


def test_a_new_last_cell_stands_apart(jupyter):
    jupyter.notebook.cells.append(nbformat.v4.new_markdown_cell("The last."))

    assert jupyter.bring().changed
    assert jupyter.diff() == ["+ ", "+ # %% [markdown]", "+ # The last."]


def test_edits_of_what_the_build_writes_are_named(jupyter):
    """They are not in the text, and nobody loses them without being told."""
    jupyter.containing("### Exercise 5.1").source = "### My title\n\nWrite it."
    blend = jupyter.cell("blend")
    blend.source = blend.source.replace("Mean of two arrays", "Mean of three arrays")
    jupyter.cell("spread_check").source = "check(spread); check(spread)"

    brought = jupyter.bring()

    assert brought.dropped == (
        "The heading of blend is the registry's.",
        "The docstring of blend is the reference kernel's.",
        "The check of spread is the build's.",
    )
    text = jupyter.course.source.read_text(encoding="utf-8")
    assert "three arrays" not in text
    assert "check(spread)" not in text


def test_an_old_heading_is_taken_off(jupyter):
    """Points may have changed in the registry since the notebook was built."""
    cell = jupyter.containing("### Exercise 5.1")
    cell.source = cell.source.replace("2 points · about 4", "7 points · about 1")

    brought = jupyter.bring()

    assert not brought.changed
    assert brought.dropped == ("The heading of blend is the registry's.",)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("spread", "(np.ptp(x))", "(np.ptp(x)", "This is not Python"),
        ("spread", "def spread(x)", "def spread(y)", "The signature is"),
        ("spread", "    ### END SOLUTION", "", "does not hold one"),
        ("blend", "LIMITS = (0, 1)", "check(blend)", "written by hand"),
        ("blend", "LIMITS = (0, 1)", "# %% a\n1", "a way through text"),
        ("blend_why", "Because", "### BEGIN SOLUTION", "means something to nbgrader"),
    ],
)
def test_an_edit_that_makes_no_chapter_is_refused(name, old, new, says, jupyter):
    """The message names the cell, and the text stays as it was."""
    cell = jupyter.cell(name)
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    number = jupyter.notebook.cells.index(cell) + 1

    with pytest.raises(SourceError, match=says) as refused:
        jupyter.bring()
    assert refused.value.place.startswith(f"cell {number}")
    assert jupyter.diff() == []


def test_a_tag_nobody_knows_is_refused(jupyter):
    jupyter.notebook.cells[-1].metadata["tags"] = ["slow"]

    with pytest.raises(SourceError, match="The tags slow") as refused:
        jupyter.bring()
    assert refused.value.place == f"cell {len(jupyter.notebook.cells)}"


def test_a_release_is_refused(jupyter):
    """By its place, and by what it holds when it lies in the solution's place."""
    course = jupyter.course
    with pytest.raises(BuildError, match="is a release: its answers are gone"):
        from_ipynb(course.release, course=[course.chapter])

    course.solution.write_bytes(course.release.read_bytes())
    with pytest.raises(BuildError, match="is a release: its answers are gone"):
        from_ipynb(course.solution, course=[course.chapter])
    assert jupyter.diff() == []


@pytest.mark.parametrize(
    "place",
    [
        "other.ipynb",
        "solutions/05_tiny/05_other.ipynb",
        "solutions/06_other/06_other.ipynb",
        "solutions/05_tiny/05_tiny.py",
    ],
)
def test_what_is_no_chapter_is_refused(place, jupyter):
    path = jupyter.course.root / place
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(jupyter.course.solution.read_bytes())

    with pytest.raises(BuildError, match=r"no notebook of a chapter") as refused:
        from_ipynb(path, course=[jupyter.course.chapter])
    assert "05_tiny" in str(refused.value)


def test_what_is_no_notebook_is_refused(jupyter):
    jupyter.course.solution.write_text("not JSON")

    with pytest.raises(BuildError, match="cannot be read"):
        from_ipynb(jupyter.course.solution, course=[jupyter.course.chapter])
