"""Whoever writes the core functions alone can run every chapter."""

from __future__ import annotations

import nbformat
import pytest

from autograder.exercises import CHAPTERS
from tests.helpers.running_notebooks import run_notebook


@pytest.fixture(params=CHAPTERS, ids=lambda chapter: chapter.name)
def chapter(request):
    return request.param


@pytest.fixture
def core_alone(chapter, root, tmp_path):
    """The released notebook with the model answers of its core exercises."""
    name = f"{chapter.name}.ipynb"
    solved = nbformat.read(root / "solutions" / chapter.name / name, 4)
    released = nbformat.read(root / "notebooks" / chapter.name / name, 4)
    answers = {cell.id: cell.source for cell in solved.cells}
    for exercise in chapter.exercises:
        if not exercise.bonus:
            (cell,) = (cell for cell in released.cells if cell.id == exercise.name)
            cell.source = answers[exercise.name]
    nbformat.write(released, tmp_path / name)
    return tmp_path / name


def of_further_work(chapter, path):
    """Ids of the cells in which a further exercise is tried and checked."""
    further, own, found = {e.name for e in chapter.exercises if e.bonus}, "", set()
    for cell in nbformat.read(path, 4).cells:
        if cell.id in further:
            own = cell.id
        elif own and cell.cell_type == "code":
            found.add(cell.id)
            if cell.id == f"{own}_check":
                own = ""
    return found


def test_the_core_stands_by_itself(chapter, core_alone):
    """Nothing stops but the cells in which further work is tried and checked."""
    report = run_notebook(core_alone, release=True)
    further = {exercise.name for exercise in chapter.exercises if exercise.bonus}

    stopped = set(report.unwritten) - of_further_work(chapter, core_alone)
    assert not stopped
    checked = {f"{e.name}_check" for e in chapter.exercises if not e.bonus}
    assert [p for p in report.problems if p.cell_id not in checked] == []
    assert set(report.left_out.values()) <= further
    assert set(report.named.values()) <= further
