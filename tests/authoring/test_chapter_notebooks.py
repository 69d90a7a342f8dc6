"""Every chapter's notebooks: up to date, clean, silent about the answers."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from autograder.authoring.edits import from_ipynb
from autograder.authoring.leaks import find_leaks
from autograder.authoring.products import build, release_path
from autograder.authoring.solution import notebook_bytes, solution_notebook
from autograder.authoring.source import read_source
from autograder.authoring.stub import BEGIN, END
from autograder.authoring.translations.chapters import translations
from autograder.exercises import CHAPTERS
from autograder.language import ENGLISH, languages
from tests.helpers.predictions import told_above, unexplained
from tests.helpers.running_notebooks import run_notebook

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=CHAPTERS, ids=lambda chapter: chapter.name)
def chapter(request, root):
    name = request.param.name
    if not (root / "solutions" / name / f"{name}.py").is_file():
        pytest.skip("this chapter has no source yet")
    return request.param


EDITIONS = [
    (chapter, language)
    for chapter in CHAPTERS
    for language in languages()
    if language == ENGLISH or (ROOT / release_path(chapter.name, language)).is_file()
]


@pytest.fixture(
    params=EDITIONS,
    ids=lambda e: e[0].name if e[1] == ENGLISH else f"{e[0].name}-{e[1]}",
)
def edition(request, root, tmp_path):
    """A chapter in one of its languages: registry, solution, release."""
    chapter, language = request.param
    solution = root / "solutions" / chapter.name / f"{chapter.name}.ipynb"
    if not solution.is_file():
        pytest.skip("this chapter has no source yet")
    release = root / release_path(chapter.name, language)
    if language == ENGLISH:
        return chapter, solution, release
    english = nbformat.read(solution, 4)
    (made,) = (
        given.notebook(chapter, english)
        for given in translations(root, chapter)
        if given.language == language
    )
    path = tmp_path / solution.name
    path.write_bytes(notebook_bytes(made))
    return chapter, path, release


@pytest.fixture
def solution(chapter, root):
    return root / "solutions" / chapter.name / f"{chapter.name}.ipynb"


@pytest.fixture
def release(chapter, root):
    return root / "notebooks" / chapter.name / f"{chapter.name}.ipynb"


def test_notebooks_are_what_their_source_makes(chapter, root):
    """Nothing under notebooks/ or solutions/ was edited or forgotten."""
    differences = build(root, [chapter.name], check=True)

    assert not differences, "\n".join(f"{d}\n{d.hint}" for d in differences)


def test_text_to_notebook_to_text_is_the_identity(chapter, solution, tmp_path):
    """An edit in Jupyter changes the text where it was made and nowhere else."""
    text = solution.with_suffix(".py").read_text(encoding="utf-8")
    notebook = solution_notebook(read_source(text, solution), chapter)
    copy = tmp_path / "solutions" / chapter.name / solution.name
    copy.parent.mkdir(parents=True)
    copy.write_bytes(notebook_bytes(notebook))
    copy.with_suffix(".py").write_text(text, encoding="utf-8", newline="\n")

    brought = from_ipynb(copy, course=[chapter])

    assert (brought.changed, brought.dropped) == (False, ())
    copy.with_suffix(".py").unlink()
    assert from_ipynb(copy, course=[chapter]).changed
    again = copy.with_suffix(".py").read_text(encoding="utf-8")
    assert read_source(again, copy) == read_source(text, solution)


def test_any_line_of_any_answer_would_be_found(edition):
    """Each line of this chapter's own answers, planted in the release, is seen.

    Of an answer that begins as code with mistakes, each line that is to be mended.
    """
    chapter, solution, release = edition
    solved, released = nbformat.read(solution, 4), nbformat.read(release, 4)
    to_mend = {asked.name for asked in chapter.exercises if asked.broken}
    given = {
        line
        for cell in released.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") in to_mend
        for line in cell.source.splitlines()
    }
    planted = []
    for cell in solved.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            inside = cell.source.partition(BEGIN)[2].partition(END)[0] or cell.source
            lines = [
                line
                for line in inside.splitlines()
                if re.search(r"\w", line) and not (cell.id in to_mend and line in given)
            ]
            assert lines
            planted += [(cell.id, cell.cell_type, line) for line in lines]
    assert {name for name, _, _ in planted} == {
        asked.name for asked in (*chapter.exercises, *chapter.written)
    }

    count = len(released.cells)
    for _, kind, line in planted:
        new = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
        released.cells.append(new(line))
    found = {(leak.cell, leak.answer) for leak in find_leaks(chapter, solved, released)}

    for i, (name, _, line) in enumerate(planted, count + 1):
        assert (i, name) in found, line
    assert all(cell > count for cell, _ in found)


def test_a_solution_runs_clean(edition):
    """No error, every check passed; the release tells no result before its run."""
    _, solution, release = edition
    came = {}
    report = run_notebook(solution, release=False, seen=came)

    assert report.ok, str(report)
    page = nbformat.read(release, 4)
    assert told_above(page, came) == []
    assert unexplained(page, came) == []


def test_a_release_fails_only_with_not_written_yet(chapter, release):
    """Run All reaches the end, and every check says what is left to do."""
    report = run_notebook(release, release=True)

    assert report.ok, str(report)
    checks = {f"{exercise.name}_check" for exercise in chapter.exercises}
    assert checks <= set(report.unwritten)
    assert set(report.unwritten) - checks == set(report.named)
