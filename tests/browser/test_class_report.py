"""The class report as a person sees it: harmless, sorted, readable by everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from autograder.classroom.class_result import Row
from autograder.grading.behaviour import Unexplained
from autograder.report.class_report import write_report
from autograder.report.likeness_page import write_likeness
from benchmarks.synthetic import empty_course, synthetic_class
from tests.helpers.copies import copied_class

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.timeout(900),
]

EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title=1</script>"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Sixty students, one of whom tries to take the page over."""
    course = empty_course(tmp_path_factory.mktemp("class"))
    result, _ = synthetic_class(course, 60)
    found = Unexplained("evil", f"{EVIL}\n{'x' * 500}", f"-- X --\n\n{EVIL}")
    first = result.graded[0]
    name = f"zed {EVIL}"
    row = Row(name, first.chapter, "momentum_step", "wrong-values", 0.0, 2, (), found)
    evil = replace(first, student=name, rows=(row, *first.rows[1:]), box="none")
    return replace(result, graded=(*result.graded[1:], evil))


@pytest.mark.parametrize("anonymous", [False, True], ids=["names", "anonymous"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 360])
def test_everybody_can_read_it(tabs, result, anonymous, scheme, width):
    """No fault that axe knows, of any weight, with every part open."""
    address = write_report(result, anonymous)[0].as_uri()
    page = tabs.open(address)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    tabs.picture(page, f"report-{scheme}-{width}")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    found = Axe().run(page).response["violations"]

    assert [(f["id"], n["html"]) for f in found for n in f["nodes"]] == []
    # Only tables and code scroll sideways, never the page.
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 390)])
def test_everybody_can_read_who_is_alike(tabs, tmp_path, scheme, width):
    page = tabs.open(write_likeness(copied_class(empty_course(tmp_path))).as_uri())
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_text("Side by side").first.press("Enter")
    tabs.picture(page, f"alike-{scheme}-{width}")
    found = Axe().run(page).response["violations"]
    assert [(f["id"], n["html"]) for f in found for n in f["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_of_a_student_runs(tabs, result):
    page = tabs.open(write_report(result)[0].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    expect(page).to_have_title("Class report: synthetic")
    assert page.locator("img").count() == 0
    assert EVIL in page.locator("main").inner_text()


def test_the_policy_stops_what_would_slip_through(tabs, result, tmp_path):
    """A script in the page that is not ours is not run, whoever wrote it."""
    text = write_report(result)[0].read_text(encoding="utf-8")
    path = tmp_path / "slipped.html"
    path.write_text(text.replace("<main>", f"<main>{EVIL}"), encoding="utf-8")
    page = tabs.open(path.as_uri())

    expect(page).to_have_title("Class report: synthetic")
    assert len(tabs.complaints) >= 2  # the browser says that it refused them
    tabs.complaints.clear()


def test_students_are_sorted_with_the_keyboard(tabs, result):
    """Headings sort by what they are: marks as numbers, names as words."""
    page = tabs.open(write_report(result)[0].as_uri())
    page.get_by_text("60 students, one by one").press("Enter")
    table = page.get_by_role("table").filter(has_text="Lowest marks first")
    heads = table.get_by_role("columnheader")
    names = table.locator("tbody th")
    marks = table.locator("tbody tr td:nth-child(2)")

    def numbers():
        return [float(text) for text in marks.all_inner_texts()]

    by_mark = heads.filter(has_text="Mark").get_by_role("button")
    by_mark.press("Enter")
    assert numbers() == sorted(numbers())
    by_mark.press("Enter")
    assert numbers() == sorted(numbers(), reverse=True)
    assert heads.filter(has_text="Mark").get_attribute("aria-sort") == "descending"
    heads.filter(has_text="Student").get_by_role("button").press("Space")
    assert names.all_inner_texts() == sorted(names.all_inner_texts())
    assert heads.filter(has_text="Mark").get_attribute("aria-sort") is None


def test_it_can_be_read_without_a_script(chromium, result):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(write_report(result)[0].as_uri())
    page.get_by_text("60 students, one by one").click()

    expect(page.get_by_text("Lowest marks first")).to_be_visible()
    expect(page.get_by_role("img", name="Histogram of 60 marks")).to_be_visible()
    expect(page.get_by_role("heading", name="Mistakes to talk about")).to_be_visible()
    context.close()
