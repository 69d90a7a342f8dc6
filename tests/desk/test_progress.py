"""Where a learner is in the course, and where to go on."""

from __future__ import annotations

import html
import re

import pytest

import autograder
from autograder.desk.outline import outline
from autograder.desk.progress import (
    NoNotebooks,
    find_notebooks,
    read_progress,
)
from autograder.desk.progress_report import Told, as_html, as_text, progress
from autograder.exercises import EXERCISES

FIRST = outline()[0]
N_CORE = sum(not exercise.bonus for exercise in EXERCISES)


def link(path, cell_id):
    return f"{path.name}#{cell_id}"


def solve(desk, number, kinds=("core", "further", "written")):
    """Do all tasks of a chapter."""
    chapter = outline()[number]
    for task in chapter.tasks:
        if task.kind in kinds and task.kind == "written":
            desk.write(chapter.name, task.name, "Because.")
        elif task.kind in kinds:
            desk.solve(chapter.name, task.name)


def next_of(desk):
    found = read_progress(desk.folder).next
    return found and (found[0].outline.number, found[1].task.label)


def test_a_beginner_begins_at_the_beginning(desk):
    assert next_of(desk) == (0, "Exercise 0.1")
    assert {c.state for c in read_progress(desk.folder).chapters} == {"open"}


def test_one_goes_on_where_one_is(desk):
    """Whoever begins with chapter 3 is not sent back to chapter 0."""
    solve(desk, 3, ("core",))
    assert next_of(desk) == (3, "Written question")
    solve(desk, 3, ("written",))
    assert next_of(desk)[0] == 4
    assert read_progress(desk.folder).chapters[3].state == "done"


def test_core_comes_before_writing_and_further_work(desk):
    tasks = [t for t in FIRST.tasks if t.kind == "core"]
    for task in tasks[:-1]:
        desk.solve(FIRST.name, task.name)
    assert next_of(desk) == (0, tasks[-1].label)
    desk.solve(FIRST.name, tasks[-1].name)
    assert next_of(desk) == (0, "Written question")


def test_after_the_last_chapter_come_those_passed_over_and_further_work(desk):
    last = len(outline()) - 1
    for number in range(1, last + 1):
        solve(desk, number, ("core", "written"))
    assert next_of(desk) == (0, "Exercise 0.1")
    solve(desk, 0, ("core", "written"))
    chapter, task = read_progress(desk.folder).next
    assert (chapter.outline.number, task.task.kind) == (last, "further")
    assert all(c.state == "done" for c in read_progress(desk.folder).chapters)


def test_when_all_is_done(desk):
    for number in range(len(outline())):
        solve(desk, number)
    found = read_progress(desk.folder)

    assert found.next is None
    assert found.count("core")[0] == found.count("core")[1] > 0
    assert "All is done." in as_text(found)


def test_broken_missing_and_renamed_notebooks_stop_nothing(desk):
    """Each is named in its chapter, and the others count."""
    names = [chapter.name for chapter in outline()]
    desk.path(names[1]).write_text('{"cells": [')
    desk.path(names[2]).unlink()
    desk.path(names[3]).rename(desk.folder / names[3] / "my momentum.ipynb")
    desk.change(names[4], lambda cells: cells.clear())
    desk.path(names[4]).write_text('{"cells": []}')
    solve(desk, 0)
    copied = desk.folder / names[0] / f"{names[0]}-Copy1.ipynb"
    copied.write_bytes(desk.path(names[0]).read_bytes())

    found = read_progress(desk.folder)
    states = [chapter.state for chapter in found.chapters]
    said = " ".join(as_text(found).split())

    assert states[:6] == ["done", "unreadable", "not here", "not here", *states[4:6]]
    assert states[4:6] == ["unreadable", "open"]
    assert "01_critical_points.ipynb cannot be read: it breaks off" in said
    assert "my momentum.ipynb holds the same exercises, 0 of them done" in said
    assert "00_gradient_descent-Copy1.ipynb holds the same exercises, 7 of" in said
    assert next_of(desk) == (5, "Exercise 5.1")


@pytest.mark.parametrize("place", [".", "03_momentum", "..", "03_momentum/sub"])
def test_notebooks_are_found_from_around(desk, place):
    """In the folder, in a chapter's own, and where `notebooks` lies."""
    start = desk.folder / place
    start.mkdir(exist_ok=True)

    assert find_notebooks(start) == desk.folder.resolve()


def test_a_chapter_that_was_fetched_alone(desk, tmp_path):
    """A class gets chapters one by one, and perhaps as single files."""
    alone = tmp_path / "downloads"
    alone.mkdir()
    (alone / "05_adam.ipynb").write_bytes(desk.path("05_adam").read_bytes())
    found = read_progress(find_notebooks(alone))

    assert [c.outline.number for c in found.chapters if c.state == "open"] == [5]
    assert found.next[0].outline.number == 5


def test_a_folder_without_chapters_says_so(tmp_path, monkeypatch, capsys):
    empty = tmp_path / "a" / "b" / "c" / "d"
    empty.mkdir(parents=True)
    with pytest.raises(NoNotebooks, match="no chapter of the course"):
        find_notebooks(empty)
    monkeypatch.chdir(empty)

    assert progress() is None
    assert "no chapter of the course" in capsys.readouterr().out


def words(markup: str) -> list[str]:
    inline = re.sub(r"</?(?:a|strong)\b[^>]*>", "", markup)
    return html.unescape(re.sub(r"<[^>]+>", " ", inline)).split()


def test_text_and_html_say_the_same(desk):
    """Word for word, but for the line of dashes; nothing by colour alone."""
    solve(desk, 0)
    desk.write("01_critical_points", "numerical_gradient", "def f(): 0")
    desk.path("02_batch_size").write_text("<b>{")
    desk.path("08_classification").unlink()
    found = read_progress(desk.folder)
    text = as_text(found)

    assert all(len(line) <= 78 for line in text.splitlines())
    told = [word for word in text.split() if not re.fullmatch("-+", word)]
    shown = words(as_html(found, link))
    # Titles that need two lines in the text end after the columns.
    assert sorted(told) == sorted(shown)
    assert "<b>{" not in as_html(found, link)


def test_links_lead_from_a_chapter_to_the_exercise(desk, monkeypatch):
    monkeypatch.chdir(desk.folder / "03_momentum")
    told = autograder.progress()
    assert isinstance(told, Told)
    bundle = told._repr_mimebundle_()

    assert bundle["text/plain"] == repr(told)
    here, there = "03_momentum.ipynb#cell-id=", "../05_adam/05_adam.ipynb#cell-id="
    assert f'href="{here}' in bundle["text/html"]
    assert f'href="{there}' in bundle["text/html"]


def test_text_shows_where_to_go_on(desk):
    """The whole of it, for a learner who has begun."""
    desk.solve("00_gradient_descent", "gd_step")
    source = "def gradient_descent(): 0"
    desk.write("00_gradient_descent", "gradient_descent", source)
    desk.checked("00_gradient_descent", "gradient_descent", "CALL FAILED", source)
    lines = as_text(read_progress(desk.folder)).splitlines()

    assert lines[0].startswith("-- PROGRESS ---")
    assert lines[0].endswith(f" 1 of {N_CORE} core exercises done")
    assert lines[3].split() == [
        *("0", "Gradient", "descent", "begun"),
        *"1 of 4 0 of 2 0 of 1 80".split(),
    ]
    assert lines[4].strip() == (
        "next: Exercise 0.2, gradient_descent: checked, not right yet"
    )
    assert "Go on with Exercise 0.2, gradient_descent." in lines


def test_progress_says_how_near_the_predictions_came(desk):
    """Below the chapter; without any there is nothing to say."""
    assert "predicted" not in as_text(read_progress(desk.folder))
    marks = [
        {"question": "angle", "predicted": 64.0, "came": 64.1},
        {"question": "dent", "predicted": "both", "came": "neither"},
        {"question": "limit", "predicted": None, "came": 3.8},
    ]
    outputs = [{"metadata": {"autograder": mark}} for mark in marks]
    desk.change(
        FIRST.name, lambda cells: cells["gd_step_check"].update(outputs=outputs)
    )

    found = read_progress(desk.folder)
    text = as_text(found)

    assert "of 2 that you predicted: 1 right, 1 surprising" in text
    assert "predictions count for nothing" in " ".join(text.split())
    assert "of 2 that you predicted: 1 right, 1 surprising" in as_html(found, link)
