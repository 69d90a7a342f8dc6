"""The solution notebook that a source makes."""

from __future__ import annotations

import ast

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.authoring.errors import BuildError
from autograder.authoring.solution import (
    FOLDED,
    heading,
    notebook_bytes,
    solution_notebook,
)
from autograder.authoring.source import SourceCell, read_source
from autograder.authoring.stub import BEGIN, END, stub_docstring, unwrapped, wrapped
from autograder.authoring.validation import validate
from autograder.desk.outline import outline
from autograder.exercises import CHAPTERS
from autograder.exercises.spec import Chapter


@pytest.fixture
def notebook(tiny, tiny_text):
    return solution_notebook(read_source(tiny_text, "tiny.py"), tiny)


def _cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def test_nbgrader_and_jupyter_accept_it(notebook):
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)


def test_an_exercise_is_named_and_measured_above_its_statement(notebook):
    """Number, points, length and difficulty are the registry's."""
    statements = [c.source for c in notebook.cells if "exercise" in c.metadata]

    assert statements == [
        "### Exercise 5.1 — `blend`\n\n2 points · about 4 lines · difficulty ●●○\n\n"
        "Write the weighted mean of equation (1).\n\n- `a` and `b` have one shape.",
        "### Exercise 5.2 — `spread`\n\n1 point · about 1 line · difficulty ●○○ · "
        "further work\n\nHow far apart are the ends?",
    ]


def test_a_body_is_marked_as_the_solution_below_a_docstring(notebook):
    """What a learner is given stays outside the marks."""
    cell = _cell(notebook, "spread")

    assert cell.source == (
        "def spread(x):\n"
        '    """Largest entry minus the smallest.\n\n'
        "    Parameters\n    ----------\n    x : ndarray of shape (n,)\n\n"
        '    Returns\n    -------\n    spread : float\n    """\n'
        "    ### BEGIN SOLUTION\n"
        "    return float(np.ptp(x))\n"
        "    ### END SOLUTION"
    )
    blend = _cell(notebook, "blend").source
    assert blend.index("LIMITS =") < blend.index("def blend") < blend.index(BEGIN)
    assert blend.index(BEGIN) < blend.index("# weights outside") < blend.index(END)


def test_a_docstring_says_what_goes_in_and_out_and_no_answer(tiny):
    """Summary, parameters, returns and errors are kept; notes are not."""
    text = stub_docstring(tiny.exercises[0].reference)

    assert text.startswith("Mean of two arrays with a weight.\n\nThe weight goes")
    assert "Parameters\n----------\na, b : ndarray\n    Of one shape." in text
    assert text.endswith("If the weight is not between 0 and 1.")
    for hidden in ("Notes", "(1 - weight)", "References", "Nobody"):
        assert hidden not in text


def test_a_kernel_without_docstring_is_refused():
    with pytest.raises(BuildError, match="no docstring"):
        stub_docstring(lambda x: x)


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    return x",
        "def f(\n    x,\n    y=(1, 2),\n):\n    # 1\n\n    return x  # 2\n    # end",
        "def f(x: dict[str, int] = {1: 2}) -> dict[str, int]:\n\n    return x",
        "A = {1: 2}\n\n\ndef g():\n    pass\n\n\ndef f(x):\n  return A",
    ],
)
def test_wrapping_and_unwrapping_change_nothing(code):
    """Headers of many lines, comments and blank lines come back as they were."""
    cell = SourceCell("code", code, "exercise", "f")
    whole = wrapped(cell, 'What "f" does.\n\nMore: \\alpha.')

    function = ast.parse(whole).body[-1]
    assert ast.get_docstring(function) == 'What "f" does.\n\nMore: \\alpha.'
    marked = SourceCell("code", whole, "exercise", "f")
    assert unwrapped(marked, "text") == cell


def test_a_check_follows_what_tries_the_exercise_out(notebook):
    """It is locked, worth the exercise's points, and does not stop Run All."""
    ids = [cell.id for cell in notebook.cells]
    check = _cell(notebook, "blend_check")

    assert ids.index("blend_check") == ids.index("blend") + 2
    assert ids.index("spread_check") == ids.index("spread") + 1
    assert check.source == "check(blend)"
    assert check.metadata == {
        "nbgrader": {
            "grade": True,
            "grade_id": "blend_check",
            "locked": True,
            "points": 2,
            "schema_version": 3,
            "solution": False,
            "task": False,
        },
        "tags": ["raises-exception"],
    }


def test_prose_may_lead_from_an_exercise_to_its_trial(tiny, tiny_text):
    """The check waits for the trial; without one it does not wait for prose."""
    prose = SourceCell("markdown", "What will come out?")
    cells = list(read_source(tiny_text, "tiny.py"))
    roles = [cell.role for cell in cells]
    cells.insert(roles.index("question"), prose)
    cells.insert(roles.index("exercise") + 1, prose)

    validate(cells, tiny, "tiny.py")
    notebook = solution_notebook(cells, tiny)

    ids = [cell.id for cell in notebook.cells]
    assert ids.index("blend_check") == ids.index("blend") + 3
    assert ids.index("spread_check") == ids.index("spread") + 1


def test_a_check_ends_a_chapter_that_ends_with_an_exercise(tiny, tiny_text):
    """No cell has to follow for the check to be written."""
    cells = read_source(tiny_text, "tiny.py")
    ends = [c.role for c in cells].index("question")
    short = Chapter(tiny.name, tiny.title, tiny.minutes, tiny.exercises)

    assert solution_notebook(cells[:ends], short).cells[-1].id == "spread_check"


def test_a_written_answer_is_graded_by_a_person(notebook):
    answer = _cell(notebook, "blend_why")

    assert answer.cell_type == "markdown"
    assert answer.metadata.nbgrader["points"] == 3
    assert answer.metadata.nbgrader["grade"]
    assert answer.metadata.nbgrader["solution"]


def test_what_depends_on_an_answer_does_not_stop_run_all(notebook):
    """Experiments and trials are tagged for Jupyter; set-up is not."""
    tags = [c.metadata.tags for c in notebook.cells if "tags" in c.metadata]

    assert tags == [
        ["start"],
        ["setup"],
        ["try", "raises-exception"],
        ["raises-exception"],
        ["experiment", "raises-exception"],
        ["raises-exception"],
    ]


def test_experiments_are_folded_where_something_is_predicted(tiny, tiny_text):
    """Their code could tell; in a chapter that asks for no guess it is open."""
    cells = read_source(tiny_text, "tiny.py")
    asking = [*cells, SourceCell("code", 'predict("spread", ...)')]

    for source, folded in ((cells, 0), (asking, 1)):
        notebook = solution_notebook(source, tiny)
        found = [c for c in notebook.cells if c.metadata.items() >= FOLDED.items()]
        assert found.pop(0).metadata.tags == ["start"]
        assert len(found) == folded
        assert all("experiment" in cell.metadata.tags for cell in found)


def test_ids_depend_on_cells_alone(tiny, tiny_text):
    """A cell keeps its id when others come; equal cells get different ones."""
    cells = read_source(tiny_text, "tiny.py")
    before = [cell.id for cell in solution_notebook(cells, tiny).cells]
    more = [*cells, cells[-1], SourceCell("markdown", "More."), cells[-1]]
    after = [cell.id for cell in solution_notebook(more, tiny).cells]

    assert after[: len(before)] == before
    assert after[-3:] == [f"{before[-1]}-2", after[-2], f"{before[-1]}-3"]
    assert len(set(after)) == len(after)


def test_the_file_says_nothing_about_who_built_it(notebook):
    """Kernel python3, no Python version, no outputs, nothing of jupytext."""
    again = nbformat.reads(notebook_bytes(notebook).decode(), 4)

    assert again.metadata.kernelspec == {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    assert set(again.metadata) == {"kernelspec", "language_info"}
    assert again.metadata.language_info.name == "python"
    assert "version" not in again.metadata.language_info
    for cell in again.cells:
        known = {"exercise", "question", "nbgrader", "tags", *FOLDED}
        assert set(cell.metadata) <= known
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


def test_a_warm_up_is_called_one_and_is_short():
    """Its heading says so in notebooks and in what `progress` prints."""
    for chapter, tasks in zip(CHAPTERS, outline(), strict=True):
        labels = {task.name: task.label for task in tasks.tasks}
        for number, exercise in enumerate(chapter.exercises, 1):
            kind = "Warm-up" if exercise.warm_up else "Exercise"
            assert exercise.lines <= 2 or not exercise.warm_up
            assert labels[exercise.name] == f"{kind} {chapter.number}.{number}"
            assert heading(chapter, number, exercise).startswith(
                f"### {labels[exercise.name]} — `{exercise.name}`\n"
            )
