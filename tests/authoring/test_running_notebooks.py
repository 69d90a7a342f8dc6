"""Notebooks run as tests: what counts as a problem and what does not."""

from __future__ import annotations

import sys

import nbformat
import pytest

from autograder.authoring.errors import BuildError
from autograder.authoring.products import build
from tests.helpers.running_notebooks import run_notebook


@pytest.fixture
def built(course):
    build(course.root, course=[course.chapter])
    return course


def _append(path, *codes, tags=()):
    notebook = nbformat.read(path, 4)
    for code in codes:
        cell = nbformat.v4.new_code_cell(code, metadata={"tags": list(tags)})
        notebook.cells.append(cell)
    nbformat.write(notebook, path)
    return len(notebook.cells)


def test_a_right_solution_runs_clean(built):
    """And its file is as it was: no outputs, no times."""
    before = built.solution.read_bytes()

    report = run_notebook(built.solution, release=False)

    assert report.ok, str(report)
    assert report.unwritten == ()
    assert 0 < report.slowest[1] < report.seconds
    assert built.solution.read_bytes() == before


def test_a_solution_reports_errors_and_warnings_and_goes_on(built):
    """Each with its cell, also where a tag lets Jupyter go on."""
    last = _append(
        built.solution,
        "1 / 0",
        "import warnings\nwarnings.warn('careful')",
        "raise NotImplementedError('not written yet')",
        "print('fine')",
        tags=["raises-exception"],
    )

    report = run_notebook(built.solution, release=False)

    assert not report.ok
    division, warning, unwritten = report.problems
    assert (division.cell, division.text) == (
        last - 3,
        "ZeroDivisionError: division by zero",
    )
    assert warning.cell == last - 2
    assert warning.text.startswith("stderr: ")
    assert "careful" in warning.text
    assert unwritten.cell == last - 1
    assert f"cell {last - 3} (" in str(report)


def test_cells_run_as_a_learner_runs_them(built, monkeypatch):
    """In this Python, the notebook's folder, figures in the page, no nbgrader."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    folder = built.solution.parent
    _append(
        built.solution,
        "import os, sys",
        f"assert os.path.samefile(os.getcwd(), {str(folder)!r})",
        f"assert sys.prefix == {sys.prefix!r}",
        "assert 'inline' in os.environ['MPLBACKEND']",
        "assert 'NBGRADER_EXECUTION' not in os.environ",
    )

    report = run_notebook(built.solution, release=False)

    assert report.ok, str(report)


def test_a_kernel_that_dies_is_a_problem(built):
    _append(built.solution, "import os\nos._exit(1)")

    (problem,) = run_notebook(built.solution, release=False).problems
    assert problem.text == "the kernel died"


def test_a_release_stops_only_where_something_is_to_be_written(built):
    """Checks, trials and experiments say so, and everything else runs."""
    report = run_notebook(built.release, release=True)

    assert report.ok, str(report)
    assert len(report.unwritten) == 4
    assert {"blend_check", "spread_check"} <= set(report.unwritten)


def test_a_release_may_fail_in_no_other_way(built):
    """A name that is missing, another message, a cell that stops Run All."""
    last = _append(
        built.release,
        "mean",
        "raise NotImplementedError('later')",
        "raise CheckFailed('-- VALUE MISMATCH -- blend')",
        "import sys\nprint('odd', file=sys.stderr)",
        tags=["raises-exception"],
    )
    _append(built.release, "spread(np.ones(3))")

    problems = run_notebook(built.release, release=True).problems

    assert [(p.cell, p.text.split(":")[0]) for p in problems] == [
        (last - 3, "NameError"),
        (last - 2, "NotImplementedError"),
        (last - 1, "CheckFailed"),
        (last, "stderr"),
        (last + 1, "stops Run All, since it depends on an exercise"),
    ]


def test_a_check_that_passes_with_nothing_written_is_a_problem(built):
    """It would give points for an empty answer."""
    notebook = nbformat.read(built.release, 4)
    cell = next(cell for cell in notebook.cells if cell.id == "spread_check")
    cell.source = "check(print)"
    nbformat.write(notebook, built.release)

    (problem,) = run_notebook(built.release, release=True).problems

    assert problem.cell_id == "spread_check"
    assert problem.text == "passes although nothing is written"


def test_what_cannot_be_read_is_said(tmp_path):
    with pytest.raises(BuildError, match="cannot be read"):
        run_notebook(tmp_path / "nothing.ipynb", release=False)
    (tmp_path / "text.ipynb").write_text("no JSON")
    with pytest.raises(BuildError, match="cannot be read"):
        run_notebook(tmp_path / "text.ipynb", release=True)
