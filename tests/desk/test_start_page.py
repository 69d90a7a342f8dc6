"""The start page says what `progress()` says, and leads there."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from autograder.desk.outline import outline
from autograder.desk.progress import read_progress
from autograder.desk.start_page import start_page
from autograder.exercises import CHAPTERS, EXERCISES

N_CORE = sum(not exercise.bonus for exercise in EXERCISES)
N_FURTHER = len(EXERCISES) - N_CORE


def link(path, cell_id):
    return f"/lab/tree/{path.parent.name}/{path.name}#cell-id={cell_id}"


class Links(HTMLParser):
    """Addresses by id, and all ids."""

    def __init__(self, page: str):
        super().__init__()
        self.address, self.ids = {}, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.address[found.get("id")] = found["href"]


def page_of(desk) -> str:
    return start_page(read_progress(desk.folder), link)


def test_every_exercise_is_one_click_away(desk):
    page = Links(page_of(desk))

    for chapter in outline():
        assert f"chapter-{chapter.number}" in page.address
        for task in chapter.tasks:
            address = page.address[f"task-{task.name}"]
            start, cell = address.split("#cell-id=")
            assert start.endswith(f"/{chapter.name}.ipynb")
            assert cell
    assert page.address["first-task"] == page.address["task-gd_step"]
    assert len(page.ids) == len(set(page.ids))


def test_what_is_done_is_said_in_words_and_numbers(desk):
    desk.solve("00_gradient_descent", "gd_step")
    page = page_of(desk)

    assert f"1 of {N_CORE} core exercises done, 0 of {N_FURTHER} further ones." in page
    assert f'<progress value="1" max="{N_CORE}"' in page
    assert "<strong>begun</strong> · 1 of 4 core" in page
    assert "<span>✓ right at its last check</span>" in page
    assert "Go on with Exercise 0.2" in page


def test_begin_before_anything_is_done(desk):
    """At the top: a check before the set-up cell knows no `check`."""
    page = page_of(desk)

    assert "Begin with chapter 0, Gradient descent" in page
    assert Links(page).address["go-on"] == Links(page).address["chapter-0"]


def test_go_on_in_the_middle_of_a_chapter(desk):
    desk.solve("00_gradient_descent", "gd_step")
    page = Links(page_of(desk))

    assert page.address["go-on"] == page.address["task-gradient_descent"]


def test_go_on_at_the_top_of_the_next_chapter(desk):
    for exercise in CHAPTERS[0].exercises:
        desk.solve("00_gradient_descent", exercise.name)
    desk.write("00_gradient_descent", "gradient_descent_why", "Because of y.")
    page = page_of(desk)

    assert "Go on with chapter 1, Critical points" in page
    assert Links(page).address["go-on"] == Links(page).address["chapter-1"]


def test_only_the_present_chapter_is_unfolded(desk):
    desk.solve("03_momentum", "momentum_step")
    unfolded = re.findall(r'<details id="exercises-(\d)" open>', page_of(desk))

    assert unfolded == ["3"]


def test_names_of_files_are_no_markup(desk):
    found = read_progress(desk.folder)
    odd = "<img src=x onerror=alert(1)>.ipynb holds the same exercises."
    first = replace(found.chapters[0], remarks=(odd,))
    page = start_page(replace(found, chapters=(first, *found.chapters[1:])), link)

    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_page_asks_nobody(desk):
    """No font, script or picture from another machine, and no address in it."""
    page = page_of(desk)

    assert (
        re.findall(r"https?://|url\(|@import|<script src|<link (?!rel=.icon)", page)
        == []
    )
