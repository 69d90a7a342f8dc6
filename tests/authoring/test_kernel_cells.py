"""An exercise cell that is left empty means the kernel."""

from __future__ import annotations

import ast
import inspect
from dataclasses import replace

import nbformat
import pytest

from autograder.authoring.edits import from_ipynb
from autograder.authoring.errors import SourceError
from autograder.authoring.kernel_cells import emptied, filled, kernel_code
from autograder.authoring.products import build
from autograder.authoring.solution import solution_notebook
from autograder.authoring.source import read_source
from autograder.authoring.validation import validate
from autograder.exercises import CHAPTERS, EXERCISES

WRITTEN = '# %% exercise="spread"\ndef spread(x):\n    return float(np.ptp(x))\n\n\n'
EMPTY = '# %% exercise="spread"\n\n'
KERNEL = "def spread(x):\n    return float(x.max() - x.min())"


@pytest.fixture
def text(tiny_text):
    """The tiny chapter with an exercise whose answer is its kernel."""
    assert tiny_text.count(WRITTEN) == 1
    return tiny_text.replace(WRITTEN, EMPTY)


def with_kernel(chapter, reference):
    """The chapter with another kernel for `spread`."""
    blend, spread = chapter.exercises
    return replace(chapter, exercises=(blend, replace(spread, reference=reference)))


def refusal(text, chapter):
    with pytest.raises(SourceError) as refused:
        validate(read_source(text, "tiny.py"), chapter, "tiny.py")
    return refused.value


def test_an_empty_cell_makes_the_notebook_of_the_kernel_written_out(
    text, tiny, tiny_text
):
    """To say the body once is to say it; nothing in the notebook tells which."""
    written = tiny_text.replace(
        "def spread(x):\n    return float(np.ptp(x))\n", f"{KERNEL}\n"
    )
    assert written != tiny_text

    validate(read_source(text, "tiny.py"), tiny, "tiny.py")

    assert solution_notebook(read_source(text, "t"), tiny) == solution_notebook(
        read_source(written, "t"), tiny
    )


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_a_kernels_code_is_its_function_without_docstring(exercise):
    """Header, comments and every statement after the docstring stay as they are."""
    code = kernel_code(exercise.reference)
    whole = inspect.getsource(exercise.reference)
    (function,), (original,) = ast.parse(code).body, ast.parse(whole).body

    assert ast.get_docstring(original) is not None
    assert ast.get_docstring(function) is None
    if isinstance(function, ast.FunctionDef):
        assert ast.dump(function.args) == ast.dump(original.args)
    assert [*map(ast.dump, function.body)] == [*map(ast.dump, original.body[1:])]
    assert whole.startswith(code.partition("\n")[0])
    assert whole.rstrip().endswith(code.rpartition("\n")[2])


def test_no_line_but_the_docstrings_is_lost():
    """Nor a comment; the blank line that a docstring keeps off a function goes."""

    def spread(
        x,  # some numbers
    ):
        """Largest entry minus the smallest.

        Of `x`.
        """

        def end(sign):
            return sign * max(sign * x)

        # from end to end

        return end(1) - end(-1)  # not below 0

    assert kernel_code(spread) == (
        "def spread(\n    x,  # some numbers\n):\n"
        "    def end(sign):\n        return sign * max(sign * x)\n\n"
        "    # from end to end\n\n    return end(1) - end(-1)  # not below 0"
    )


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.name)
def test_emptying_undoes_filling(chapter, root):
    """In every chapter, and each empty cell is filled."""
    path = root / "solutions" / chapter.name / f"{chapter.name}.py"
    cells = read_source(path.read_text(encoding="utf-8"), path)
    whole = filled(cells, chapter)

    assert all(cell.source for cell in whole if cell.role == "exercise")
    assert emptied(whole, chapter) == cells


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.name)
def test_no_answer_repeats_its_kernel(chapter, root):
    """What the registry says already is left out of the text."""
    path = root / "solutions" / chapter.name / f"{chapter.name}.py"
    cells = read_source(path.read_text(encoding="utf-8"), path)
    twice = [
        f"{path.name}:{cell.number}: leave the cell of {cell.name} empty"
        for cell, once in zip(cells, emptied(cells, chapter), strict=True)
        if cell.source != once.source
    ]

    assert not twice, "\n".join(twice)


def test_an_answer_from_jupyter_is_empty_when_it_is_the_kernel(course, text):
    """Written out while it differs, and empty again once it is the same."""
    course.write(text)
    chapter = [course.chapter]
    build(course.root, course=chapter)
    notebook = nbformat.read(course.solution, 4)
    (cell,) = (cell for cell in notebook.cells if cell.id == "spread")
    kernels = cell.source

    assert not from_ipynb(course.solution, course=chapter).changed

    cell.source = kernels.replace("x.max() - x.min()", "np.ptp(x)")
    nbformat.write(notebook, course.solution)
    assert from_ipynb(course.solution, course=chapter).changed
    changed = course.source.read_text(encoding="utf-8")
    assert read_source(changed, "t") != read_source(text, "t")
    assert "def spread(x):\n    return float(np.ptp(x))\n" in changed

    cell.source = kernels
    nbformat.write(notebook, course.solution)
    assert from_ipynb(course.solution, course=chapter).changed
    assert course.source.read_text(encoding="utf-8") == text


def ends(x):
    """Smallest and largest entry."""
    return x.min(), x.max()


WIDTH = 1.0


def kernel_with_helper():
    def spread(x):
        """Largest entry minus the smallest."""
        low, high = ends(x)
        return max(high - low for _ in range(1)) * WIDTH

    return spread


def test_a_kernel_that_needs_more_is_refused(text, tiny):
    """Its module's helpers and constants are not in the notebook: they are named."""
    chapter = with_kernel(tiny, kernel_with_helper())
    line = text[: text.index(EMPTY)].count("\n") + 1

    refused = refusal(text, chapter)

    assert "`spread` uses `WIDTH`, `ends`, which no cell up to here has" in str(refused)
    assert refused.place == str(line)


def test_a_cell_before_may_give_what_a_kernel_needs(text, tiny):
    """As an exercise's answer, in the set-up, or in plain code; not afterwards."""
    chapter = with_kernel(tiny, kernel_with_helper())
    given = "# %%\nWIDTH = 1.0\n\n\ndef ends(x):\n    return x.min(), x.max()\n\n\n"
    statement = '# %% [markdown] exercise="spread"'

    before = text.replace(statement, given + statement)
    validate(read_source(before, "tiny.py"), chapter, "tiny.py")

    after = text.replace(EMPTY, EMPTY + given)
    assert "uses `WIDTH`, `ends`" in str(refusal(after, chapter))


def test_what_is_wrong_in_a_kernel_is_said_at_the_cells_marker(text, tiny):
    """The text has no line of it."""

    def spread(x):
        """Largest entry minus the smallest."""
        # AUTOTEST
        return x.max() - x.min()

    refused = refusal(text, with_kernel(tiny, spread))

    assert "AUTOTEST" in refused.problem
    assert refused.place == str(text[: text.index(EMPTY)].count("\n") + 1)


def test_a_comment_is_not_nothing(text, tiny):
    """A cell with anything in it is an answer, and no answer ends with a comment."""
    commented = text.replace(EMPTY, '# %% exercise="spread"\n# the kernel\n\n')

    refused = refusal(commented, tiny)

    assert "ends with other code" in refused.problem
    assert "leave the cell empty" in refused.remedy
